package io.camelrump.cutover;

import io.camelrump.ChangeSource;
import io.camelrump.ChangeStatus;
import io.camelrump.CutoverResult;
import io.camelrump.Drained;
import io.camelrump.FinalCompare;
import io.camelrump.RunState;
import io.camelrump.options.CutoverOptions;
import io.camelrump.redis.RedisException;
import io.camelrump.run.ChangeLog;
import io.camelrump.run.Run;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Brings a live run to its end: drains what has changed, compares both sides while the changes are still followed, and
 * says "converged" only if nothing differed and nothing changed from the barrier before the comparison to the one after
 * it. What differs is copied again on the run's own ordered road, and another round follows.
 */
final class Cutover {
    /** Writers stand still meanwhile: each of a few waits costs up to this much of it. */
    private static final long TICK_MILLIS = 5;

    private static final long BETWEEN_ROUNDS_WITH_SCANS = TimeUnit.SECONDS.toNanos(1);
    private static final long BETWEEN_BARRIERS = TimeUnit.SECONDS.toNanos(1);

    private final LiveCourse course;
    private final Run run;
    private final RunSides sides;
    private final CutoverOptions options;
    private final ChangeLog changes;
    private final @Nullable VerifyingSweep sweep;
    private final Steering steering;
    private final Doubts doubts;
    private final long deadline;
    private @Nullable WritePause pause;
    private boolean saidSpent;
    /** How far the last comparison came, where it did not come to its end. */
    private @Nullable String unfinished;
    /** Keys that the last comparison looked at. */
    private long compared;

    /**
     * @param course that carries it out, and may be stopped
     * @param sweep that verifies the copy beside the writers; null where all is compared now, or nothing
     */
    Cutover(
            LiveCourse course,
            Run run,
            RunSides sides,
            CutoverOptions options,
            @Nullable VerifyingSweep sweep,
            Steering steering) {
        this.course = course;
        this.run = run;
        this.sides = sides;
        this.options = options;
        this.changes = run.changes();
        this.sweep = sweep;
        this.steering = steering;
        this.doubts = new Doubts(changes);
        this.deadline = System.nanoTime() + options.getCutoverTimeout().toNanos();
    }

    CutoverResult run(String reason) throws InterruptedException {
        say("Cutting over, as %s.%s", reason, new WaitingBigKeys(run).sentence());
        Duration length = options.getPauseWrites();
        String lacking = lacking();
        if (lacking != null) {
            return result(new CutoverEnd.NotConverged(lacking));
        }
        if (length == null) {
            say("Stop the writers at the source now, if they still write: only then can both sides become equal.");
            return result(converge());
        }
        WritePause paused = new WritePause(
                sides::source,
                sides.sourceMode(),
                length,
                options.isFailWaitingWrites(),
                changes.drains()::writesPaused);
        pause = paused;
        CutoverEnd end;
        try (paused) {
            end = runPaused(paused, length);
        } catch (RedisException e) {
            end = new CutoverEnd.NotConverged("the source's writes cannot be paused: " + e.getMessage());
        }
        return result(end);
    }

    private CutoverResult result(CutoverEnd end) {
        VerifyingSweep.Verified verified = sweep == null ? null : sweep.verified();
        return new CutoverResult(
                end instanceof CutoverEnd.Converged converged ? converged.asOf() : null,
                end instanceof CutoverEnd.NotConverged not ? not.reason() : null,
                pause == null ? null : pause.times(),
                verified == null ? null : verified.keys(),
                compared);
    }

    private CutoverEnd runPaused(WritePause paused, Duration length) throws InterruptedException {
        paused.look();
        if (!await(() -> paused.isHeld() || paused.isSpent())) {
            return ended("the source's writes are not paused yet");
        }
        if (paused.isHeld()) {
            say("Writes at the source are paused for up to %.1f s.", length.toMillis() / 1e3);
        }
        CutoverEnd end = converge();
        if (end instanceof CutoverEnd.Converged || end instanceof CutoverEnd.Copied) {
            paused.keep();
        }
        if (end instanceof CutoverEnd.Converged) {
            steering.converged();
            if (!paused.isSpent()) {
                course.say(paused.keptText());
                while (paused.closesWaiting() && !course.awaitStop(TICK_MILLIS)) {
                    paused.closeWaiting();
                }
            }
        }
        return end;
    }

    /** Why it cannot begin, before a writer stands still for it; null if it can. */
    private @Nullable String lacking() {
        String incomparable = comparesNothing() ? null : sides.objection();
        if (incomparable != null) {
            return "the cutover is not begun: " + incomparable;
        }
        try {
            sides.requireRights();
            return null;
        } catch (RedisException e) {
            // rights that were taken away since the start
            return e.isPermanent() ? "the cutover is not begun: " + e.getMessage() : null;
        }
    }

    private boolean comparesNothing() {
        return options.getFinalCompare() == FinalCompare.NONE;
    }

    private CutoverEnd converge() throws InterruptedException {
        String missing = "not all changes up to now, and all streams, were copied again";
        if (comparesNothing()) {
            return endUncompared(missing);
        }
        changes.recheckWithheld();
        for (int number = 1; ; number++) {
            Round round = round(missing);
            if (round.end() != null) {
                return round.end();
            }
            missing = round.missing();
            if (doubts.areLasting()) {
                // no other round will delete them
                return new CutoverEnd.NotConverged(missing);
            }
            if (isLate()) {
                return new CutoverEnd.NotConverged(missing + doubts.writes());
            }
            say("Round %d: %s%s.", number, missing, round.copiesAgain() ? "; they are copied again" : "");
            if (!awaitNextRound()) {
                return ended(missing);
            }
        }
    }

    /** @param missing what was missing by now */
    private Round round(String missing) throws InterruptedException {
        long gaps = pauseGaps();
        long begunRound = System.nanoTime();
        Drained before = drain();
        if (before == null) {
            return Round.last(ended(missing));
        }
        unfinished = null;
        CutoverScope scope = CutoverScope.of(changes, sweep, before);
        CutoverComparison.Pass pass = compare(scope, before.deletes() || sides.prunes());
        if (pass == null) {
            return Round.last(ended(unfinished == null ? missing : unfinished));
        }
        if (pass.permanent()) {
            // no other round would fare better, and the writers would stand still for nothing
            return Round.last(new CutoverEnd.NotConverged("the comparison failed: " + pass.failure()));
        }
        if (!awaitWrites(scope, begunRound)) {
            return Round.last(ended(missing));
        }
        Drained after = drain();
        if (after == null) {
            return Round.last(ended(pass.differing() == 0 ? missing : Doubts.notCopiedAgain(pass)));
        }
        Instant asOf = Instant.now();
        String found = missing(scope, pass, before, after, gaps);
        return found == null ? converged(asOf, gaps) : new Round(null, found, pass.differing() > 0);
    }

    /** @param gaps of the pause by now */
    private Round converged(Instant asOf, long gaps) throws InterruptedException {
        if (changes.status().by() == ChangeSource.SCANS) {
            say("The source sends no change notifications: this holds if nobody has written there since.");
        }
        changes.drains().wantLast();
        if (!awaitLast()) {
            return Round.last(ended("the run has not ended"));
        }
        if (pauseGaps() != gaps) {
            // a server that was silent has let the end take longer than the pause
            changes.drains().followOn();
            return new Round(null, "writes at the source went on before the run had ended", false);
        }
        if (pause != null) {
            pause.converged();
        }
        return Round.last(endRun() ? new CutoverEnd.Converged(asOf) : ended("the run has not ended"));
    }

    /** Nothing but the confirmation keeps the run from its end; false if that takes too long. */
    private boolean awaitLast() throws InterruptedException {
        return await(() -> changes.drains().isAtEnd() || run.state().isFinal());
    }

    private boolean endRun() throws InterruptedException {
        changes.drains().confirmEnd();
        return await(() -> run.state().isFinal());
    }

    /** Ends a run of which nothing is compared. */
    private CutoverEnd endUncompared(String missing) throws InterruptedException {
        changes.drains().wantLast();
        return awaitLast() && endRun() ? new CutoverEnd.Copied() : ended(missing);
    }

    /**
     * Where nothing holds the writers up, they are given the time to show that they still write: between two barriers
     * that follow each other at once a slow one would not be noticed. False if that takes too long.
     */
    private boolean awaitWrites(CutoverScope scope, long begunRound) throws InterruptedException {
        long rest = Math.min(BETWEEN_BARRIERS, (deadline - begunRound) / 2);
        return pause != null || scope.only() == null || await(() -> System.nanoTime() - begunRound >= rest);
    }

    /** Where changes may go unreported each round scans the source several times, which is not done without a rest. */
    private boolean awaitNextRound() throws InterruptedException {
        long from = System.nanoTime();
        return changes.status().by() == ChangeSource.TRACKING
                || await(() -> System.nanoTime() - from >= BETWEEN_ROUNDS_WITH_SCANS);
    }

    /** Why both sides are not known to be equal after a round; null if they are. */
    private @Nullable String missing(
            CutoverScope scope, CutoverComparison.Pass pass, Drained before, Drained after, long gaps)
            throws InterruptedException {
        String doubt = doubts.after(pass, before, after);
        if (doubt == null && scope.only() != null) {
            doubt = unverified(scope, after.deletes() || sides.prunes());
        }
        return doubt == null && pauseGaps() != gaps ? "the source's writes were not paused all the time" : doubt;
    }

    /**
     * Why keys are not verified at the second barrier; null if all are. Those that others have altered at a target
     * since the first one, or that expired there, are compared first. What a target reports from now on is after the
     * moment that the convergence is of: as long as keys expire there is always something.
     */
    private @Nullable String unverified(CutoverScope scope, boolean deletes) throws InterruptedException {
        String doubt = doubts.unverified(scope.known());
        CutoverScope late = doubt == null ? null : CutoverScope.late(changes, scope.known());
        if (late == null) {
            return doubt;
        }
        long before = compared;
        CutoverComparison.Pass pass = compare(late, deletes);
        compared += before;
        return pass == null ? doubt : doubts.after(pass, scope.known());
    }

    /** Gaps in the pause of the source's writes up to now. */
    private long pauseGaps() {
        if (pause == null) {
            return 0;
        }
        pause.look();
        return pause.gaps();
    }

    /** Everything that has changed is at the target; null if that takes too long or the run has ended. */
    private @Nullable Drained drain() throws InterruptedException {
        long ticket = changes.drain();
        return await(() -> changes.drained(ticket) != null) ? changes.drained(ticket) : null;
    }

    /**
     * Compares both sides, and marks what differs to be copied again; null if that takes too long or the run has ended.
     */
    private CutoverComparison.@Nullable Pass compare(CutoverScope scope, boolean deletes) throws InterruptedException {
        if (scope.reason() != null) {
            say("All keys are compared now, as %s.", scope.reason());
        }
        boolean nothing = scope.isNothing() && !sides.copiesFunctions();
        CutoverComparison.Pass pass = nothing ? CutoverComparison.Pass.NOTHING : compareWith(scope, deletes);
        compared = pass == null ? compared : pass.compared();
        if (pass != null && pass.isEqual() && scope.only() != null) {
            changes.verification().areEqual(scope.only().names(), scope.known().reading());
        }
        return pass;
    }

    private CutoverComparison.@Nullable Pass compareWith(CutoverScope scope, boolean deletes)
            throws InterruptedException {
        boolean held = pause != null && pause.isHeld() && !pause.isSpent();
        RunSides.Wanted wanted = new RunSides.Wanted(scope.only(), timeLeft(), held);
        try (CutoverComparison comparison = CutoverComparison.started(sides.directions(wanted), changes, deletes)) {
            if (!await(() -> comparison.isOver() || held && isPauseSpent())) {
                unfinished = comparison.stop();
                return null;
            }
            // unthrottled, it was meant for writers that stand still
            return comparison.isOver()
                    ? comparison.pass()
                    : comparison.stoppedBy("the pause of the source's writes ended first");
        } catch (InterruptedException e) {
            throw e;
        } catch (Exception e) {
            return CutoverComparison.Pass.failed(e);
        }
    }

    private boolean isPauseSpent() {
        return pause != null && pause.isSpent();
    }

    private boolean await(BooleanSupplier done) throws InterruptedException {
        while (!done.getAsBoolean()) {
            // no writer waits for what is still in flight when the run was asked to stop
            if (course.awaitStop(TICK_MILLIS) || run.state() != RunState.RUNNING || isLate()) {
                return done.getAsBoolean();
            }
            watchPause();
        }
        return true;
    }

    private void watchPause() {
        if (pause != null) {
            pause.lookIfDue();
            if (pause.isSpent() && !saidSpent) {
                saidSpent = true;
                say("The pause of the source's writes is over: they go on, and the run follows them until"
                        + " cutoverTimeout (--cutover-timeout). Stop the writers now.");
            }
        }
    }

    private Duration timeLeft() {
        return Duration.ofMillis(Math.max(1, TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime())));
    }

    private boolean isLate() {
        return System.nanoTime() - deadline > 0;
    }

    private CutoverEnd ended(String missing) {
        if (run.state() != RunState.RUNNING) {
            return new CutoverEnd.Stopped();
        }
        ChangeStatus status = changes.status();
        return new CutoverEnd.NotConverged(String.format(
                Locale.ROOT,
                "after %d s %s; %,d changed keys wait, the oldest for %.1f s%s",
                (options.getCutoverTimeout().toMillis() + 999) / 1_000,
                missing,
                status.waiting(),
                status.lag().toMillis() / 1e3,
                doubts.writes()));
    }

    private void say(String text, Object... values) {
        course.say(String.format(Locale.ROOT, text, values));
    }
}
