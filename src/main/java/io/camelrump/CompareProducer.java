package io.camelrump;

import io.camelrump.compare.ComparePlan;
import io.camelrump.compare.ComparedServer;
import io.camelrump.run.PageData;
import io.camelrump.run.Participant;
import io.camelrump.run.Receipt;
import io.camelrump.run.Run;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import org.apache.camel.Exchange;
import org.apache.camel.support.DefaultProducer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Compares the pages of a reader with a server, or looks up their keys there; what differs is noted in the reader's
 * ledger.
 *
 * <p>Takes pages and batches of a {@code rump:} consumer. Synchronous, and one exchange at a time.
 */
final class CompareProducer extends DefaultProducer implements Participant {
    private static final Logger LOG = LoggerFactory.getLogger(CompareProducer.class);

    private final RumpEndpoint endpoint;
    private final ReentrantLock lock = new ReentrantLock();
    private volatile @Nullable ComparedServer server;

    CompareProducer(RumpEndpoint endpoint) {
        super(endpoint);
        this.endpoint = endpoint;
    }

    @Override
    protected void doStart() throws Exception {
        ComparedServer opened = new ComparedServer(endpoint.address(), plan());
        opened.open();
        server = opened;
        super.doStart();
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
        lock.lock();
        try {
            if (server != null) {
                server.close();
            }
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void process(Exchange exchange) throws Exception {
        List<PageData> pages = Bodies.pages(exchange);
        lock.lockInterruptibly();
        try {
            ComparedServer open = server;
            if (open == null || !isRunAllowed()) {
                throw new IllegalStateException("the producer is not started");
            }
            compare(pages, open);
        } catch (TargetClosedException e) {
            Bodies.fail(pages, e);
            throw e;
        } finally {
            lock.unlock();
        }
    }

    private void compare(List<PageData> pages, ComparedServer open)
            throws TransientTargetException, TargetClosedException {
        try {
            for (PageData page : pages) {
                Receipt receipt = page.receipt();
                if (receipt == null && page.size() > 0) {
                    throw new UsageException(
                            "a comparison takes pages of a rump: consumer, which has the books for it");
                }
                if (receipt != null) {
                    receipt.run().targets().join(this);
                    receipt.claim(open.answerer(), page.placesTaken());
                    open.compare(page, receipt);
                }
            }
        } catch (TransientTargetException | RuntimeException e) {
            Bodies.release(pages, open.answerer());
            throw e;
        }
    }

    @Override
    public long bytesSent() {
        ComparedServer open = server;
        return open == null ? 0 : open.bytesSent();
    }

    /** Reports a difference as soon as it is found. */
    @Override
    public boolean isFinal() {
        return true;
    }

    @Override
    public boolean confirm(Run run) throws InterruptedException {
        lock.lockInterruptibly();
        try {
            return server == null || server.confirm(run);
        } catch (TransientTargetException e) {
            LOG.debug("not confirmed yet", e);
            return false;
        } catch (TargetClosedException e) {
            run.fail(e.getMessage());
            return false;
        } finally {
            if (server != null && !isRunAllowed()) {
                // nobody closes what a stopped producer opens to ask
                server.close();
            }
            lock.unlock();
        }
    }
}
