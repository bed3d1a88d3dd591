package io.camelrump.cli;

import io.camelrump.ChangeSource;
import io.camelrump.ChangeStatus;
import io.camelrump.Changes;
import io.camelrump.Difference;
import io.camelrump.Drained;
import io.camelrump.Ledger;
import io.camelrump.SourceWrites;
import io.camelrump.redis.RedisException;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Brings a live run to its end: drains what has changed, compares both sides while the changes are still followed, and
 * says "converged" only if nothing differed and nothing changed from the barrier before the comparison to the one after
 * it. What differs is copied again on the run's own ordered road, and another round follows.
 */
final class Cutover {
    private static final long TICK_MILLIS = 50;
    private static final long BETWEEN_ROUNDS_WITH_SCANS = TimeUnit.SECONDS.toNanos(1);

    /** How the cutover ended. */
    sealed interface End {}

    /** Both sides were equal at that moment. */
    record Converged(Instant asOf) implements End {}

    /** The two sides are not known to be equal, for a reason in one sentence. */
    record NotConverged(String reason) implements End {}

    /** The run itself has ended meanwhile, or a signal came. */
    record Stopped() implements End {}

    /** The end, and how long the writers stood still for it; null if they did not. */
    record Result(End end, @Nullable PauseTimes pause) {}

    private final Migration.Plan plan;
    private final Supplier<Migration.Plan> reachable;
    private final Live live;
    private final Ledger ledger;
    private final Changes changes;
    private final StopSignals signals;
    private final Runnable progress;
    private final Consumer<String> say;
    private final long begunAt = System.nanoTime();
    private final long deadline;
    private final long reportedBefore;
    private @Nullable WritePause pause;
    private boolean saidSpent;
    /** How far the last comparison came, where it did not come to its end. */
    private @Nullable String unfinished;

    /**
     * @param plan of the run
     * @param reachable the same by nodes that answer now: those that were named may be gone
     * @param progress is run again and again while the cutover waits
     * @param say takes what a person should know
     */
    Cutover(
            Migration.Plan plan,
            Supplier<Migration.Plan> reachable,
            Ledger ledger,
            StopSignals signals,
            Runnable progress,
            Consumer<String> say) {
        this.plan = plan;
        this.reachable = reachable;
        this.live = Objects.requireNonNull(plan.live(), "the run is not live");
        this.ledger = ledger;
        this.changes = Objects.requireNonNull(ledger.changes(), "the run is not live");
        this.signals = signals;
        this.progress = progress;
        this.say = say;
        this.reportedBefore = changes.writes().reported();
        this.deadline = begunAt + TimeUnit.MILLISECONDS.toNanos(live.timeout().millis());
    }

    Result run(String reason) throws InterruptedException {
        say("Cutting over, as %s.", reason);
        Span length = live.pauseWrites();
        String lacking = missingRights();
        if (lacking != null) {
            return new Result(new NotConverged(lacking), null);
        }
        if (length == null) {
            say("Stop the writers at the source now, if they still write: only then can both sides become equal.");
            return new Result(converge(), null);
        }
        WritePause paused = new WritePause(reachable, length, live.failsWaiting(), changes::writesPaused);
        pause = paused;
        End end;
        try (paused) {
            end = runPaused(paused, length);
        } catch (RedisException e) {
            end = new NotConverged("the source's writes cannot be paused: " + e.getMessage());
        }
        return new Result(end, paused.times());
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
            if (!paused.isSpent()) {
                say.accept(paused.keptText());
                paused.closeWaiting(signals);
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
        for (int round = 1; ; round++) {
            long gaps = pauseGaps();
            Drained before = drain();
            if (before == null) {
                return ended(missing);
            }
            unfinished = null;
            CutoverComparison.Pass pass = compare(before.deletes() || prunes());
            if (pass == null) {
                return ended(unfinished == null ? missing : unfinished);
            }
            if (pass.permanent()) {
                // no other round would fare better, and the writers would stand still for nothing
                return new NotConverged("the comparison failed: " + pass.failure());
            }
            Drained after = drain();
            if (after == null) {
                return ended(pass.differing() == 0 ? missing : notCopiedAgain(pass));
            }
            Instant asOf = Instant.now();
            missing = missing(pass, before, after, gaps);
            if (missing == null) {
                return converged(asOf);
            }
            if (isWithheld()) {
                // no other round will delete them
                return new NotConverged(missing);
            }
            if (isLate()) {
                return new NotConverged(missing + writes());
            }
            say("Round %d: %s%s.", round, missing, pass.differing() > 0 ? "; they are copied again" : "");
            if (!awaitNextRound()) {
                return ended(missing);
            }
        }
    }

    private End converged(Instant asOf) throws InterruptedException {
        if (pause != null) {
            pause.converged();
        }
        if (changes.status().by() == ChangeSource.SCANS) {
            say("The source sends no change notifications: this holds if nobody has written there since.");
        }
        changes.cutOver();
        return await(() -> ledger.state().isFinal()) ? new Converged(asOf) : ended("the run has not ended");
    }

    /** Where changes may go unreported each round scans the source several times, which is not done without a rest. */
    private boolean awaitNextRound() throws InterruptedException {
        long from = System.nanoTime();
        return changes.status().by() == ChangeSource.TRACKING
                || await(() -> System.nanoTime() - from >= BETWEEN_ROUNDS_WITH_SCANS);
    }

    private static String notCopiedAgain(CutoverComparison.Pass pass) {
        return String.format(Locale.ROOT, "%,d keys differed, and are not all copied again", pass.differing());
    }

    private boolean prunes() {
        return "true".equals(plan.properties().get(RouteProperties.ALL + "prune"));
    }

    /** Keys that are gone at the source, and may still be at the target; null if there are none. */
    private @Nullable String missingDeletes() {
        long held = changes.status().held();
        if (held > 0) {
            return String.format(
                    Locale.ROOT,
                    "%,d keys are gone at the source all at once, and are not deleted at the target without"
                            + " --allow-mass-delete",
                    held);
        }
        long withheld = changes.status().withheld();
        if (withheld > 0) {
            return String.format(
                    Locale.ROOT,
                    "%,d keys are gone at the source, such as %s, and were not deleted, as the target held keys of"
                            + " their"
                            + " names before the run: delete them there, or add --prune",
                    withheld,
                    String.join(", ", changes.withheldKeys()));
        }
        if (changes.hasUnseenDeletes()) {
            return "keys may be gone at the source unseen, and the target, which held others before the run, follows no"
                    + " deletes: add --prune";
        }
        return null;
    }

    /** Why both sides are not known to be equal after a comparison between two drains; null if they are. */
    private @Nullable String missing(CutoverComparison.Pass pass, Drained before, Drained after, long gaps) {
        String withheld = missingDeletes();
        if (withheld != null) {
            return withheld;
        }
        if (pass.failure() != null) {
            return "the comparison failed: " + pass.failure();
        }
        if (pass.differing() > 0) {
            return String.format(
                    Locale.ROOT,
                    "%,d keys differed, such as %s",
                    pass.differing(),
                    pass.first().stream().map(Difference::shortKey).distinct().collect(Collectors.joining(", ")));
        }
        if (after.gaps() != before.gaps()) {
            return "some changes of the source were not reported meanwhile";
        }
        if (after.changed() != before.changed()) {
            return String.format(
                    Locale.ROOT,
                    "%,d keys were written at the source while both sides were compared",
                    after.changed() - before.changed());
        }
        if (pauseGaps() != gaps) {
            return "the source's writes were not paused all the time";
        }
        return null;
    }

    /** Gaps in the pause of the source's writes up to now. */
    private long pauseGaps() {
        if (pause == null) {
            return 0;
        }
        pause.look();
        return pause.gaps();
    }

    private boolean isWithheld() {
        ChangeStatus status = changes.status();
        return status.held() > 0 || status.withheld() > 0 || changes.hasUnseenDeletes();
    }

    /** Everything that has changed is at the target; null if that takes too long or the run has ended. */
    private @Nullable Drained drain() throws InterruptedException {
        long ticket = changes.drain();
        return await(() -> changes.drained(ticket) != null) ? changes.drained(ticket) : null;
    }

    /**
     * Compares both sides, and marks what differs to be copied again; null if that takes too long or the run has ended.
     */
    private CutoverComparison.@Nullable Pass compare(boolean deletes) throws InterruptedException {
        boolean held = pause != null && pause.isHeld() && !pause.isSpent();
        Migration.Plan comparing = reachable.get().comparingOnly(timeLeft(), held);
        try (CutoverComparison comparison = new CutoverComparison(comparing, changes, deletes)) {
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
            return new CutoverComparison.Pass(0, List.of(), Failure.of(e).message(), !mayPass(e));
        }
    }

    private boolean isPauseSpent() {
        return pause != null && pause.isSpent();
    }

    private static boolean mayPass(@Nullable Throwable failure) {
        return failure != null
                && (failure instanceof RedisException refused && !refused.isPermanent() || mayPass(failure.getCause()));
    }

    private boolean await(BooleanSupplier done) throws InterruptedException {
        while (!done.getAsBoolean()) {
            if (signals.await(TICK_MILLIS) || ledger.state().isFinal() || isLate()) {
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
        if (signals.received() != null || ledger.state().isFinal()) {
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
                writes()));
    }

    /** Who still writes, as far as the source reports. */
    private String writes() {
        SourceWrites writes = changes.writes();
        long reported = writes.reported() - reportedBefore;
        if (reported == 0) {
            return "";
        }
        return String.format(
                Locale.ROOT,
                "; the source took %.1f writes per second since the cutover began, lately to keys such as %s: stop the"
                        + " writers, or pause them with --pause-writes",
                reported * 1e9 / (System.nanoTime() - begunAt),
                String.join(", ", writes.keys()));
    }

    private void say(String text, Object... values) {
        say.accept(String.format(Locale.ROOT, text, values));
    }
}
