package io.camelrump;

import java.util.concurrent.TimeUnit;

/**
 * Keys that have to be read again.
 *
 * @param attempt how often their page failed
 * @param alone whether they are so large that nothing else may be on its way meanwhile
 * @param due {@link System#nanoTime()} before which it is too early: a page that fails at once must not hammer the source
 */
record Reread(KeyList keys, int attempt, boolean alone, long due) {
    private static final long FIRST_DELAY = TimeUnit.MILLISECONDS.toNanos(100);
    private static final int LAST_DOUBLING = 5;

    static Reread afterFailure(KeyList keys, int failedAttempt, boolean alone) {
        long delay = FIRST_DELAY << Math.min(failedAttempt, LAST_DOUBLING);
        return new Reread(keys, failedAttempt + 1, alone, System.nanoTime() + delay);
    }

    static Reread alone(KeyList keys) {
        return new Reread(keys, 0, true, System.nanoTime());
    }
}
