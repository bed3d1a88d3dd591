package io.camelrump.cutover;

import io.camelrump.CutoverResult;
import io.camelrump.CutoverStep;
import io.camelrump.FinalCompare;
import io.camelrump.LeftBehind;
import io.camelrump.Rehearsal;
import io.camelrump.RunEvent;
import io.camelrump.RunState;
import io.camelrump.SweepStatus;
import io.camelrump.checkpoint.Checkpoint;
import io.camelrump.options.CutoverOptions;
import io.camelrump.redis.ErrorText;
import io.camelrump.redis.RedisException;
import io.camelrump.run.Run;
import java.io.IOException;
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
    private final DisputeCheck disputes;
    private final CountDownLatch stopped = new CountDownLatch(1);
    private final CountDownLatch over = new CountDownLatch(1);
    private volatile boolean begun;

    /** A course that has not begun; from here on changes are verified, unless the cutover compares all keys or none. */
    public LiveCourse(Run run, RunSides sides, CutoverOptions options, Steering steering) {
        this.run = run;
        this.sides = sides;
        this.options = options;
        this.steering = steering;
        this.sweep = options.getFinalCompare() == FinalCompare.WAITING
                ? new VerifyingSweep(run, sides, options, steering::toCutOver, this::say)
                : null;
        this.disputes = new DisputeCheck(this, run, sides);
    }

    /**
     * Requires, before anything is read, what the whole run cannot do without.
     *
     * @throws RedisException a permanent one with what to do
     */
    public void requireRights() {
        sides.requireForStart();
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
            steering.courseIsOver();
        }
    }

    private void follow() throws InterruptedException {
        Checkpoint resumed = run.targets().resumed();
        if (resumed != null && resumed.cutover()) {
            run.changes().drains().awaitWord();
            say("The earlier run was ended in its cutover: this one cuts over only when a person says so, with: "
                    + steering.toCutOver());
        }
        CutoverRequest request = new CutoverRequest(run, options, steering, sweep, this::say);
        while (run.state() == RunState.RUNNING && !awaitStop(TICK_MILLIS)) {
            sides.lookInTime();
            checkDisputes();
            String reason = request.due();
            if (request.isReady() && steering.takeRehearsal()) {
                rehearse();
            } else if (reason == null) {
                if (sweep != null) {
                    sweep.turn();
                }
            } else if (steering.beginCutover()) {
                if (!followsOnAfter(reason)) {
                    return;
                }
                request.forget();
            }
        }
    }

    /** Cuts over; says whether a person has taken that back. */
    private boolean followsOnAfter(String reason) throws InterruptedException {
        run.changes().drains().awaitWord();
        LeftBehind left = leftBehind();
        steering.leftBehind(left);
        run.report().tell(new RunEvent.CutoverBegun(reason, left));
        CutoverResult result = new Cutover(this, run, sides, options, sweep, steering)
                .run(reason)
                .with(left);
        CutoverStep step = steering.step();
        // a run that was stopped at the barrier leaves it open
        if (step != null && (result.convergedAsOf() != null || result.missing() != null || result.followsOn())) {
            step.after(result.convergedAsOf() != null);
        }
        steering.ended(result);
        if (result.missing() != null) {
            run.giveUp("not converged: " + result.missing());
        }
        run.report().tell(event(result));
        return result.followsOn();
    }

    /** Looks for what no copy carries, before writers stand still; null if the servers do not answer. */
    private @Nullable LeftBehind leftBehind() {
        try {
            LeftBehind found = LeftBehindSearch.among(
                    sides.sourceServers(LeftBehindSearch.MOST_WAIT),
                    () -> sides.targetServers(LeftBehindSearch.MOST_WAIT));
            String text = found.text();
            if (text != null) {
                say(text);
            }
            return found;
        } catch (IOException | RedisException e) {
            // the cutover itself waits for them, or fails
            return null;
        }
    }

    private void rehearse() throws InterruptedException {
        leftBehind();
        Rehearsal shown = new Cutover(this, run, sides, options, sweep, steering).rehearse();
        if (shown != null) {
            steering.rehearsed(shown);
            say(shown.text());
            run.report().tell(new RunEvent.Rehearsed(shown));
        }
    }

    private RunEvent event(CutoverResult result) {
        if (result.convergedAsOf() != null) {
            return new RunEvent.Converged(result.convergedAsOf());
        }
        if (result.missing() != null) {
            return new RunEvent.NotConverged(result.missing());
        }
        if (result.followsOn()) {
            return new RunEvent.NotConverged("a person has taken the cutover back, and the run follows on");
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

    /** Finds out which keys that others may have written at the target really differ. */
    void checkDisputes() throws InterruptedException {
        disputes.turn();
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

    /** Whether it has begun, and is not over. */
    public boolean isUnderWay() {
        return begun && !isOver();
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
