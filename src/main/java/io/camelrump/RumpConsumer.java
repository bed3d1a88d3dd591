package io.camelrump;

import io.camelrump.checkpoint.Checkpoint;
import io.camelrump.live.ChangeFollower;
import io.camelrump.live.ChangeListeners;
import io.camelrump.options.QueueOptions;
import io.camelrump.redis.RedisException;
import io.camelrump.run.ChangeLog;
import io.camelrump.run.CheckpointWriter;
import io.camelrump.run.Run;
import io.camelrump.source.PageSource;
import io.camelrump.throttle.AdaptiveStep;
import io.camelrump.throttle.LatencyGuards;
import java.io.IOException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.apache.camel.Processor;
import org.apache.camel.ShutdownRunningTask;
import org.apache.camel.spi.ShutdownAware;
import org.apache.camel.support.ScheduledPollConsumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads a source: one poll gives one page, and one page is one exchange.
 *
 * <p>It polls only while few pages are out, so memory is bounded whatever the route holds; and the run is complete only
 * when each of them has been answered for.
 */
final class RumpConsumer extends ScheduledPollConsumer implements ShutdownAware {
    private static final Logger LOG = LoggerFactory.getLogger(RumpConsumer.class);
    private static final String STOPPED = "stopped before the end";

    private final RumpEndpoint endpoint;
    private final HostedRun hosted;
    private final Run run;
    private final ExchangeTracker carriers;
    private final SourceFactory sources;
    private final QueueOptions queue;
    private final BackgroundTasks background;
    private final PageSender sender;
    private @Nullable PageSource reader;
    private @Nullable PollLoop loop;
    private @Nullable CheckpointWriter checkpoints;
    /** Held by the poll that is under way. */
    private final ReentrantLock polling = new ReentrantLock();

    RumpConsumer(RumpEndpoint endpoint, Processor processor, Run run, HostedRun hosted) {
        super(endpoint, processor);
        this.endpoint = endpoint;
        this.hosted = hosted;
        this.run = run;
        this.sources = new SourceFactory(endpoint);
        this.queue = endpoint.getQueueOptions();
        this.carriers = new ExchangeTracker(run, queue.getStallTimeout());
        this.background = new BackgroundTasks(endpoint.getCamelContext(), this, endpoint.address());
        this.sender = new PageSender(this, endpoint, run, hosted, sources);
    }

    @Override
    protected void doBuild() throws Exception {
        if (getHealthCheck() == null) {
            setHealthCheck(new RunHealthCheck(this, "consumer:" + getRouteId(), hosted.ledger()));
        }
        super.doBuild();
    }

    @Override
    protected void doStart() throws Exception {
        RouteChecks others = new RouteChecks(endpoint.getCamelContext());
        others.checkBatches(queue);
        StallDetector stalls =
                new StallDetector(run, getRouteId(), queue.getStallTimeout(), endpoint.getCamelContext());
        hosted.begin(getRouteId());
        try {
            carriers.watch(endpoint.getCamelContext());
            checkpoints = sources.checkpoints(run, getRouteId());
            Checkpoint resumed = checkpoints == null ? null : checkpoints.open(endpoint.getCheckpointOptions());
            if (resumed != null) {
                others.checkTargets(resumed);
            }
            run.resume(resumed);
            ChangeLog changes = endpoint.getSourceOptions().isLive() ? run.follow() : null;
            if (changes != null) {
                // before the databases are counted that are scanned
                background.watch(sources.sourceWatch(changes, background::masters));
            }
            LatencyGuards watching = sources.latencyGuards(run);
            PageSource opened = sources.open(run, watching == null ? new AdaptiveStep() : watching);
            reader = opened;
            background.lookAround(opened);
            // before the first SCAN: changes from here on are reported
            ChangeFollower follower = changes == null ? null : follow(opened, changes);
            loop = new PollLoop(this, run, queue, opened, follower, stalls, sender, background, carriers);
            if (checkpoints != null) {
                checkpoints.begin(opened::states);
            }
            background.start(watching, checkpoints);
            super.doStart();
        } catch (Exception e) {
            // what does not start is not stopped either
            background.stop();
            carriers.stopWatching(endpoint.getCamelContext());
            closeReader();
            closeCheckpoints();
            hosted.end(RunState.FAILED, e.getMessage() == null ? e.toString() : e.getMessage());
            hosted.release();
            throw e;
        }
    }

    private ChangeFollower follow(PageSource source, ChangeLog changes) throws IOException {
        ChangeListeners listeners = background.follow(source, changes);
        if (listeners == null) {
            LOG.warn(
                    "Source {} does not tell its changes (CLIENT TRACKING; the ACL rules +client|tracking and +client|trackinginfo"
                            + " for this user may help): it is scanned again and again, and what changed is found by that",
                    endpoint.address());
        }
        return sources.follower(run, changes, listeners, background.watch());
    }

    private void closeCheckpoints() {
        CheckpointWriter open = checkpoints;
        checkpoints = null;
        if (open != null) {
            open.close();
        }
    }

    @Override
    protected void doResume() throws Exception {
        // while it was suspended nobody could answer
        run.pages().signOfLife();
        super.doResume();
    }

    @Override
    protected void doStop() throws Exception {
        hosted.end(RunState.INCOMPLETE, STOPPED);
        try {
            super.doStop();
            PageSource source = reader;
            if (checkpoints != null && source != null && !run.state().isSettled()) {
                writeLast(checkpoints, source);
            }
        } finally {
            closeCheckpoints();
            run.pages().close();
            background.stop();
            carriers.stopWatching(endpoint.getCamelContext());
            closeReader();
            hosted.release();
        }
    }

    @Override
    protected void doShutdown() throws Exception {
        super.doShutdown();
        hosted.forget();
    }

    private void closeReader() {
        PageSource open = reader;
        reader = null;
        loop = null;
        if (open != null) {
            open.close();
        }
    }

    private void writeLast(CheckpointWriter open, PageSource source) throws InterruptedException {
        // a page in the hands of a poll is neither with the reader nor in the books: then the checkpoint before holds
        if (polling.tryLock(1, TimeUnit.SECONDS)) {
            try {
                open.write(source::states);
            } catch (RedisException e) {
                LOG.warn("{}", e.getMessage());
            } finally {
                polling.unlock();
            }
        }
    }

    /** Whether the reader has to go on; not while the route stops or is suspended. */
    boolean mayPoll() {
        return isPollAllowed();
    }

    /** The checkpoint of the run; null if none is kept, or not any more. */
    @Nullable
    CheckpointWriter checkpoints() {
        return checkpoints;
    }

    @Override
    protected int poll() throws Exception {
        polling.lock();
        try {
            return pollOnce();
        } finally {
            polling.unlock();
        }
    }

    private int pollOnce() throws Exception {
        PollLoop polls = loop;
        if (polls == null || run.state() == RunState.FAILED || run.state() == RunState.INCOMPLETE) {
            return 0;
        }
        if (run.state().isSettled()) {
            if (endpoint.getSourceOptions().getScan() == ScanMode.ONCE) {
                return 0;
            }
            run.reset();
        }
        try {
            if (run.state() == RunState.STOPPING) {
                stopWhenSettled();
                return 0;
            }
            return polls.poll();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return 0;
        } catch (RedisException e) {
            if (isPollAllowed()) {
                failWhenSettled("Source: " + e.getMessage());
                throw e;
            }
            return 0;
        }
    }

    /** The source is lost; what was read of it may still arrive, and is counted. */
    private void failWhenSettled(String reason) throws InterruptedException {
        run.stopReading();
        awaitPagesOut();
        run.fail(reason);
    }

    /** Somebody asked the run to stop; what was read still arrives. */
    private void stopWhenSettled() throws InterruptedException {
        awaitPagesOut();
        if (isPollAllowed()) {
            run.finish(RunState.INCOMPLETE, STOPPED);
        }
    }

    private void awaitPagesOut() throws InterruptedException {
        while (run.pages().size() > 0
                && isPollAllowed()
                && run.pages().silentNanos() < queue.getStallTimeout().toNanos()) {
            run.awaitChange();
        }
    }

    // --- graceful stop: reading ends at once, the pages that are out are waited for ---

    @Override
    public boolean deferShutdown(ShutdownRunningTask shutdownRunningTask) {
        return false;
    }

    @Override
    public int getPendingExchangesSize() {
        return run.state().isFinal() ? 0 : run.pages().size();
    }

    @Override
    public void prepareShutdown(boolean suspendOnly, boolean forced) {
        if (!suspendOnly) {
            run.stopReading();
        }
    }
}
