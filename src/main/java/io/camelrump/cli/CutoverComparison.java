package io.camelrump.cli;

import io.camelrump.Changes;
import io.camelrump.Difference;
import io.camelrump.Ledger;
import io.camelrump.RunState;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** One comparison of both sides of a live run: what differs is marked to be copied again. */
final class CutoverComparison implements AutoCloseable {
    private static final int NAMES_SHOWN = 5;

    private final Changes changes;
    private final boolean deletes;
    private final ComparingRun run;
    private final AtomicLong differing = new AtomicLong();
    private final List<Difference> first = Collections.synchronizedList(new ArrayList<>());

    /**
     * What it found.
     *
     * @param failure why it did not come to its end; null if it did
     * @param permanent whether another one would fail too
     */
    record Pass(
            long differing,
            List<Difference> first,
            @Nullable String failure,
            boolean permanent) {}

    /** @param deletes whether keys that only the target has are differences, unless they are its own */
    CutoverComparison(Migration.Plan plan, Changes changes, boolean deletes) {
        this.changes = changes;
        this.deletes = deletes;
        this.run = new ComparingRun(plan, found -> found.onDifference(this::note));
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
        return new Pass(differing.get(), List.copyOf(first), failure, permanent);
    }

    /** Findings of one that is not over, and is not awaited. */
    Pass stoppedBy(String reason) {
        run.stopReading();
        return new Pass(differing.get(), List.copyOf(first), reason, false);
    }

    /** Stops one that is not over; says how far it came. */
    String stop() {
        List<Ledger> ledgers = run.ledgers();
        run.stopReading();
        return String.format(
                Locale.ROOT,
                "the comparison of both sides was not through: %,d of about %,d keys were compared",
                ledgers.isEmpty() ? 0 : ledgers.get(0).counts().settled(),
                Math.max(0, ledgers.stream().mapToLong(Ledger::sourceKeys).max().orElse(0)));
    }

    @Override
    public void close() {
        run.close();
    }
}
