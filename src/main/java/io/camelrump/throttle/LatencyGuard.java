package io.camelrump.throttle;

import io.camelrump.redis.ErrorReply;
import io.camelrump.redis.RedisConnection;
import io.camelrump.redis.RedisException;
import io.camelrump.redis.ServerAddress;
import io.camelrump.run.Run;
import java.io.IOException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Feels what the source's other clients feel: times a PING on a connection of its own, and lets the reader take smaller
 * steps while that takes too long. Where the source tells that it has no other clients nothing is slowed.
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

    private final ServerAddress address;
    private final LatencySamples latencies;
    private final Run run;
    private final AdaptiveStep step = new AdaptiveStep();
    private final OtherClients others = new OtherClients();
    private volatile @Nullable RedisConnection connection;
    private volatile boolean ended;
    private int leftOut;
    private long lastProbe;
    private int misses;
    private boolean saidBlind;
    private boolean saidSlowed;

    public LatencyGuard(ServerAddress address, LatencySamples latencies, Run run) {
        this.address = address;
        this.latencies = latencies;
        this.run = run;
    }

    AdaptiveStep step() {
        return step;
    }

    /** One round trip, and what follows from it. */
    void probe() {
        if (ended || leftOut-- > 0) {
            return;
        }
        leftOut = 0;
        try {
            RedisConnection open = connection;
            if (open == null) {
                open = open();
            }
            long begin = System.nanoTime();
            Object reply = open.call("PING");
            long now = System.nanoTime();
            if (reply instanceof ErrorReply error) {
                refused(error);
            } else {
                decide(open, now - begin, now);
            }
            misses = 0;
        } catch (IOException | RedisException e) {
            missed(e);
        }
    }

    private RedisConnection open() throws IOException {
        RedisConnection fresh = RedisConnection.open(address);
        connection = fresh;
        others.look(fresh);
        if (ended) {
            closeConnection();
        }
        return fresh;
    }

    /**
     * A fault that passes the reader meets too, and reports; by what stays it need not be met: its connection is open.
     */
    private void missed(Exception cause) {
        closeConnection();
        leftOut = PROBES_LEFT_OUT;
        misses++;
        boolean stays = cause instanceof RedisException refusal && refusal.isPermanent() || misses >= MOST_MISSES;
        if (stays && !saidBlind) {
            saidBlind = true;
            step.release();
            LOG.warn(
                    "The latency guard has no connection to source {}, and nothing watches what the copy does to its"
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
                "Source {} refuses PING ({}): nothing watches what the copy does to its latency; the ACL rule +ping"
                        + " lets"
                        + " the guard do so",
                address,
                error);
        run.report().latency(null);
        close();
    }

    private void decide(RedisConnection open, long roundTrip, long now) throws IOException {
        long slowed = step.isWhole() || lastProbe == 0 ? 0 : now - lastProbe;
        lastProbe = now;
        run.report().probed(roundTrip, slowed);
        boolean whole = step.isWhole();
        switch (latencies.add(roundTrip, now)) {
            case HURT -> {
                if (others.look(open)) {
                    step.hurt();
                } else {
                    step.release();
                }
            }
            case CALM -> step.calm();
            case UNDECIDED -> {}
        }
        if (whole && !step.isWhole() && !saidSlowed) {
            saidSlowed = true;
            LOG.info(
                    "{} took {} us to answer a PING ({} us are allowed): reading slows down until it is fast again",
                    address,
                    TimeUnit.NANOSECONDS.toMicros(roundTrip),
                    TimeUnit.NANOSECONDS.toMicros(latencies.allowed()));
        }
    }

    @Override
    public void close() {
        ended = true;
        step.release();
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
