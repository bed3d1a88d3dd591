package io.camelrump.run;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.camelrump.keys.NameHashes;
import io.camelrump.redis.KeyList;
import java.util.BitSet;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Changed keys that were taken to be read, and may not have reached the targets yet. Any thread may ask.
 *
 * <p>Bounded: holds hashes of their names, up to a share of the heap, and a few names.
 */
public final class TakenKeys {
    private static final int NAMES_SHOWN = 5;

    private final Verification verification;

    @GuardedBy("this")
    private NameHashes names = new NameHashes();

    /** Keys that the run itself wants to read again, and nobody has reported as changed. */
    @GuardedBy("this")
    private NameHashes unreported = new NameHashes();

    @GuardedBy("this")
    private List<byte[]> last = List.of();

    /** @param verification enters them too */
    TakenKeys(Verification verification) {
        this.verification = verification;
    }

    /** @param reported places of those that the source has said to have changed */
    synchronized void add(KeyList keys, BitSet reported) {
        if (keys.size() == 0) {
            return;
        }
        for (int i = 0; i < keys.size(); i++) {
            boolean known = !reported.get(i) && names.contains(keys.array(), keys.offset(i), keys.length(i));
            names.add(keys.array(), keys.offset(i), keys.length(i));
            if (known) {
                // a change that was reported before is still in flight, whyever it is read again
                continue;
            }
            if (!reported.get(i)) {
                unreported.add(keys.array(), keys.offset(i), keys.length(i));
            } else if (unreported.size() > 0) {
                unreported.remove(keys.array(), keys.offset(i), keys.length(i));
            }
        }
        verification.taken(keys, reported);
        last = IntStream.range(0, Math.min(NAMES_SHOWN, keys.size()))
                .mapToObj(keys::get)
                .toList();
    }

    /** Some of those that were taken last. */
    synchronized List<byte[]> last() {
        return last;
    }

    synchronized boolean contain(byte[] key) {
        return names.contains(key, 0, key.length);
    }

    /** Whether this key was taken because the source has said that it changed. */
    synchronized boolean isReported(byte[] key) {
        return names.contains(key, 0, key.length) && !unreported.contains(key, 0, key.length);
    }

    /** Whether the source may have said that this key changed. */
    synchronized boolean isReported(KeyList keys, int place) {
        return unreported.size() == 0 || !unreported.contains(keys.array(), keys.offset(place), keys.length(place));
    }

    /** Forgets all, as nothing that was taken is in flight any more. */
    public synchronized void arrived() {
        if (names.size() > 0) {
            names = new NameHashes();
            unreported = new NameHashes();
        }
    }
}
