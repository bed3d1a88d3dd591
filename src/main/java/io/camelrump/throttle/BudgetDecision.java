package io.camelrump.throttle;

import io.camelrump.redis.RedisConnection;
import io.camelrump.redis.ServerAddress;
import java.io.IOException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Decides how long the server may work for the reader at a time: as long as is allowed while there are other clients,
 * and without a bound where that helps nobody. Not thread-safe.
 */
final class BudgetDecision {
    private static final Logger LOG = LoggerFactory.getLogger(BudgetDecision.class);
    /** PINGs without the reader. */
    private static final int TRIAL_PINGS = 12;
    /** Long PINGs among these that show a source to be slow by itself, and not just for a moment. */
    private static final int SLOW_BY_ITSELF = 4;

    private static final long TRIAL_PAUSE = TimeUnit.MILLISECONDS.toNanos(7);
    /** After a trial that showed nothing to gain. */
    private static final long RELEASED = TimeUnit.SECONDS.toNanos(10);
    /** After a trial that showed the reader to be the cause. */
    private static final long TRUSTED = TimeUnit.SECONDS.toNanos(5);

    private final ServerAddress address;
    private final long longestTurn;
    private final WorkBudget budget;
    private final LatencySamples latencies;
    private boolean others;
    private long nextTrial;
    private long releasedUntil;
    private boolean saidBounded;

    BudgetDecision(ServerAddress address, long longestTurn, WorkBudget budget, LatencySamples latencies) {
        this.address = address;
        this.longestTurn = longestTurn;
        this.budget = budget;
        this.latencies = latencies;
    }

    /** Whether the server works for other clients. */
    void others(boolean areThere) {
        others = areThere;
        apply(System.nanoTime());
    }

    /** Draws the conclusion from the last round trips. */
    void decide(LatencySamples.Verdict verdict, RedisConnection connection, long now) throws IOException {
        boolean isTrialDue = nextTrial == 0 || now - nextTrial >= 0;
        if (verdict == LatencySamples.Verdict.SLOW && budget.isBounded() && isTrialDue) {
            if (isSlowByItself(connection)) {
                releasedUntil = System.nanoTime() + RELEASED;
                LOG.debug("{} is slow by itself: it is read without a bound for a while", address);
            } else {
                nextTrial = System.nanoTime() + TRUSTED;
            }
        }
        apply(System.nanoTime());
    }

    /** Whether PINGs take long while nothing is requested, too. */
    private boolean isSlowByItself(RedisConnection connection) throws IOException {
        int above = 0;
        budget.hold(true);
        try {
            // behind what was requested before
            connection.call("PING");
            LockSupport.parkNanos(budget.roundTrip() + TRIAL_PAUSE);
            for (int i = 0; i < TRIAL_PINGS && above < SLOW_BY_ITSELF; i++) {
                long begin = System.nanoTime();
                connection.call("PING");
                above += latencies.isAbove(System.nanoTime() - begin) ? 1 : 0;
                LockSupport.parkNanos(TRIAL_PAUSE);
            }
        } finally {
            budget.hold(false);
        }
        return above >= SLOW_BY_ITSELF;
    }

    private void apply(long now) {
        boolean released = releasedUntil != 0 && now - releasedUntil < 0;
        budget.set(others && !released ? longestTurn : WorkBudget.UNBOUNDED);
        if (budget.isBounded() && !saidBounded) {
            saidBounded = true;
            LOG.info(
                    "{} serves other clients: it is asked for at most {} us of work at a time",
                    address,
                    TimeUnit.NANOSECONDS.toMicros(longestTurn));
        }
    }
}
