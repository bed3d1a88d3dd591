package io.camelrump;

import io.camelrump.exchanges.ExchangeTracker;
import io.camelrump.reading.FailureNotice;
import io.camelrump.reading.PageSender;
import io.camelrump.reading.PollLoop;
import io.camelrump.reading.ReadingRoute;
import io.camelrump.reading.ReadingSession;
import io.camelrump.reading.SourceFactory;
import io.camelrump.reading.SourceFailure;
import io.camelrump.redis.ErrorText;
import io.camelrump.run.Run;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.apache.camel.Processor;
import org.apache.camel.ShutdownRunningTask;
import org.apache.camel.spi.ShutdownAware;
import org.apache.camel.support.ScheduledPollConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Reads a source: one poll gives one page, and one page is one exchange.
 *
 * <p>It polls only while few pages are out, so memory is bounded whatever the route holds; and the run is complete only
 * when each of them has been answered for.
 */
final class RumpConsumer extends ScheduledPollConsumer implements ShutdownAware {
    private static final String STOPPED = "stopped before the end";

    private final RumpEndpoint endpoint;
    private final HostedRun hosted;
    private final Run run;
    private final ExchangeTracker carriers;
    private final SourceFactory sources;
    private final PageSender sender;
    private volatile @Nullable ReadingSession session;
    /** Whether somebody asked the run to stop, so that no other one follows. */
    private volatile boolean askedToStop;

    private final FailureNotice failure;
    /** Held by the poll that is in progress. */
    private final ReentrantLock polling = new ReentrantLock();

    RumpConsumer(RumpEndpoint endpoint, Processor processor, Run run, HostedRun hosted) {
        super(endpoint, processor);
        this.endpoint = endpoint;
        this.hosted = hosted;
        this.run = run;
        this.sources = new SourceFactory(endpoint.read(), hosted.steering());
        this.carriers = new ExchangeTracker(run, endpoint.getQueueOptions().getStallTimeout());
        this.sender = new PageSender(this, run, sources, Page::new, hosted::describeEnd);
        this.failure = new FailureNotice(run, sender);
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
        others.checkStart(endpoint);
        hosted.begin(getRouteId());
        askedToStop = false;
        failure.open();
        try {
            ((RumpComponent) endpoint.getComponent()).waitingProducers().open(getRouteId());
            openSession(others);
            super.doStart();
        } catch (Exception e) {
            // what does not start is not stopped either
            closeSession();
            hosted.end(RunState.FAILED, ErrorText.words(e));
            hosted.release();
            throw e;
        }
    }

    private void openSession(RouteChecks others) throws Exception {
        ReadingRoute route = new ReadingRoute(
                this, this::isPollAllowed, JoinPages.class, () -> new EndpointSides(endpoint, run, hosted.steering()));
        ReadingSession opened = new ReadingSession(route, run, hosted.ledger().recorder(), carriers, sources);
        session = opened;
        opened.open(resumed -> others.checkTargets(resumed, endpoint), sender);
    }

    @Override
    protected void doResume() throws Exception {
        // while it was suspended nobody could answer
        run.pages().signOfLife();
        super.doResume();
    }

    @Override
    protected void doStop() throws Exception {
        failure.close();
        hosted.end(RunState.INCOMPLETE, STOPPED);
        try {
            super.doStop();
            if (!run.state().isSettled()) {
                writeLastCheckpoint();
            }
        } finally {
            // the checkpoint first: without the pages in flight it would pass keys that have not arrived
            closeSession();
            run.pages().close();
            hosted.release();
        }
    }

    @Override
    protected void doShutdown() throws Exception {
        super.doShutdown();
        hosted.forget();
    }

    private void writeLastCheckpoint() throws InterruptedException {
        ReadingSession open = session;
        // a page in the hands of a poll is neither with the reader nor in the books: then the checkpoint before holds
        if (open != null && open.checkpoints() != null && polling.tryLock(1, TimeUnit.SECONDS)) {
            try {
                open.writeLastCheckpoint();
            } finally {
                polling.unlock();
            }
        }
    }

    private void closeSession() {
        ReadingSession open = session;
        session = null;
        if (open != null) {
            open.close();
        }
    }

    @Override
    protected int poll() throws Exception {
        polling.lock();
        try {
            return pollAndReport();
        } finally {
            polling.unlock();
        }
    }

    private int pollAndReport() throws Exception {
        try {
            return pollOnce();
        } finally {
            failure.send(getExceptionHandler());
        }
    }

    private int pollOnce() throws Exception {
        try {
            if (run.state().isFinal() && !beginNext()) {
                return 0;
            }
            ReadingSession open = session;
            PollLoop polls = open == null ? null : open.loop();
            if (polls == null) {
                return 0;
            }
            if (run.state() == RunState.STOPPING) {
                stopWhenSettled();
                return 0;
            }
            return polls.poll();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return 0;
        } catch (Throwable e) {
            if (isPollAllowed()) {
                failWhenSettled(SourceFailure.text(endpoint.address(), endpoint.getServiceUrl(), e));
                throw e;
            }
            return 0;
        }
    }

    /** Begins the next run where the scan is repeated, whatever became of the one before. */
    private boolean beginNext() throws Exception {
        if (endpoint.getSourceOptions().getScan() == ScanMode.ONCE || askedToStop || !isPollAllowed()) {
            return false;
        }
        boolean settled = run.state().isSettled();
        if (!settled) {
            // its connections may be lost; its checkpoint must not be written once the pages in flight are forgotten
            closeSession();
        }
        run.reset();
        run.report().tell(new RunEvent.Started());
        failure.open();
        if (!settled) {
            openSession(new RouteChecks(endpoint.getCamelContext()));
            if (!isRunAllowed()) {
                closeSession();
            }
        }
        return true;
    }

    /** Any error ends the run, which would wait without end for keys that are not read; those that were may arrive. */
    private void failWhenSettled(String reason) throws InterruptedException {
        run.stopReading();
        carriers.awaitPages(this::isPollAllowed);
        run.fail(reason);
    }

    /** Somebody asked the run to stop; what was read still arrives. */
    private void stopWhenSettled() throws InterruptedException {
        carriers.awaitPages(this::isPollAllowed);
        if (isPollAllowed()) {
            askedToStop = true;
            run.finish(RunState.INCOMPLETE, STOPPED);
            failure.closeIfAsked();
        }
    }

    // --- graceful stop: reading ends at once, the pages that are out are waited for ---

    @Override
    public boolean deferShutdown(ShutdownRunningTask shutdownRunningTask) {
        return false;
    }

    @Override
    public int getPendingExchangesSize() {
        boolean endDue = sender.isEndDue() || polling.isLocked() && failure.isDue();
        return endDue ? 1 : run.state().isFinal() ? 0 : run.pages().size();
    }

    @Override
    public void prepareShutdown(boolean suspendOnly, boolean forced) {
        if (!suspendOnly) {
            run.stopReading();
        }
    }
}
