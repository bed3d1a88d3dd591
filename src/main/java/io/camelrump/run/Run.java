package io.camelrump.run;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.camelrump.Difference;
import io.camelrump.Refusal;
import io.camelrump.RunEnd;
import io.camelrump.RunState;
import io.camelrump.checkpoint.Checkpoint;
import java.time.Duration;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * State of one run, from its first scan to its end, and the way to its books: {@link RunPages} in flight,
 * {@link RunSources}, {@link RunTargets}, and the {@link RunReport} for a host. One lock guards them all.
 *
 * <p>All methods may be called from any thread, and return at once unless they say that they wait.
 */
public final class Run {
    private static final Logger LOG = LoggerFactory.getLogger(Run.class);

    private final String migration;
    private final RunLock lock = new RunLock();
    private final RunReport report = new RunReport(lock);
    private final RunPages pages;
    private final RunTargets targets;
    private final RunSources sources = new RunSources(lock, report);
    private final RunEnding ending;
    private final ClockSteps clockSteps = new ClockSteps();

    @GuardedBy("lock")
    private ChangeLog changes = ChangeLog.unfollowed();

    /** @param targets number of targets that each key is meant for */
    public Run(String migration, int targets) {
        this.migration = migration;
        this.ending = new RunEnding(migration, lock, report);
        this.pages = new RunPages(this, lock, report.tally(), targets);
        this.targets = new RunTargets(targets, lock);
    }

    /** Name of the run, as given by the endpoint option {@code migration}. */
    public String migration() {
        return migration;
    }

    public RunPages pages() {
        return pages;
    }

    public RunTargets targets() {
        return targets;
    }

    public RunSources sources() {
        return sources;
    }

    public RunReport report() {
        return report;
    }

    /** Measurements of the clocks of both sides. */
    public ClockSteps clockSteps() {
        return clockSteps;
    }

    /** Changes that a live run follows; of another run a log that stays empty. */
    public ChangeLog changes() {
        return locked(() -> changes);
    }

    /** Whether the run follows the changes of the source, until it is asked to end. */
    public boolean isLive() {
        return changes().isFollowed();
    }

    /** Makes the run a live one: it follows the changes of the source until it is asked to end. */
    public ChangeLog follow() {
        ChangeLog followed = new ChangeLog(() -> lock.change(() -> {}));
        locked(() -> changes = followed);
        return followed;
    }

    // --- its state ---

    /** Where the run stands now. */
    public RunState state() {
        return ending.state();
    }

    /** Why the run ended otherwise than complete, in one sentence; null if it did not. */
    public @Nullable String failure() {
        return ending.failure();
    }

    /** How the run ended; null while it goes on. */
    public @Nullable RunEnd end() {
        return ending.end();
    }

    /** Runs {@code listener} when the run has ended. */
    public void onEnd(Runnable listener) {
        ending.listener(listener);
    }

    /** Time from the start of the run until now, or until its end. */
    public Duration elapsed() {
        return ending.elapsed();
    }

    /** Asks the reader to stop; what was read still arrives, and the run ends {@link RunState#INCOMPLETE}. */
    public void stopReading() {
        ending.stopReading();
    }

    /** Asks the reader to stop: a live run ends {@link RunState#NOT_CONVERGED} once what was read has arrived. */
    public void giveUp(String reason) {
        ending.giveUp(new RunVerdict(RunState.NOT_CONVERGED, reason));
    }

    /** Waits for so long, unless the run is asked to stop. */
    public void pause(long nanos) throws InterruptedException {
        lock.awaitWhile(() -> ending.state() == RunState.RUNNING, nanos);
    }

    /** Waits until something in these books changes, for up to 100 ms. */
    public void awaitChange() throws InterruptedException {
        lock.awaitChange(() -> RunLock.MOST_WAIT);
    }

    /** Ends the run, and says so in the log; the first end stands. */
    public void finish(RunState last, @Nullable String reason) {
        ending.end(() -> new RunVerdict(last, reason));
    }

    public void fail(String reason) {
        finish(RunState.FAILED, reason);
    }

    /**
     * Ends the run as complete, or as different or refused where keys are so; not if its scan has started again
     * meanwhile or something is still in flight.
     *
     * @param scan the {@link #epoch} that was read to its end and whose servers were asked who they are
     * @return whether the run has ended so
     */
    public boolean complete(ScanEpoch scan) {
        String missing = changes().missingDeletes();
        boolean ended = ending.end(() -> state() == RunState.RUNNING && epoch().equals(scan) && pages.isSettled()
                ? report.verdict(targets.missingFunctions(), missing)
                : null);
        return ended && state().isSettled();
    }

    /** Forgets that the run has ended, as more of it has come; its counts go on. */
    public void reopen() {
        ending.startAnew();
    }

    // --- its scans ---

    /** Empties the books, for a new run. */
    public void reset() {
        lock.change(() -> {
            pages.startAnew();
            report.reset();
            clockSteps.clear();
            targets.loadedLibraries().clear();
            ending.startAnew();
        });
    }

    /** Continues where an earlier run ended; null if it starts at the beginning. */
    public void resume(@Nullable Checkpoint checkpoint) {
        lock.change(() -> {
            targets.resume(checkpoint);
            report.resume(checkpoint);
            if (checkpoint == null) {
                clockSteps.clear();
            } else {
                clockSteps.resume(checkpoint.clocks());
            }
        });
    }

    /** Voids all that was confirmed, because a server is another one than before: the scan starts at 0. */
    public void restart(String reason) {
        lock.change(() -> {
            if (!state().isFinal()) {
                LOG.warn("{}: {}", reason, sources.afterRestart());
                pages.startAnew();
                targets.restarted();
                report.restarted();
            }
        });
    }

    /** Starts at 0 as if there had been no earlier run: it cannot be resumed, and may be restarted. */
    public void startOver(String reason) {
        lock.change(() -> {
            if (!state().isFinal()) {
                LOG.warn("{}: the scan starts at the beginning", reason);
                pages.startAnew();
                targets.restarted();
                report.restarted();
                report.resume(null);
            }
        });
    }

    /** Starts the scan again at 0, to do what the one before has only counted. */
    public ScanEpoch scanAgain() {
        return locked(() -> {
            pages.startAnew();
            report.startAnew();
            report.tally().startAnew();
            return epoch();
        });
    }

    /** The present scan; another one after each {@link #restart}. */
    public ScanEpoch epoch() {
        return pages.epoch();
    }

    /** Remembers a refusal; the key itself is counted when all targets have answered for it. */
    void note(byte[] key, int database, String cause) {
        Refusal refusal = new Refusal(key, cause + SourceIdentity.named(sources.last(), database));
        lock.change(() -> report.tally().note(refusal));
    }

    public void note(Difference difference) {
        report.comparison().note(SourceIdentity.named(sources.last(), difference));
    }

    @Override
    public String toString() {
        return "Run[" + migration + ", " + state() + ", " + report.counts() + "]";
    }

    <T extends @Nullable Object> T locked(Supplier<T> question) {
        return lock.locked(question);
    }
}
