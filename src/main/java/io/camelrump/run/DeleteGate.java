package io.camelrump.run;

import com.google.errorprone.annotations.concurrent.GuardedBy;

/**
 * Whether keys that are gone at a followed source are deleted at its targets now. After a loss of many keys at once, as
 * by FLUSHALL or a restart, none are until the look at all of a target's names has found that the loss is no mistake.
 * Any thread may ask.
 */
public final class DeleteGate {
    @GuardedBy("this")
    private long losses;

    @GuardedBy("this")
    private long checked;

    @GuardedBy("this")
    private long held;

    /** Many keys may be gone at once. */
    public synchronized void lost() {
        losses++;
    }

    /** How many losses there were by now, for a look that begins. */
    public synchronized long losses() {
        return losses;
    }

    /** The look that began after so many losses found that what is gone may be deleted. */
    public synchronized void passed(long earlier) {
        checked = Math.max(checked, earlier);
    }

    /** Stops deleting, as too many keys are gone. A later look counts the same keys again. */
    public synchronized void hold(long keys) {
        held = Math.max(held, keys);
    }

    /** Keys that were not deleted, as they are too many at once. */
    public synchronized long held() {
        return held;
    }

    /** Whether no more is deleted at all. */
    public synchronized boolean isEnded() {
        return held > 0;
    }

    public synchronized boolean isOpen() {
        return !isEnded() && checked == losses;
    }
}
