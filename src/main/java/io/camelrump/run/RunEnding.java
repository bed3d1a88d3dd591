package io.camelrump.run;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.camelrump.RunEnd;
import io.camelrump.RunEvent;
import io.camelrump.RunState;
import java.time.Duration;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * State of a run, and how it ended, which is announced once.
 *
 * <p>All methods may be called from any thread, and return at once.
 */
final class RunEnding {
    /** The closing line of a run has a name of its own, by which a host may let it through alone. */
    private static final Logger END = LoggerFactory.getLogger(RunEnd.class);

    private final String migration;
    private final RunLock lock;
    private final RunReport report;

    @GuardedBy("lock")
    private RunState state = RunState.RUNNING;

    @GuardedBy("lock")
    private @Nullable String failure;

    /** The end of a run that stops before its end; null if that is {@link RunState#INCOMPLETE}. */
    @GuardedBy("lock")
    private @Nullable RunVerdict givenUp;

    @GuardedBy("lock")
    private long begunAt = System.nanoTime();

    @GuardedBy("lock")
    private @Nullable RunEnd end;

    /** Null for a run within another one, whose end is the one that counts. */
    private volatile @Nullable Runnable listener;

    RunEnding(String migration, RunLock lock, RunReport report) {
        this.migration = migration;
        this.lock = lock;
        this.report = report;
    }

    RunState state() {
        return lock.locked(() -> state);
    }

    @Nullable
    String failure() {
        return lock.<@Nullable String>locked(() -> failure);
    }

    @Nullable
    RunEnd end() {
        return lock.<@Nullable RunEnd>locked(() -> end);
    }

    Duration elapsed() {
        return lock.locked(() -> end != null ? end.duration() : Duration.ofNanos(System.nanoTime() - begunAt));
    }

    void listener(Runnable onEnd) {
        listener = onEnd;
    }

    void stopReading() {
        lock.change(() -> {
            if (state == RunState.RUNNING) {
                state = RunState.STOPPING;
            }
        });
    }

    /** Asks the reader to stop, as there is no use in going on: the run ends so once what was read has arrived. */
    void giveUp(RunVerdict verdict) {
        lock.change(() -> {
            givenUp = verdict;
            stopReading();
        });
    }

    /** Forgets the end, for a new run. */
    void startAnew() {
        lock.change(() -> {
            state = RunState.RUNNING;
            failure = null;
            givenUp = null;
            begunAt = System.nanoTime();
            end = null;
        });
    }

    /**
     * Ends the run, and says so in the log; the first end stands.
     *
     * @param verdict is asked under the lock; null if the run goes on
     * @return whether the run has ended by this call
     */
    boolean end(Supplier<@Nullable RunVerdict> verdict) {
        RunEnd ended = lock.<@Nullable RunEnd>locked(() -> endBy(verdict));
        if (ended == null) {
            return false;
        }
        announce(ended);
        return true;
    }

    private @Nullable RunEnd endBy(Supplier<@Nullable RunVerdict> verdict) {
        RunVerdict asked = state.isFinal() ? null : verdict.get();
        if (asked == null) {
            return null;
        }
        RunVerdict last = asked.state() == RunState.INCOMPLETE && givenUp != null ? givenUp : asked;
        lock.change(() -> {
            state = last.state();
            failure = last.cause();
            Duration duration = Duration.ofNanos(System.nanoTime() - begunAt);
            end = new RunEnd(
                    migration,
                    state,
                    failure,
                    report.counts(),
                    report.comparison().differing(),
                    duration);
        });
        return end;
    }

    /** Not under the lock: others may look at this run meanwhile, and at theirs. */
    private void announce(RunEnd ended) {
        Runnable heard = listener;
        if (heard == null) {
            END.debug("{}", ended);
            return;
        }
        switch (ended.state()) {
            case COMPLETE -> END.info("{}", ended);
            case FAILED -> END.error("{}", ended);
            default -> END.warn("{}", ended);
        }
        if (ended.state() == RunState.FAILED) {
            report.tell(new RunEvent.Failed(ended.cause() == null ? "no cause is known" : ended.cause()));
        }
        report.tell(new RunEvent.Ended(ended));
        heard.run();
    }
}
