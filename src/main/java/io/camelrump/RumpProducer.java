package io.camelrump;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.locks.ReentrantLock;
import org.apache.camel.Exchange;
import org.apache.camel.InvalidPayloadException;
import org.apache.camel.support.DefaultProducer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes to a target: one exchange is one batch is one RESTORE pipeline.
 *
 * <p>Takes a {@link Page}, a {@link Batch}, a {@link DumpedKey}, or an Iterable of pages or keys. Synchronous, and one
 * batch at a time: exchanges of several threads wait for each other.
 */
final class RumpProducer extends DefaultProducer implements Witness {
    private static final Logger LOG = LoggerFactory.getLogger(RumpProducer.class);

    private final RumpEndpoint endpoint;
    private final ReentrantLock lock = new ReentrantLock();
    private @Nullable Target target;

    RumpProducer(RumpEndpoint endpoint) {
        super(endpoint);
        this.endpoint = endpoint;
    }

    @Override
    protected void doStart() throws Exception {
        Target opened = new Target(endpoint.address(), WriteOptions.of(endpoint));
        opened.open();
        target = opened;
        super.doStart();
    }

    @Override
    protected void doStop() throws Exception {
        super.doStop();
        lock.lock();
        try {
            if (target != null) {
                target.close();
            }
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void process(Exchange exchange) throws Exception {
        List<Page> pages = pages(exchange);
        Receipts.attach(
                exchange,
                pages.stream()
                        .map(Page::receipt)
                        .filter(Objects::nonNull)
                        .distinct()
                        .toList());
        lock.lockInterruptibly();
        try {
            if (target == null) {
                throw new IllegalStateException("the producer is not started");
            }
            for (Page page : pages) {
                if (page.receipt() != null) {
                    page.receipt().ledger().join(this);
                }
            }
            WriteReport report = target.write(pages);
            exchange.getMessage().setHeader(RumpConstants.RESTORED, report.count(Outcome.RESTORED));
            exchange.getMessage().setHeader(RumpConstants.KEPT, report.count(Outcome.KEPT));
            exchange.getMessage().setHeader(RumpConstants.REFUSED, report.count(Outcome.REFUSED));
            exchange.getMessage().setHeader(RumpConstants.FAILURES, report.refusals());
        } catch (TargetClosedException e) {
            fail(pages, e);
            throw e;
        } finally {
            lock.unlock();
        }
    }

    static void fail(List<Page> pages, TargetClosedException cause) {
        for (Page page : pages) {
            if (page.receipt() != null) {
                page.receipt().ledger().fail(cause.getMessage());
            }
        }
    }

    /** Whether the target is still the process that said OK, and has thrown no key away. */
    @Override
    public boolean confirm(Ledger ledger) throws InterruptedException {
        lock.lockInterruptibly();
        try {
            return target == null || target.confirm(ledger);
        } catch (TransientTargetException e) {
            LOG.debug("not confirmed yet", e);
            return false;
        } catch (TargetClosedException e) {
            ledger.fail(e.getMessage());
            return false;
        } finally {
            lock.unlock();
        }
    }

    static List<Page> pages(Exchange exchange) throws InvalidPayloadException {
        Object body = exchange.getMessage().getBody();
        List<Page> pages = new ArrayList<>();
        if (body instanceof Page page) {
            pages.add(page);
        } else if (body instanceof Batch batch) {
            pages.addAll(batch.pages());
        } else if (body instanceof DumpedKey key) {
            pages.add(key.asPage());
        } else if (body instanceof Iterable<?> items) {
            for (Object item : items) {
                if (item instanceof Page page) {
                    pages.add(page);
                } else if (item instanceof DumpedKey key) {
                    pages.add(key.asPage());
                } else {
                    throw new InvalidPayloadException(exchange, DumpedKey.class);
                }
            }
        } else {
            throw new InvalidPayloadException(exchange, Page.class);
        }
        return pages;
    }
}
