package io.camelrump.cutover;

import io.camelrump.RunState;
import io.camelrump.run.Run;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * How long a cutover waits: until it is late, its run ends or somebody stops it. A pause of the source's writes is kept
 * up meanwhile.
 */
final class CutoverPatience {
    /** Writers stand still meanwhile: each of a few waits costs up to this much of it. */
    static final long TICK_MILLIS = 5;

    private final LiveCourse course;
    private final Run run;
    private final long deadline;
    private @Nullable WritePause pause;
    private boolean saidSpent;

    CutoverPatience(LiveCourse course, Run run, Duration timeout) {
        this.course = course;
        this.run = run;
        this.deadline = System.nanoTime() + timeout.toNanos();
    }

    /** From here on this pause is kept up. */
    void keep(WritePause held) {
        pause = held;
    }

    /** Gaps in the pause of the source's writes up to now. */
    long pauseGaps() {
        if (pause == null) {
            return 0;
        }
        pause.look();
        return pause.gaps();
    }

    /** How long writers are held up still; null if they are not. */
    @Nullable
    Duration pauseLeft() {
        return isHeld() ? Duration.ofMillis(Math.max(0, pause.millisLeft())) : null;
    }

    /**
     * Says, from now on, why the clients can be switched no longer; null while they can. Where no pause holds the
     * writers up, they must not write by themselves.
     */
    Supplier<@Nullable String> lapse() throws InterruptedException {
        boolean held = isHeld();
        long gaps = pauseGaps();
        long written = run.changes().writes().reported();
        return () -> {
            if (isLate()) {
                return "it took longer than cutoverTimeout (--cutover-timeout) allows";
            }
            if (held) {
                pause.lookIfDue();
                return pause.isSpent()
                        ? "it took longer than the pause of the source's writes"
                        : pause.gaps() == gaps ? null : "the source's writes were not paused all the time";
            }
            return run.changes().writes().reported() == written
                    ? null
                    : "the source was written to meanwhile, such as "
                            + String.join(", ", run.changes().writes().keys());
        };
    }

    /** Whether the writers stand still by a pause, and it is not over. */
    boolean isHeld() {
        return pause != null && pause.isHeld() && !pause.isSpent();
    }

    boolean isPauseSpent() {
        return pause != null && pause.isSpent();
    }

    /** Waits for this; false if it has not come to be. */
    boolean await(BooleanSupplier done) throws InterruptedException {
        while (!done.getAsBoolean()) {
            // no writer waits for what is still in flight when the run was asked to stop
            if (course.awaitStop(TICK_MILLIS) || run.state() != RunState.RUNNING || isLate()) {
                return done.getAsBoolean();
            }
            watchPause();
        }
        return true;
    }

    private void watchPause() {
        if (pause != null) {
            pause.lookIfDue();
            if (pause.isSpent() && !saidSpent) {
                saidSpent = true;
                course.say("The pause of the source's writes is over: they go on, and the run follows them until"
                        + " cutoverTimeout (--cutover-timeout). Stop the writers now.");
            }
        }
    }

    /** Time until it is late. */
    Duration left() {
        return Duration.ofMillis(Math.max(1, TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime())));
    }

    boolean isLate() {
        return System.nanoTime() - deadline > 0;
    }
}
