package io.camelrump.run;

import io.camelrump.checkpoint.Checkpoint;
import io.camelrump.checkpoint.CheckpointInUseException;
import io.camelrump.checkpoint.LockWait;
import io.camelrump.options.CheckpointOptions;
import io.camelrump.redis.RedisException;
import io.camelrump.redis.ServerClock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.apache.camel.spi.StateRepository;
import org.apache.camel.support.service.ServiceHelper;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Writes the checkpoint of a run again and again, and reads that of an earlier one. */
public final class CheckpointWriter {
    private static final Logger LOG = LoggerFactory.getLogger(CheckpointWriter.class);
    private static final long BETWEEN = TimeUnit.SECONDS.toNanos(1);
    /** One that takes long to write, as it names many keys, is written so many times as seldom. */
    private static final int PAUSE_FOR_WRITING = 20;

    /** Longest time between two writes, also while a route blocks the reader: the lock of a repository may expire. */
    public static final long KEEP_MILLIS = 5_000;

    private final StateRepository<String, String> repository;
    private final Run run;
    private final Map<String, String> selection;
    private final Duration retryFor;
    private long writtenAt = System.nanoTime();
    private long pause = BETWEEN;
    private boolean saidLost;
    /** None before the first one, and none after the end. */
    private @Nullable Checkpoint last;
    /** The scan that the last one is of. */
    private ScanEpoch lastScan = ScanEpoch.NONE;

    /** @param retryFor how long a server that is not ready is waited for at the start */
    public CheckpointWriter(
            StateRepository<String, String> repository, Run run, Map<String, String> selection, Duration retryFor) {
        this.repository = repository;
        this.run = run;
        this.selection = selection;
        this.retryFor = retryFor;
    }

    /**
     * Takes the repository for this run.
     *
     * @return where it goes on; null if it starts at the beginning
     */
    @Nullable
    public Checkpoint open(CheckpointOptions options) throws InterruptedException {
        boolean resume = options.isResume();
        boolean restart = options.isRestartScan();
        String text = found(resume || restart);
        if (text == null || text.isEmpty()) {
            return null;
        }
        if (!Checkpoint.isCheckpoint(text)) {
            throw RedisException.permanentError(repository
                    + " holds something else than a checkpoint, and is left alone:" + " name another place for it.");
        }
        if (!resume && !restart) {
            throw RedisException.permanentError(
                    "There is a checkpoint of a run that did not come to its end: " + repository
                            + ". Let it go on with resume (--resume), or start over with restartScan (--restart-scan).");
        }
        if (!resume) {
            LOG.info("The checkpoint {} is given up: the scan starts at the beginning", repository);
            return null;
        }
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
            LOG.warn("The checkpoint {} is given up, as {}", repository, objection);
            return null;
        }
        throw RedisException.permanentError("The checkpoint " + repository + " does not fit: " + objection
                + ". Start over with restartScan (--restart-scan).");
    }

    /** The checkpoint of an earlier run; waits for a server that keeps it and is not ready yet. */
    private @Nullable String found(boolean waits) throws InterruptedException {
        RetryWindow reading = new RetryWindow("The checkpoint " + repository + " cannot be read yet", retryFor);
        LockWait wait = new LockWait(repository, waits);
        while (true) {
            try {
                ServiceHelper.startService(repository);
                return repository.getState(run.migration());
            } catch (RedisException e) {
                if (!e.isServerNotReady()) {
                    throw e;
                }
                reading.awaitRetry(e, run);
            } catch (CheckpointInUseException e) {
                wait.await(e);
            }
        }
    }

    /** The source is open: from here on a later run can go on. */
    public void begin(Supplier<List<Checkpoint.SourceState>> source) {
        write(source);
        run.targets().onFound(this::writeTargets);
    }

    /** Writes a checkpoint if it is time to. */
    public void tick(Supplier<List<Checkpoint.SourceState>> source) {
        long now = System.nanoTime();
        if (now - writtenAt > pause) {
            write(source);
            writtenAt = System.nanoTime();
            pause = Math.max(BETWEEN, PAUSE_FOR_WRITING * (writtenAt - now));
        }
    }

    public void write(Supplier<List<Checkpoint.SourceState>> source) {
        ScanEpoch scan = run.epoch();
        // before it is asked how far the source was read: a step that is found in between is found again
        Map<String, ServerClock> clocks = run.clockSteps().clocks();
        List<Checkpoint.SourceState> states = source.get();
        if (!states.isEmpty()) {
            write(
                    scan,
                    new Checkpoint(
                            states,
                            selection,
                            run.report().counts(),
                            run.report().refusals(),
                            Map.of(),
                            Map.of(),
                            clocks,
                            run.changes() != null));
        }
    }

    /** Before a target is written for the first time: whether it was empty cannot be told any more after that. */
    private synchronized void writeTargets() {
        if (last != null) {
            write(lastScan, last);
        }
    }

    /** Writes the last one again. */
    public synchronized void keep() {
        if (last != null) {
            try {
                write(lastScan, last);
            } catch (RedisException e) {
                // the reader meets it too, and ends the run
                LOG.debug("The checkpoint {} is not kept", repository, e);
            }
        }
    }

    private synchronized void write(ScanEpoch scan, Checkpoint read) {
        Checkpoint checkpoint = read.with(
                run.targets().states(), run.targets().loadedLibraries().digests());
        if (!scan.equals(run.epoch())) {
            // a server is another one by now: what had arrived is void, and must not be told of the new one
            return;
        }
        last = checkpoint;
        lastScan = scan;
        try {
            repository.setState(run.migration(), checkpoint.encode());
            saidLost = false;
        } catch (RedisException e) {
            if (e.isPermanent()) {
                throw e;
            }
            sayLost(e);
        } catch (RuntimeException e) {
            sayLost(e);
        }
    }

    /** The one before still holds. */
    private void sayLost(RuntimeException e) {
        if (!saidLost) {
            LOG.warn("No checkpoint could be written: {}", e.getMessage());
            saidLost = true;
        }
    }

    /** The run is complete: nothing is left to go on with. */
    public synchronized void delete() {
        last = null;
        try {
            repository.setState(run.migration(), "");
        } catch (RuntimeException e) {
            LOG.warn(
                    "The run is complete, but its checkpoint {} could not be removed; remove it by hand: {}",
                    repository,
                    e.getMessage());
        }
    }

    public synchronized void close() {
        last = null;
        ServiceHelper.stopService(repository);
    }

    @Override
    public String toString() {
        return repository.toString();
    }
}
