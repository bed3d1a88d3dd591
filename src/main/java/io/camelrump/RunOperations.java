package io.camelrump;

import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The operations that a run takes now, and the objection to each of the others. */
record RunOperations(HostedRun run) {
    static final String IN_CUTOVER =
            "The run is cutting over, and writers may wait for that: it is not paused. Abort it to end it.";

    /** Names of the operations that would change something now. */
    List<String> possible() {
        if (over() != null) {
            return List.of();
        }
        return Stream.of(
                        Operation.PAUSE,
                        Operation.RESUME,
                        Operation.LIMIT,
                        Operation.CUTOVER,
                        Operation.GO_BACK,
                        Operation.RELEASE,
                        Operation.ABORT)
                .filter(operation -> objection(operation) == null && changesSomething(operation))
                .map(Operation::word)
                .toList();
    }

    private boolean changesSomething(Operation operation) {
        return switch (operation) {
            case PAUSE -> !run.steering().isPaused();
            case RESUME -> run.steering().isPaused();
            case ABORT -> ledger().state() == RunState.RUNNING;
            default -> true;
        };
    }

    /** @throws ControlRefusedException with the objection to this one, if there is any */
    void require(Operation operation) throws ControlRefusedException {
        String objection = objection(operation);
        if (objection != null) {
            throw new ControlRefusedException(objection);
        }
    }

    /** Changes that a way back follows. */
    Changes requireWayBack() throws ControlRefusedException {
        require(Operation.RELEASE);
        return Objects.requireNonNull(ledger().changes());
    }

    /** Why the run does not take an operation now, in a sentence; null if it does. */
    private @Nullable String objection(Operation operation) {
        return switch (operation) {
            case PAUSE -> over() == null && isInCutover() ? IN_CUTOVER : over();
            case LIMIT, ABORT -> over();
            case CUTOVER -> toCutOver();
            case GO_BACK -> toGoBack();
            case RELEASE -> notOnWayBack();
            case RESUME, STATUS, RESTORE, COMPARE, LOOKUP, EVENTS -> null;
        };
    }

    private Ledger ledger() {
        return run.ledger();
    }

    private @Nullable String over() {
        return ledger().state().isFinal() ? "The run is over: " + ledger().state() + "." : null;
    }

    private boolean isInCutover() {
        return switch (ledger().phase()) {
            case CUTTING_OVER, UNDECIDED, CONVERGED, GOING_BACK -> true;
            case COPYING, VERIFYING, FOLLOWING, WAY_BACK, ENDED -> false;
        };
    }

    private @Nullable String toCutOver() {
        if (ledger().phase() == RunPhase.WAY_BACK) {
            return "The run has cut over, and follows the way back: go-back (rump go-back) leads the clients back.";
        }
        if (run.steering().undecided() != null) {
            return null;
        }
        String objection = new RunStatus(run).cutoverObjection(true);
        return objection == null ? null : "The run cannot cut over: " + objection + ".";
    }

    private @Nullable String toGoBack() {
        if (isDecidedByGoingBack()) {
            return null;
        }
        String elsewhere = notOnWayBack();
        Changes changes = ledger().changes();
        if (elsewhere != null || changes == null) {
            return elsewhere;
        }
        String disputed = changes.disputed();
        if (disputed != null) {
            return disputed;
        }
        String objection = new RunStatus(run).cutoverObjection(true);
        return objection == null ? null : "The run cannot lead back: " + objection + ".";
    }

    /** Whether the clients may be half led back, and a person may say that they are back. */
    boolean isDecidedByGoingBack() {
        return ledger().run().sources().direction() == CutoverDirection.BACK
                && run.steering().undecided() != null;
    }

    private @Nullable String notOnWayBack() {
        return ledger().changes() != null && ledger().phase() == RunPhase.WAY_BACK
                ? null
                : "The run is not on a way back, which begins when a migration with wayBack (--way-back) has converged:"
                        + " it is " + ledger().phase().word() + ".";
    }
}
