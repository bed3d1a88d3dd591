package io.camelrump.throttle;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/**
 * How many keys the source is asked for at once: all that fit the window, until that hurts it.
 *
 * <p>A server works on what it has received of one client before it turns to the next, so the others wait behind as
 * many DUMPs as are due. When it is hurt the step is halved, and once it is one key, a pause follows each; when it is
 * calm the pause goes first, and the step grows by little. One thread decides, any may ask.
 */
public final class AdaptiveStep implements RateLimiter.Steps {
    /** No step: a server takes some 200 keys out of its socket at once, so more of them hurt it no more. */
    static final int WHOLE = Integer.MAX_VALUE;

    private static final int LARGEST = 256;
    private static final int GROWTH = 16;
    private static final long FIRST_PAUSE = TimeUnit.MILLISECONDS.toNanos(1);
    private static final long LONGEST_PAUSE = TimeUnit.MILLISECONDS.toNanos(20);

    private final AtomicInteger keys = new AtomicInteger(WHOLE);
    private final AtomicLong pauseNanos = new AtomicLong();

    @Override
    public int keys() {
        return keys.get();
    }

    @Override
    public long pauseNanos() {
        return pauseNanos.get();
    }

    boolean isWhole() {
        return keys() == WHOLE;
    }

    void hurt() {
        if (keys() > 1) {
            keys.updateAndGet(now -> Math.min(now, LARGEST) / 2);
        } else {
            pauseNanos.updateAndGet(now -> Math.min(LONGEST_PAUSE, Math.max(FIRST_PAUSE, now * 2)));
        }
    }

    void calm() {
        if (pauseNanos() > 0) {
            pauseNanos.updateAndGet(now -> now > FIRST_PAUSE ? now / 2 : 0);
        } else {
            keys.updateAndGet(now -> now < LARGEST ? now + GROWTH : WHOLE);
        }
    }

    /** Nobody watches any more. */
    void release() {
        pauseNanos.set(0);
        keys.set(WHOLE);
    }
}
