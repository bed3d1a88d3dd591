package io.camelrump.source;

import io.camelrump.Refusal;
import io.camelrump.checkpoint.ScanPosition;
import io.camelrump.redis.KeyList;
import io.camelrump.run.ChangeLog;
import io.camelrump.run.RetryKeys;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/** Keys that were found and are in no page: the source's reader takes them from here and reports them to the run. */
final class UnreadKeys {
    private final List<Refusal> refused = new ArrayList<>();
    private final List<RetryKeys> postponed = new ArrayList<>();
    private int filtered;

    /** Refuses a key that cannot travel at all. */
    void refuse(Refusal refusal) {
        refused.add(refusal);
    }

    /** They are read another way: alone, as they did not fit beside others, or by parts. */
    void postpone(RetryKeys keys) {
        postponed.add(keys);
    }

    /** Keys of this chunk are read in parts; false if there are none. */
    boolean postponeBig(KeyList big, KeyChunk chunk, ChangeLog changes) {
        if (big.size() == 0) {
            return false;
        }
        if (chunk.isNewChange()) {
            IntStream.range(0, big.size()).forEach(i -> changes.found(big, i));
        }
        if (chunk.isSuspect()) {
            // no fingerprint shows whether it has changed, and nobody reads back what is written in parts
            long number = chunk.reading().number();
            IntStream.range(0, big.size()).forEach(i -> changes.verification().changed(big.get(i), number));
        }
        postponed.add(RetryKeys.byParts(
                big, chunk.database(), chunk.cursor(), chunk.reading().fresh()));
        return true;
    }

    /** Counts keys that the run's own filters leave out. */
    void filter(int keys) {
        filtered += keys;
    }

    /** The first of these positions and those of keys that are postponed. */
    ScanPosition earliest(KeyScan scan, ScanPosition position) {
        ScanPosition first = position;
        for (RetryKeys keys : postponed) {
            first = scan.earlier(first, new ScanPosition(keys.database(), keys.cursor(), false));
        }
        return first;
    }

    List<Refusal> takeRefused() {
        return take(refused);
    }

    List<RetryKeys> takePostponed() {
        return take(postponed);
    }

    int takeFiltered() {
        int taken = filtered;
        filtered = 0;
        return taken;
    }

    void clear() {
        refused.clear();
        postponed.clear();
        filtered = 0;
    }

    private static <T> List<T> take(List<T> list) {
        if (list.isEmpty()) {
            return List.of();
        }
        List<T> taken = List.copyOf(list);
        list.clear();
        return taken;
    }
}
