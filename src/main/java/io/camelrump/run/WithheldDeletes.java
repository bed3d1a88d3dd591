package io.camelrump.run;

import io.camelrump.keys.NameHashes;
import io.camelrump.redis.NameLimit;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * Keys that are gone at the source, and are left at a target as they may be its own. Any thread may ask.
 *
 * <p>Bounded: names are kept of a few, hashes of as many more as fit a share of the heap. What is counted beyond those
 * stays counted, as nothing tells which of them is there again.
 */
public final class WithheldDeletes {
    private static final int MOST = 10_000;

    private final int most;
    private final NameHashes unnamed;
    private final Set<ByteBuffer> keys = new LinkedHashSet<>();
    private long keyBytes;
    private long more;

    WithheldDeletes() {
        this(MOST, Runtime.getRuntime().maxMemory() / NameHashes.PART_OF_HEAP);
    }

    /**
     * @param most keys whose names are kept
     * @param hashBytes that the hashes of further ones may take
     */
    WithheldDeletes(int most, long hashBytes) {
        this.most = most;
        this.unnamed = new NameHashes(hashBytes);
    }

    public synchronized void add(byte[] key) {
        ByteBuffer name = ByteBuffer.wrap(key);
        if (keys.contains(name) || unnamed.contains(key, 0, key.length)) {
            return;
        }
        if (keys.size() < most && keyBytes + key.length <= NameLimit.bytes()) {
            keys.add(name);
            keyBytes += key.length;
        } else if (!unnamed.add(key, 0, key.length)) {
            more++;
        }
    }

    /** Removes a key that exists again, or no longer exists on the target. */
    public synchronized void remove(byte[] key) {
        if (keys.isEmpty() && unnamed.size() == 0) {
            return;
        }
        if (keys.remove(ByteBuffer.wrap(key))) {
            keyBytes -= key.length;
        } else {
            unnamed.remove(key, 0, key.length);
        }
    }

    /** How many; a key reported twice may count twice beyond those that are known. */
    synchronized long count() {
        return keys.size() + unnamed.size() + more;
    }

    /** Up to so many of them, the oldest first. */
    synchronized List<byte[]> some(int most) {
        List<byte[]> some = new ArrayList<>();
        keys.stream().limit(most).forEach(key -> some.add(key.array()));
        return some;
    }
}
