package io.camelrump;

import java.util.concurrent.TimeUnit;

/**
 * Keys that have to be read again.
 *
 * @param attempt how often their page failed
 * @param alone whether they are so large that nothing else may be on its way meanwhile
 * @param due {@link System#nanoTime()} before which it is too early: a page that fails at once must not hammer the source
 */
record Reread(KeyList keys, int database, int attempt, boolean alone, long due) {
    private static final long FIRST_DELAY = TimeUnit.MILLISECONDS.toNanos(100);
    private static final int LAST_DOUBLING = 5;

    static Reread afterFailure(KeyList keys, int database, int failedAttempt, boolean alone) {
        long delay = FIRST_DELAY << Math.min(failedAttempt, LAST_DOUBLING);
        return new Reread(keys, database, failedAttempt + 1, alone, System.nanoTime() + delay);
    }

    static Reread alone(KeyList keys, int database) {
        return new Reread(keys, database, 0, true, System.nanoTime());
    }
}
