package io.camelrump;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import org.jspecify.annotations.Nullable;

/**
 * Passes on what happens to a run. After a cutover the end of the run comes last: how the cutover ended is known only
 * after it.
 */
final class RunNews {
    private final HostedRun run;
    private final EventListeners listeners;

    @GuardedBy("this")
    private boolean inCutover;

    /** The end of a run whose cutover has not ended yet; null if there is none. */
    @GuardedBy("this")
    private RunEvent.@Nullable Ended end;

    RunNews(HostedRun run, EventListeners listeners) {
        this.run = run;
        this.listeners = listeners;
    }

    void pass(RunEvent event) {
        if (!withhold(event)) {
            listeners.tell(run, event);
        }
        if (event instanceof RunEvent.Converged || event instanceof RunEvent.NotConverged) {
            passWithheld();
        }
    }

    private synchronized boolean withhold(RunEvent event) {
        inCutover |= event instanceof RunEvent.CutoverBegun;
        if (inCutover && event instanceof RunEvent.Ended ended) {
            end = ended;
            return true;
        }
        return false;
    }

    /** Nobody will say any more how a cutover ended. */
    void passWithheld() {
        RunEvent.Ended due;
        synchronized (this) {
            due = end;
            end = null;
            inCutover = false;
        }
        if (due != null) {
            listeners.tell(run, due);
        }
    }
}
