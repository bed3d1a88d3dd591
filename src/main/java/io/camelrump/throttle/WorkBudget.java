package io.camelrump.throttle;

import java.util.concurrent.atomic.LongAdder;

/**
 * How long one server may work for a reader before its other clients have their turn. A guard decides, the reader of
 * that server asks; any thread may.
 */
public final class WorkBudget {
    /** Nobody waits: the reader may ask for all that it has room for. */
    static final long UNBOUNDED = Long.MAX_VALUE;

    private final CommandCosts costs = new CommandCosts();
    private volatile long nanos = UNBOUNDED;
    private volatile long roundTrip;
    private volatile boolean held;
    private final LongAdder longValues = new LongAdder();

    /** A budget that no guard bounds. */
    public static WorkBudget unbounded() {
        return new WorkBudget();
    }

    /** Costs of the commands there. */
    CommandCosts costs() {
        return costs;
    }

    /** The longest turn in nanoseconds, or {@link #UNBOUNDED}. */
    long nanos() {
        return nanos;
    }

    boolean isBounded() {
        return nanos != UNBOUNDED;
    }

    void set(long longestTurn) {
        nanos = longestTurn;
    }

    /** The shortest round trip of late, in nanoseconds; 0 while it is unknown. */
    long roundTrip() {
        return roundTrip;
    }

    void roundTrip(long shortest) {
        roundTrip = shortest;
    }

    /** Whether nothing may be requested for a moment: the guard measures how the server is without its reader. */
    boolean isHeld() {
        return held;
    }

    void hold(boolean now) {
        held = now;
    }

    /** A value took the server longer than a turn may. */
    void metLongValue() {
        longValues.increment();
    }

    /** How many values, since the last call, took the server longer than a turn may. */
    long takeLongValues() {
        return longValues.sumThenReset();
    }

    /** Nobody watches any more. */
    void release() {
        held = false;
        nanos = UNBOUNDED;
    }
}
