package io.camelrump.throttle;

import io.camelrump.redis.ServerAddress;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;

/**
 * How long one server may work for this process before its other clients have their turn, and when the turns that were
 * sent to it are over. A guard decides, whoever reads of that server asks, over whichever connection; any thread may.
 */
public final class WorkBudget {
    /** Nobody waits: the reader may ask for all that it has room for. */
    static final long UNBOUNDED = Long.MAX_VALUE;

    /** Share of a turn that the next one may make up for. */
    private static final double MADE_UP = 0.4;

    /** Share of its time that a server's other clients do not feel. */
    private static final double LITTLE = 0.05;

    private static final Map<String, WorkBudget> BY_SERVER = new ConcurrentHashMap<>();

    private final CommandCosts costs = new CommandCosts();
    private volatile long nanos = UNBOUNDED;
    private volatile long roundTrip;
    private volatile boolean held;
    private final LongAdder longValues = new LongAdder();
    /** Before any time that a clock shows. */
    private final AtomicLong freeAt = new AtomicLong(Long.MIN_VALUE / 2);

    private final LongAdder taken = new LongAdder();
    private double usedBefore;
    private long usedAt;

    private WorkBudget() {}

    /** The one budget of the server at this address, whatever the database: readers and comparisons share it. */
    public static WorkBudget of(ServerAddress address) {
        return BY_SERVER.computeIfAbsent(address.withDatabase(0).toString(), server -> new WorkBudget());
    }

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

    /** When the server is through with the turns that were sent to it, as far as they can be reckoned. */
    long freeAt() {
        return freeAt.get();
    }

    /** Nothing that was sent before this moment is waited for. */
    void startAt(long now) {
        freeAt.accumulateAndGet(now, Math::max);
    }

    /**
     * A turn of this cost leaves now: the next one is due when the server is through with it. One that left late is
     * followed as if it had left a little earlier, but never at once: two that meet at the server are one to its other
     * clients.
     */
    void take(long now, long cost) {
        taken.add(cost);
        freeAt.accumulateAndGet(cost, (at, its) -> Math.max(at, now - (long) (MADE_UP * its)) + its);
    }

    /**
     * Whether the server spent little of its time on this process since the last call. The guard's thread alone asks.
     *
     * @param now in nanoseconds
     */
    boolean wasLittleUsed(long now) {
        double used = costs.readNanos() + taken.sum();
        boolean isLittle = used - usedBefore < LITTLE * (now - usedAt);
        usedBefore = used;
        usedAt = now;
        return isLittle;
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
