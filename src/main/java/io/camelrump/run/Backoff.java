package io.camelrump.run;

import java.util.concurrent.TimeUnit;

/** Pauses between tries: 50 ms at first, each twice the one before, up to 1 s. Not thread-safe. */
public final class Backoff {
    private static final long SHORTEST = TimeUnit.MILLISECONDS.toNanos(50);
    private static final long LONGEST = TimeUnit.SECONDS.toNanos(1);

    private long next = SHORTEST;

    /** Nanoseconds to wait before the next try. */
    public long next() {
        long pause = next;
        next = Math.min(2 * pause, LONGEST);
        return pause;
    }

    /** Begins with the shortest pause again, after a success. */
    public void reset() {
        next = SHORTEST;
    }
}
