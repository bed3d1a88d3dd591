package io.camelrump.cli;

import io.camelrump.ChangeSource;
import io.camelrump.Changes;
import io.camelrump.Drained;
import io.camelrump.Ledger;
import io.camelrump.RunEvent;
import io.camelrump.RunPhase;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Compares both sides of a live run beside the writers once its first copy is complete, so that a cutover need compare
 * only what was not verified since: what differs is copied again, and so is what changes meanwhile.
 *
 * <p>Belongs to the thread of the command, which calls {@link #turn} several times per second.
 */
final class VerifyingSweep implements AutoCloseable {
    private static final long BETWEEN_TRIES = TimeUnit.SECONDS.toNanos(2);
    /** Tries in a row that may end too early before the comparison of all keys is left to the cutover. */
    private static final int MOST_VOID = 3;

    /**
     * A sweep that is through.
     *
     * @param epoch in which its findings hold
     * @param deletes whether keys that only the target has were differences
     * @param keys of the source that it compared
     * @param seconds that it took
     */
    record Verified(long epoch, boolean deletes, long keys, double seconds) {}

    private final Migration.Plan plan;
    private final Supplier<Migration.Plan> reachable;
    private final Live live;
    private final Ledger ledger;
    private final Changes changes;
    private final Consumer<String> say;
    private final long createdAt = System.nanoTime();

    /** The ticket of the drain before it; 0 where none is awaited. */
    private long ticket;

    private boolean deletes;
    private @Nullable CutoverComparison comparison;
    private long epoch;
    private long begunAt;
    private @Nullable Verified verified;
    private int voided;
    private long triedAt = System.nanoTime() - BETWEEN_TRIES;
    /** Why the cutover must compare all keys; null while the sweep may do. */
    private @Nullable String objection;

    /**
     * The sweep of a run whose cutover compares what waits; null for another run.
     *
     * @param reachable the run by nodes that answer now
     * @param say takes what a person should know
     */
    static @Nullable VerifyingSweep of(
            Migration.Plan plan, Supplier<Migration.Plan> reachable, Ledger ledger, Consumer<String> say) {
        Changes changes = ledger.changes();
        Live live = plan.live();
        return live == null || changes == null || live.finalCompare() == FinalCompare.FULL
                ? null
                : new VerifyingSweep(plan, reachable, live, ledger, changes, say);
    }

    private VerifyingSweep(
            Migration.Plan plan,
            Supplier<Migration.Plan> reachable,
            Live live,
            Ledger ledger,
            Changes changes,
            Consumer<String> say) {
        this.plan = plan;
        this.reachable = reachable;
        this.live = live;
        this.ledger = ledger;
        this.changes = changes;
        this.say = say;
        // from here on, so that a change which is read before the sweep and arrives after it is read back, too
        changes.verifyChanges();
    }

    /**
     * Begins the sweep when the first copy is complete, takes note of its end, and begins it again where it is void.
     */
    void turn() throws InterruptedException {
        if (!changes.isFirstCopyComplete()) {
            giveUp("the source is copied again");
        } else if (comparison != null) {
            follow(comparison);
        } else if (verified == null || verified.epoch() != currentEpoch()) {
            if (verified != null) {
                say("The verification is void, because %s: all keys are verified anew.", reasonVoid());
                verified = null;
            }
            begin();
        }
        report();
    }

    private void report() {
        ledger.enter(changes.isFirstCopyComplete() && !isOver() ? RunPhase.VERIFYING : null);
        if (comparison != null) {
            ledger.verified(comparison.compared());
        } else {
            ledger.verified(verified == null ? -1 : verified.keys());
        }
    }

    private void begin() throws InterruptedException {
        if (objection != null || System.nanoTime() - triedAt < BETWEEN_TRIES) {
            return;
        }
        objection = objectionNow();
        if (objection != null) {
            say(
                    "The cutover will compare all keys again (%s), as %s; cut over with: kill -USR1 %d",
                    timeOfFull(), objection, ProcessHandle.current().pid());
            return;
        }
        if (ticket == 0) {
            say("Verifying the copy beside the writers.");
            // what waits anyway would only differ
            ticket = changes.drain();
        }
        Drained drained = changes.drained(ticket);
        if (drained != null) {
            ticket = 0;
            start(drained.deletes() || plan.prunes());
        }
    }

    /** How long a comparison of all keys may take: it reads as much as the copy has. */
    private String timeOfFull() {
        double secondsOfCopy = (System.nanoTime() - createdAt) / 1e9;
        return Span.about(secondsOfCopy
                * ledger.sourceKeys()
                / Math.max(1, ledger.counts().settled()));
    }

    private @Nullable String objectionNow() {
        return changes.status().by() == ChangeSource.TRACKING
                ? CutoverScope.unseen(changes)
                : "the source does not report every change";
    }

    private void start(boolean withDeletes) throws InterruptedException {
        triedAt = System.nanoTime();
        epoch = currentEpoch();
        begunAt = System.nanoTime();
        deletes = withDeletes;
        CutoverComparison begun =
                new CutoverComparison(reachable.get().comparingOnly(live.timeout(), false), changes, deletes);
        begun.takePaceOf(ledger);
        try {
            begun.start();
            comparison = begun;
        } catch (InterruptedException e) {
            begun.close();
            throw e;
        } catch (Exception e) {
            begun.close();
            failed(CutoverComparison.Pass.failed(e));
        }
    }

    private void follow(CutoverComparison running) {
        if (currentEpoch() != epoch) {
            giveUp(reasonVoid());
        } else if (running.isOver()) {
            CutoverComparison.Pass pass = running.pass();
            end(running);
            if (pass.failure() != null) {
                failed(pass);
            } else {
                through(pass);
            }
        }
    }

    private void through(CutoverComparison.Pass pass) {
        voided = 0;
        verified = new Verified(epoch, deletes, pass.compared(), secondsSinceBegin());
        ledger.tell(new RunEvent.Verified(
                pass.compared(), pass.differing(), Duration.ofNanos(System.nanoTime() - begunAt)));
        say(
                "Verified beside the writers: %,d keys%s; cut over with: kill -USR1 %d",
                pass.compared(),
                pass.differing() == 0
                        ? ""
                        : String.format(Locale.ROOT, ", of which %,d differed and are copied again", pass.differing()),
                ProcessHandle.current().pid());
    }

    private void failed(CutoverComparison.Pass pass) {
        voided++;
        if (pass.permanent() || voided >= MOST_VOID) {
            objection = "the verification beside the writers failed: " + pass.failure();
        }
        say(
                "The verification beside the writers failed: %s. It is %s.",
                pass.failure(), objection == null ? "tried again" : "left to the cutover");
    }

    private void giveUp(String reason) {
        ticket = 0;
        if (comparison != null) {
            comparison.stop();
            end(comparison);
            voided++;
            if (voided >= MOST_VOID) {
                objection =
                        "the verification beside the writers was interrupted again and again, lately because " + reason;
            }
            say(
                    "The verification beside the writers is interrupted, because %s: it %s.",
                    reason, objection == null ? "begins anew" : "is left to the cutover");
        }
    }

    private void end(CutoverComparison over) {
        comparison = null;
        over.close();
    }

    private long currentEpoch() {
        return changes.verification().epoch();
    }

    private String reasonVoid() {
        String reason = changes.verification().cause();
        return reason == null ? "not every change is known" : reason;
    }

    private double secondsSinceBegin() {
        return Math.max(1e-3, (System.nanoTime() - begunAt) / 1e9);
    }

    /** Whether a cutover need not wait for it: it is through, or never will be. */
    boolean isOver() {
        return objection != null || verified != null && verified.epoch() == currentEpoch();
    }

    /** The last sweep that is through; null if there is none, or if it is void. */
    @Nullable
    Verified verified() {
        return verified;
    }

    /** Why all keys are compared at the cutover; null unless they must be. */
    @Nullable
    String objection() {
        return objection;
    }

    /** How far it is, as part of a line; empty while it does nothing. */
    String progress() {
        CutoverComparison running = comparison;
        if (running == null) {
            return "";
        }
        String left = timeLeft();
        return String.format(
                Locale.ROOT,
                "verifying: %.0f %%, %,.0f keys/s%s",
                100 * running.share(),
                running.compared() / secondsSinceBegin(),
                left.isEmpty() ? "" : ", " + left + " left");
    }

    /** Time until it is through; empty while that is not known. */
    String timeLeft() {
        CutoverComparison running = comparison;
        double share = running == null ? 0 : running.share();
        return share <= 0.001 ? "" : Span.about(secondsSinceBegin() * (1 - share) / share);
    }

    @Override
    public void close() {
        if (comparison != null) {
            comparison.stop();
            end(comparison);
        }
    }

    private void say(String text, Object... values) {
        say.accept(String.format(Locale.ROOT, text, values));
    }
}
