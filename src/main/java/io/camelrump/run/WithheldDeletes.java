package io.camelrump.run;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * Keys that are gone at the source, and are left at a target as they may be its own. Any thread may ask.
 *
 * <p>Bounded: beyond {@link #MOST} they are counted alone.
 */
public final class WithheldDeletes {
    private static final int MOST = 10_000;

    private final Set<ByteBuffer> keys = new LinkedHashSet<>();
    private long more;

    public synchronized void add(byte[] key) {
        ByteBuffer name = ByteBuffer.wrap(key);
        if (keys.size() < MOST) {
            keys.add(name);
        } else if (!keys.contains(name)) {
            more++;
        }
    }

    /** Removes a key that exists again, or no longer exists on the target. */
    public synchronized void remove(byte[] key) {
        if (!keys.isEmpty()) {
            keys.remove(ByteBuffer.wrap(key));
        }
    }

    /** How many; a key reported twice may count twice beyond those that are named. */
    synchronized long count() {
        return keys.size() + more;
    }

    /** Up to so many of them, the oldest first. */
    synchronized List<byte[]> some(int most) {
        List<byte[]> some = new ArrayList<>();
        keys.stream().limit(most).forEach(key -> some.add(key.array()));
        return some;
    }
}
