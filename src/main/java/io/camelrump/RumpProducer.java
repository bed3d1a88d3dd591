package io.camelrump;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.apache.camel.AsyncCallback;
import org.apache.camel.Exchange;
import org.apache.camel.InvalidPayloadException;
import org.apache.camel.support.DefaultAsyncProducer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes to a target: one exchange is one batch is one RESTORE pipeline.
 *
 * <p>Takes a {@link Page}, a {@link Batch}, a {@link DumpedKey}, or an Iterable of pages or keys. An exchange is done
 * when the reply to each of its keys was read. Meanwhile the next ones are sent already, in the order in which they
 * come; a thread of the producer's own reads the replies, so that a distant target does not wait for batches.
 */
final class RumpProducer extends DefaultAsyncProducer implements Witness {
    private static final Logger LOG = LoggerFactory.getLogger(RumpProducer.class);

    /** Batches on their way at once. One chain of SCANs never fills more than two; a target's pauses fill the rest. */
    private static final int MOST_IN_FLIGHT = 4;

    private record InFlight(
            Exchange exchange, AsyncCallback callback, List<Page> pages, Target target, SentBatch batch) {}

    private final RumpEndpoint endpoint;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final Deque<InFlight> inFlight = new ArrayDeque<>();
    private final Deque<InFlight> settled = new ArrayDeque<>();
    /** One for each database that is written to; the endpoint's own is there from the start. */
    private final Map<Integer, Target> targets = new ConcurrentSkipListMap<>();

    private @Nullable ExecutorService replies;
    private @Nullable Thread replyThread;

    RumpProducer(RumpEndpoint endpoint) {
        super(endpoint);
        this.endpoint = endpoint;
    }

    @Override
    protected void doStart() throws Exception {
        targets.clear();
        target(Databases.AS_PRODUCER_SAYS).open();
        super.doStart();
        replies = endpoint.getCamelContext().getExecutorServiceManager().newSingleThreadExecutor(this, "RumpReplies");
        replies.execute(this::readReplies);
    }

    @Override
    protected void doStop() throws Exception {
        super.doStop();
        // whoever waits for a target holds the lock
        targets.values().forEach(Target::interrupt);
        locked(() -> {
            // they stay known: at the end of a run each tells whether its server is still the same
            targets.values().forEach(Target::close);
            targets.values().forEach(Target::discardTemporaries);
            targets.values().forEach(Target::close);
            changed.signalAll();
        });
        if (replies != null) {
            endpoint.getCamelContext().getExecutorServiceManager().shutdown(replies);
        }
    }

    @Override
    public boolean process(Exchange exchange, AsyncCallback callback) {
        try {
            if (isSent(exchange, callback)) {
                return false;
            }
        } catch (Exception e) {
            exchange.setException(e);
        }
        callback.done(true);
        return true;
    }

    /** Sends the exchange's pages, and says that the callback comes later; or writes them and says that all is done. */
    private boolean isSent(Exchange exchange, AsyncCallback callback) throws Exception {
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
            if (!isRunAllowed()) {
                throw new IllegalStateException("the producer is not started");
            }
            for (Page page : pages) {
                if (page.receipt() != null) {
                    page.receipt().ledger().join(this);
                    refuseRival(page.receipt().ledger());
                }
            }
            Target open = targetOfAll(pages);
            while (open != null && canFollow(pages, open)) {
                if (inFlight.size() < MOST_IN_FLIGHT) {
                    inFlight.add(new InFlight(exchange, callback, pages, open, open.send(pages)));
                    changed.signalAll();
                    return true;
                }
                changed.await();
            }
            awaitReplies();
            report(exchange, write(pages));
            return false;
        } catch (TargetClosedException e) {
            fail(pages, e);
            throw e;
        } finally {
            lock.unlock();
        }
    }

    /** The target of these pages; null if they go to several databases. */
    private @Nullable Target targetOfAll(List<Page> pages) {
        int database =
                pages.isEmpty() ? Databases.AS_PRODUCER_SAYS : pages.get(0).targetDatabase();
        return pages.stream().allMatch(page -> page.targetDatabase() == database) ? target(database) : null;
    }

    private Target target(int database) {
        int number = database == Databases.AS_PRODUCER_SAYS ? endpoint.getDatabase() : database;
        return targets.computeIfAbsent(
                number, n -> new Target(endpoint.address().withDatabase(n), WriteOptions.of(endpoint)));
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

    /** A retry comes by the thread that reads the replies, and is written alone: so it overtakes none, nor is overtaken. */
    private boolean canFollow(List<Page> pages, Target open) {
        return Thread.currentThread() != replyThread
                && isRunAllowed()
                && open.canPipeline(pages)
                && inFlight.stream().noneMatch(sent -> sent.batch().isNewerThanAnyOf(pages));
    }

    /** Waits until no reply is due; called under the lock. */
    private void awaitReplies() throws InterruptedException {
        while (!inFlight.isEmpty()) {
            if (Thread.currentThread() == replyThread) {
                readReplies(inFlight.element());
            } else {
                changed.await();
            }
        }
    }

    // --- the thread that reads the replies ---

    private void readReplies() {
        replyThread = Thread.currentThread();
        try {
            while (true) {
                InFlight done = locked(settled::poll);
                if (done != null) {
                    goOn(done);
                    continue;
                }
                InFlight next = awaitSent();
                if (next == null) {
                    return;
                }
                readReplies(next);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** What the route does next runs on this thread; nothing that fails there may end it. */
    private static void goOn(InFlight done) {
        try {
            done.callback().done(false);
        } catch (RuntimeException e) {
            LOG.error("the route behind the producer failed", e);
        }
    }

    /** The oldest batch whose replies are due; null when the producer has stopped. */
    private @Nullable InFlight awaitSent() throws InterruptedException {
        lock.lockInterruptibly();
        try {
            while (inFlight.isEmpty() && isRunAllowed()) {
                changed.await();
            }
            return inFlight.peek();
        } finally {
            lock.unlock();
        }
    }

    private void readReplies(InFlight sent) {
        Exception broken = null;
        try {
            sent.batch().readReplies();
        } catch (IOException | RuntimeException e) {
            broken = e;
        }
        Exception failure = broken;
        locked(() -> {
            inFlight.remove();
            try {
                report(sent.exchange(), sent.target().settle(sent.batch(), failure));
            } catch (TargetClosedException e) {
                fail(sent.pages(), e);
                sent.exchange().setException(e);
            } catch (TransientTargetException | RuntimeException e) {
                sent.exchange().setException(e);
            }
            settled.add(sent);
            changed.signalAll();
        });
    }

    private static void report(Exchange exchange, WriteReport report) {
        exchange.getMessage().setHeader(RumpConstants.RESTORED, report.count(Outcome.RESTORED));
        exchange.getMessage().setHeader(RumpConstants.KEPT, report.count(Outcome.KEPT));
        exchange.getMessage().setHeader(RumpConstants.REFUSED, report.count(Outcome.REFUSED));
        exchange.getMessage().setHeader(RumpConstants.FAILURES, report.refusals());
    }

    static void fail(List<Page> pages, TargetClosedException cause) {
        for (Page page : pages) {
            if (page.receipt() != null) {
                page.receipt().ledger().fail(cause.getMessage());
            }
        }
    }

    private void locked(Runnable action) {
        locked(() -> {
            action.run();
            return true;
        });
    }

    private <T extends @Nullable Object> T locked(Supplier<T> action) {
        lock.lock();
        try {
            return action.get();
        } finally {
            lock.unlock();
        }
    }

    @Override
    public long bytesSent() {
        return targets.values().stream().mapToLong(Target::bytesSent).sum();
    }

    // --- the end of a run ---

    /** Whether the target is still the process that said OK, and has thrown no key away. */
    @Override
    public boolean confirm(Ledger ledger) throws InterruptedException {
        lock.lockInterruptibly();
        try {
            awaitReplies();
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

    @Override
    public Collection<String> places() {
        return isRunAllowed() ? targets.values().stream().map(Target::toString).toList() : List.of();
    }

    /** Each producer keeps the order of readings for itself: of two, the older reading of a key could come last. */
    private void refuseRival(Ledger ledger) throws TargetClosedException {
        if (ledger.changes() != null && ledger.rival(this, places()) != null) {
            throw new TargetClosedException("Two steps of the routes write to " + places()
                    + ", and in a live run the older of two readings of a key could come last: let one step alone write"
                    + " there.");
        }
    }

    @Override
    public Set<Integer> ownDatabases() {
        return targets.entrySet().stream()
                .filter(target -> target.getValue().deletes())
                .map(Map.Entry::getKey)
                .collect(Collectors.toSet());
    }

    @Override
    public @Nullable ScanReply names(int database, long cursor) throws InterruptedException {
        lock.lockInterruptibly();
        try {
            awaitReplies();
            return target(database).names(cursor);
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
