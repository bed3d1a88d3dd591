package io.camelrump;

import io.camelrump.cutover.LiveCourse;
import io.camelrump.cutover.Steering;
import io.camelrump.run.ChangeLog;
import io.camelrump.run.KeptKeyIndex;
import io.camelrump.run.Run;
import io.camelrump.series.SeriesRecorder;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The books of one run, as a host may read them: the outcome of each key, and which pages are still in flight.
 *
 * <p>A consumer binds its ledger in the Camel registry under {@code rump-ledger-<migration>}, so that a host can watch
 * the run, or ask it to stop. All methods may be called from any thread and return at once.
 */
public final class Ledger {
    private final Run run;
    private final Steering steering;
    private final SeriesRecorder recorder;
    private volatile @Nullable HostedRun hosted;

    Ledger(Run run, Steering steering) {
        this.run = run;
        this.steering = steering;
        this.recorder = new SeriesRecorder(run, this::phase);
    }

    void hosted(HostedRun byContext) {
        hosted = byContext;
    }

    Run run() {
        return run;
    }

    SeriesRecorder recorder() {
        return recorder;
    }

    /** Name of the run, as given by the endpoint option {@code migration}. */
    public String migration() {
        return run.migration();
    }

    /** Where the run stands now. */
    public RunState state() {
        return run.state();
    }

    /** Why the run ended otherwise than complete, in one sentence; null if it did not. */
    public @Nullable String failure() {
        return run.failure();
    }

    /** Whether the run failed as its checkpoint does not fit: it cannot be resumed, but {@code restartScan} helps. */
    public boolean isCheckpointRefused() {
        return run.targets().isCheckpointRefused();
    }

    /** How the run ended; null while it goes on. */
    public @Nullable RunEnd end() {
        return run.end();
    }

    /** Outcomes of the keys so far; a resumed run includes those before its stop. */
    public Counts counts() {
        return run.report().counts();
    }

    /** Counts of the earlier run that this one resumes, which {@link #counts} include; all 0 if it began anew. */
    public Counts earlierCounts() {
        return run.targets().earlierCounts();
    }

    /** Pages that were handed to the route and are not settled yet. */
    public int pagesOut() {
        return run.pages().size();
    }

    /** Bytes of keys and payloads in the pages that are in flight. */
    public long bytesOut() {
        return run.pages().bytes();
    }

    /** Share of the source's keyspace that was scanned, from 0 to 1, estimated from the cursor. */
    public double progress() {
        return run.report().progress();
    }

    /** DBSIZE of the source when the scan started, -1 while unknown. */
    public long sourceKeys() {
        return run.report().sourceKeys();
    }

    /** Observations of the latency guard, and what it did; null without a guard. */
    public @Nullable SourceLatency sourceLatency() {
        return run.report().sourceLatency();
    }

    /** The course of the run over time, in a bounded number of points; none before it begins. */
    public RunSeries series() {
        return recorder.series();
    }

    /** Changes that a live run follows; null if the run is not live. */
    public @Nullable Changes changes() {
        ChangeLog changes = run.changes();
        return changes.isFollowed() ? new Changes(changes) : null;
    }

    /** The first refused keys, up to ten. */
    public List<Refusal> refusals() {
        return run.report().refusals();
    }

    /** Hands every refusal from now on to {@code listener}; it is called under the run's lock, so it must be quick. */
    public void onRefusal(Consumer<Refusal> listener) {
        run.report().onRefusal(listener);
    }

    /** Differences that a comparison found to stay, each key once; the first 20,000. */
    public List<Difference> differences() {
        return run.report().comparison().differences();
    }

    /** How many keys a comparison found to differ, by cause. */
    public Map<Difference.Cause, Long> differing() {
        return run.report().comparison().differing();
    }

    /** Hands every difference from now on to {@code listener}, as {@link #onRefusal} does refusals. */
    public void onDifference(Consumer<Difference> listener) {
        run.report().comparison().onDifference(listener);
    }

    /** Keys of a target of which a comparison cannot tell whether only the target has them; they are left alone. */
    public long undecided() {
        return run.report().comparison().undecided();
    }

    /** Keys of a comparison whose other values at the target stay there, by {@code onConflict=keep}. */
    public long keptBefore() {
        return run.report().comparison().keptBefore();
    }

    /** Keys of a comparison that lack only what an option such as {@code dropFieldTtl} let go. */
    public long reduced() {
        return run.report().comparison().reduced();
    }

    /** The keys that a run with {@code onConflict=keep} left to the target; null under another policy. */
    public @Nullable KeptKeys kept() {
        KeptKeyIndex kept = run.report().kept();
        return kept == null ? null : new KeptKeys(kept);
    }

    /** Remarks beside the counts: databases that were not read, filters that matched no key. */
    public List<String> remarks() {
        return run.report().remarks();
    }

    /** Where the run is in its course, in one word. */
    public RunPhase phase() {
        return steering.phase(run);
    }

    /** How far a live run has verified its copy beside the writers; null while it does not. */
    public @Nullable SweepStatus sweep() {
        LiveCourse course = steering.course();
        return course == null ? null : course.sweep();
    }

    /** Keys that were found equal at both sides and have not changed since; null while nothing is compared. */
    public @Nullable Long verified() {
        HostedRun here = hosted;
        return here == null ? null : new RunStatus(here).verified();
    }

    /** How the cutover of a live run ended; null if there was none, or if it goes on. */
    public @Nullable CutoverResult cutover() {
        return steering.result();
    }

    /**
     * Whether nothing more comes of the run, and no writer of the source is held up any longer. What was read by a live
     * run that stops before its end may still arrive.
     */
    public boolean isOver() {
        LiveCourse course = steering.course();
        return course == null ? state().isFinal() : course.isOver();
    }

    /** Whether somebody has paused the run: nothing is read until it is resumed. */
    public boolean isPaused() {
        return steering.isPaused();
    }

    /**
     * Has a live run cut over when its first copy is complete and verified.
     *
     * @param why what the run says of it, as the end of a sentence
     */
    public void cutOver(String why) {
        steering.cutOver(why);
    }

    /** How a run with {@code wayBack} begins. */
    public WayBackStart wayBack() {
        return new WayBackStart(run.sources().equalStart());
    }

    /**
     * Hands what a person should know of the course of a live run to {@code heard}, instead of the log.
     *
     * @param toCutOver the command or operation by which a person cuts over
     * @param toAbort the one by which a person takes that back, where clients may be half switched
     */
    public void onNews(Consumer<String> heard, String toCutOver, String toAbort) {
        steering.onNews(heard, toCutOver, toAbort);
    }

    /** Takes what the host does at the cutover of a live run, to be called before that begins. */
    public void atCutover(CutoverStep step) {
        steering.atCutover(step);
    }

    /** Has another run answer from now on to whatever is asked of this one, as a way back does for its migration. */
    public void continueAs(Ledger other) {
        HostedRun here = hosted;
        if (here != null) {
            here.continueAs(other.hosted);
        }
    }

    /** Asks the reader to stop; what was read still arrives, and the run ends {@link RunState#INCOMPLETE}. */
    public void stopReading() {
        run.stopReading();
    }

    /** Name, state and counts, never a key. */
    @Override
    public String toString() {
        return "Ledger[" + migration() + ", " + state() + ", " + counts() + "]";
    }
}
