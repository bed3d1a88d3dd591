package io.camelrump.series;

import io.camelrump.RunSeries;
import org.jspecify.annotations.Nullable;

/**
 * What a run did between two moments, in nanoseconds since its start.
 *
 * @param lagNanos longest lag; -1 where no changes are followed
 * @param waiting most keys that waited; -1 where no changes are followed
 * @param sourceNanos slowest answer of the source; 0 for none
 * @param targetNanos slowest answer of a target; 0 for none
 */
record Span(
        long from,
        long until,
        long keysRead,
        long bytesRead,
        long keysWritten,
        long bytesWritten,
        long lagNanos,
        long waiting,
        long sourceNanos,
        long targetNanos) {
    private static final double SECOND = 1e9;

    long nanos() {
        return until - from;
    }

    /** Both in one: this one and that which follows it. */
    Span and(Span next) {
        return new Span(
                from,
                next.until,
                keysRead + next.keysRead,
                bytesRead + next.bytesRead,
                keysWritten + next.keysWritten,
                bytesWritten + next.bytesWritten,
                Math.max(lagNanos, next.lagNanos),
                Math.max(waiting, next.waiting),
                Math.max(sourceNanos, next.sourceNanos),
                Math.max(targetNanos, next.targetNanos));
    }

    RunSeries.Point point() {
        return new RunSeries.Point(
                thousandths(until / SECOND),
                perSecond(keysRead),
                perSecond(bytesRead),
                perSecond(keysWritten),
                perSecond(bytesWritten),
                lagNanos < 0 ? null : thousandths(lagNanos / SECOND),
                waiting < 0 ? null : waiting,
                millis(sourceNanos),
                millis(targetNanos));
    }

    private long perSecond(long count) {
        return Math.round(count * SECOND / nanos());
    }

    private static @Nullable Double millis(long nanos) {
        return nanos == 0 ? null : thousandths(nanos / 1e6);
    }

    static double thousandths(double value) {
        return Math.round(value * 1_000) / 1e3;
    }
}
