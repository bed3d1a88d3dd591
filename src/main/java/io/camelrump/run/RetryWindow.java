package io.camelrump.run;

import io.camelrump.RunState;
import io.camelrump.TargetClosedException;
import io.camelrump.TransientTargetException;
import io.camelrump.redis.ErrorText;
import io.camelrump.redis.RedisException;
import io.camelrump.redis.ServerAddress;
import java.io.IOException;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How long something that fails is tried again: until it succeeds, or has failed for all of {@code retryFor}. The one
 * owner of that decision, and of the words that report it; the pauses between two tries are a {@link Backoff}.
 *
 * <p>The window opens with a failure, and a success closes it. Each thing that is tried has its own, as the success of
 * another one says nothing about it. Not thread-safe.
 */
public final class RetryWindow {
    private static final Logger LOG = LoggerFactory.getLogger(RetryWindow.class);

    private final String subject;
    private final Duration retryFor;
    private final LongSupplier clock;
    private final Backoff backoff = new Backoff();
    private boolean open;
    /** Whether a run was ended because this was over; the next one has all the time again. */
    private boolean spentByRun;

    private long openedAt;
    /** Runs that wait for it. */
    private Collection<Run> waiting = List.of();

    /** @param subject what is tried, as the first word of each message in the log */
    public RetryWindow(String subject, Duration retryFor) {
        this(subject, retryFor, System::nanoTime);
    }

    /** @param clock counts nanoseconds, from any moment on */
    RetryWindow(String subject, Duration retryFor, LongSupplier clock) {
        this.subject = subject;
        this.retryFor = retryFor;
        this.clock = clock;
    }

    // --- the window ---

    /**
     * Opens the window, where something has failed; one that is open already stays as it is.
     *
     * @return whether it was closed
     */
    public boolean open() {
        if (open) {
            return false;
        }
        open = true;
        openedAt = clock.getAsLong();
        backoff.reset();
        return true;
    }

    /** Whether every try has failed for all of the time. */
    public boolean isOver() {
        return open && clock.getAsLong() - openedAt >= retryFor.toNanos();
    }

    /** Reports why no more is tried: the last failure, and for how long there were tries. */
    public String gaveUp(String failure) {
        return gaveUp(failure, "");
    }

    private String gaveUp(String failure, String addition) {
        return failure + " Gave up after " + retryFor.toSeconds() + " s" + addition + ".";
    }

    /** Nanoseconds to wait before the next try. */
    public long nextBackoff() {
        return backoff.next();
    }

    /**
     * Closes the window.
     *
     * @return whether it was open
     */
    public boolean succeeded() {
        boolean before = open;
        open = false;
        spentByRun = false;
        waiting.forEach(run -> run.report().troubles().ended(this));
        waiting = List.of();
        return before;
    }

    // --- who tries again ---

    /** Something that asks a server. */
    public interface Attempt<T> {
        T run() throws IOException, InterruptedException;
    }

    /**
     * Tries it until it succeeds, on the caller's thread: at a start, when there is no run yet that could be stopped.
     *
     * @param address of the server that it asks
     * @throws RedisException as {@link #awaitStart} throws it
     */
    public <T> T atStart(ServerAddress address, Attempt<T> attempt) throws InterruptedException {
        while (true) {
            try {
                T result = attempt.run();
                succeeded();
                return result;
            } catch (IOException | RedisException e) {
                throwUnlessMendable(e instanceof RedisException known ? known : ErrorText.failure(address, e), true);
                TimeUnit.NANOSECONDS.sleep(nextBackoff());
            }
        }
    }

    /** Waits as {@link #awaitRetry} does for a server that has not been met yet: an unknown host is not waited for. */
    public void awaitStart(RedisException failure, Run run) throws InterruptedException {
        awaitRetry(failure, run, true);
    }

    /**
     * Waits until it is time for the next try, where the caller tries again itself.
     *
     * @param run that waits for this, and must not be taken for stalled
     * @throws RedisException if no retry can help, if all were spent, or if the run was asked to stop
     */
    public void awaitRetry(RedisException failure, Run run) throws InterruptedException {
        awaitRetry(failure, run, false);
    }

    private void awaitRetry(RedisException failure, Run run, boolean starts) throws InterruptedException {
        if (run.state() != RunState.RUNNING) {
            throw failure;
        }
        throwUnlessMendable(failure, starts);
        retry(failure, List.of(run));
        run.pause(nextBackoff());
    }

    private void throwUnlessMendable(RedisException failure, boolean starts) {
        // Java forgets for some seconds why a name was not found: only the first failure tells
        if (failure.isPermanent() || starts && !open && failure.isUnknownHost()) {
            throw failure;
        }
        openAndWarn(failure.getMessage());
        if (isOver()) {
            throw RedisException.permanentError(gaveUp(failure.getMessage()));
        }
    }

    /**
     * Returns the failure as one that a retry may mend, where the route tries again.
     *
     * @param runs that wait for this, and must not be taken for stalled
     * @throws TargetClosedException if no retry can help, or all were spent
     */
    public TransientTargetException failed(RedisException failure, Collection<Run> runs) throws TargetClosedException {
        return failed(failure, runs, "");
    }

    /** @param spent what to add when all retries were spent */
    public TransientTargetException failed(RedisException failure, Collection<Run> runs, String spent)
            throws TargetClosedException {
        String message = subject + ": " + failure.getMessage();
        if (failure.isPermanent()) {
            throw new TargetClosedException(message);
        }
        if (spentByRun && runs.stream().anyMatch(run -> run.state() == RunState.RUNNING)) {
            succeeded();
        }
        openAndWarn(failure.getMessage());
        if (isOver()) {
            spentByRun = true;
            throw new TargetClosedException(gaveUp(message, spent));
        }
        retry(failure, runs);
        return new TransientTargetException(message, failure);
    }

    private void retry(RedisException failure, Collection<Run> runs) {
        waiting = List.copyOf(runs);
        for (Run run : waiting) {
            run.report().troubles().lasts(this, subject + ": " + failure.getMessage());
            run.report().measured().retried(RetryCause.of(failure));
            run.pages().signOfLife();
        }
    }

    private void openAndWarn(String failure) {
        if (open()) {
            LOG.warn("{}: {} Retrying for up to {} s", subject, failure, retryFor.toSeconds());
        }
    }
}
