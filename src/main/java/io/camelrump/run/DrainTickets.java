package io.camelrump.run;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.camelrump.Drained;
import org.jspecify.annotations.Nullable;

/**
 * Requests that all that has changed by then reaches the target, and the end of a live run, which is the last of them.
 * Any thread may ask.
 */
public final class DrainTickets {
    @GuardedBy("this")
    private long wanted;

    @GuardedBy("this")
    private long done;

    @GuardedBy("this")
    private @Nullable Drained last;

    @GuardedBy("this")
    private boolean cutOver;

    /** Whether keys wait that change from {@link #heldSince} on. */
    @GuardedBy("this")
    private boolean holding;

    @GuardedBy("this")
    private long heldSince;

    /** Whether the run may end after the last one. */
    @GuardedBy("this")
    private boolean confirmed;

    @GuardedBy("this")
    private boolean atEnd;

    private volatile boolean writesPaused;
    private volatile boolean needsWord;
    private final Runnable wake;

    /** @param wake is run when something is asked for */
    DrainTickets(Runnable wake) {
        this.wake = wake;
    }

    /** Marks that the writers of the source stand still, or no longer do. */
    public void writesPaused(boolean paused) {
        writesPaused = paused;
    }

    /** Whether the writers of the source stand still: whatever slows the run down holds them up. */
    public boolean areWritesPaused() {
        return writesPaused;
    }

    /** From here on a cutover begins only when a person asks for it: one has begun, and may have ended half done. */
    public void awaitWord() {
        needsWord = true;
    }

    /** Whether a cutover begins only when a person asks for it. */
    public boolean needsWord() {
        return needsWord;
    }

    /** Asks for one more, and gives its ticket. */
    long want() {
        long ticket = wantAnother();
        wake.run();
        return ticket;
    }

    private synchronized long wantAnother() {
        return ++wanted;
    }

    /** Asks for the last one; the run does not end after it before that is confirmed. */
    public void wantLast() {
        synchronized (this) {
            cutOver = true;
            wanted++;
        }
        wake.run();
    }

    /**
     * Whether the run is at its end and stands still, to be confirmed or taken back: nothing is applied to a target
     * meanwhile, whatever changes.
     */
    public synchronized boolean standsStill() {
        return atEnd && !confirmed;
    }

    /** Whether the run stood still, and may end now as it is. */
    public synchronized boolean isConfirmedAtEnd() {
        return atEnd && confirmed;
    }

    /** There is no last one yet after all: the run follows on. */
    public void followOn() {
        synchronized (this) {
            cutOver = false;
            holding = false;
            atEnd = false;
        }
        wake.run();
    }

    /** The run may end after the last one. */
    public void confirmEnd() {
        synchronized (this) {
            confirmed = true;
        }
        wake.run();
    }

    /** Takes note that nothing but the confirmation keeps the run from its end; true if it need not wait for that. */
    public synchronized boolean mayEnd() {
        atEnd = isOver();
        return atEnd && confirmed;
    }

    /** Whether nothing but the confirmation keeps the run from its end. */
    public synchronized boolean isAtEnd() {
        return atEnd && isOver();
    }

    /** The state when this drain was done; null while it is not. */
    synchronized @Nullable Drained done(long ticket) {
        return ticket <= done ? last : null;
    }

    /** The newest ticket that is not redeemed; 0 if all are. */
    public synchronized long wanted() {
        return done == wanted ? 0 : wanted;
    }

    /** From here on keys that change wait, until {@link #redeem} or {@link #again}. */
    public synchronized void holdBack() {
        holding = true;
        heldSince = System.nanoTime();
    }

    public synchronized boolean isHoldingBack() {
        return holding;
    }

    /** Whether a key waits that changed at this moment. */
    synchronized boolean holds(long markedAt) {
        return holding && markedAt - heldSince > 0;
    }

    /** Voids the last drain: more has changed since. */
    public synchronized void again() {
        if (atEnd) {
            return;
        }
        holding = false;
        atEnd = false;
        if (cutOver && done == wanted) {
            wanted++;
        }
    }

    /** All tickets up to this one are redeemed. */
    synchronized void redeem(long ticket, Drained now) {
        done = ticket;
        last = now;
        // after the last one nothing is read any more: a writer could keep the run from its end
        holding = isOver();
    }

    /** Whether the run is to end, as its last one is done. */
    public synchronized boolean isOver() {
        return cutOver && done == wanted;
    }
}
