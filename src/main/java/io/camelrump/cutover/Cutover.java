package io.camelrump.cutover;

import io.camelrump.ChangeSource;
import io.camelrump.ChangeStatus;
import io.camelrump.CutoverDirection;
import io.camelrump.CutoverResult;
import io.camelrump.CutoverStep;
import io.camelrump.Drained;
import io.camelrump.FinalCompare;
import io.camelrump.Rehearsal;
import io.camelrump.RunState;
import io.camelrump.options.CutoverOptions;
import io.camelrump.redis.RedisException;
import io.camelrump.run.ChangeLog;
import io.camelrump.run.Run;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Brings a live run to its end: drains what has changed, compares both sides while the changes are still followed, and
 * says "converged" only if nothing differed and nothing changed from the barrier before the comparison to the one after
 * it. What differs is copied again on the run's own ordered road, and another round follows.
 */
final class Cutover {
    private static final long BETWEEN_ROUNDS_WITH_SCANS = TimeUnit.SECONDS.toNanos(1);
    private static final long BETWEEN_BARRIERS = TimeUnit.SECONDS.toNanos(1);

    private final LiveCourse course;
    private final Run run;
    private final RunSides sides;
    private final CutoverOptions options;
    private final ChangeLog changes;
    private final @Nullable VerifyingSweep sweep;
    private final Steering steering;
    private final CutoverDirection direction;
    private final @Nullable CutoverStep step;
    private final Doubts doubts;
    private final SwitchOver switchOver;
    private final CutoverPatience patience;
    private final EqualityCheck check;
    private @Nullable WritePause pause;

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
        this.direction = run.sources().direction();
        this.step = steering.step();
        this.doubts = new Doubts(changes);
        this.switchOver = new SwitchOver(course, run, steering);
        this.patience = new CutoverPatience(course, run, options.getCutoverTimeout());
        this.check = new EqualityCheck(course, run, sides, patience);
    }

    CutoverResult run(String reason) throws InterruptedException {
        say("Cutting over, as %s.%s", reason, new WaitingBigKeys(run).sentence());
        Duration length = options.getPauseWrites();
        String lacking = lacking();
        String objection = lacking == null && step != null ? step.before() : null;
        if (objection != null) {
            lacking = "the cutover is not begun: " + objection;
        }
        if (lacking != null) {
            return result(new CutoverEnd.NotConverged(lacking));
        }
        if (length == null) {
            say(
                    "Stop the writers at %s now, if they still write: only then can both sides become equal.",
                    direction.source());
            return result(decided(converge()));
        }
        WritePause paused = new WritePause(
                sides::source,
                sides.sourceMode(),
                length,
                options.isFailWaitingWrites(),
                changes.drains()::writesPaused);
        pause = paused;
        patience.keep(paused);
        CutoverEnd end;
        try (paused) {
            end = runPaused(paused, length);
        } catch (RedisException e) {
            end = new CutoverEnd.NotConverged("the source's writes cannot be paused: " + e.getMessage());
        }
        return result(decided(end));
    }

    /**
     * Does what a cutover does, but pauses no writer, switches no client and does not end the run; null if the run ends
     * first, or it takes too long.
     */
    @Nullable
    Rehearsal rehearse() throws InterruptedException {
        String lacking = lacking();
        if (lacking != null) {
            return new Rehearsal(Instant.now(), Duration.ZERO, Duration.ZERO, Duration.ZERO, 0, lacking);
        }
        long begunAt = System.nanoTime();
        Drained before = check.drain();
        if (before == null) {
            return null;
        }
        long drainedAt = System.nanoTime();
        CutoverScope scope = CutoverScope.of(changes, sweep, before);
        CutoverComparison.Pass pass = comparesNothing()
                ? CutoverComparison.Pass.NOTHING
                : check.compare(scope, before.deletes() || sides.prunes());
        long comparedAt = System.nanoTime();
        if (pass == null || check.drain() == null) {
            return null;
        }
        // the second barrier, and the end of the run, which takes one too
        Duration end = Duration.ofNanos(2 * (System.nanoTime() - comparedAt));
        return new Rehearsal(
                Instant.now(),
                Duration.ofNanos(drainedAt - begunAt),
                Duration.ofNanos(comparedAt - drainedAt),
                end,
                pass.compared(),
                doubts.besideWriters(pass, scope.known()));
    }

    private CutoverEnd decided(CutoverEnd end) throws InterruptedException {
        return end instanceof CutoverEnd.Undecided undecided ? switchOver.decide(undecided) : end;
    }

    private CutoverResult result(CutoverEnd end) {
        VerifyingSweep.Verified verified = sweep == null ? null : sweep.verified();
        return new CutoverResult(
                end instanceof CutoverEnd.Converged converged ? converged.asOf() : null,
                end instanceof CutoverEnd.NotConverged not ? not.reason() : null,
                pause == null ? null : pause.times(),
                verified == null ? null : verified.keys(),
                check.compared(),
                end instanceof CutoverEnd.FollowsOn,
                null);
    }

    private CutoverEnd runPaused(WritePause paused, Duration length) throws InterruptedException {
        paused.look();
        if (!patience.await(() -> paused.isHeld() || paused.isSpent())) {
            return ended("the source's writes are not paused yet");
        }
        if (paused.isHeld()) {
            say("Writes at %s are paused for up to %.1f s.", direction.source(), length.toMillis() / 1e3);
        }
        CutoverEnd end = converge();
        if (end instanceof CutoverEnd.Converged || end instanceof CutoverEnd.Copied) {
            paused.keep();
        }
        if (end instanceof CutoverEnd.Converged) {
            steering.converged();
            if (!paused.isSpent()) {
                course.say(paused.keptText(direction));
                if (step != null) {
                    step.after(true);
                }
                while (paused.closesWaiting() && !course.awaitStop(CutoverPatience.TICK_MILLIS)) {
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
            if (patience.isLate()) {
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
        long gaps = patience.pauseGaps();
        long begunRound = System.nanoTime();
        course.checkDisputes();
        Drained before = check.drain();
        if (before == null) {
            return Round.last(ended(missing));
        }
        CutoverScope scope = CutoverScope.of(changes, sweep, before);
        CutoverComparison.Pass pass = check.compare(scope, before.deletes() || sides.prunes());
        if (pass == null) {
            return Round.last(ended(check.unfinished() == null ? missing : check.unfinished()));
        }
        if (pass.permanent()) {
            // no other round would fare better, and the writers would stand still for nothing
            return Round.last(new CutoverEnd.NotConverged("the comparison failed: " + pass.failure()));
        }
        if (!awaitWrites(scope, begunRound)) {
            return Round.last(ended(missing));
        }
        Drained after = check.drain();
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
        String objection = step == null ? null : step.atBarrier();
        if (objection != null) {
            return Round.last(new CutoverEnd.NotConverged(objection));
        }
        if (patience.pauseGaps() != gaps) {
            // a server that was silent has let the end take longer than the pause
            changes.drains().followOn();
            return new Round(null, "writes at the source went on before the run had ended", false);
        }
        CutoverEnd end = switchAndEnd(asOf);
        return Round.last(end == null ? new CutoverEnd.Converged(asOf) : end);
    }

    /** Nothing but the confirmation keeps the run from its end; false if that takes too long. */
    private boolean awaitLast() throws InterruptedException {
        return patience.await(() -> changes.drains().isAtEnd() || run.state().isFinal());
    }

    /**
     * Has the clients switched while the run stands still at its end, and ends it then.
     *
     * @param asOf when both sides were equal; null where nothing is compared
     * @return why it has not ended so; null if it has
     */
    private @Nullable CutoverEnd switchAndEnd(@Nullable Instant asOf) throws InterruptedException {
        String fault = switchOver.attempt(asOf, patience.pauseLeft(), patience.lapse());
        if (fault != null) {
            return new CutoverEnd.Undecided(asOf, fault);
        }
        if (patience.isHeld()) {
            pause.converged();
        }
        changes.drains().confirmEnd();
        return patience.await(() -> run.state().isFinal()) ? null : ended("the run has not ended");
    }

    /** Ends a run of which nothing is compared. */
    private CutoverEnd endUncompared(String missing) throws InterruptedException {
        changes.drains().wantLast();
        if (!awaitLast()) {
            return ended(missing);
        }
        CutoverEnd end = switchAndEnd(null);
        return end == null ? new CutoverEnd.Copied() : end;
    }

    /**
     * Where nothing holds the writers up, they are given the time to show that they still write: between two barriers
     * that follow each other at once a slow one would not be noticed. False if that takes too long.
     */
    private boolean awaitWrites(CutoverScope scope, long begunRound) throws InterruptedException {
        long rest = Math.min(BETWEEN_BARRIERS, patience.left().toNanos() / 2);
        return pause != null || scope.only() == null || patience.await(() -> System.nanoTime() - begunRound >= rest);
    }

    /** Where changes may go unreported each round scans the source several times, which is not done without a rest. */
    private boolean awaitNextRound() throws InterruptedException {
        long from = System.nanoTime();
        return changes.status().by() == ChangeSource.TRACKING
                || patience.await(() -> System.nanoTime() - from >= BETWEEN_ROUNDS_WITH_SCANS);
    }

    /** Why both sides are not known to be equal after a round; null if they are. */
    private @Nullable String missing(
            CutoverScope scope, CutoverComparison.Pass pass, Drained before, Drained after, long gaps)
            throws InterruptedException {
        String doubt = doubts.after(pass, before, after);
        if (doubt == null && scope.only() != null) {
            doubt = check.unverified(doubts, scope, after.deletes() || sides.prunes());
        }
        return doubt == null && patience.pauseGaps() != gaps
                ? "the source's writes were not paused all the time"
                : doubt;
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
