package io.camelrump.cutover;

import io.camelrump.ChangeStatus;
import io.camelrump.options.CutoverOptions;
import io.camelrump.run.ChangeLog;
import io.camelrump.run.Run;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Whether and why a live run is to cut over: noted when it is asked for, and due when the first copy is complete, so
 * that no writer waits for the copy.
 */
final class CutoverRequest {
    private final Run run;
    private final ChangeLog changes;
    private final CutoverOptions options;
    private final Steering steering;
    private final @Nullable VerifyingSweep sweep;
    private final Consumer<String> say;
    private final long watchedFrom = System.nanoTime();
    private final double shareBefore;
    private @Nullable String reason;
    private boolean saidComplete;

    /** Whether the file, if it is there, has asked for a cutover that was taken back. */
    private boolean leftFile;

    /**
     * @param sweep that verifies the copy beside the writers; null where the cutover does
     * @param say takes what a person should know
     */
    CutoverRequest(
            Run run, CutoverOptions options, Steering steering, @Nullable VerifyingSweep sweep, Consumer<String> say) {
        this.run = run;
        this.changes = run.changes();
        this.options = options;
        this.steering = steering;
        this.sweep = sweep;
        this.say = say;
        this.shareBefore = run.report().progress();
    }

    /** Why the run is to cut over now; null if it is to go on. */
    @Nullable
    String due() {
        boolean complete = changes.firstCopy().isComplete();
        if (complete && !saidComplete) {
            saidComplete = true;
            say.accept("First copy complete, following"
                    + (sweep == null ? "; cut over with: " + steering.toCutOver() : "."));
        }
        boolean ready = isReady();
        if (reason == null) {
            String wish = steering.wish();
            reason = wish == null ? reasonOfOptions() : wish;
            if (reason != null && !ready) {
                say.accept("The cutover is asked for, as " + reason + "; it starts when " + awaited(complete) + ".");
            }
        }
        return ready ? reason : null;
    }

    /** The cutover has begun, and was taken back. */
    void forget() {
        reason = null;
        leftFile = true;
    }

    /** Whether a cutover can begin now. */
    boolean isReady() {
        return changes.firstCopy().isComplete() && !steering.isPaused() && (sweep == null || sweep.isOver());
    }

    private @Nullable String reasonOfOptions() {
        Path file = options.cutoverPath();
        boolean isThere = file != null && Files.exists(file);
        // one that is made anew is a word, too
        leftFile &= isThere;
        if (isThere && !leftFile) {
            return "the file " + file + " is there";
        }
        if (changes.drains().needsWord()) {
            return null;
        }
        Duration after = options.getUntilAfter();
        if (after != null && run.elapsed().compareTo(after) >= 0) {
            return "it has run for " + (after.toMillis() + 999) / 1_000 + " s";
        }
        Duration lag = options.getUntilLag();
        if (lag != null && changes.firstCopy().isComplete()) {
            ChangeStatus status = changes.status();
            if (status.lag().compareTo(lag) <= 0) {
                return "no change waits longer than " + lag.toMillis() + " ms";
            }
        }
        return null;
    }

    /** The reason for which a cutover waits, and for how long. */
    private String awaited(boolean complete) {
        if (steering.isPaused()) {
            return "the run, which is paused, is resumed";
        }
        if (complete) {
            String left = sweep == null ? "" : sweep.timeLeft();
            return "the copy is verified" + (left.isEmpty() ? "" : ", in " + left);
        }
        return "the first copy is through" + timeLeft() + (sweep == null ? "" : ", and verified");
    }

    private String timeLeft() {
        double share = run.report().progress();
        double done = share - shareBefore;
        if (done <= 0.001) {
            return "";
        }
        double seconds = (System.nanoTime() - watchedFrom) / (double) TimeUnit.SECONDS.toNanos(1) * (1 - share) / done;
        return ", in " + RoughTime.of(seconds);
    }
}
