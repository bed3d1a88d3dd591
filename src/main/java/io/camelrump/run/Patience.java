package io.camelrump.run;

import io.camelrump.TargetClosedException;
import io.camelrump.TransientTargetException;
import io.camelrump.redis.RedisException;
import java.time.Duration;
import java.util.Collection;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How long something that fails is tried again: until it succeeds, or has failed for all of {@code retryFor}.
 *
 * <p>Each thing that is tried has its own, as the success of another one tells nothing of it. Not thread-safe.
 */
public final class Patience {
    private static final Logger LOG = LoggerFactory.getLogger(Patience.class);

    private final String side;
    private final Duration retryFor;
    private boolean failing;
    private long since;

    /** @param side what is tried, as the first word of each message */
    public Patience(String side, Duration retryFor) {
        this.side = side;
        this.retryFor = retryFor;
    }

    /**
     * Returns the failure for the route, as one that a retry may mend.
     *
     * @param runs that wait for this, and are not to be taken for stalled
     * @throws TargetClosedException if no retry can help, or all were spent
     */
    public TransientTargetException failed(RedisException cause, Collection<Run> runs) throws TargetClosedException {
        return failed(cause, runs, "");
    }

    /** @param spent what to add when all retries were spent */
    public TransientTargetException failed(RedisException cause, Collection<Run> runs, String spent)
            throws TargetClosedException {
        String message = side + ": " + cause.getMessage();
        if (cause.isPermanent()) {
            throw new TargetClosedException(message);
        }
        long now = System.nanoTime();
        if (!failing) {
            failing = true;
            since = now;
            LOG.warn("{} Trying again for up to {} s", message, retryFor.toSeconds());
        }
        if (now - since >= retryFor.toNanos()) {
            throw new TargetClosedException(message + " Gave up after " + retryFor.toSeconds() + " s" + spent + ".");
        }
        runs.forEach(run -> run.pages().signOfLife());
        return new TransientTargetException(message, cause);
    }

    /** Says whether it had failed before. */
    public boolean succeeded() {
        boolean before = failing;
        failing = false;
        return before;
    }
}
