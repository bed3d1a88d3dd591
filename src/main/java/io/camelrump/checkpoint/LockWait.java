package io.camelrump.checkpoint;

import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Waits for the lock that a killed run left at its checkpoint to expire: a run that is alive renews it meanwhile. */
public final class LockWait {
    private static final Logger LOG = LoggerFactory.getLogger(LockWait.class);
    private static final long BETWEEN_MILLIS = 200;
    /** Clocks and round trips make one lifetime look longer than the one before. */
    private static final long RENEWED_MILLIS = 1_000;

    private final Object checkpoint;
    private final boolean allowed;
    private long deadline;
    private long least = Long.MAX_VALUE;

    /** @param allowed whether to wait at all: a run that neither resumes nor restarts does not */
    public LockWait(Object checkpoint, boolean allowed) {
        this.checkpoint = checkpoint;
        this.allowed = allowed;
    }

    /**
     * Waits for a while.
     *
     * @throws CheckpointInUseException if the other run is alive, or its lock has not expired in time
     */
    public void await(CheckpointInUseException locked) throws InterruptedException {
        long now = System.nanoTime();
        if (!allowed || locked.expiryMillis() == 0 || locked.expiryMillis() - RENEWED_MILLIS > least) {
            throw locked;
        }
        if (least == Long.MAX_VALUE) {
            deadline = now + TimeUnit.MILLISECONDS.toNanos(locked.expiryMillis() + RENEWED_MILLIS);
            LOG.warn(
                    "The checkpoint {} is locked by a run that was killed, or is still alive: waiting up to {} s for"
                            + " the lock"
                            + " to expire",
                    checkpoint,
                    (locked.expiryMillis() + 999) / 1_000);
        }
        if (now - deadline > 0) {
            throw locked;
        }
        least = Math.min(least, locked.expiryMillis());
        TimeUnit.MILLISECONDS.sleep(BETWEEN_MILLIS);
    }
}
