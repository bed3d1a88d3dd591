package io.camelrump.cutover;

import io.camelrump.CutoverResult;
import io.camelrump.FinalCompare;
import io.camelrump.RunEvent;
import io.camelrump.RunState;
import io.camelrump.SweepStatus;
import io.camelrump.options.CutoverOptions;
import io.camelrump.redis.ErrorText;
import io.camelrump.run.Run;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes a live run from its first copy to its end, on a thread of its own: it has the copy verified beside the writers,
 * and cuts over when that is asked for.
 *
 * <p>Any thread may ask where it stands, and stop it.
 */
public final class LiveCourse implements Runnable {
    private static final Logger LOG = LoggerFactory.getLogger(LiveCourse.class);
    private static final long TICK_MILLIS = 20;
    private static final long MOST_WAIT_SECONDS = 10;

    private final Run run;
    private final RunSides sides;
    private final CutoverOptions options;
    private final Steering steering;
    private final @Nullable VerifyingSweep sweep;
    private final CountDownLatch stopped = new CountDownLatch(1);
    private final CountDownLatch over = new CountDownLatch(1);
    private volatile boolean begun;

    /** A course that has not begun; from here on changes are verified, unless the cutover compares all keys or none. */
    public LiveCourse(Run run, RunSides sides, CutoverOptions options, Steering steering) {
        this.run = run;
        this.sides = sides;
        this.options = options;
        this.steering = steering;
        this.sweep = options.getFinalCompare() == FinalCompare.WAITING && !sides.beganEqual()
                ? new VerifyingSweep(run, sides, options, steering::toCutOver, this::say)
                : null;
    }

    @Override
    public void run() {
        begun = true;
        try (sweep) {
            follow();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException e) {
            run.fail("The cutover of a live run failed: " + ErrorText.words(e));
        } finally {
            over.countDown();
        }
    }

    private void follow() throws InterruptedException {
        CutoverRequest request = new CutoverRequest(run, options, steering, sweep, this::say);
        while (run.state() == RunState.RUNNING && !awaitStop(TICK_MILLIS)) {
            sides.lookInTime();
            String reason = request.due();
            if (reason == null) {
                if (sweep != null) {
                    sweep.turn();
                }
            } else if (steering.beginCutover()) {
                cutOver(reason);
                return;
            }
        }
    }

    private void cutOver(String reason) throws InterruptedException {
        run.report().tell(new RunEvent.CutoverBegun(reason));
        CutoverResult result = new Cutover(this, run, sides, options, sweep, steering).run(reason);
        steering.ended(result);
        if (result.missing() != null) {
            run.giveUp("not converged: " + result.missing());
        }
        run.report().tell(event(result));
    }

    private RunEvent event(CutoverResult result) {
        if (result.convergedAsOf() != null) {
            return new RunEvent.Converged(result.convergedAsOf());
        }
        if (result.missing() != null) {
            return new RunEvent.NotConverged(result.missing());
        }
        return new RunEvent.NotConverged(
                options.getFinalCompare() == FinalCompare.NONE
                        ? "nothing was compared"
                        : "the run was stopped in its cutover");
    }

    /** Waits for so long, or until somebody has stopped the course, or the run; true then. */
    boolean awaitStop(long millis) throws InterruptedException {
        return stopped.await(millis, TimeUnit.MILLISECONDS);
    }

    void say(String text) {
        steering.say(run, text);
    }

    /** Whether nothing is left to verify before a cutover. */
    boolean isVerified() {
        return sweep == null || sweep.isOver();
    }

    /** How far the verification beside the writers is; null while there is none. */
    public @Nullable SweepStatus sweep() {
        return sweep == null ? null : sweep.status();
    }

    /** Keys that were found equal at both sides, also if they have changed since; -1 while none were compared. */
    public long verifiedKeys() {
        return sweep == null ? -1 : sweep.keys();
    }

    /** Whether it is over: after its run, also for the source's writers. */
    public boolean isOver() {
        return over.getCount() == 0;
    }

    /** Ends it, if it goes on: writers are held up no longer. Waits for that, but not for a server that is silent. */
    public void stop() {
        stopped.countDown();
        try {
            if (begun && !over.await(MOST_WAIT_SECONDS, TimeUnit.SECONDS)) {
                LOG.warn("Run {} is stopped before its cutover has ended: a server does not answer", run.migration());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
