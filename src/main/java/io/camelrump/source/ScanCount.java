package io.camelrump.source;

import io.camelrump.redis.ScanReply;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * How many keys each SCAN of one server asks for.
 *
 * <p>Each SCAN waits for the one before it, so keys per round trip limit the rate. The count is twice what the server
 * returns in a round trip, so that it always has work, or 1.3 times that where other clients wait. As a SCAN blocks
 * them, it never takes longer than {@link #LONGEST_NANOS}, by the server's own statistics, or by the quickest answers
 * if those are hidden.
 */
final class ScanCount {
    /** The time of the server that one SCAN may take. */
    static final long LONGEST_NANOS = TimeUnit.MILLISECONDS.toNanos(2);

    private static final double ROUND_TRIPS_AHEAD = 2;
    /** Where other clients wait as long as a SCAN takes. */
    private static final double ROUND_TRIPS_BESIDE_OTHERS = 1.3;
    /** Smoothing: each interval moves the expected rate by 1/CALM of the difference. */
    private static final int CALM = 2;
    /** At least one of this many answers is assumed to have met no queue. */
    private static final int ANSWERS = 16;
    /** Lower limit for an estimate from answers: no server seen was faster. */
    private static final double LEAST_NANOS_PER_KEY = 500;

    private final int least;
    private final int most;
    private final LongSupplier clock;
    private final ScanCost cost = new ScanCost();
    /** Limit set by long names. */
    private int bound;

    private int count;
    private long askedAt;
    private long answeredAt;
    private long answers;
    /** Keys per nanosecond. */
    private double rate;

    private long quickest = Long.MAX_VALUE;
    private int countOfQuickest = 1;

    /** @param most the same as {@code least} for a count that is fixed */
    ScanCount(int least, int most) {
        this(least, most, System::nanoTime);
    }

    /** @param clock counts nanoseconds, from any moment on */
    ScanCount(int least, int most, LongSupplier clock) {
        this.least = least;
        this.most = most;
        this.clock = clock;
        this.bound = most;
        this.count = Math.min(least, most);
    }

    /**
     * Counts a SCAN that is sent now.
     *
     * @param roundTripNanos of an answer that met no queue; 0 where it is not known
     * @param allowed upper limit, to spare other clients; {@link Integer#MAX_VALUE} where there are none
     * @return how many keys it asks for
     */
    int ask(long roundTripNanos, int allowed) {
        double ahead = allowed == Integer.MAX_VALUE ? ROUND_TRIPS_AHEAD : ROUND_TRIPS_BESIDE_OTHERS;
        count = Math.max(1, Math.min(Math.min(wanted(roundTripNanos, ahead), bound), allowed));
        askedAt = clock.getAsLong();
        cost.sent(count);
        return count;
    }

    private int wanted(long roundTripNanos, double ahead) {
        double needed = ahead * needed(roundTripNanos);
        if (needed <= least) {
            return least;
        }
        return (int) Math.max(least, Math.min(Math.min(needed, harmless(roundTripNanos)), most));
    }

    /** Keys that the server returns in this round trip, whatever they cost it; 0 if that makes no difference yet. */
    private double needed(long roundTripNanos) {
        if (least == most || answers < 2) {
            return 0;
        }
        return rate * (roundTripNanos > 0 ? roundTripNanos : quickest);
    }

    private double harmless(long roundTripNanos) {
        if (cost.nanosPerKey() > 0) {
            return LONGEST_NANOS / cost.nanosPerKey();
        }
        double seen = (double) (quickest - roundTripNanos) / countOfQuickest;
        return cost.isHidden() ? LONGEST_NANOS / Math.max(LEAST_NANOS_PER_KEY, seen) : least;
    }

    /** Whether to look at the server's statistics before the next SCAN: a larger count would help. */
    boolean wantsCost(long roundTripNanos) {
        return ROUND_TRIPS_AHEAD * needed(roundTripNanos) > least && cost.isDue();
    }

    ScanCost cost() {
        return cost;
    }

    /** How many keys the last SCAN asked for. */
    int last() {
        return count;
    }

    /** The last SCAN was answered. */
    void answered() {
        long now = clock.getAsLong();
        if (answers > 0) {
            double fresh = count / (double) Math.max(1, now - answeredAt);
            rate += answers == 1 ? fresh : (fresh - rate) / CALM;
        }
        answeredAt = now;
        if (answers++ % ANSWERS == 0 || now - askedAt < quickest) {
            quickest = now - askedAt;
            countOfQuickest = count;
        }
    }

    /** The names of the last SCAN were too long together: fewer are asked for from now on. */
    void askFewer() {
        bound = Math.max(1, count / ScanReply.FEWER);
    }
}
