package io.camelrump;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.locks.ReentrantLock;
import org.apache.camel.Exchange;
import org.apache.camel.InvalidPayloadException;
import org.apache.camel.support.DefaultProducer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes to a target: one exchange is one batch is one RESTORE pipeline.
 *
 * <p>Takes a {@link Page}, a {@link Batch}, a {@link DumpedKey}, or an Iterable of pages or keys. Synchronous, and one
 * batch at a time: exchanges of several threads wait for each other.
 */
final class RumpProducer extends DefaultProducer {
    private static final Logger LOG = LoggerFactory.getLogger(RumpProducer.class);

    private final RumpEndpoint endpoint;
    private final ReentrantLock lock = new ReentrantLock();
    /** One for each database that is written to; the endpoint's own is there from the start. */
    private final Map<Integer, Target> targets = new LinkedHashMap<>();

    RumpProducer(RumpEndpoint endpoint) {
        super(endpoint);
        this.endpoint = endpoint;
    }

    @Override
    protected void doStart() throws Exception {
        target(Databases.AS_PRODUCER_SAYS).open();
        super.doStart();
    }

    @Override
    protected void doStop() throws Exception {
        super.doStop();
        lock.lock();
        try {
            targets.values().forEach(Target::close);
            targets.clear();
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
            for (Page page : pages) {
                if (page.receipt() != null) {
                    page.receipt().ledger().join(this);
                }
            }
            WriteReport report = write(pages);
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

    private WriteReport write(List<Page> pages)
            throws TransientTargetException, TargetClosedException, InterruptedException {
        WriteReport report = new WriteReport();
        List<Integer> databases =
                pages.stream().map(Page::targetDatabase).distinct().toList();
        for (int database : databases) {
            report.add(target(database)
                    .write(pages.stream()
                            .filter(page -> page.targetDatabase() == database)
                            .toList()));
        }
        return report;
    }

    private Target target(int database) {
        int number = database == Databases.AS_PRODUCER_SAYS ? endpoint.getDatabase() : database;
        return targets.computeIfAbsent(
                number, n -> new Target(endpoint.address().withDatabase(n), WriteOptions.of(endpoint)));
    }

    private static void fail(List<Page> pages, TargetClosedException cause) {
        for (Page page : pages) {
            if (page.receipt() != null) {
                page.receipt().ledger().fail(cause.getMessage());
            }
        }
    }

    /**
     * Asks at the end of a run whether the target is still the process that said OK, and has thrown no key away.
     *
     * @return false if it can not be asked now, or if the run has to go on or has failed
     */
    boolean confirm(Ledger ledger) throws InterruptedException {
        lock.lockInterruptibly();
        try {
            for (Target target : targets.values()) {
                if (!target.confirm(ledger)) {
                    return false;
                }
            }
            return true;
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

    private static List<Page> pages(Exchange exchange) throws InvalidPayloadException {
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
