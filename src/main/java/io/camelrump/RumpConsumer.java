package io.camelrump;

import io.camelrump.checkpoint.Checkpoint;
import io.camelrump.live.ChangeFollower;
import io.camelrump.live.ChangeListener;
import io.camelrump.live.ChangeListeners;
import io.camelrump.live.SourceWatch;
import io.camelrump.options.QueueOptions;
import io.camelrump.redis.RedisException;
import io.camelrump.redis.ServerAddress;
import io.camelrump.run.ChangeLog;
import io.camelrump.run.CheckpointWriter;
import io.camelrump.run.Functions;
import io.camelrump.run.PageData;
import io.camelrump.run.Participant;
import io.camelrump.run.Receipt;
import io.camelrump.run.RetryKeys;
import io.camelrump.run.Run;
import io.camelrump.source.PageSource;
import io.camelrump.throttle.AdaptiveStep;
import io.camelrump.throttle.LatencyGuard;
import io.camelrump.throttle.LatencyGuards;
import java.io.IOException;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.apache.camel.Exchange;
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
    private final long queueBytes;
    private @Nullable PageSource reader;
    /** Servers that are read now, for the timer. */
    private volatile List<ServerAddress> servers;

    /** Servers that take the writes now. */
    private volatile List<ServerAddress> masters;

    private @Nullable LatencyGuards guards;
    private @Nullable ScheduledExecutorService probes;
    private @Nullable ChangeListeners tails;
    private @Nullable ChangeFollower follower;
    private @Nullable SourceWatch watch;
    private @Nullable ExecutorService news;
    private @Nullable CheckpointWriter checkpoints;
    private @Nullable StallDetector stalls;
    /** Held by the poll that is under way. */
    private final ReentrantLock polling = new ReentrantLock();

    /** The scan that sent a page without keys, and the functions that went with it. */
    private int scanWithoutKeys = -1;

    private @Nullable Functions functionsSent;

    RumpConsumer(RumpEndpoint endpoint, Processor processor, Run run, HostedRun hosted) {
        super(endpoint, processor);
        this.endpoint = endpoint;
        this.hosted = hosted;
        this.run = run;
        this.sources = new SourceFactory(endpoint);
        this.queue = endpoint.getQueueOptions();
        this.queueBytes = queue.bytes();
        this.carriers = new ExchangeTracker(run, queue.getStallTimeout());
        this.servers = List.of(endpoint.address());
        this.masters = servers;
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
        stalls = new StallDetector(run, getRouteId(), queue.getStallTimeout(), endpoint.getCamelContext());
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
                watch = sources.sourceWatch(changes, () -> masters);
                // before the databases are counted that are scanned
                watch.look();
            }
            LatencyGuards watching = sources.latencyGuards(run);
            PageSource opened = sources.open(run, watching == null ? new AdaptiveStep() : watching);
            reader = opened;
            lookAround(opened);
            if (changes != null) {
                // before the first SCAN: changes from here on are reported
                follow(opened, changes);
            }
            if (checkpoints != null) {
                checkpoints.begin(opened::states);
            }
            if (watching != null || watch != null || checkpoints != null) {
                startTimer(watching);
            }
            super.doStart();
        } catch (Exception e) {
            // what does not start is not stopped either
            stopWatching();
            closeReader();
            closeCheckpoints();
            hosted.end(RunState.FAILED, e.getMessage() == null ? e.toString() : e.getMessage());
            hosted.release();
            throw e;
        }
    }

    private void closeCheckpoints() {
        CheckpointWriter open = checkpoints;
        checkpoints = null;
        if (open != null) {
            open.close();
        }
    }

    private void lookAround(PageSource source) {
        servers = source.servers();
        masters = source.masters();
    }

    private void follow(PageSource source, ChangeLog changes) throws IOException {
        ExecutorService threads =
                endpoint.getCamelContext().getExecutorServiceManager().newCachedThreadPool(this, "change-tail");
        news = threads;
        ChangeListeners opened = new ChangeListeners(changes, threads);
        if (opened.open(source.masters())) {
            tails = opened;
            source.onServers(opened::follow);
        } else {
            LOG.warn(
                    "Source {} does not tell its changes (CLIENT TRACKING; the ACL rules +client|tracking and +client|trackinginfo"
                            + " for this user may help): it is scanned again and again, and what changed is found by that",
                    endpoint.address());
        }
        follower = sources.follower(run, changes, tails, Objects.requireNonNull(watch));
    }

    @Override
    protected void doResume() throws Exception {
        // while it was suspended nobody could answer
        run.signOfLife();
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
            stopWatching();
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

    /** Probes the source's latency, keeps its news alive and the checkpoint locked, beside the reading. */
    private void startTimer(@Nullable LatencyGuards watching) {
        ScheduledExecutorService timer =
                endpoint.getCamelContext().getExecutorServiceManager().newScheduledThreadPool(this, "source-watch", 2);
        guards = watching;
        probes = timer;
        if (watching != null) {
            timer.scheduleWithFixedDelay(
                    () -> watching.probe(servers), 0, LatencyGuard.PAUSE_MILLIS, TimeUnit.MILLISECONDS);
        }
        if (tails != null) {
            timer.scheduleWithFixedDelay(tails::tick, 0, ChangeListener.TICK_MILLIS, TimeUnit.MILLISECONDS);
        }
        if (checkpoints != null) {
            timer.scheduleWithFixedDelay(
                    checkpoints::keep,
                    CheckpointWriter.KEEP_MILLIS,
                    CheckpointWriter.KEEP_MILLIS,
                    TimeUnit.MILLISECONDS);
        }
        if (watch != null) {
            timer.scheduleWithFixedDelay(watch::look, 0, SourceWatch.PAUSE_MILLIS, TimeUnit.MILLISECONDS);
        }
    }

    private void stopWatching() {
        carriers.stopWatching(endpoint.getCamelContext());
        if (guards != null) {
            guards.close();
            guards = null;
        }
        if (tails != null) {
            tails.close();
            tails = null;
        }
        if (watch != null) {
            watch.close();
            watch = null;
        }
        probes = shutDown(probes);
        news = shutDown(news);
    }

    private <T extends ExecutorService> @Nullable T shutDown(@Nullable T threads) {
        if (threads != null) {
            endpoint.getCamelContext().getExecutorServiceManager().shutdownNow(threads);
        }
        return null;
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
        PageSource source = reader;
        if (source == null || run.state() == RunState.FAILED || run.state() == RunState.INCOMPLETE) {
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
            PageData page = nextPage(source);
            if (page == null) {
                return 0;
            }
            send(page, source);
            return 1;
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

    /** Waits for room, and reads the next page; null if there is none. */
    private @Nullable PageData nextPage(PageSource source) throws Exception {
        while (isPollAllowed() && run.state() == RunState.RUNNING) {
            stalls.look();
            lookAround(source);
            if (checkpoints != null) {
                checkpoints.tick(source::states);
            }
            if (!run.pages().hasRoom(queue.getQueuePages(), queueBytes)) {
                source.drain();
                run.awaitChange();
                continue;
            }
            source.settle();
            if (follower != null) {
                follower.turn(source);
            }
            readAgain(source);
            PageData page = source.next();
            run.report().progress(source.progress());
            if (page != null) {
                return page;
            }
            int scan = run.start();
            if (!source.isAtEnd()) {
                continue;
            }
            boolean unsent = scan != scanWithoutKeys || run.functions() != functionsSent;
            if (run.pages().isSettled()
                    && (run.targets().wantsFunctions() || run.targets().isAnyWanted())
                    && unsent) {
                // the functions go with the next page, which a target is looked at for, and there was none
                scanWithoutKeys = scan;
                functionsSent = run.functions();
                return PageData.empty(source.database());
            }
            if (run.pages().isSettled() && isToEnd()) {
                if (source.isStillTheServer()) {
                    complete(scan);
                }
            } else {
                run.pages().awaitChangeOrReread();
            }
        }
        return null;
    }

    /** Keys that could not be handed over stay in the books, of which a checkpoint is written. */
    private void readAgain(PageSource source) throws InterruptedException {
        RetryKeys reread = run.pages().takeReread();
        if (reread == null) {
            return;
        }
        boolean taken = false;
        try {
            source.enqueue(reread);
            taken = true;
        } finally {
            if (!taken) {
                run.postpone(reread);
            }
        }
    }

    private boolean isToEnd() {
        ChangeLog changes = run.changes();
        return changes == null || changes.drains().isOver();
    }

    /** From the reader's hands into the books: between the two no server is asked, as that may fail. */
    private void send(PageData page, PageSource source) throws Exception {
        int scan = source.scan();
        if (follower != null) {
            follower.read(page);
        }
        boolean closing = run.pages().fillsUp(queue.getQueuePages(), queueBytes, page.bytes())
                || page.attempt() > 0
                || page.size() == 0
                || source.isDry();
        Receipt receipt = run.pages().open(page, scan);
        if (receipt == null) {
            return;
        }
        Exchange exchange = exchange(sources.forTarget(page.out(receipt, closing)));
        Receipts.attach(exchange, List.of(receipt));
        process(exchange);
    }

    /** Every page is answered for: if both servers are still who they were, the run is complete, and the route hears of it. */
    private void complete(int scan) throws Exception {
        if (carriers.areAwaited()) {
            run.awaitChange();
            return;
        }
        for (Participant witness : run.witnesses()) {
            if (!witness.confirm(run)) {
                run.awaitChange();
                return;
            }
        }
        if (!run.complete(scan)) {
            return;
        }
        if (checkpoints != null) {
            checkpoints.delete();
        }
        Exchange exchange = exchange(PageData.end(endpoint.getServerOptions().getDatabase()));
        hosted.describeEnd(exchange.getMessage());
        process(exchange);
    }

    private Exchange exchange(PageData page) {
        Exchange exchange = createExchange(true);
        exchange.getMessage().setBody(new Page(page));
        exchange.getMessage().setHeader(RumpConstants.KEYS, page.size());
        exchange.getMessage().setHeader(RumpConstants.BYTES, page.bytes());
        exchange.getMessage().setHeader(RumpConstants.DATABASE, page.database());
        exchange.getMessage().setHeader(RumpConstants.PROGRESS, run.report().progress());
        return exchange;
    }

    private void process(Exchange exchange) throws Exception {
        getProcessor().process(exchange);
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
