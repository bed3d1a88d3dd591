package io.camelrump.cli;

import io.camelrump.ChangeSource;
import io.camelrump.ChangeStatus;
import io.camelrump.Changes;
import io.camelrump.Drained;
import io.camelrump.Ledger;
import io.camelrump.PauseTimes;
import io.camelrump.RunPhase;
import io.camelrump.RunState;
import io.camelrump.cutover.WritePause;
import io.camelrump.redis.RedisException;
import java.time.Instant;
import java.util.Locale;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Supplier;
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

    /** How the cutover ended. */
    sealed interface End {}

    /** Both sides were equal at that moment. */
    record Converged(Instant asOf) implements End {}

    /** The two sides are not known to be equal, for a reason in one sentence. */
    record NotConverged(String reason) implements End {}

    /** The run itself has ended meanwhile, or a signal came. */
    record Stopped() implements End {}

    /**
     * The end.
     *
     * @param pause how long the writers stood still for it; null if they did not
     * @param keys that were compared
     */
    record Result(End end, @Nullable PauseTimes pause, VerifiedKeys keys) {}

    /**
     * One round.
     *
     * @param end null if another one follows
     * @param missing why both sides are not known to be equal
     * @param copiesAgain whether keys differed
     */
    private record Round(@Nullable End end, String missing, boolean copiesAgain) {
        static Round last(End end) {
            return new Round(end, "", false);
        }
    }

    private final Migration.Plan plan;
    private final Supplier<Migration.Plan> reachable;
    private final Live live;
    private final Ledger ledger;
    private final Changes changes;
    private final @Nullable VerifyingSweep sweep;
    private final Doubts doubts;
    private final StopSignals signals;
    private final Runnable progress;
    private final Consumer<String> say;
    private final long deadline;
    private @Nullable WritePause pause;
    private boolean saidSpent;
    /** How far the last comparison came, where it did not come to its end. */
    private @Nullable String unfinished;
    /** Keys that the last comparison looked at. */
    private long compared;

    /**
     * @param plan of the run
     * @param reachable the same by nodes that answer now: those that were named may be gone
     * @param sweep that verifies the copy beside the writers; null where all is compared now
     * @param progress is run again and again while the cutover waits
     * @param say takes what a person should know
     */
    Cutover(
            Migration.Plan plan,
            Supplier<Migration.Plan> reachable,
            Ledger ledger,
            @Nullable VerifyingSweep sweep,
            StopSignals signals,
            Runnable progress,
            Consumer<String> say) {
        this.plan = plan;
        this.reachable = reachable;
        this.live = Objects.requireNonNull(plan.live(), "the run is not live");
        this.ledger = ledger;
        this.changes = Objects.requireNonNull(ledger.changes(), "the run is not live");
        this.sweep = sweep;
        this.doubts = new Doubts(changes);
        this.signals = signals;
        this.progress = progress;
        this.say = say;
        this.deadline =
                System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(live.timeout().millis());
    }

    Result run(String reason) throws InterruptedException {
        say("Cutting over, as %s.", reason);
        Span length = live.pauseWrites();
        String lacking = missingRights();
        if (lacking != null) {
            return result(new NotConverged(lacking));
        }
        if (length == null) {
            say("Stop the writers at the source now, if they still write: only then can both sides become equal.");
            return result(converge());
        }
        WritePause paused = plan.pause(length, () -> reachable.get().from().address(), changes::writesPaused);
        pause = paused;
        End end;
        try (paused) {
            end = runPaused(paused, length);
        } catch (RedisException e) {
            end = new NotConverged("the source's writes cannot be paused: " + e.getMessage());
        }
        return result(end);
    }

    private Result result(End end) {
        VerifyingSweep.Verified verified = sweep == null ? null : sweep.verified();
        return new Result(
                end,
                pause == null ? null : pause.times(),
                new VerifiedKeys(verified == null ? null : verified.keys(), compared));
    }

    private End runPaused(WritePause paused, Span length) throws InterruptedException {
        paused.look();
        if (!await(() -> paused.isHeld() || paused.isSpent())) {
            return ended("the source's writes are not paused yet");
        }
        if (paused.isHeld()) {
            say("Writes at the source are paused for up to %.1f s.", length.millis() / 1e3);
        }
        End end = converge();
        if (end instanceof Converged) {
            paused.keep();
            ledger.enter(RunPhase.CONVERGED);
            if (!paused.isSpent()) {
                say.accept(paused.keptText());
                while (paused.closesWaiting() && !signals.await(TICK_MILLIS)) {
                    paused.closeWaiting();
                }
            }
        }
        return end;
    }

    /** Rights that were taken away since the start, before a writer stands still for them; null if there are none. */
    private @Nullable String missingRights() {
        try {
            RunRights.require(reachable.get(), RunIntent.ofCutover(plan));
            return null;
        } catch (RedisException e) {
            return e.isPermanent() ? "the cutover is not begun: " + e.getMessage() : null;
        }
    }

    private End converge() throws InterruptedException {
        String missing = "not all changes up to now, and all streams, were copied again";
        changes.recheckWithheld();
        for (int number = 1; ; number++) {
            Round round = round(missing);
            if (round.end() != null) {
                return round.end();
            }
            missing = round.missing();
            if (doubts.areLasting()) {
                // no other round will delete them
                return new NotConverged(missing);
            }
            if (isLate()) {
                return new NotConverged(missing + doubts.writes());
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
        CutoverComparison.Pass pass = compare(scope, before.deletes() || plan.prunes());
        if (pass == null) {
            return Round.last(ended(unfinished == null ? missing : unfinished));
        }
        if (pass.permanent()) {
            // no other round would fare better, and the writers would stand still for nothing
            return Round.last(new NotConverged("the comparison failed: " + pass.failure()));
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
        return found == null ? Round.last(converged(asOf, gaps)) : new Round(null, found, pass.differing() > 0);
    }

    /** @param gaps of the pause by now */
    private End converged(Instant asOf, long gaps) throws InterruptedException {
        if (pause != null) {
            pause.converged();
        }
        if (changes.status().by() == ChangeSource.SCANS) {
            say("The source sends no change notifications: this holds if nobody has written there since.");
        }
        changes.cutOver();
        if (!await(() -> ledger.state().isFinal())) {
            return ended("the run has not ended");
        }
        // a server that was silent at the end may have let it take longer than the pause
        return pauseGaps() == gaps
                ? new Converged(asOf)
                : new NotConverged("writes at the source went on before the run had ended");
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
            doubt = unverified(scope, after.deletes() || plan.prunes());
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
        boolean nothing = scope.isNothing() && !plan.copiesFunctions();
        CutoverComparison.Pass pass = nothing ? CutoverComparison.Pass.NOTHING : compareWith(scope, deletes);
        compared = pass == null ? compared : pass.compared();
        if (pass != null && pass.isEqual() && scope.only() != null) {
            changes.verified(scope.only().names(), scope.known().reading());
        }
        return pass;
    }

    private CutoverComparison.@Nullable Pass compareWith(CutoverScope scope, boolean deletes)
            throws InterruptedException {
        boolean held = pause != null && pause.isHeld() && !pause.isSpent();
        Migration.Plan comparing = reachable.get().comparingOnly(timeLeft(), held);
        try (CutoverComparison comparison = new CutoverComparison(comparing, changes, deletes)) {
            if (scope.only() != null) {
                comparison.restrictTo(scope.only());
            }
            comparison.start();
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
            if (signals.await(TICK_MILLIS) || ledger.state() != RunState.RUNNING || isLate()) {
                return done.getAsBoolean();
            }
            watchPause();
            progress.run();
        }
        return true;
    }

    private void watchPause() {
        if (pause != null) {
            pause.lookIfDue();
            if (pause.isSpent() && !saidSpent) {
                saidSpent = true;
                say("The pause of the source's writes is over: they go on, and the run follows them until"
                        + " --cutover-timeout. Stop the writers now.");
            }
        }
    }

    private Span timeLeft() {
        return new Span(Math.max(1, TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime())));
    }

    private boolean isLate() {
        return System.nanoTime() - deadline > 0;
    }

    private End ended(String missing) {
        if (signals.received() != null || ledger.state() != RunState.RUNNING) {
            return new Stopped();
        }
        ChangeStatus status = changes.status();
        return new NotConverged(String.format(
                Locale.ROOT,
                "after %d s %s; %,d changed keys wait, the oldest for %.1f s%s",
                live.timeout().seconds(),
                missing,
                status.waiting(),
                status.lag().toMillis() / 1e3,
                doubts.writes()));
    }

    private void say(String text, Object... values) {
        say.accept(String.format(Locale.ROOT, text, values));
    }
}
