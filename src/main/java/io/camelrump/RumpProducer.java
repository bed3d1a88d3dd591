package io.camelrump;

import io.camelrump.InFlightBatches.InFlight;
import io.camelrump.InFlightBatches.Sent;
import io.camelrump.run.PageData;
import io.camelrump.run.Participant;
import io.camelrump.run.Receipt;
import io.camelrump.run.Run;
import io.camelrump.run.TargetNames;
import io.camelrump.target.SlotMovedException;
import io.camelrump.target.Target;
import io.camelrump.target.Targets;
import io.camelrump.target.WritePlan;
import io.camelrump.target.WriteReport;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Collectors;
import org.apache.camel.AsyncCallback;
import org.apache.camel.Exchange;
import org.apache.camel.support.DefaultAsyncProducer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes to a target: one exchange is one batch is one RESTORE pipeline.
 *
 * <p>Takes a {@link PageData}, a {@link Batch}, a {@link DumpedKey}, or an Iterable of pages or keys. An exchange is done
 * when the reply to each of its keys was read. Meanwhile the next ones are sent already, in the order in which they
 * come; {@link InFlightBatches} reads the replies, so that a distant target does not wait for batches.
 */
final class RumpProducer extends DefaultAsyncProducer implements Participant {
    private static final Logger LOG = LoggerFactory.getLogger(RumpProducer.class);

    /** Between two looks at where a slot has gone. */
    private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(50);

    private static final long LAST_REPLIES_MILLIS = 2_000;

    private final RumpEndpoint endpoint;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final String name;
    private final Targets targets;

    /** Batches of the present start, or of the one before. */
    private InFlightBatches inFlight = new InFlightBatches(lock, changed, this::settle);

    private @Nullable ExecutorService threads;

    /** Whether keys wait for the node that their slot migrates to, at which {@link #write} alone writes. */
    private boolean asked;

    RumpProducer(RumpEndpoint endpoint) {
        super(endpoint);
        this.endpoint = endpoint;
        this.name = endpoint.title();
        this.targets = new Targets(
                endpoint.address(),
                new WritePlan(
                        name, endpoint.getServerOptions(), endpoint.getTargetOptions(), endpoint.getThrottleOptions()));
    }

    @Override
    protected void doStart() throws Exception {
        targets.open();
        super.doStart();
        ExecutorService started = endpoint.getCamelContext()
                .getExecutorServiceManager()
                .newFixedThreadPool(this, "RumpReplies", InFlightBatches.THREADS);
        threads = started;
        InFlightBatches none = new InFlightBatches(lock, changed, this::settle);
        locked(() -> inFlight = none);
        none.run(started);
    }

    @Override
    protected void doStop() throws Exception {
        super.doStop();
        awaitLastReplies();
        // whoever waits for a target holds the lock
        targets.all().forEach(Target::interrupt);
        locked(() -> {
            // they stay known: at the end of a run each tells whether its server is still the same
            targets.all().forEach(Target::close);
            targets.all().forEach(Target::discardTemporaries);
            targets.all().forEach(Target::close);
            inFlight.stop();
        });
        if (threads != null) {
            endpoint.getCamelContext().getExecutorServiceManager().shutdown(threads);
        }
    }

    /**
     * Batches that were sent are answered within moments as a rule, and cutting them off would have them sent again. A stop
     * that is interrupted, as Camel's is when its time is up, cuts them off at once.
     */
    private void awaitLastReplies() {
        try {
            if (lock.tryLock(LAST_REPLIES_MILLIS, TimeUnit.MILLISECONDS)) {
                try {
                    inFlight.awaitReplies(LAST_REPLIES_MILLIS);
                } finally {
                    lock.unlock();
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** A redelivery that comes late, or has waited for its turn while the producer stopped, must not connect again. */
    private void requireStarted() {
        if (!isRunAllowed()) {
            throw new IllegalStateException("the producer is not started");
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
        List<PageData> pages = Bodies.pages(exchange);
        Receipts.attach(
                exchange,
                pages.stream()
                        .map(PageData::receipt)
                        .filter(Objects::nonNull)
                        .distinct()
                        .toList());
        lock.lockInterruptibly();
        try {
            requireStarted();
            for (PageData page : pages) {
                Receipt receipt = page.receipt();
                if (receipt != null) {
                    receipt.run().targets().join(this);
                    receipt.claim(name, page.placesTaken());
                    refuseRival(receipt.run());
                }
            }
            List<Targets.Share> shares = targets.split(pages);
            while (canFollow(pages, shares)) {
                if (!inFlight.isFull()) {
                    inFlight.add(send(exchange, callback, pages, shares));
                    return true;
                }
                changed.await();
            }
            inFlight.awaitReplies();
            report(exchange, write(pages));
            return false;
        } catch (TargetClosedException e) {
            fail(pages, e);
            throw e;
        } catch (Exception e) {
            // a stop or an interrupt between claim and write is one too
            release(pages);
            throw e;
        } finally {
            lock.unlock();
        }
    }

    /** Unanswered keys may go to another producer, as the route wants it. */
    private void release(List<PageData> pages) {
        for (PageData page : pages) {
            if (page.receipt() != null) {
                page.receipt().release(name, page);
            }
        }
    }

    /** Sends to all before any reply is read, so that the masters of a cluster work side by side. */
    private static InFlight send(
            Exchange exchange, AsyncCallback callback, List<PageData> pages, List<Targets.Share> shares)
            throws TransientTargetException, TargetClosedException {
        List<Sent> sent = new ArrayList<>();
        for (Targets.Share share : shares) {
            try {
                sent.add(new Sent(share.target(), share.target().send(share.pages())));
            } catch (TransientTargetException | TargetClosedException e) {
                if (sent.isEmpty()) {
                    throw e;
                }
                return new InFlight(exchange, callback, pages, sent, e);
            }
        }
        return new InFlight(exchange, callback, pages, sent, null);
    }

    /** Writes the pages and reads all replies, after keys whose slots move as well. */
    private WriteReport write(List<PageData> pages)
            throws TransientTargetException, TargetClosedException, InterruptedException {
        asked = false;
        WriteReport report = new WriteReport();
        long begin = System.nanoTime();
        List<PageData> left = pages;
        while (true) {
            requireStarted();
            List<PageData> again = new ArrayList<>();
            SlotMovedException moved = null;
            try {
                List<Targets.Share> shares = targets.split(left);
                targets.begin(left);
                for (Targets.Share share : shares) {
                    try {
                        share.target().write(share.pages(), false, report);
                    } catch (SlotMovedException e) {
                        moved = e;
                        again.addAll(e.left());
                        again.addAll(writeAsked(share.target(), e, report));
                    }
                }
            } catch (TransientTargetException e) {
                targets.suspect();
                throw e;
            }
            if (moved == null || again.isEmpty()) {
                return report;
            }
            if (System.nanoTime() - begin
                    > endpoint.getServerOptions().getRetryFor().toNanos()) {
                throw new TargetClosedException(moved.getMessage() + " Gave up after "
                        + endpoint.getServerOptions().getRetryFor().toSeconds() + " s.");
            }
            for (long nanos = PAUSE_NANOS; nanos > 0; ) {
                nanos = changed.awaitNanos(nanos);
            }
            inFlight.awaitReplies();
            targets.refresh();
            left = again;
        }
    }

    /**
     * Keys that their master sends elsewhere while their slot moves.
     *
     * @return those that are not taken there either
     */
    private List<PageData> writeAsked(Target master, SlotMovedException moved, WriteReport report)
            throws TransientTargetException, TargetClosedException, InterruptedException {
        List<PageData> left = new ArrayList<>();
        for (SlotMovedException.Asked asked : moved.asked()) {
            try {
                targets.asked(asked.node(), master).write(List.of(asked.page()), true, report);
            } catch (SlotMovedException e) {
                LOG.debug("the slot has moved on", e);
                left.add(asked.page());
            }
        }
        return left;
    }

    /** A retry of pages that are older than those in flight is written alone: so it neither overtakes nor is overtaken. */
    private boolean canFollow(List<PageData> pages, List<Targets.Share> shares) {
        if (!isRunAllowed() || asked || shares.isEmpty() || !targets.areBegun(pages)) {
            return false;
        }
        for (Targets.Share share : shares) {
            if (!share.target().canPipeline(share.pages())) {
                return false;
            }
        }
        return !inFlight.hasNewerThanAnyOf(pages);
    }

    /** Enters what each target answered; of several failures it reports the one that ends the run, or else the first. */
    private void settle(InFlight oldest, Map<Sent, Exception> broken) {
        WriteReport report = new WriteReport();
        Exception failure = oldest.failure();
        for (Sent sent : oldest.sent()) {
            try {
                report.add(sent.target().settle(sent.batch(), broken.get(sent)));
            } catch (TargetClosedException e) {
                fail(oldest.pages(), e);
                failure = e;
            } catch (TransientTargetException | RuntimeException e) {
                targets.suspect();
                asked |= e instanceof SlotMovedException moved && !moved.asked().isEmpty();
                failure = failure == null ? e : failure;
            }
        }
        if (failure == null) {
            report(oldest.exchange(), report);
        } else {
            release(oldest.pages());
            oldest.exchange().setException(failure);
        }
    }

    private static void report(Exchange exchange, WriteReport report) {
        exchange.getMessage().setHeader(RumpConstants.RESTORED, report.count(Outcome.RESTORED));
        exchange.getMessage().setHeader(RumpConstants.KEPT, report.count(Outcome.KEPT));
        exchange.getMessage().setHeader(RumpConstants.REFUSED, report.count(Outcome.REFUSED));
        exchange.getMessage().setHeader(RumpConstants.FAILURES, report.refusals());
    }

    static void fail(List<PageData> pages, TargetClosedException cause) {
        for (PageData page : pages) {
            if (page.receipt() != null) {
                page.receipt().run().fail(cause.getMessage());
            }
        }
    }

    private void locked(Runnable action) {
        lock.lock();
        try {
            action.run();
        } finally {
            lock.unlock();
        }
    }

    @Override
    public long bytesSent() {
        return targets.all().stream().mapToLong(Target::bytesSent).sum();
    }

    // --- the end of a run ---

    /** Whether the target is still the process that said OK, and has thrown no key away. */
    @Override
    public boolean confirm(Run run) throws InterruptedException {
        lock.lockInterruptibly();
        try {
            inFlight.awaitReplies();
            targets.refreshAgreed();
            targets.begin(run);
            for (Target target : targets.all()) {
                if (!target.confirm()) {
                    return false;
                }
            }
            return true;
        } catch (TransientTargetException e) {
            LOG.debug("not confirmed yet", e);
            return false;
        } catch (TargetClosedException e) {
            run.fail(e.getMessage());
            return false;
        } finally {
            lock.unlock();
        }
    }

    @Override
    public Collection<String> places() {
        return isRunAllowed() ? targets.all().stream().map(Target::toString).toList() : List.of();
    }

    /** Each producer keeps the order of readings for itself: of two, the older reading of a key could come last. */
    private void refuseRival(Run run) throws TargetClosedException {
        if (run.changes() != null && run.targets().rival(this, places()) != null) {
            throw new TargetClosedException("Two steps of the routes write to " + places()
                    + ", and in a live run the older of two readings of a key could come last: let one step alone write"
                    + " there.");
        }
    }

    @Override
    public Set<Integer> ownDatabases() {
        return targets.all().stream()
                .filter(Target::deletes)
                .map(target -> target.address().database())
                .collect(Collectors.toSet());
    }

    @Override
    public boolean withholdsDeletes() {
        return targets.all().stream().anyMatch(Target::withholdsDeletes);
    }

    @Override
    public boolean leaves(int database, byte[] name) {
        return targets.leave(database, name);
    }

    @Override
    public @Nullable TargetNames names(TargetNames.Position from) throws InterruptedException {
        lock.lockInterruptibly();
        try {
            inFlight.awaitReplies();
            return targets.names(from);
        } catch (TransientTargetException e) {
            LOG.debug("no names yet", e);
            return null;
        } catch (TargetClosedException e) {
            targets.runs().forEach(run -> run.fail(e.getMessage()));
            return null;
        } finally {
            lock.unlock();
        }
    }
}
