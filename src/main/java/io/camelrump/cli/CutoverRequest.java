package io.camelrump.cli;

import io.camelrump.Changes;
import io.camelrump.Counts;
import io.camelrump.Ledger;
import java.time.Instant;
import java.util.Locale;
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
    private final Consumer<String> say;
    private final Instant startedAt;
    private final long watchedFrom = System.nanoTime();
    private final double shareBefore;
    private volatile boolean signalled;
    private @Nullable String reason;
    private boolean saidComplete;

    /**
     * What brings a live run to its cutover; null for another run.
     *
     * @param say takes what a person should know
     */
    static @Nullable CutoverRequest of(Migration.Plan plan, Ledger ledger, Instant startedAt, Consumer<String> say) {
        Changes changes = ledger.changes();
        Live live = plan.live();
        return live == null || changes == null ? null : new CutoverRequest(plan, live, ledger, changes, startedAt, say);
    }

    private CutoverRequest(
            Migration.Plan plan, Live live, Ledger ledger, Changes changes, Instant startedAt, Consumer<String> say) {
        this.plan = plan;
        this.live = live;
        this.ledger = ledger;
        this.changes = changes;
        this.startedAt = startedAt;
        this.say = say;
        this.shareBefore = share();
    }

    /** Takes SIGUSR1; any thread may call it. */
    void signalled() {
        signalled = true;
    }

    /** Why the run is to cut over now; null if it is to go on. */
    @Nullable
    String due() {
        boolean complete = changes.isFirstCopyComplete();
        if (complete && !saidComplete) {
            saidComplete = true;
            say.accept("First copy complete, following; cut over with: kill -USR1 "
                    + ProcessHandle.current().pid());
        }
        if (reason == null) {
            reason = signalled ? "SIGUSR1 has come" : live.reason(ledger, changes, startedAt);
            if (reason != null && !complete) {
                say.accept("The cutover is asked for, as " + reason + "; it starts when the first copy is through"
                        + timeLeft() + ".");
            }
        }
        return complete ? reason : null;
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
        return seconds < 100
                ? String.format(Locale.ROOT, ", in about %d s", Math.max(1, Math.round(seconds)))
                : String.format(Locale.ROOT, ", in about %d min", Math.round(seconds / 60));
    }
}
