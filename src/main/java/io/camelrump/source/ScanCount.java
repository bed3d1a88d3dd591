package io.camelrump.source;

import io.camelrump.redis.ScanReply;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * How many keys each SCAN of one server asks for.
 *
 * <p>Each SCAN waits for the one before it, so the count per round trip is the ceiling of the rate. It is twice what
 * the server gives in a round trip, so that the server always has work, and no more: a SCAN cannot be divided, and
 * other clients wait for it. For the same reason it is no larger than the server answers in {@link #LONGEST_NANOS}.
 * What a SCAN costs there comes from the server's statistics, and where these are hidden from the quickest answers.
 */
final class ScanCount {
    /** The time of the server that one SCAN may take. */
    static final long LONGEST_NANOS = TimeUnit.MILLISECONDS.toNanos(2);

    private static final int ROUND_TRIPS_AHEAD = 2;
    /** One interval between two replies moves what is expected by its difference divided by this. */
    private static final int CALM = 2;
    /** Among so many answers one has met no queue. */
    private static final int ANSWERS = 16;
    /** No server was seen to be faster: a limit to what the answers let one believe. */
    private static final double LEAST_NANOS_PER_KEY = 500;

    private final int least;
    private final int most;
    private final LongSupplier clock;
    private final ScanCost cost = new ScanCost();
    /** Long names allow no more than this. */
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
     * @param allowed no more than this, for the sake of other clients
     * @return how many keys it asks for
     */
    int ask(long roundTripNanos, int allowed) {
        count = Math.max(1, Math.min(Math.min(wanted(roundTripNanos), bound), allowed));
        askedAt = clock.getAsLong();
        cost.sent(count);
        return count;
    }

    private int wanted(long roundTripNanos) {
        double needed = needed(roundTripNanos);
        if (needed <= least) {
            return least;
        }
        return (int) Math.max(least, Math.min(Math.min(needed, harmless(roundTripNanos)), most));
    }

    /** As many as keep the server at work, as far as the distance alone is looked at. */
    private double needed(long roundTripNanos) {
        if (least == most || answers < 2) {
            return least;
        }
        return ROUND_TRIPS_AHEAD * rate * (roundTripNanos > 0 ? roundTripNanos : quickest);
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
        return needed(roundTripNanos) > least && cost.isDue();
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
