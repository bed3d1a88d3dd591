package io.camelrump.run;

import io.camelrump.keys.NameHashes;
import io.camelrump.redis.KeyList;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Keys that were reported as changed and taken to be read, and may not have reached the targets yet. Any thread may
 * ask.
 *
 * <p>Bounded: holds hashes of their names, up to a share of the heap, and a few names.
 */
public final class TakenKeys {
    private static final int NAMES_SHOWN = 5;

    private NameHashes names = new NameHashes();
    private List<byte[]> last = List.of();

    synchronized void add(KeyList keys) {
        if (keys.size() == 0) {
            return;
        }
        for (int i = 0; i < keys.size(); i++) {
            names.add(keys.array(), keys.offset(i), keys.length(i));
        }
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

    /** Forgets all, as nothing that was taken is in flight any more. */
    public synchronized void arrived() {
        if (names.size() > 0) {
            names = new NameHashes();
        }
    }
}
