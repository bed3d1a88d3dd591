package io.camelrump.cutover;

import io.camelrump.ChangeSource;
import io.camelrump.Drained;
import io.camelrump.RunEvent;
import io.camelrump.SweepStatus;
import io.camelrump.options.CutoverOptions;
import io.camelrump.run.ChangeLog;
import io.camelrump.run.Run;
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
 * <p>Belongs to the thread of the {@link LiveCourse}, which calls {@link #turn} several times per second; how far it is
 * may be asked by any.
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

    private final Run run;
    private final RunSides sides;
    private final CutoverOptions options;
    private final ChangeLog changes;
    private final Supplier<String> toCutOver;
    private final Consumer<String> say;

    /** The ticket of the drain before it; 0 where none is awaited. */
    private long ticket;

    private boolean deletes;
    private volatile @Nullable CutoverComparison comparison;
    private long epoch;
    private volatile long begunAt;
    private volatile @Nullable Verified verified;
    private int voided;
    private long triedAt = System.nanoTime() - BETWEEN_TRIES;
    /** Why the cutover must compare all keys; null while the sweep may do. */
    private volatile @Nullable String objection;

    /**
     * @param toCutOver what a person does to cut over, as the end of a sentence
     * @param say takes what a person should know
     */
    VerifyingSweep(Run run, RunSides sides, CutoverOptions options, Supplier<String> toCutOver, Consumer<String> say) {
        this.run = run;
        this.sides = sides;
        this.options = options;
        this.changes = run.changes();
        this.toCutOver = toCutOver;
        this.say = say;
        if (!run.sources().equalStart().isHeld()) {
            // from here on, so that a change which is read before the sweep and arrives after it is read back, too
            changes.verification().begin();
        }
    }

    /**
     * Begins the sweep when the first copy is complete, takes note of its end, and begins it again where it is void.
     */
    void turn() throws InterruptedException {
        CutoverComparison running = comparison;
        Verified known = verified;
        if (!changes.firstCopy().isComplete()) {
            giveUp("the source is copied again");
        } else if (running != null) {
            follow(running);
        } else if (known == null && run.sources().equalStart().epoch() == currentEpoch()) {
            verified =
                    new Verified(currentEpoch(), true, Math.max(0, run.report().sourceKeys()), 0);
        } else if (known == null || known.epoch() != currentEpoch()) {
            if (known != null) {
                say("The verification is void, because %s: all keys are verified anew.", reasonVoid());
                verified = null;
            }
            begin();
        }
    }

    /** Keys that were found equal at both sides, also if they have changed since; -1 while none were compared. */
    long keys() {
        CutoverComparison running = comparison;
        Verified known = verified;
        return running != null ? running.compared() : known == null ? -1 : known.keys();
    }

    private void begin() throws InterruptedException {
        if (objection != null || System.nanoTime() - triedAt < BETWEEN_TRIES) {
            return;
        }
        objection = objectionNow();
        if (objection != null) {
            say(
                    "The cutover will compare all keys again (%s), as %s; cut over with: %s",
                    timeOfFull(), objection, toCutOver.get());
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
            start(drained.deletes() || sides.prunes());
        }
    }

    /** How long a comparison of all keys may take: it reads as much as the copy has. */
    private String timeOfFull() {
        double secondsOfCopy = run.elapsed().toMillis() / 1e3;
        return RoughTime.of(secondsOfCopy
                * run.report().sourceKeys()
                / Math.max(1, run.report().counts().settled()));
    }

    private @Nullable String objectionNow() {
        String incomparable = sides.objection();
        if (incomparable != null) {
            return incomparable;
        }
        return changes.status().by() == ChangeSource.TRACKING
                ? CutoverScope.unseen(changes)
                : "the source does not report every change";
    }

    private void start(boolean withDeletes) throws InterruptedException {
        triedAt = System.nanoTime();
        epoch = currentEpoch();
        begunAt = System.nanoTime();
        deletes = withDeletes;
        RunSides.Wanted all = new RunSides.Wanted(null, options.getCutoverTimeout(), false);
        try {
            comparison = CutoverComparison.started(sides.directions(all), changes, deletes);
        } catch (InterruptedException e) {
            throw e;
        } catch (Exception e) {
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
        run.report()
                .tell(new RunEvent.Verified(
                        pass.compared(), pass.differing(), Duration.ofNanos(System.nanoTime() - begunAt)));
        say(
                "Verified beside the writers: %,d keys%s; cut over with: %s",
                pass.compared(),
                pass.differing() == 0
                        ? ""
                        : String.format(Locale.ROOT, ", of which %,d differed and are copied again", pass.differing()),
                toCutOver.get());
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
        CutoverComparison running = comparison;
        if (running != null) {
            running.stop();
            end(running);
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
        return changes.verification().status().epoch();
    }

    private String reasonVoid() {
        String reason = changes.verification().status().cause();
        return reason == null ? "not every change is known" : reason;
    }

    private double secondsSinceBegin() {
        return Math.max(1e-3, (System.nanoTime() - begunAt) / 1e9);
    }

    /** Whether a cutover need not wait for it: it is through, or never will be. */
    boolean isOver() {
        Verified known = verified;
        return objection != null || known != null && known.epoch() == currentEpoch();
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

    /** How far it is; null while it compares nothing. */
    @Nullable
    SweepStatus status() {
        CutoverComparison running = comparison;
        if (running == null) {
            return null;
        }
        double share = running.share();
        double seconds = secondsSinceBegin();
        long keys = running.compared();
        return new SweepStatus(share, keys, keys / seconds, share <= 0.001 ? null : seconds * (1 - share) / share);
    }

    /** Time until it is through; empty while that is not known. */
    String timeLeft() {
        SweepStatus now = status();
        return now == null || now.secondsLeft() == null ? "" : RoughTime.of(now.secondsLeft());
    }

    @Override
    public void close() {
        CutoverComparison running = comparison;
        if (running != null) {
            running.stop();
            end(running);
        }
    }

    private void say(String text, Object... values) {
        say.accept(String.format(Locale.ROOT, text, values));
    }
}
