package io.camelrump;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.camelrump.cutover.LiveCourse;
import org.jspecify.annotations.Nullable;

/** Passes on what happens to a run. Its end comes last: how a cutover ended is known only after it. */
final class RunNews {
    private final HostedRun run;
    private final EventListeners listeners;

    /** The end of a run whose course is not over; null if there is none. */
    @GuardedBy("this")
    private RunEvent.@Nullable Ended end;

    RunNews(HostedRun run, EventListeners listeners) {
        this.run = run;
        this.listeners = listeners;
    }

    void pass(RunEvent event) {
        run.ledger().recorder().hear(event);
        if (!withhold(event)) {
            listeners.tell(run, event);
        }
    }

    private synchronized boolean withhold(RunEvent event) {
        LiveCourse course = run.steering().course();
        if (course == null || !course.isUnderWay() || !(event instanceof RunEvent.Ended ended)) {
            return false;
        }
        end = ended;
        return true;
    }

    /** Whether the end of the run is not passed on yet. */
    synchronized boolean isEndDue() {
        return end != null;
    }

    /** The course of the run is over. */
    void passWithheld() {
        RunEvent.Ended due;
        synchronized (this) {
            due = end;
            end = null;
        }
        if (due != null) {
            listeners.tell(run, due);
        }
    }
}
