package io.camelrump.throttle;

import java.util.concurrent.TimeUnit;

/**
 * Rate at which the source is asked: up to a limit of keys and bytes per second, and in the {@link AdaptiveStep} of the
 * guard.
 *
 * <p>What a limit allows in a twentieth of a second is asked for at once, so that a slow run reads steadily. The bytes
 * of a value are known when it has come: a large one is waited for afterwards. Not thread-safe.
 */
public final class RateLimiter {
    /** How many keys the source is asked for at once; any thread may change it. */
    public interface Steps {
        int keys();

        /** How long to wait after the keys of a step were asked for. */
        long pauseNanos();
    }

    private static final int TURNS_PER_SECOND = 20;
    private static final int PAGES_PER_SECOND = 5;
    /** Turns for which an unused allowance is kept. */
    private static final int TURNS_KEPT = 2;

    private static final long HARMLESS_KEYS = 16;
    /** Names that a SCAN gives in the time of a few DUMPs. */
    private static final int HARMLESS_NAMES = 64;

    private static final long HARMLESS_BYTES = 16 * 1024;

    private static final double SECOND = TimeUnit.SECONDS.toNanos(1);

    private final long keysPerSecond;
    private final long bytesPerSecond;
    private final Steps step;
    private double keys;
    private double bytes;
    private int stepKeys = AdaptiveStep.WHOLE;
    private long refilled = System.nanoTime();
    private long pausedUntil = refilled;
    private boolean open = true;

    /** A limit of 0 is none. */
    public RateLimiter(long keysPerSecond, long bytesPerSecond, Steps step) {
        this.keysPerSecond = keysPerSecond;
        this.bytesPerSecond = bytesPerSecond;
        this.step = step;
    }

    public static RateLimiter free() {
        return new RateLimiter(0, 0, new AdaptiveStep());
    }

    /** Keys of one SCAN: what a fifth of a second allows, so that pages come steadily. */
    public int scanCount(int wanted) {
        return keysPerSecond == 0 ? wanted : (int) Math.max(1, Math.min(wanted, keysPerSecond / PAGES_PER_SECOND));
    }

    /** Most keys that a SCAN may ask for now: it cannot be divided, and must not take longer than a step. */
    public int scanKeys() {
        return Math.max(HARMLESS_NAMES, stepKeys);
    }

    /** Looks whether a turn has come; what the others here say holds until this is asked again. */
    public boolean open() {
        stepKeys = step.keys();
        if (keysPerSecond == 0 && bytesPerSecond == 0 && stepKeys == AdaptiveStep.WHOLE) {
            open = true;
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
        double room = Math.max(stepKeys, harmless(expectedBytes)) - (double) keysDue;
        if (keysPerSecond > 0) {
            room = Math.min(room, keys);
        }
        if (bytesPerSecond > 0) {
            boolean alone = keysDue == 0 && bytes > 0;
            room = Math.min(room, Math.max(alone ? 1 : 0, bytes / Math.max(1, expectedBytes) - keysDue));
        }
        return (int) Math.max(0, room);
    }

    /** Keys so few and small that asking for fewer would spare the source nothing, and never end. */
    private static long harmless(long expectedBytes) {
        return Math.min(HARMLESS_KEYS, HARMLESS_BYTES / Math.max(1, expectedBytes));
    }

    /** Counts keys that were requested. */
    public void asked(int number) {
        if (keysPerSecond > 0) {
            keys -= number;
        }
    }

    /** A step was sent. */
    public void sent() {
        long pause = step.pauseNanos();
        if (pause > 0) {
            pausedUntil = System.nanoTime() + pause;
        }
    }

    /** A payload has come. */
    public void came(long number) {
        if (bytesPerSecond > 0) {
            bytes -= number;
        }
    }

    /** How long it takes until the next turn; 0 if it has come. */
    public long nanosLeft() {
        return open ? 0 : Math.max(0, nanosLeft(System.nanoTime()));
    }

    private long nanosLeft(long now) {
        double left = pausedUntil - now;
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
