package io.camelrump.throttle;

import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/**
 * Rate at which the source is asked: up to a limit of keys and bytes per second.
 *
 * <p>What a limit allows in a twentieth of a second is asked for at once, so that a slow run reads steadily. The bytes
 * of a value are known when it has come: a large one is waited for afterwards. Not thread-safe.
 */
public final class RateLimiter {
    private static final int TURNS_PER_SECOND = 20;
    private static final int PAGES_PER_SECOND = 5;
    /** Turns for which an unused allowance is kept. */
    private static final int TURNS_KEPT = 2;

    private static final double SECOND = TimeUnit.SECONDS.toNanos(1);

    private final Supplier<RateLimits> limits;
    private long keysPerSecond;
    private long bytesPerSecond;
    private double keys;
    private double bytes;
    private long refilled = System.nanoTime();
    private final BooleanSupplier lifted;
    private boolean open = true;
    /** Whether the limits do not hold in this turn. */
    private boolean free;

    /** Limits that stay as they are. */
    public RateLimiter(RateLimits limits) {
        this(() -> limits, () -> false);
    }

    /**
     * @param limits are looked at before each turn
     * @param lifted says that the limits do not hold for now
     */
    public RateLimiter(Supplier<RateLimits> limits, BooleanSupplier lifted) {
        this.limits = limits;
        this.lifted = lifted;
        lookAtLimits();
    }

    private void lookAtLimits() {
        RateLimits now = limits.get();
        keysPerSecond = now.keys();
        bytesPerSecond = now.bytes();
    }

    public static RateLimiter free() {
        return new RateLimiter(RateLimits.NONE);
    }

    /** Keys of one SCAN: what a fifth of a second allows, so that pages come steadily. */
    public int scanCount(int wanted) {
        return keysPerSecond == 0 ? wanted : (int) Math.max(1, Math.min(wanted, keysPerSecond / PAGES_PER_SECOND));
    }

    /** Looks whether a turn has come; what the others here say holds until this is asked again. */
    public boolean open() {
        lookAtLimits();
        if (keysPerSecond == 0 && bytesPerSecond == 0) {
            open = true;
            free = false;
            refilled = System.nanoTime();
            return true;
        }
        free = lifted.getAsBoolean();
        if (free) {
            open = true;
            refilled = System.nanoTime();
            return true;
        }
        long now = System.nanoTime();
        double seconds = (now - refilled) / SECOND;
        refilled = now;
        keys = Math.min(TURNS_KEPT * turn(keysPerSecond), keys + seconds * keysPerSecond);
        bytes = Math.min(TURNS_KEPT * turn(bytesPerSecond), bytes + seconds * bytesPerSecond);
        open = nanosLeft(now) <= 0;
        return open;
    }

    public boolean isOpen() {
        return open;
    }

    /** How many more keys may be requested, beside those that are due, at this size of each. */
    public int room(int keysDue, long expectedBytes) {
        if (!open) {
            return 0;
        }
        if (free) {
            return Integer.MAX_VALUE;
        }
        double room = Integer.MAX_VALUE;
        if (keysPerSecond > 0) {
            room = Math.min(room, keys);
        }
        if (bytesPerSecond > 0) {
            boolean alone = keysDue == 0 && bytes > 0;
            room = Math.min(room, Math.max(alone ? 1 : 0, bytes / Math.max(1, expectedBytes) - keysDue));
        }
        return (int) Math.max(0, room);
    }

    /** Counts keys that were requested. */
    public void asked(int number) {
        if (keysPerSecond > 0 && !free) {
            keys -= number;
        }
    }

    /** A payload has come. */
    public void came(long number) {
        if (bytesPerSecond > 0 && !free) {
            bytes -= number;
        }
    }

    /** How long it takes until the next turn; 0 if it has come. */
    public long nanosLeft() {
        return open ? 0 : Math.max(0, nanosLeft(System.nanoTime()));
    }

    private long nanosLeft(long now) {
        double left = 0;
        // by the clock alone: what has come in since the last look is not counted in yet
        double passed = now - refilled;
        if (keysPerSecond > 0) {
            left = Math.max(left, (turn(keysPerSecond) - keys) / keysPerSecond * SECOND - passed);
        }
        if (bytesPerSecond > 0) {
            left = Math.max(left, (turn(bytesPerSecond) - bytes) / bytesPerSecond * SECOND - passed);
        }
        return (long) Math.ceil(left);
    }

    private static double turn(long perSecond) {
        return Math.max(1, (double) perSecond / TURNS_PER_SECOND);
    }
}
