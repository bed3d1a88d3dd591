package io.camelrump;

import java.util.concurrent.TimeUnit;

/**
 * How many keys the source is asked for at once: all that fit the window, until that hurts it.
 *
 * <p>A server works on what it has received of one client before it turns to the next, so the others wait behind as many
 * DUMPs as are due. When it is hurt the step is halved, and once it is one key, a pause follows each; when it is calm the
 * pause goes first, and the step grows by little. One thread decides, any may ask.
 */
final class Step {
    /** No step: a server takes some 200 keys out of its socket at once, so more of them hurt it no more. */
    static final int WHOLE = Integer.MAX_VALUE;

    private static final int LARGEST = 256;
    private static final int GROWTH = 16;
    private static final long FIRST_PAUSE = TimeUnit.MILLISECONDS.toNanos(1);
    private static final long LONGEST_PAUSE = TimeUnit.MILLISECONDS.toNanos(20);

    private volatile int keys = WHOLE;
    private volatile long pauseNanos;

    int keys() {
        return keys;
    }

    /** How long to wait after the keys of a step were asked for. */
    long pauseNanos() {
        return pauseNanos;
    }

    boolean isWhole() {
        return keys == WHOLE;
    }

    void hurt() {
        if (keys > 1) {
            keys = Math.min(keys, LARGEST) / 2;
        } else {
            pauseNanos = Math.min(LONGEST_PAUSE, Math.max(FIRST_PAUSE, pauseNanos * 2));
        }
    }

    void calm() {
        if (pauseNanos > 0) {
            pauseNanos = pauseNanos > FIRST_PAUSE ? pauseNanos / 2 : 0;
        } else if (keys < LARGEST) {
            keys += GROWTH;
        } else {
            keys = WHOLE;
        }
    }

    /** Nobody watches any more. */
    void release() {
        pauseNanos = 0;
        keys = WHOLE;
    }
}
