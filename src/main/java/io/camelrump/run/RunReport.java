package io.camelrump.run;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.camelrump.Counts;
import io.camelrump.Refusal;
import io.camelrump.RunEvent;
import io.camelrump.RunState;
import io.camelrump.SourceLatency;
import io.camelrump.checkpoint.Checkpoint;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Findings of a run so far, as a host may read them: counts, refusals, differences, remarks and progress.
 *
 * <p>All methods may be called from any thread, and return at once.
 */
public final class RunReport {
    private final RunLock lock;

    @GuardedBy("lock")
    private final OutcomeTally tally = new OutcomeTally();

    private final ComparisonFindings comparison;

    @GuardedBy("lock")
    private final Remarks remarks = new Remarks();

    @GuardedBy("lock")
    private double progress;

    @GuardedBy("lock")
    private long sourceKeys = -1;

    @GuardedBy("lock")
    private @Nullable SourceLatency latency;

    @GuardedBy("lock")
    private @Nullable KeptKeyIndex kept;

    private final Troubles troubles = new Troubles();
    private volatile @Nullable Duration targetLatency;
    private volatile Consumer<RunEvent> listener = event -> {};
    private volatile RunListener measured = RunListener.NONE;

    RunReport(RunLock lock) {
        this.lock = lock;
        this.comparison = new ComparisonFindings(lock);
    }

    // --- what a host may ask ---

    /** Outcomes of the keys so far; a resumed run includes those before its stop. */
    public Counts counts() {
        return lock.locked(tally::counts);
    }

    /** Share of the source's keyspace that was scanned, from 0 to 1, estimated from the cursor. */
    public double progress() {
        return lock.locked(() -> progress);
    }

    /** DBSIZE of the source when the scan started, -1 while unknown. */
    public long sourceKeys() {
        return lock.locked(() -> sourceKeys);
    }

    /** Observations of the latency guard, and what it did; null without a guard. */
    public @Nullable SourceLatency sourceLatency() {
        return lock.<@Nullable SourceLatency>locked(() -> latency);
    }

    /** Time that a target took to answer the last batch that has come back; null before. */
    public @Nullable Duration targetLatency() {
        return targetLatency;
    }

    /** A target has answered a batch that was sent this long before. */
    public void targetAnswered(long nanos) {
        targetLatency = Duration.ofNanos(nanos);
    }

    /** Failures for which the run waits now. */
    public Troubles troubles() {
        return troubles;
    }

    /** The first refused keys, up to ten. */
    public List<Refusal> refusals() {
        return lock.locked(tally::refusals);
    }

    /** Hands every refusal from now on to {@code listener}; it is called under the run's lock, so it must be quick. */
    public void onRefusal(Consumer<Refusal> listener) {
        Objects.requireNonNull(listener, "listener is null");
        lock.change(() -> tally.listener(listener));
    }

    /** Findings of a comparison; none of another run. */
    public ComparisonFindings comparison() {
        return comparison;
    }

    /** The keys that a run with {@code onConflict=keep} left to the target; null under another policy. */
    public @Nullable KeptKeyIndex kept() {
        return lock.<@Nullable KeptKeyIndex>locked(() -> kept);
    }

    /** Remarks beside the counts: databases that were not read, filters that matched no key. */
    public List<String> remarks() {
        return lock.locked(remarks::list);
    }

    /** Hands every event from now on to {@code heard}, which must return at once. */
    public void onEvent(Consumer<RunEvent> heard) {
        listener = heard;
    }

    /** Hands on what has happened; never under a lock. */
    public void tell(RunEvent event) {
        listener.accept(event);
    }

    // --- what the consumer says ---

    public void progress(double share) {
        lock.change(() -> progress = share);
    }

    public void latency(@Nullable SourceLatency known) {
        lock.<@Nullable SourceLatency>locked(() -> latency = known);
    }

    /** Enters a probe of the source that took so long, and what the guard did since the one before it. */
    public void probed(long roundTripNanos, long slowedNanos, long longValues) {
        lock.locked(() -> latency =
                (latency == null ? SourceLatency.NONE : latency).and(roundTripNanos, slowedNanos, longValues));
    }

    /** Hands all that is measured from now on to {@code listener}. */
    public void measuredBy(RunListener listener) {
        measured = listener;
        lock.change(() -> tally.measuredBy(listener));
    }

    /** Whoever measures the run. */
    public RunListener measured() {
        return measured;
    }

    public void remark(String sentence) {
        lock.change(() -> remarks.add(sentence));
    }

    public void leavesOut(String what) {
        lock.change(() -> remarks.leavesOut(what));
    }

    public void sourceKeys(long keys) {
        lock.locked(() -> sourceKeys = sourceKeys < 0 ? keys : sourceKeys);
    }

    /** Remembers from now on what the target keeps. */
    public void keeps() {
        lock.locked(() -> kept = kept == null ? new KeptKeyIndex() : kept);
    }

    // --- the run's own, under its lock ---

    OutcomeTally tally() {
        return tally;
    }

    /** Forgets everything, for another run. */
    void reset() {
        startAnew();
        tally.reset();
        forgetFound();
        remarks.clear();
        sourceKeys = -1;
        targetLatency = null;
        troubles.clear();
    }

    /** Continues from the counts of an earlier run; null to count from 0. */
    void resume(@Nullable Checkpoint earlier) {
        if (earlier == null) {
            tally.reset();
        } else {
            tally.resume(earlier.counts(), earlier.refusals());
        }
    }

    /** Another scan begins. */
    void startAnew() {
        progress = 0;
        comparison.startAnew();
    }

    /** Whatever was confirmed is void. */
    void restarted() {
        startAnew();
        tally.restarted();
        forgetFound();
    }

    private void forgetFound() {
        comparison.clear();
        if (kept != null) {
            kept.clear();
        }
    }

    public RunState stateIfItEndedNow() {
        return lock.locked(() -> verdict(null, null).state());
    }

    /**
     * Final state of the run if nothing is in flight any more.
     *
     * @param undelivered what no target took beside keys; null if nothing
     * @param missing what no reading of keys can mend; null if nothing
     */
    RunVerdict verdict(@Nullable String undelivered, @Nullable String missing) {
        Counts counts = tally.counts();
        RunVerdict byKeys = RunVerdict.of(counts, comparison.differing());
        if (byKeys.state() == RunState.FAILED) {
            return byKeys;
        }
        if (undelivered != null) {
            return new RunVerdict(RunState.FAILED, undelivered);
        }
        String omitted = missing == null ? remarks.omission() : missing;
        if (omitted != null) {
            return new RunVerdict(RunState.INCOMPLETE, omitted);
        }
        if (sourceKeys > 0 && counts.read() == counts.filtered()) {
            remarks.add("0 of " + sourceKeys + " keys passed the filters, or were still there when they were read");
        }
        if (sourceKeys > 0 && counts.vanished() > sourceKeys / 2) {
            remarks.add(counts.vanished() + " of " + sourceKeys
                    + " keys were gone when they were read: if nobody deleted them, and they did not expire, the source"
                    + " names keys that it does not have");
        }
        return byKeys;
    }
}
