package io.camelrump.live;

import io.camelrump.ChangeStatus;
import io.camelrump.RunEvent;
import io.camelrump.run.ChangeLog;
import io.camelrump.run.Run;

/**
 * Says when the first copy of a live run is complete, and when changes may have been missed.
 *
 * <p>Belongs to the thread of the consumer, which holds no lock then.
 */
final class Milestones {
    private final Run run;
    private final ChangeLog changes;
    private boolean complete;
    private long gaps;

    Milestones(Run run, ChangeLog changes) {
        this.run = run;
        this.changes = changes;
    }

    /** Looks what has happened since the last call. */
    void look() {
        ChangeStatus status = changes.status();
        if (status.gaps() > gaps) {
            String cause = changes.verification().status().cause();
            run.report().tell(new RunEvent.Gap(status.gaps(), cause == null ? "not every change is known" : cause));
        }
        gaps = status.gaps();
        boolean now = changes.firstCopy().isComplete();
        if (now && !complete) {
            run.report().tell(new RunEvent.FirstCopyComplete());
        }
        complete = now;
    }
}
