package io.camelrump.series;

import io.camelrump.RunSeries;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Spans of time one after the other, of which there are never more than a bound: when they are too many, each two
 * neighbours become one, and from then on each is about twice the time. Used by one thread at a time.
 */
final class JoinedSpans {
    private final int most;
    private final List<Span> spans = new ArrayList<>();
    private long least;
    /** The last one, as long as it is too short; null for none. */
    private @Nullable Span open;

    /**
     * @param most an even number
     * @param least nanoseconds that one is about
     */
    JoinedSpans(int most, long least) {
        this.most = most;
        this.least = least;
    }

    /** Adds what follows the last one. */
    void add(Span next) {
        Span longer = open == null ? next : open.and(next);
        open = longer;
        if (longer.nanos() >= least) {
            spans.add(longer);
            open = null;
        }
        if (spans.size() == most) {
            join();
        }
    }

    private void join() {
        for (int i = 0; i < most / 2; i++) {
            spans.set(i, spans.get(2 * i).and(spans.get(2 * i + 1)));
        }
        spans.subList(most / 2, most).clear();
        least *= 2;
    }

    /**
     * The points of all spans.
     *
     * @param ended whether nothing follows: what is left is then part of the last one, or one more
     */
    List<RunSeries.Point> points(boolean ended) {
        List<Span> all = new ArrayList<>(spans);
        Span rest = open;
        if (rest != null && all.isEmpty()) {
            all.add(rest);
        } else if (rest != null && ended) {
            // a rate over a few milliseconds says nothing
            boolean joins = rest.nanos() < least / 2;
            all.add(joins ? all.remove(all.size() - 1).and(rest) : rest);
        }
        return all.stream().map(Span::point).toList();
    }
}
