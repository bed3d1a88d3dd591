package io.camelrump.run;

import io.camelrump.Difference;
import java.nio.ByteBuffer;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** Keys that a comparison found to differ. Guarded by the run. */
final class DifferenceTally {
    private static final int MOST_KEPT = 20_000;

    private record Place(int database, ByteBuffer key) {}

    /** By key, as SCAN may give a key twice. */
    private final Map<Place, Difference> kept = new LinkedHashMap<>();

    private final Map<Difference.Cause, Long> counts = new EnumMap<>(Difference.Cause.class);
    private Consumer<Difference> listener = difference -> {};

    void listener(Consumer<Difference> newListener) {
        listener = newListener;
    }

    void add(Difference difference) {
        Place place = new Place(difference.database(), ByteBuffer.wrap(difference.key()));
        if (kept.containsKey(place)) {
            return;
        }
        if (kept.size() < MOST_KEPT) {
            kept.put(place, difference);
        }
        counts.merge(difference.cause(), 1L, Long::sum);
        listener.accept(difference);
    }

    List<Difference> list() {
        return List.copyOf(kept.values());
    }

    Map<Difference.Cause, Long> counts() {
        return Map.copyOf(counts);
    }

    void clear() {
        kept.clear();
        counts.clear();
    }
}
