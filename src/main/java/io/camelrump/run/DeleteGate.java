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

    /** Number of the last loss that was not one of an emptied database. */
    @GuardedBy("this")
    private long lastOfServer;

    @GuardedBy("this")
    private long checked;

    @GuardedBy("this")
    private long held;

    /** Many keys may be gone at once, as another process of the server answers. */
    public synchronized void lost() {
        losses++;
        lastOfServer = losses;
    }

    /** Many keys may be gone at once, as a database was emptied: perhaps one that is not read. */
    synchronized void emptied() {
        losses++;
    }

    /**
     * Whether deletes that were reported by name, and are in progress, count among the losses to be judged: after such
     * a report nothing says that a server which may have lost its data had them before.
     */
    public synchronized boolean countsReported() {
        return checked < lastOfServer;
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
