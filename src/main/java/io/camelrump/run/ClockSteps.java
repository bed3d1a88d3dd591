package io.camelrump.run;

import io.camelrump.redis.RedisException;
import io.camelrump.redis.ServerClock;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Clocks of servers that were set during a run. Each step begins an epoch: expiries that were read or written since the
 * measurement before it may be off by as much, so that those keys are read again.
 *
 * <p>A clock that is found unchanged at the end of a run has not been set in between, or was set back again. Any thread
 * may report a measurement.
 */
public final class ClockSteps {
    public static final Duration USUAL_INTERVAL = Duration.ofMinutes(1);

    private static final Logger LOG = LoggerFactory.getLogger(ClockSteps.class);
    /** Clocks that are set more often than this within an hour may never let a run end. */
    private static final int MOST = 20;

    private static final long MOST_WITHIN = TimeUnit.HOURS.toNanos(1);

    /** For each step, in their order, the {@link System#nanoTime()} up to which the clock was as before. */
    private final List<Long> steps = new CopyOnWriteArrayList<>();

    /** A moment before any key was read. */
    private final long begunAt = System.nanoTime();

    /** Last measurement of each server; that of an earlier run is as old as this run. */
    private final Map<String, ServerClock> clocks = new ConcurrentHashMap<>();

    private volatile long toleranceMicros = 50_000;
    private volatile Duration interval = USUAL_INTERVAL;

    /** A clock may be off by so much between two measurements; what may be wrong about these comes on top. */
    public void tolerance(Duration tolerance) {
        toleranceMicros = tolerance.toNanos() / 1_000;
    }

    /** The time between two measurements of one clock. */
    public void interval(Duration between) {
        interval = between;
    }

    public boolean isDue(ServerClock clock) {
        return clock.isOlderThan(interval);
    }

    /** An earlier run measured these last: clocks may have been set since then. */
    void resume(Map<String, ServerClock> earlier) {
        earlier.forEach((server, clock) ->
                clocks.put(server, new ServerClock(clock.offsetMicros(), begunAt, true, clock.uncertaintyMicros())));
    }

    /** Last measurements by server, for a later run. */
    Map<String, ServerClock> clocks() {
        return Map.copyOf(clocks);
    }

    /** The earliest of the last measurements: what was read since then may be read with a clock that was set. */
    public long oldest() {
        long oldest = System.nanoTime();
        for (ServerClock clock : clocks.values()) {
            oldest = clock.measuredAt() - oldest < 0 ? clock.measuredAt() : oldest;
        }
        return oldest;
    }

    /**
     * Compares the first measurement of a clock with the last one of an earlier run, if there was one.
     *
     * @param sameProcess whether the same server process answers
     */
    public void begun(String server, ServerClock now, boolean sameProcess) {
        ServerClock before = clocks.get(server);
        if (sameProcess && before != null && before.measuredAt() == begunAt) {
            measured(server, before, now);
        } else {
            note(server, now);
        }
    }

    private void note(String server, ServerClock now) {
        if (now.isKnown()) {
            clocks.put(server, now);
        }
    }

    /**
     * Compares a clock with the measurement before.
     *
     * @param server its name in messages
     * @return whether it was set in between
     */
    public boolean measured(String server, ServerClock before, ServerClock now) {
        note(server, now);
        long micros = now.stepSince(before);
        if (Math.abs(micros) <= toleranceMicros) {
            return false;
        }
        LOG.warn(
                "The clock of {} was set {} by {} s: what was read with an expiry {} is read again",
                server,
                micros > 0 ? "ahead" : "back",
                String.format(Locale.ROOT, "%.3f", Math.abs(micros) / 1e6),
                before.measuredAt() == begunAt
                        ? "since the earlier run measured it last"
                        : "in the " + (now.measuredAt() - before.measuredAt()) / 1_000_000_000 + " s before");
        steps.add(before.measuredAt());
        int first = steps.size() - MOST;
        if (first >= 0 && now.measuredAt() - steps.get(first) < MOST_WITHIN) {
            throw RedisException.permanentError("The clock of " + server + " was set " + MOST
                    + " times during the run, so expiries cannot be kept exact: check its time service, or allow"
                    + " larger steps with ttlTolerance (--ttl-tolerance).");
        }
        return true;
    }

    /** How many there were so far. */
    public int count() {
        return steps.size();
    }

    /** The earliest moment that one of the steps behind the first {@code known} ones reaches back to. */
    public long since(int known) {
        long first = steps.get(known);
        for (long step : steps.subList(known, steps.size())) {
            first = step - first < 0 ? step : first;
        }
        return first;
    }

    void clear() {
        steps.clear();
        clocks.clear();
    }
}
