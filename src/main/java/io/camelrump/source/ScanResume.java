package io.camelrump.source;

import io.camelrump.checkpoint.Checkpoint;
import io.camelrump.keys.RenameRules;
import io.camelrump.redis.RedisConnection;
import io.camelrump.redis.RedisException;
import io.camelrump.redis.ServerAddress;
import io.camelrump.redis.ServerInfo;
import io.camelrump.run.Run;
import java.io.IOException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Resumes the scan of a server where an earlier run ended, if the same process answers. */
record ScanResume(ServerAddress address, ServerInfo info, RedisConnection connection, KeyScan scan, Run run) {
    private static final Logger LOG = LoggerFactory.getLogger(ScanResume.class);

    /**
     * Resumes the run as a whole, if there was one before.
     *
     * @param restartScan whether it may restart where it cannot be resumed
     */
    void resume(@Nullable RenameRules renaming, boolean restartScan) throws IOException {
        Checkpoint from = run.targets().resumed();
        if (from == null) {
            return;
        }
        String objection = objection(from.sources().get(0), renaming);
        if (objection == null) {
            LOG.info(
                    "Resuming at {} % of database {}: {} keys have their outcome already",
                    (int) (100 * scan.progress()),
                    scan.database(),
                    from.counts().settled());
            if (!run.isLive()) {
                LOG.warn(
                        "Writes to {} since the earlier run read the keys are not copied: run a comparison"
                                + " afterwards",
                        address);
            }
        } else if (restartScan) {
            LOG.warn("The scan starts at the beginning, as {}", objection);
            run.resume(null);
        } else {
            run.targets().refuseCheckpoint();
            throw RedisException.permanentError(
                    "The run cannot be resumed: " + objection + ". Start over with restartScan (--restart-scan).");
        }
    }

    private @Nullable String objection(Checkpoint.SourceState state, @Nullable RenameRules renaming)
            throws IOException {
        if (!state.node().isEmpty()) {
            return "source " + address + " is no cluster, and the checkpoint is of one";
        }
        if (!isServerOf(state)) {
            return "source " + address + " is another server process than the one that the checkpoint is of";
        }
        if (renaming != null && !renaming.isInjective()) {
            return "which names were taken by several --rename rules, or a regular expression, is not remembered";
        }
        return scan.resumeAt(state.position())
                ? null
                : "database " + state.position().database() + " is not among those that are read";
    }

    /**
     * Resumes a node by itself: one that cannot be resumed is scanned from the beginning, and no other node has to be.
     */
    void resume(NodeAssignment node) throws IOException {
        Checkpoint.SourceState state = node.resumed();
        if (state != null && isServerOf(state) && scan.resumeAt(state.position())) {
            LOG.info("Resuming at {} % of {}", (int) (100 * scan.progress()), address);
        } else if (state != null) {
            LOG.warn(
                    "{} is another server process than the one that the checkpoint is of: it is read again from the"
                            + " start",
                    address);
            node.startOver();
        }
    }

    /** State that the scan goes on from; null if it starts at the beginning. */
    Checkpoint.@Nullable SourceState state(ReadScope scope) {
        if (scope instanceof NodeAssignment node) {
            return node.resumed();
        }
        Checkpoint from = run.targets().resumed();
        return from == null ? null : from.sources().get(0);
    }

    private boolean isServerOf(Checkpoint.SourceState state) throws IOException {
        return state.runId().isEmpty()
                ? info.runId() == null && ScanFingerprint.decode(state.seen()).isSameServer(connection)
                : state.runId().equals(info.runId());
    }
}
