package io.camelrump.cli;

import io.camelrump.Changes;
import io.camelrump.Difference;
import io.camelrump.KeyNames;
import io.camelrump.Ledger;
import io.camelrump.RunState;
import io.camelrump.redis.RedisException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * One comparison of both sides of a live run, at its cutover or beside the writers: what differs is marked to be copied
 * again.
 */
final class CutoverComparison implements AutoCloseable {
    private static final int NAMES_SHOWN = 5;

    private final Changes changes;
    private final boolean deletes;
    private final ComparingRun run;
    private @Nullable Ledger leader;
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
            return new Pass(0, 0, List.of(), Failure.of(failure).message(), !mayPass(failure));
        }

        private static boolean mayPass(@Nullable Throwable failure) {
            return failure != null
                    && (failure instanceof RedisException refused && !refused.isPermanent()
                            || mayPass(failure.getCause()));
        }
    }

    /** @param deletes whether keys that only the target has are differences, unless they are its own */
    CutoverComparison(Migration.Plan plan, Changes changes, boolean deletes) {
        this.changes = changes;
        this.deletes = deletes;
        this.run = new ComparingRun(plan, this::find);
    }

    /** Lets it, before its start, pause and read at the pace that is asked of the live run. */
    void takePaceOf(Ledger live) {
        leader = live;
    }

    private void find(Ledger found) {
        found.onDifference(this::note);
        if (leader != null) {
            found.takePaceOf(leader);
        }
    }

    /** Restricts it, before its start, to these keys of the source. */
    void restrictTo(KeyNames names) {
        run.restrictTo(names);
    }

    private void note(Difference difference) {
        // what only the target has may be its own
        if (difference.cause() == Difference.Cause.EXTRA && (!deletes || changes.leaves(difference))) {
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

    void start() throws Exception {
        run.start();
    }

    boolean isOver() {
        return run.isOver();
    }

    /** Findings of one that is over. */
    Pass pass() {
        String failure = run.ledgers().stream()
                .filter(ledger -> !ledger.state().isSettled())
                .map(ledger -> String.valueOf(ledger.failure()))
                .findFirst()
                .orElse(null);
        boolean permanent = run.ledgers().stream().anyMatch(ledger -> ledger.state() == RunState.FAILED);
        return new Pass(compared(), differing.get(), List.copyOf(first), failure, permanent);
    }

    /** Findings of one that is not over, and is not awaited. */
    Pass stoppedBy(String reason) {
        run.stopReading();
        return new Pass(compared(), differing.get(), List.copyOf(first), reason, false);
    }

    /** Stops one that is not over; says how far it came. */
    String stop() {
        run.stopReading();
        return String.format(
                Locale.ROOT,
                "the comparison of both sides was not through: %,d of about %,d keys were compared",
                compared(),
                keys());
    }

    /** Keys of the source that were compared. */
    long compared() {
        List<Ledger> ledgers = run.ledgers();
        return ledgers.isEmpty() ? 0 : ledgers.get(0).counts().settled();
    }

    /** Keys that there are, about. */
    long keys() {
        return Math.max(
                0, run.ledgers().stream().mapToLong(Ledger::sourceKeys).max().orElse(0));
    }

    /** How much of both directions is done, from 0 to 1. */
    double share() {
        return run.ledgers().stream().mapToDouble(Ledger::progress).average().orElse(0);
    }

    @Override
    public void close() {
        run.close();
    }
}
