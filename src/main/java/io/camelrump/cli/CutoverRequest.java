package io.camelrump.cli;

import io.camelrump.Changes;
import io.camelrump.Counts;
import io.camelrump.Ledger;
import java.time.Instant;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Whether and why a live run is to cut over: noted when it is asked for, and due when the first copy is complete, so
 * that no writer waits for the copy.
 */
final class CutoverRequest {
    private final Migration.Plan plan;
    private final Live live;
    private final Ledger ledger;
    private final Changes changes;
    private final @Nullable VerifyingSweep sweep;
    private final Consumer<String> say;
    private final Instant startedAt;
    private final long watchedFrom = System.nanoTime();
    private final double shareBefore;
    private volatile @Nullable String asked;
    private @Nullable String reason;
    private boolean saidComplete;

    /**
     * What brings a live run to its cutover; null for another run.
     *
     * @param sweep that verifies the copy beside the writers; null where the cutover does
     * @param say takes what a person should know
     */
    static @Nullable CutoverRequest of(
            Migration.Plan plan,
            Ledger ledger,
            @Nullable VerifyingSweep sweep,
            Instant startedAt,
            Consumer<String> say) {
        Changes changes = ledger.changes();
        Live live = plan.live();
        return live == null || changes == null
                ? null
                : new CutoverRequest(plan, live, ledger, changes, sweep, startedAt, say);
    }

    private CutoverRequest(
            Migration.Plan plan,
            Live live,
            Ledger ledger,
            Changes changes,
            @Nullable VerifyingSweep sweep,
            Instant startedAt,
            Consumer<String> say) {
        this.plan = plan;
        this.live = live;
        this.ledger = ledger;
        this.changes = changes;
        this.sweep = sweep;
        this.startedAt = startedAt;
        this.say = say;
        this.shareBefore = share();
    }

    /**
     * Takes the wish of a person, such as a signal; any thread may call it.
     *
     * @param why as the end of a sentence
     */
    void ask(String why) {
        asked = why;
    }

    /** Why the run is to cut over now; null if it is to go on. */
    @Nullable
    String due() {
        boolean complete = changes.isFirstCopyComplete();
        if (complete && !saidComplete) {
            saidComplete = true;
            say.accept("First copy complete, following"
                    + (sweep == null
                            ? "; cut over with: kill -USR1 "
                                    + ProcessHandle.current().pid()
                            : "."));
        }
        boolean ready = complete && !ledger.isPaused() && (sweep == null || sweep.isOver());
        if (reason == null) {
            String wish = asked;
            reason = wish == null ? live.reason(ledger, changes, startedAt) : wish;
            if (reason != null && !ready) {
                say.accept("The cutover is asked for, as " + reason + "; it starts when " + awaited(complete) + ".");
            }
        }
        return ready ? reason : null;
    }

    /** The reason for which a cutover waits, and for how long. */
    private String awaited(boolean complete) {
        if (ledger.isPaused()) {
            return "the run, which is paused, is resumed";
        }
        if (complete) {
            String left = sweep == null ? "" : sweep.timeLeft();
            return "the copy is verified" + (left.isEmpty() ? "" : ", in " + left);
        }
        return "the first copy is through" + timeLeft() + (sweep == null ? "" : ", and verified");
    }

    private double share() {
        Counts counts = ledger.counts();
        return ProgressLines.share(ledger, plan.isFiltered(), counts);
    }

    private String timeLeft() {
        double share = share();
        double done = share - shareBefore;
        if (done <= 0.001) {
            return "";
        }
        double seconds = (System.nanoTime() - watchedFrom) / (double) TimeUnit.SECONDS.toNanos(1) * (1 - share) / done;
        return ", in " + Span.about(seconds);
    }
}
