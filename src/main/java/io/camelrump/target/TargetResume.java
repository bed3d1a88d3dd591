package io.camelrump.target;

import io.camelrump.TargetClosedException;
import io.camelrump.checkpoint.Checkpoint;
import io.camelrump.redis.ServerAddress;
import io.camelrump.run.Run;
import org.jspecify.annotations.Nullable;

/**
 * Resumes what an earlier run, or an earlier route of this one, wrote to a target; if that is still the same target.
 */
record TargetResume(WritePlan plan, TargetIdentity identity, boolean ofCluster) {
    /** Requires the server that confirmed the keys of the earlier run, or restarts the scan where that is allowed. */
    void resumeRun(Run run, ServerAddress target) throws TargetClosedException {
        Checkpoint from = run.targets().resumed();
        String objection = from == null ? null : objection(from, target);
        if (objection != null && !run.targets().mayStartOver()) {
            throw TargetRuns.cannotResume(run, target, objection);
        }
        if (objection != null) {
            run.startOver("Target " + target + " cannot be resumed: " + objection);
        }
    }

    private @Nullable String objection(Checkpoint from, ServerAddress target) {
        Checkpoint.TargetState before = from.targets().get(target.toString());
        if (before == null) {
            return isOther(from, target)
                    ? "the checkpoint is of other targets: "
                            + String.join(", ", from.targets().keySet())
                    : null;
        }
        String objection = identity.objection(before);
        if (objection != null) {
            return objection;
        }
        identity.resume(before);
        return plan.replaces(identity)
                ? null
                : "it was not empty when the run began, so onConflict=" + plan.policy()
                        + " cannot tell the run's own keys from foreign ones";
    }

    /** A route that wrote here was stopped or replaced during the run: what the target held before the run is known. */
    void resumeAfterStop(Run run, ServerAddress target) {
        Checkpoint.TargetState before = run.targets().states().get(target.toString());
        if (before != null && identity.objection(before) == null) {
            identity.resume(before);
        }
    }

    /** Another database of a server that was written to may be new, and so may be a master of a cluster. */
    private boolean isOther(Checkpoint from, ServerAddress target) {
        String server = target.withDatabase(0).toString();
        boolean known = from.targets().keySet().stream()
                .anyMatch(other -> other.equals(server) || other.startsWith(server + "/"));
        return !ofCluster && !known && !from.targets().isEmpty();
    }
}
