package io.camelrump.run;

import io.camelrump.keys.NameHashes;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What must be known to make sense of writes by others at the targets: names read backwards, and keys that are gone at
 * both sides, as their expiry is reported like any write. Guarded by {@link Verification}.
 */
final class ForeignNames {
    private static final int MOST_GONE = 200_000;

    /** Targets that do not report what others write there. */
    private final Set<String> unwatched = new TreeSet<>();

    private Function<byte[], @Nullable List<byte[]>> origins = List::of;
    private Supplier<List<ByteBuffer>> streams = List::of;
    /** Keys of the source that were found gone there and at the target, and not taken to be read since. */
    private NameHashes gone = new NameHashes();

    void know(Function<byte[], @Nullable List<byte[]>> readBackwards, Supplier<List<ByteBuffer>> ofStreams) {
        origins = readBackwards;
        streams = ofStreams;
    }

    /** Names of all streams of the source. */
    List<byte[]> streams() {
        return streams.get().stream().map(ByteBuffer::array).toList();
    }

    /**
     * Names of the source that may stand behind these of a target, but those that are gone at both sides, where they
     * went away; null where one of them is not known.
     */
    @Nullable
    List<byte[]> altered(Collection<byte[]> names, boolean there) {
        List<byte[]> altered = new ArrayList<>();
        for (byte[] name : names) {
            List<byte[]> sources = origins.apply(name);
            if (sources == null) {
                return null;
            }
            sources.stream().filter(source -> there || !isGone(source)).forEach(altered::add);
        }
        return altered;
    }

    void isWatched(String target, boolean watched) {
        if (watched) {
            unwatched.remove(target);
        } else {
            unwatched.add(target);
        }
    }

    List<String> unwatched() {
        return List.copyOf(unwatched);
    }

    /** The key is gone at both sides. */
    void gone(byte[] key) {
        if (gone.size() >= MOST_GONE) {
            gone = new NameHashes();
        }
        gone.add(key, 0, key.length);
    }

    /** The key is read again. */
    void taken(byte[] key) {
        if (gone.size() > 0) {
            gone.remove(key, 0, key.length);
        }
    }

    private boolean isGone(byte[] key) {
        return gone.contains(key, 0, key.length);
    }
}
