package io.camelrump.cutover;

import io.camelrump.Drained;
import io.camelrump.run.ChangeLog;
import io.camelrump.run.Run;
import org.jspecify.annotations.Nullable;

/** Drains what has changed at the source of a run, and compares both sides. */
final class EqualityCheck {
    private final LiveCourse course;
    private final RunSides sides;
    private final ChangeLog changes;
    private final CutoverPatience patience;
    /** How far the last comparison came, where it did not come to its end. */
    private @Nullable String unfinished;
    /** Keys that the last comparison looked at. */
    private long compared;

    EqualityCheck(LiveCourse course, Run run, RunSides sides, CutoverPatience patience) {
        this.course = course;
        this.sides = sides;
        this.changes = run.changes();
        this.patience = patience;
    }

    @Nullable
    String unfinished() {
        return unfinished;
    }

    long compared() {
        return compared;
    }

    /** Everything that has changed is at the target; null if that takes too long or the run has ended. */
    @Nullable
    Drained drain() throws InterruptedException {
        long ticket = changes.drain();
        return patience.await(() -> changes.drained(ticket) != null) ? changes.drained(ticket) : null;
    }

    /**
     * Compares both sides, and marks what differs to be copied again; null if that takes too long or the run has ended.
     */
    CutoverComparison.@Nullable Pass compare(CutoverScope scope, boolean deletes) throws InterruptedException {
        unfinished = null;
        if (scope.reason() != null) {
            course.say("All keys are compared now, as " + scope.reason() + ".");
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
        boolean held = patience.isHeld();
        RunSides.Wanted wanted = new RunSides.Wanted(scope.only(), patience.left(), held);
        try (CutoverComparison comparison = CutoverComparison.started(sides.directions(wanted), changes, deletes)) {
            if (!patience.await(() -> comparison.isOver() || held && patience.isPauseSpent())) {
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

    /**
     * Why keys are not verified at the second barrier; null if all are. Those that others have altered at a target
     * since the first one, or that expired there, are compared first. What a target reports from now on is after the
     * moment that the convergence is of: as long as keys expire there is always something.
     */
    @Nullable
    String unverified(Doubts doubts, CutoverScope scope, boolean deletes) throws InterruptedException {
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
}
