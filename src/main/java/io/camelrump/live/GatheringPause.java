package io.camelrump.live;

import java.util.concurrent.TimeUnit;

/**
 * Pause of a listener after it has read change notifications, so that those of the next milliseconds are read together:
 * a reading costs the source and this process the same again however few keys it has.
 *
 * <p>The fewer keys change, the longer it is. A key that changes after a quiet while is read at once, and no key waits
 * for longer than the longest pause.
 */
final class GatheringPause {
    private static final long SHORTEST_MILLIS = 5;
    private static final long LONGEST_MILLIS = 15;

    /** Keys beside which what a reading itself costs is a small part. */
    private static final int WANTED_KEYS = 100;

    /**
     * After this many keys at once there is no pause: more may be waiting, and those unread take memory of the source.
     */
    private static final int MANY_KEYS = 1_000;

    private final long shortest;
    private final long longest;
    private long readAt = System.nanoTime();

    GatheringPause() {
        this(SHORTEST_MILLIS, LONGEST_MILLIS);
    }

    GatheringPause(long shortestMillis, long longestMillis) {
        this.shortest = shortestMillis;
        this.longest = longestMillis;
    }

    /**
     * Milliseconds in which about as many keys change as are wanted.
     *
     * @param keys that were read, at least one
     * @param now by {@link System#nanoTime()}
     */
    long after(int keys, long now) {
        long gathered = TimeUnit.NANOSECONDS.toMillis(now - readAt);
        readAt = now;
        return keys >= MANY_KEYS ? 0 : Math.max(shortest, Math.min(longest, gathered * WANTED_KEYS / keys));
    }
}
