package io.camelrump.cutover;

import io.camelrump.Difference;
import io.camelrump.RunState;
import io.camelrump.redis.ErrorText;
import io.camelrump.redis.RedisException;
import io.camelrump.run.ChangeLog;
import io.camelrump.run.Run;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One comparison of both sides of a live run, at its cutover or beside the writers: what differs is marked to be copied
 * again.
 */
final class CutoverComparison implements AutoCloseable {
    private static final int NAMES_SHOWN = 5;

    private static final Logger LOG = LoggerFactory.getLogger(CutoverComparison.class);

    private final ChangeLog changes;
    private final boolean deletes;
    private final List<Direction> directions;
    private final AtomicLong differing = new AtomicLong();
    private final List<Difference> first = Collections.synchronizedList(new ArrayList<>());

    /**
     * What it found.
     *
     * @param compared keys that it looked at, of either side
     * @param failure why it did not come to its end; null if it did
     * @param permanent whether another one would fail too
     */
    record Pass(
            long compared,
            long differing,
            List<Difference> first,
            @Nullable String failure,
            boolean permanent) {
        boolean isEqual() {
            return differing == 0 && failure == null;
        }

        /** Nothing was to be compared. */
        static final Pass NOTHING = new Pass(0, 0, List.of(), null, false);

        /** One that failed before it began. */
        static Pass failed(Exception failure) {
            return new Pass(0, 0, List.of(), ErrorText.words(failure), !mayPass(failure));
        }

        private static boolean mayPass(@Nullable Throwable failure) {
            return failure != null
                    && (failure instanceof RedisException refused && !refused.isPermanent()
                            || mayPass(failure.getCause()));
        }
    }

    /** @param deletes whether keys that only the target has are differences, unless they are its own */
    private CutoverComparison(List<Direction> directions, ChangeLog changes, boolean deletes) {
        this.directions = List.copyOf(directions);
        this.changes = changes;
        this.deletes = deletes;
        runs().forEach(books -> books.report().comparison().onDifference(this::note));
    }

    /** One that is started; none is left where it cannot be. */
    static CutoverComparison started(List<Direction> directions, ChangeLog changes, boolean deletes) {
        CutoverComparison comparison = new CutoverComparison(directions, changes, deletes);
        try {
            directions.forEach(direction -> direction.reading().start());
            return comparison;
        } catch (RuntimeException e) {
            comparison.close();
            throw e;
        }
    }

    private Stream<Run> runs() {
        return directions.stream().map(Direction::books);
    }

    private void note(Difference difference) {
        // what only the target has may be its own
        if (difference.cause() == Difference.Cause.EXTRA
                && (!deletes || changes.withheld().leaves(difference))) {
            return;
        }
        if (changes.withheld().disputed().isLeft(difference.key())) {
            return;
        }
        differing.incrementAndGet();
        if (!difference.isFunctionLibrary()) {
            changes.mark(difference.key());
        }
        if (first.size() < NAMES_SHOWN) {
            first.add(difference);
        }
    }

    /** Whether all directions have ended, or one has failed: an incomplete one does not cut the others short. */
    boolean isOver() {
        return runs().allMatch(books -> books.state().isFinal())
                || runs().anyMatch(books -> books.state() == RunState.FAILED);
    }

    /** Findings of one that is over. */
    Pass pass() {
        String failure = runs().filter(books -> !books.state().isSettled())
                .map(books -> String.valueOf(books.failure()))
                .findFirst()
                .orElse(null);
        boolean permanent = runs().anyMatch(books -> books.state() == RunState.FAILED);
        return new Pass(compared(), differing.get(), List.copyOf(first), failure, permanent);
    }

    /** Findings of one that is not over, and is not awaited. */
    Pass stoppedBy(String reason) {
        runs().forEach(Run::stopReading);
        return new Pass(compared(), differing.get(), List.copyOf(first), reason, false);
    }

    /** Stops one that is not over; says how far it came. */
    String stop() {
        runs().forEach(Run::stopReading);
        return String.format(
                Locale.ROOT,
                "the comparison of both sides was not through: %,d of about %,d keys were compared",
                compared(),
                keys());
    }

    /** Keys of the source that were compared. */
    long compared() {
        return directions.get(0).books().report().counts().settled();
    }

    /** Keys that there are, about. */
    long keys() {
        return Math.max(
                0, runs().mapToLong(books -> books.report().sourceKeys()).max().orElse(0));
    }

    /** How much of both directions is done, from 0 to 1. */
    double share() {
        return runs().mapToDouble(books -> books.report().progress()).average().orElse(0);
    }

    @Override
    public void close() {
        for (Direction direction : directions) {
            try {
                direction.reading().stop();
            } catch (RuntimeException e) {
                LOG.debug("A comparison that is over was not stopped", e);
            }
        }
    }
}
