package io.camelrump.run;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.camelrump.checkpoint.Checkpoint;
import io.camelrump.options.CheckpointOptions;
import io.camelrump.redis.RedisException;
import io.camelrump.redis.ServerClock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.apache.camel.spi.StateRepository;
import org.apache.camel.support.service.ServiceHelper;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes the checkpoint of a run again and again, and begins with that of an earlier one. All methods may be called
 * from any thread, except {@link #tick}.
 */
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
    private final EarlierCheckpoint earlier;
    /** Used by the thread of {@link #tick} alone, like {@link #pause}. */
    private long writtenAt = System.nanoTime();

    private long pause = BETWEEN;
    private boolean writtenWord;

    /** One write after the other, each of what is known when its turn comes. Nobody takes it for anything else. */
    private final ReentrantLock turn = new ReentrantLock();

    private final AtomicBoolean saidLost = new AtomicBoolean();

    /** None before the first one, and none after the end. */
    @GuardedBy("turn")
    private @Nullable Checkpoint last;

    /** The scan that the last one is of. */
    @GuardedBy("turn")
    private ScanEpoch lastScan = ScanEpoch.NONE;

    /** @param retryFor how long a server that is not ready is waited for at the start */
    public CheckpointWriter(
            StateRepository<String, String> repository, Run run, Map<String, String> selection, Duration retryFor) {
        this.repository = repository;
        this.run = run;
        this.selection = selection;
        this.earlier = new EarlierCheckpoint(repository, run, selection, retryFor);
    }

    /**
     * Takes the repository for this run.
     *
     * @return where it goes on; null if it starts at the beginning
     */
    @Nullable
    public Checkpoint open(CheckpointOptions options) throws InterruptedException {
        return earlier.take(options);
    }

    /** The source is open: from here on a later run can go on. */
    public void begin(Supplier<List<Checkpoint.SourceState>> source) {
        write(source);
        run.targets().onFound(this::writeTargets);
    }

    /** Writes a checkpoint if it is time to. */
    public void tick(Supplier<List<Checkpoint.SourceState>> source) {
        long now = System.nanoTime();
        // a cutover is on record before its first barrier
        boolean word = run.changes().drains().needsWord();
        if (word != writtenWord || now - writtenAt > pause) {
            writtenWord = word;
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
            Checkpoint read = new Checkpoint(
                    states,
                    selection,
                    run.report().counts(),
                    run.report().refusals(),
                    Map.of(),
                    Map.of(),
                    clocks,
                    run.isLive(),
                    run.changes().drains().needsWord(),
                    run.changes().withheld().disputed().held());
            inTurn(() -> writeNow(scan, read));
        }
    }

    /** Before a target is written for the first time: whether it was empty is not known any more after that. */
    private void writeTargets() {
        inTurn(this::writeLast);
    }

    /**
     * Writes the last one again, unless it is being written: the timer has other things to do than to wait for that.
     */
    public void keep() {
        if (turn.tryLock()) {
            try {
                writeLast();
            } catch (RedisException e) {
                // the reader meets it too, and ends the run
                LOG.debug("The checkpoint {} is not kept", repository, e);
            } finally {
                turn.unlock();
            }
        }
    }

    private void inTurn(Runnable write) {
        turn.lock();
        try {
            write.run();
        } finally {
            turn.unlock();
        }
    }

    private void writeLast() {
        if (last != null) {
            writeNow(lastScan, last);
        }
    }

    private void writeNow(ScanEpoch scan, Checkpoint read) {
        Checkpoint checkpoint = read.with(
                run.targets().states(), run.targets().loadedLibraries().digests());
        if (!scan.equals(run.epoch())) {
            // a server is another one by now: what had arrived is void, and must not be reported of the new one
            return;
        }
        last = checkpoint;
        lastScan = scan;
        try {
            repository.setState(run.migration(), checkpoint.encode());
            saidLost.set(false);
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
        if (!saidLost.getAndSet(true)) {
            LOG.warn("No checkpoint could be written: {}", e.getMessage());
        }
    }

    /** The run is complete: nothing is left to go on with. */
    public void delete() {
        inTurn(() -> {
            last = null;
            try {
                repository.setState(run.migration(), "");
            } catch (RuntimeException e) {
                LOG.warn(
                        "The run is complete, but its checkpoint {} could not be removed; remove it by hand: {}",
                        repository,
                        e.getMessage());
            }
        });
    }

    public void close() {
        inTurn(() -> {
            last = null;
            ServiceHelper.stopService(repository);
        });
    }

    @Override
    public String toString() {
        return repository.toString();
    }
}
