package io.camelrump.run;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.camelrump.ChangeSource;
import io.camelrump.ChangeStatus;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Who reports the changes of a source, which of them may have been missed, and whether the source must be scanned and
 * the target's keys looked up because of that.
 *
 * <p>All methods may be called from any thread and return at once. A listener is known by its own object.
 */
public final class ChangeGaps {
    private final Runnable wake;
    private final DeleteGate deletes;
    private final DrainTickets drains;
    private final Verification verification;

    @GuardedBy("this")
    private final ChangeReporters reporters = new ChangeReporters();

    @GuardedBy("this")
    private ChangeSource by = ChangeSource.SCANS;

    @GuardedBy("this")
    private long gaps;

    @GuardedBy("this")
    private long flushes;

    @GuardedBy("this")
    private long scans;

    @GuardedBy("this")
    private boolean scanWanted;

    @GuardedBy("this")
    private boolean sweepWanted;

    private volatile @Nullable String unreported;

    ChangeGaps(Runnable wake, DeleteGate deletes, DrainTickets drains, Verification verification) {
        this.wake = wake;
        this.deletes = deletes;
        this.drains = drains;
        this.verification = verification;
    }

    /** How often changes may have been missed. */
    synchronized long count() {
        return gaps;
    }

    /**
     * State of a live run.
     *
     * @param oldest time of the oldest of the keys that wait, by {@link System#nanoTime()}; null if none does
     */
    synchronized ChangeStatus status(int waiting, @Nullable Long oldest, long withheld) {
        long now = System.nanoTime();
        Duration lag = Duration.ofNanos(Math.max(0, now - reporters.earliest(oldest == null ? now : oldest)));
        return new ChangeStatus(waiting, lag, gaps, flushes, scans, deletes.held(), withheld, by);
    }

    // --- what is known of changes ---

    /** Marks that some changes are reported, by someone who may miss others. */
    synchronized void notified() {
        if (by == ChangeSource.SCANS) {
            by = ChangeSource.NOTIFICATIONS;
        }
    }

    /** Marks that every change is reported from here on. */
    public synchronized void reporting(Object listener, ChangeSource source) {
        by = source;
        if (reporters.resumed(listener)) {
            scanAndSweep("change notifications were interrupted");
        }
    }

    /** Marks that change notifications are interrupted: nothing is known until they are back. */
    public synchronized void lost(Object listener) {
        if (reporters.breaksOff(listener)) {
            gaps++;
            verification.isVoid("change notifications were interrupted");
        }
    }

    public synchronized boolean isBroken(Object listener) {
        return reporters.isBroken(listener);
    }

    /** Whether somebody who reported changes does not at this moment. */
    public synchronized boolean areBroken() {
        return !reporters.allReport();
    }

    /** Dismisses a listener whose keys belong to other servers by now. */
    public synchronized void dismissed(Object listener) {
        reporters.dismiss(listener);
    }

    /**
     * Marks that some changes stay unreported and unseen, which a comparison of all keys alone finds.
     *
     * @param why as the end of a sentence that begins with <i>as</i>
     */
    public void missesSome(String why) {
        unreported = why;
    }

    /** Why some changes may stay unreported and unseen; null if there is no reason to think so. */
    public @Nullable String unreported() {
        return unreported;
    }

    /** Nothing is known of a server's changes since then, by {@link System#nanoTime()}; -1 if all is. */
    public synchronized void silentSince(Object listener, long nanos) {
        reporters.silentSince(listener, nanos);
    }

    /** Changes were missed that no scan of this run will find; some of them may be deletes. */
    public synchronized void missed() {
        gaps++;
        wantSweep("changes of the source were missed");
    }

    /** The names of changed keys were given up. */
    synchronized void overflowed() {
        gaps++;
        scanAndSweep("the names of changed keys took too much memory");
    }

    /** A database of the source was emptied. */
    public void flushed() {
        synchronized (this) {
            flushes++;
            deletes.emptied();
            // which finds by name what is gone: nothing else is in doubt
            sweepWanted = true;
            reporters.missed();
        }
        wake.run();
    }

    /** Keys have moved to another server, and are read again there; what was deleted meanwhile is gone unseen. */
    public synchronized void moved() {
        gaps++;
        wantSweep("keys of the source have moved to another server");
        drains.again();
    }

    // --- scans and sweeps ---

    /** Every key may have changed, or be gone: the source must be scanned again, and the target's keys looked up. */
    public synchronized void suspectAll() {
        scanAndSweep("any key of the source may have changed unreported");
    }

    @GuardedBy("this")
    private void scanAndSweep(String why) {
        scanWanted = true;
        wantSweep(why);
    }

    @GuardedBy("this")
    private void wantSweep(String why) {
        sweepWanted = true;
        reporters.missed();
        verification.isVoid(why);
    }

    /** The scan began anew by itself, so keys may be gone unseen. */
    public synchronized void restarted() {
        scanWanted = false;
        wantSweep("the scan of the source began anew");
        drains.again();
    }

    /** Whether every key counts as changed, so that the source must be scanned again; true once for each time. */
    public synchronized boolean takeScan() {
        boolean wanted = scanWanted && reporters.allReport();
        if (wanted) {
            scanWanted = false;
            scans++;
        }
        return wanted;
    }

    /**
     * Whether keys may be gone at the source unseen, so that the target's must be looked up; true once for each time.
     */
    public synchronized boolean takeSweep() {
        boolean wanted = sweepWanted && !scanWanted && reporters.allReport();
        if (wanted) {
            sweepWanted = false;
        }
        return wanted;
    }

    public synchronized boolean wantsScanOrSweep() {
        return !reporters.allReport() || scanWanted || sweepWanted;
    }

    /** Marks that whatever may have been missed was looked for, and waits among the changed keys if it was found. */
    public synchronized void caughtUp() {
        reporters.caughtUp();
    }
}
