package io.camelrump.throttle;

import java.util.concurrent.TimeUnit;

/**
 * Round trips to a source, and the verdict on its load.
 *
 * <p>It is slow when two of ten lie above what is allowed, which is so as soon as their 90th percentile does; one alone
 * may be an accident of the network. Allowed is the shortest round trip of the last minute, which is nearly that of a
 * server at rest, and what turns of the reader may add to it.
 */
final class LatencySamples {
    private static final int SAMPLES = 10;
    private static final int TOO_MANY = 2;
    private static final int TURNS_ALLOWED = 2;
    private static final long NOISE = TimeUnit.MILLISECONDS.toNanos(1);
    private static final long HALF_OF_MEMORY = TimeUnit.SECONDS.toNanos(30);

    /** Verdict of the last round trips. */
    enum Verdict {
        UNDECIDED,
        CALM,
        SLOW
    }

    private final long allowance;
    private long shortest = Long.MAX_VALUE;
    private long shortestBefore = Long.MAX_VALUE;
    private long since;
    private int samples;
    private int above;

    /** @param longestTurn of the reader, in nanoseconds */
    LatencySamples(long longestTurn) {
        this.allowance = TURNS_ALLOWED * longestTurn + NOISE;
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
        above += isAbove(roundTrip) ? 1 : 0;
        if (above < TOO_MANY && samples < SAMPLES) {
            return Verdict.UNDECIDED;
        }
        Verdict verdict = above < TOO_MANY ? Verdict.CALM : Verdict.SLOW;
        samples = 0;
        above = 0;
        return verdict;
    }

    /** Whether a round trip is longer than is allowed. */
    boolean isAbove(long roundTrip) {
        return roundTrip > allowed();
    }

    /** The shortest round trip of the last minute, in nanoseconds. */
    long shortest() {
        return Math.min(shortest, shortestBefore);
    }

    long allowed() {
        return shortest() + allowance;
    }
}
