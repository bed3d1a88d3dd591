package io.camelrump;

import io.camelrump.compare.ComparePlan;
import io.camelrump.compare.ComparedFile;
import io.camelrump.compare.ComparedServer;
import io.camelrump.compare.ComparedSide;
import io.camelrump.compare.ComparisonGuard;
import io.camelrump.compare.PageComparisons;
import io.camelrump.exchanges.InFlightExchanges;
import io.camelrump.host.ProducerStart;
import io.camelrump.reading.BackupOpening;
import io.camelrump.run.PageData;
import io.camelrump.run.Participant;
import io.camelrump.run.Run;
import java.util.List;
import java.util.concurrent.ExecutorService;
import org.apache.camel.AsyncCallback;
import org.apache.camel.Exchange;
import org.apache.camel.spi.RouteIdAware;
import org.apache.camel.support.DefaultAsyncProducer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Compares the pages of a reader with a server, or looks up their keys there; what differs is noted in the reader's
 * ledger.
 *
 * <p>Takes pages and batches of a {@code rump:} consumer. {@link PageComparisons} has them compared in their order, and
 * the next ones asked for while replies are due.
 */
final class CompareProducer extends DefaultAsyncProducer implements Participant, RouteIdAware {
    private static final Logger LOG = LoggerFactory.getLogger(CompareProducer.class);

    private final RumpEndpoint endpoint;
    private final PageComparisons comparisons = new PageComparisons(this, this::isRunAllowed);
    private final ProducerStart start;
    private final ComparisonGuard guard;
    private @Nullable ExecutorService threads;

    CompareProducer(RumpEndpoint endpoint) {
        super(endpoint);
        this.endpoint = endpoint;
        this.start = new ProducerStart(((RumpComponent) endpoint.getComponent()).waitingProducers(), this::open);
        this.guard = new ComparisonGuard(
                endpoint.getCamelContext(), endpoint.getThrottleOptions(), comparisons::isComparing);
    }

    @Override
    protected void doStart() throws Exception {
        super.doStart();
        start.start();
    }

    private void open() throws Exception {
        ComparedSide opened = endpoint.file() == null
                ? new ComparedServer(endpoint.address(), plan())
                : new ComparedFile(BackupOpening.plan(endpoint.read()), plan());
        opened.open();
        ExecutorService started = endpoint.getCamelContext()
                .getExecutorServiceManager()
                .newFixedThreadPool(this, "RumpComparisons", InFlightExchanges.THREADS);
        threads = started;
        comparisons.start(opened, started);
        if (opened instanceof ComparedServer server) {
            guard.start(this, server);
        }
    }

    private ComparePlan plan() {
        boolean keeps = endpoint.getTargetOptions().getOnConflict() == ConflictPolicy.KEEP;
        return new ComparePlan(
                endpoint.title(),
                endpoint.getOperation() == Operation.LOOKUP,
                endpoint.getSelectionOptions().types(),
                endpoint.keyMapping().origins(),
                keeps ? new KeptKeyLookup(endpoint.getCamelContext().getRegistry()) : null,
                endpoint.getServerOptions(),
                endpoint.getTargetOptions(),
                endpoint.getCompareOptions(),
                endpoint.getBigKeyOptions());
    }

    @Override
    protected void doStop() throws Exception {
        super.doStop();
        start.stop();
        guard.stop();
        comparisons.stop();
        if (threads != null) {
            endpoint.getCamelContext().getExecutorServiceManager().shutdown(threads);
        }
    }

    @Override
    public String getRouteId() {
        return start.routeId();
    }

    /** Called by Camel before the start, where the producer is part of a route. */
    @Override
    public void setRouteId(@Nullable String routeId) {
        start.routeId(routeId);
    }

    @Override
    public boolean process(Exchange exchange, AsyncCallback callback) {
        try {
            List<PageData> pages = Bodies.pages(exchange);
            start.openFor(pages);
            if (comparisons.take(exchange, callback, withBooks(pages))) {
                return false;
            }
        } catch (Exception e) {
            exchange.setException(e);
        }
        callback.done(true);
        return true;
    }

    /** The pages that have books; one without may have no keys. */
    private static List<PageData> withBooks(List<PageData> pages) {
        for (PageData page : pages) {
            if (page.receipt() == null && page.size() > 0) {
                throw new UsageException("a comparison takes pages of a rump: consumer, which has the books for it");
            }
        }
        return pages.stream().filter(page -> page.receipt() != null).toList();
    }

    @Override
    public long bytesSent() {
        ComparedSide open = comparisons.server();
        return open == null ? 0 : open.bytesSent();
    }

    /** Reports a difference as soon as it is found. */
    @Override
    public boolean isFinal() {
        return true;
    }

    @Override
    public boolean confirm(Run run) throws InterruptedException {
        try {
            return comparisons.confirm(run);
        } catch (TransientTargetException e) {
            LOG.debug("not confirmed yet", e);
            return false;
        } catch (TargetClosedException e) {
            run.fail(e.getMessage());
            return false;
        }
    }
}
