package io.camelrump.cli;

import io.camelrump.Counts;
import io.camelrump.Ledger;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** How far a run is, and how fast it is now. Looked at by one thread. */
final class Pace {
    /** Rates are those of the last two to four seconds. */
    private static final long WINDOW_NANOS = TimeUnit.SECONDS.toNanos(2);

    private static final double LEAST_DONE = 0.001;

    private record Look(long at, long keys, long bytes) {}

    private final Ledger ledger;
    private final boolean filtered;
    private final LongSupplier nanoTime;
    private final long start;
    /** A run that resumes another one has some of it done already. */
    private final double startShare;

    private Look older;
    private Look newer;
    private Look now;
    private double share;

    /** @param filtered whether the keys that will be read cannot be counted */
    Pace(Ledger ledger, boolean filtered, LongSupplier nanoTime) {
        this.ledger = ledger;
        this.filtered = filtered;
        this.nanoTime = nanoTime;
        this.start = nanoTime.getAsLong();
        Counts counts = ledger.counts();
        this.now = new Look(start, counts.settled(), counts.bytes());
        this.older = now;
        this.newer = now;
        this.startShare = share(counts);
        this.share = startShare;
    }

    /** Takes up where the run is now. */
    Counts look() {
        Counts counts = ledger.counts();
        now = new Look(nanoTime.getAsLong(), counts.settled(), counts.bytes());
        share = share(counts);
        if (now.at() - newer.at() >= WINDOW_NANOS) {
            older = newer;
            newer = now;
        }
        return counts;
    }

    private double share(Counts counts) {
        return ProgressLines.share(ledger, filtered, counts);
    }

    /** How much of the copy is done, from 0 to 1. */
    double share() {
        return share;
    }

    double elapsedSeconds() {
        return (now.at() - start) / 1e9;
    }

    /** Until the copy is done, at its mean rate; null while that is not known. */
    @Nullable
    Double secondsLeft() {
        double done = share - startShare;
        return done <= LEAST_DONE ? null : elapsedSeconds() * (1 - share) / done;
    }

    long keysPerSecond() {
        return perSecond(now.keys() - older.keys());
    }

    long bytesPerSecond() {
        return perSecond(now.bytes() - older.bytes());
    }

    /** A scan that begins anew takes counts back. */
    private long perSecond(long count) {
        return Math.max(0, Math.round(count / Math.max(0.001, (now.at() - older.at()) / 1e9)));
    }
}
