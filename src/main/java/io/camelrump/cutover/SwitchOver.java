package io.camelrump.cutover;

import io.camelrump.CutoverDirection;
import io.camelrump.RunEvent;
import io.camelrump.RunState;
import io.camelrump.run.ChangeLog;
import io.camelrump.run.Run;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The switch of the clients at the barrier of a cutover, by whoever listens. The run stands still meanwhile: from
 * before the switch begins nothing is applied to the target. Where the switch may be half done, that remains so until a
 * person has decided what became of it.
 */
final class SwitchOver {
    private static final long TICK_MILLIS = 5;

    private final LiveCourse course;
    private final Run run;
    private final ChangeLog changes;
    private final Steering steering;
    private final CutoverDirection direction;
    private @Nullable Future<Void> switching;
    private boolean saidEnd;

    SwitchOver(LiveCourse course, Run run, Steering steering) {
        this.course = course;
        this.run = run;
        this.changes = run.changes();
        this.steering = steering;
        this.direction = run.sources().direction();
    }

    /**
     * Has the clients switched, and waits for that.
     *
     * @param asOf when both sides were equal; null if nothing was compared
     * @param left how long writers are held up still; null if they are not
     * @param lapse says why it is too late, or that the source may be written to; null while neither is so
     * @return why it may be half done, as a part of a sentence; null if it ended well, or the run was stopped
     */
    @Nullable
    String attempt(@Nullable Instant asOf, @Nullable Duration left, Supplier<@Nullable String> lapse)
            throws InterruptedException {
        Future<Void> begun = steering.switchOver(new RunEvent.AtTheBarrier(direction, asOf, left));
        switching = begun;
        if (begun == null) {
            return null;
        }
        course.say("At the barrier: the clients are being switched to " + direction.target() + ".");
        while (!begun.isDone()) {
            if (isStopped(TICK_MILLIS)) {
                begun.cancel(true);
                course.say("The run was stopped while the clients were being switched: see where they are before they"
                        + " write.");
                return null;
            }
            String late = lapse.get();
            if (late != null && !begun.isDone()) {
                return late;
            }
        }
        String failure = failure(begun);
        return failure == null ? lapse.get() : failure;
    }

    private boolean isStopped(long millis) throws InterruptedException {
        return course.awaitStop(millis) || run.state() != RunState.RUNNING;
    }

    private static @Nullable String failure(Future<Void> ended) throws InterruptedException {
        try {
            ended.get();
            return null;
        } catch (ExecutionException e) {
            return "it failed (" + e.getCause().getMessage() + ")";
        }
    }

    /** Waits until a person says where the clients are; the writers of the source are held up no longer. */
    CutoverEnd decide(CutoverEnd.Undecided end) throws InterruptedException {
        String cause = "The clients may be half switched: " + end.reason()
                + ". Writes at " + direction.source() + " go on, and nothing more is written to " + direction.target()
                + " until you decide: " + steering.toAbort() + ", and the run follows on as before, if the clients are"
                + " at " + direction.source() + "; or " + steering.toCutOver() + ", and it ends, if they are at "
                + direction.target();
        saidEnd = switching == null || switching.isDone();
        steering.undecided(cause);
        course.say(cause + ".");
        run.report().tell(new RunEvent.Undecided(cause));
        Decision decision = steering.decision();
        while (decision == null) {
            if (isStopped(TICK_MILLIS)) {
                return new CutoverEnd.Stopped();
            }
            sayEnd();
            decision = steering.decision();
        }
        if (switching != null) {
            switching.cancel(true);
        }
        return switch (decision) {
            case STAYED -> followOn();
            case SWITCHED -> end(end.asOf());
        };
    }

    /** Says how a late switch has ended, as that helps a person to decide. */
    private void sayEnd() throws InterruptedException {
        Future<Void> late = switching;
        if (late != null && late.isDone() && !saidEnd) {
            saidEnd = true;
            String failure = failure(late);
            course.say("The switch of the clients has come to its end: " + (failure == null ? "well" : failure) + ".");
        }
    }

    private CutoverEnd followOn() {
        course.say("The clients are at " + direction.source() + ", as a person says: the run follows on, and cuts over"
                + " when it is asked to again.");
        changes.drains().followOn();
        return new CutoverEnd.FollowsOn();
    }

    private CutoverEnd end(@Nullable Instant asOf) throws InterruptedException {
        long waiting = changes.status().waiting();
        if (waiting > 0) {
            course.say(String.format(
                    Locale.ROOT,
                    "%,d keys have changed at %s since the barrier, and are not copied; such as %s.",
                    waiting,
                    direction.source(),
                    String.join(", ", changes.writes().keys())));
        }
        changes.drains().confirmEnd();
        while (!run.state().isFinal()) {
            if (isStopped(TICK_MILLIS)) {
                break;
            }
        }
        if (!run.state().isSettled()) {
            return new CutoverEnd.Stopped();
        }
        return asOf == null ? new CutoverEnd.Copied() : new CutoverEnd.Converged(asOf);
    }
}
