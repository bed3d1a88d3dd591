package io.camelrump.run;

import io.camelrump.checkpoint.Checkpoint;
import io.camelrump.checkpoint.CheckpointInUseException;
import io.camelrump.checkpoint.LockWait;
import io.camelrump.checkpoint.TurnedText;
import io.camelrump.options.CheckpointOptions;
import io.camelrump.redis.RedisException;
import java.time.Duration;
import java.util.Map;
import org.apache.camel.spi.StateRepository;
import org.apache.camel.support.service.ServiceHelper;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Takes a repository for a new run, with the checkpoint that an earlier run left there. */
final class EarlierCheckpoint {
    private static final Logger LOG = LoggerFactory.getLogger(EarlierCheckpoint.class);

    private final StateRepository<String, String> repository;
    private final Run run;
    private final Map<String, String> selection;
    private final Duration retryFor;

    /** @param retryFor how long a server that is not ready is waited for */
    EarlierCheckpoint(
            StateRepository<String, String> repository, Run run, Map<String, String> selection, Duration retryFor) {
        this.repository = repository;
        this.run = run;
        this.selection = selection;
        this.retryFor = retryFor;
    }

    /**
     * Takes the repository.
     *
     * @return where the new run goes on; null if it starts at the beginning
     * @throws RedisException if the options do not say what becomes of what is there, or it does not fit
     */
    @Nullable
    Checkpoint take(CheckpointOptions options) throws InterruptedException {
        boolean resume = options.isResume();
        boolean restart = options.isRestartScan();
        String text = found(resume || restart);
        if (text == null || text.isEmpty()) {
            return null;
        }
        if (!Checkpoint.isCheckpoint(text)) {
            run.targets().refuseCheckpoint();
            throw RedisException.permanentError(repository
                    + " holds something other than a checkpoint, and is left alone: name another place for it.");
        }
        refuseOtherDirection(text);
        if (!resume && !restart) {
            throw RedisException.permanentError("The checkpoint of an unfinished run exists: " + repository
                    + ". Continue that run with resume (--resume), or restart with restartScan (--restart-scan).");
        }
        if (!resume) {
            LOG.info("The checkpoint {} is discarded: the scan starts at the beginning", repository);
            return null;
        }
        return continued(text, restart);
    }

    /** Not even a scan from the start may write over what the clients write to by now. */
    private void refuseOtherDirection(String text) {
        String objection = TurnedText.objection(text, selection.containsKey(Checkpoint.WAY_BACK));
        if (objection != null) {
            run.targets().refuseCheckpoint();
            throw RedisException.permanentError("The checkpoint " + repository + " " + objection);
        }
    }

    private @Nullable Checkpoint continued(String text, boolean restart) {
        String objection;
        try {
            Checkpoint found = Checkpoint.decode(text);
            String other = found.otherSelection(selection);
            if (other == null) {
                return found;
            }
            objection = "it is of a run with other options: " + other;
        } catch (IllegalArgumentException e) {
            objection = String.valueOf(e.getMessage());
        }
        if (restart) {
            LOG.warn("The checkpoint {} is discarded, as {}", repository, objection);
            return null;
        }
        run.targets().refuseCheckpoint();
        throw RedisException.permanentError("The checkpoint " + repository + " cannot be resumed: " + objection
                + ". Start over with restartScan (--restart-scan).");
    }

    /** The checkpoint of an earlier run; waits for a server that keeps it and is away. */
    private @Nullable String found(boolean waits) throws InterruptedException {
        RetryWindow reading = new RetryWindow("The checkpoint " + repository + " cannot be read yet", retryFor);
        LockWait wait = new LockWait(repository, waits);
        while (true) {
            try {
                ServiceHelper.startService(repository);
                String found = repository.getState(run.migration());
                reading.succeeded();
                return found;
            } catch (RedisException e) {
                reading.awaitStart(e, run);
            } catch (CheckpointInUseException e) {
                wait.await(e);
            }
        }
    }
}
