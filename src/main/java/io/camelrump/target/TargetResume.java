package io.camelrump.target;

import io.camelrump.TargetClosedException;
import io.camelrump.checkpoint.Checkpoint;
import io.camelrump.redis.ServerAddress;
import io.camelrump.run.Run;

/**
 * Has a target go on where an earlier run, or an earlier route of this one, wrote to it; if it is the target of then.
 */
record TargetResume(WritePlan plan, TargetIdentity identity, boolean ofCluster) {
    /** Requires the server that confirmed the keys of the earlier run. */
    void goOn(Run run, ServerAddress target) throws TargetClosedException {
        Checkpoint from = run.targets().resumed();
        if (from == null) {
            return;
        }
        Checkpoint.TargetState before = from.targets().get(target.toString());
        if (before == null) {
            requireUnwritten(from, target);
            return;
        }
        String objection = identity.objection(before);
        if (objection != null) {
            throw TargetRuns.canNotGoOn(target, objection);
        }
        identity.resume(before);
        if (!plan.replaces(identity)) {
            throw new TargetClosedException(
                    "Target " + target + " was not empty when the run began, so it cannot be resumed with onConflict="
                            + plan.policy() + ": its own keys cannot be told from foreign ones.");
        }
    }

    /**
     * A route that wrote here was stopped or replaced while the run went on: what the target held before that is known.
     */
    void goOnAfterStop(Run run, ServerAddress target) {
        Checkpoint.TargetState before = run.targets().states().get(target.toString());
        if (before != null && identity.objection(before) == null) {
            identity.resume(before);
        }
    }

    /** Another database of a server that was written to may be new, and so may be a master of a cluster. */
    private void requireUnwritten(Checkpoint from, ServerAddress target) throws TargetClosedException {
        String server = target.withDatabase(0).toString();
        boolean known = from.targets().keySet().stream()
                .anyMatch(other -> other.equals(server) || other.startsWith(server + "/"));
        if (!ofCluster && !known && !from.targets().isEmpty()) {
            throw TargetRuns.canNotGoOn(
                    target,
                    "the checkpoint is of other targets: "
                            + String.join(", ", from.targets().keySet()));
        }
    }
}
