package io.camelrump.throttle;

import io.camelrump.redis.ErrorReply;
import io.camelrump.redis.RedisConnection;
import io.camelrump.redis.RedisException;
import io.camelrump.redis.ServerAddress;
import io.camelrump.redis.ServerInfo;
import io.camelrump.run.Run;
import java.io.IOException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Guards the other clients of a server: while it works for any, {@link WorkBudget} bounds how long it works for a
 * reader or a comparison at a time. A PING on a connection of its own shows what they feel.
 *
 * <p>One thread must call {@link #probe} again and again.
 */
public final class LatencyGuard implements AutoCloseable {
    /** Between two probes. */
    public static final long PAUSE_MILLIS = 50;

    private static final Logger LOG = LoggerFactory.getLogger(LatencyGuard.class);
    /** A server that cannot be reached is tried again after so many probes. */
    private static final int PROBES_LEFT_OUT = 20;
    /** Misses in a row after which a fault is taken to stay; about ten seconds. */
    private static final int MOST_MISSES = 10;
    /** Probes between two looks at what the server does for others. */
    private static final int PROBES_BETWEEN_LOOKS = 20;

    private static final int PROBES_TO_SECOND_LOOK = 2;
    /** Other clients show in how far the counters rise from the first look to the second one. */
    private static final int LOOKS_AT_START = 2;
    /** Probes left out while little is read: each wakes the server, and nobody waits for the reader. */
    private static final int PROBES_WHILE_QUIET = 4;

    private final ServerAddress address;
    private final @Nullable Run run;
    private final WorkBudget budget;
    private final LatencySamples latencies;
    private final BudgetDecision decision;
    private final ServerWork work;
    private final OtherClients others = new OtherClients();
    private volatile @Nullable RedisConnection connection;
    private volatile boolean ended;
    private int leftOut;
    private int leftOutAsQuiet;
    private int untilLook;
    private int looks;
    private long lastProbe;
    private int misses;
    private boolean saidBlind;

    /**
     * @param budget what the reader of the server keeps to
     * @param longestTurn how long the server may work for the reader at a time, in nanoseconds
     * @param run that reports the probes; null for none
     */
    public LatencyGuard(ServerAddress address, WorkBudget budget, long longestTurn, @Nullable Run run) {
        this.address = address;
        this.budget = budget;
        this.run = run;
        this.work = new ServerWork(budget.costs());
        this.latencies = new LatencySamples(longestTurn);
        this.decision = new BudgetDecision(address, longestTurn, budget, latencies);
    }

    /** One round trip, and what follows from it. */
    void probe() {
        if (run != null && run.changes().drains().areWritesPaused()) {
            budget.release();
            return;
        }
        if (ended || leftOut-- > 0 || isLeftOutAsQuiet()) {
            untilLook--;
            return;
        }
        leftOut = 0;
        try {
            RedisConnection open = connection;
            if (open == null) {
                open = open();
            }
            if (untilLook-- <= 0) {
                look(open);
            }
            long begin = System.nanoTime();
            Object reply = open.call("PING");
            long now = System.nanoTime();
            if (reply instanceof ErrorReply error) {
                refused(error);
            } else {
                pinged(open, now - begin, now);
            }
            misses = 0;
        } catch (IOException | RedisException e) {
            missed(e);
        }
    }

    /** Not before it is known whether there are other clients, and not for longer than little is read. */
    private boolean isLeftOutAsQuiet() {
        boolean isQuiet = budget.wasLittleUsed(System.nanoTime()) && looks >= LOOKS_AT_START;
        leftOutAsQuiet = isQuiet ? (leftOutAsQuiet + 1) % (PROBES_WHILE_QUIET + 1) : 0;
        return leftOutAsQuiet > 0;
    }

    private RedisConnection open() throws IOException {
        RedisConnection fresh = RedisConnection.open(address);
        connection = fresh;
        untilLook = 0;
        if (ended) {
            closeConnection();
        }
        return fresh;
    }

    /** Whether there are other clients, and what commands cost, is asked for together. */
    private void look(RedisConnection open) throws IOException {
        untilLook = looks++ == 0 ? PROBES_TO_SECOND_LOOK : PROBES_BETWEEN_LOOKS;
        ServerInfo info = open.info("commandstats", "cpu");
        CommandStatistics commands = CommandStatistics.of(info);
        work.learn(commands, ServerWork.cpuNanos(info));
        decision.others(others.look(open, commands, System.nanoTime()));
    }

    private void pinged(RedisConnection open, long roundTrip, long now) throws IOException {
        long bounded = !budget.isBounded() || lastProbe == 0 ? 0 : now - lastProbe;
        lastProbe = now;
        if (run != null) {
            run.report().probed(roundTrip, bounded, budget.takeLongValues());
            run.report().measured().sourceAnswered(address, roundTrip);
        }
        LatencySamples.Verdict verdict = latencies.add(roundTrip, now);
        budget.roundTrip(latencies.shortest());
        decision.decide(verdict, open, now);
    }

    /** A transient fault reaches the reader too, which reports it. A permanent one may not: its connection is open. */
    private void missed(Exception cause) {
        closeConnection();
        leftOut = PROBES_LEFT_OUT;
        misses++;
        boolean stays = cause instanceof RedisException refusal && refusal.isPermanent() || misses >= MOST_MISSES;
        if (stays && !saidBlind) {
            saidBlind = true;
            budget.release();
            LOG.warn(
                    "The latency guard has no connection to server {}, and nothing watches what the copy does to its"
                            + " latency until it has: {}",
                    address,
                    cause.getMessage());
        } else {
            LOG.debug("no probe of {}", address, cause);
        }
    }

    private void refused(ErrorReply error) {
        if (!error.isDefinitive()) {
            return;
        }
        LOG.warn(
                "Server {} refuses PING ({}): nothing watches what the copy does to its latency; the ACL rule +ping"
                        + " lets the guard do so",
                address,
                error);
        if (run != null) {
            run.report().latency(null);
        }
        close();
    }

    @Override
    public void close() {
        ended = true;
        budget.release();
        closeConnection();
    }

    private void closeConnection() {
        RedisConnection open = connection;
        connection = null;
        if (open != null) {
            open.close();
        }
    }
}
