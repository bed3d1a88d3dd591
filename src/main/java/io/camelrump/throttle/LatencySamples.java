package io.camelrump.throttle;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Round trips to a source, and the verdict on its load.
 *
 * <p>It is hurt when two of ten lie above what is allowed, which is so as soon as their 90th percentile does; one alone
 * may be an accident of the network. What is allowed is a time that was given, or follows from the shortest round trip
 * of the last minute, which is nearly that of a server at rest: between two steps of the copy it is at rest too.
 */
public final class LatencySamples {
    private static final int SAMPLES = 10;
    private static final int TOO_MANY = 2;
    private static final long LEAST_ALLOWED = TimeUnit.MILLISECONDS.toNanos(2);
    private static final int TIMES_SHORTEST = 3;
    private static final long HALF_OF_MEMORY = TimeUnit.SECONDS.toNanos(30);

    /** Verdict of the last round trips. */
    enum Verdict {
        UNDECIDED,
        CALM,
        HURT
    }

    private final @Nullable Duration pinned;
    private long shortest = Long.MAX_VALUE;
    private long shortestBefore = Long.MAX_VALUE;
    private long since;
    private int samples;
    private int above;

    /** @param pinned the round trip that is allowed; null to find it */
    public LatencySamples(@Nullable Duration pinned) {
        this.pinned = pinned;
    }

    /** Takes a round trip, which ended at this time; both in nanoseconds. */
    Verdict add(long roundTrip, long now) {
        if (shortest == Long.MAX_VALUE || now - since > HALF_OF_MEMORY) {
            shortestBefore = shortest;
            shortest = roundTrip;
            since = now;
        }
        shortest = Math.min(shortest, roundTrip);
        samples++;
        above += roundTrip > allowed() ? 1 : 0;
        if (above < TOO_MANY && samples < SAMPLES) {
            return Verdict.UNDECIDED;
        }
        Verdict verdict = above < TOO_MANY ? Verdict.CALM : Verdict.HURT;
        samples = 0;
        above = 0;
        return verdict;
    }

    long allowed() {
        return pinned != null
                ? pinned.toNanos()
                : Math.max(LEAST_ALLOWED, TIMES_SHORTEST * Math.min(shortest, shortestBefore));
    }
}
