package io.camelrump.sending;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.camelrump.TargetClosedException;
import io.camelrump.TransientTargetException;
import io.camelrump.exchanges.InFlightExchanges;
import io.camelrump.exchanges.Receipts;
import io.camelrump.received.Reception;
import io.camelrump.run.PageData;
import io.camelrump.sending.InFlightBatch.Sent;
import io.camelrump.target.SlotRedirects;
import io.camelrump.target.Targets;
import io.camelrump.target.WriteReport;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import org.apache.camel.AsyncCallback;
import org.apache.camel.Exchange;

/**
 * Sends the pages of exchanges to the targets, and completes each exchange when the reply to each of its keys was read.
 *
 * <p>Batches are sent one behind the other while replies are due, in the order in which they come. What must not be
 * overtaken, or must ask the target something, waits until no reply is due and is written alone. The lock guards the
 * targets, too.
 */
public final class BatchSender {
    private static final long LAST_REPLIES_MILLIS = 2_000;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final PageClaims claims;
    private final EditedNames names = new EditedNames();
    private final Reception reception;
    private final Targets targets;
    private final SlotRedirects redirects;
    private final BooleanSupplier running;

    /** Batches of the present start, or of the one before. */
    @GuardedBy("lock")
    private InFlightExchanges<InFlightBatch> inFlight = none();

    /**
     * @param claims of the producer on the pages that are sent
     * @param reception of pages that other processes have read
     * @param running whether the producer is started
     */
    public BatchSender(
            PageClaims claims, Targets targets, Reception reception, Duration retryFor, BooleanSupplier running) {
        this.claims = claims;
        this.reception = reception;
        this.targets = targets;
        this.redirects = new SlotRedirects(targets, retryFor);
        this.running = running;
    }

    /** Begins to read replies on these threads, of which it takes {@link InFlightExchanges#THREADS}. */
    public void start(Executor threads) {
        InFlightExchanges<InFlightBatch> none = none();
        locked(() -> inFlight = none);
        none.run(threads);
    }

    private InFlightExchanges<InFlightBatch> none() {
        return new InFlightExchanges<>(lock, changed, InFlightBatch.MOST, oldest -> {
            Map<Sent, Exception> broken = oldest.readReplies();
            return () -> settle(oldest, broken);
        });
    }

    /** Ends the reading of replies; the targets are closed before, under the lock. */
    public void stop(Runnable closeTargets) {
        locked(() -> {
            closeTargets.run();
            inFlight.stop();
        });
    }

    /**
     * Batches that were sent are answered within moments as a rule, and cutting them off would have them sent again. A
     * stop that is interrupted, as Camel's is when its time is up, cuts them off at once.
     */
    public void awaitLastReplies() {
        try {
            if (lock.tryLock(LAST_REPLIES_MILLIS, TimeUnit.MILLISECONDS)) {
                try {
                    inFlight.awaitAll(LAST_REPLIES_MILLIS);
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
        if (!running.getAsBoolean()) {
            throw new IllegalStateException("the producer is not started");
        }
    }

    /** Work on the targets. */
    public interface Work<T> {
        T run() throws TransientTargetException, TargetClosedException, InterruptedException;
    }

    /** Does work on the targets while no reply is due. */
    public <T> T alone(Work<T> work) throws TransientTargetException, TargetClosedException, InterruptedException {
        lock.lockInterruptibly();
        try {
            inFlight.awaitAll();
            return work.run();
        } finally {
            lock.unlock();
        }
    }

    /** Sends the pages of an exchange: true if the callback comes later, false if they are written and all is done. */
    public boolean send(Exchange exchange, AsyncCallback callback, List<PageData> taken) throws Exception {
        Receipts.attach(exchange, Receipts.of(taken));
        if (reportsEnd(taken)) {
            ResultHeaders.set(exchange, new WriteReport());
            return false;
        }
        lock.lockInterruptibly();
        try {
            requireStarted();
            List<PageData> pages = reception.due(names.free(taken));
            claims.take(pages);
            List<Targets.Share> shares = targets.split(pages);
            reception.runs(pages).forEach(run -> targets.all().forEach(target -> target.join(run)));
            while (canFollow(pages, shares)) {
                if (!inFlight.isFull()) {
                    WriteDeadline.check(exchange);
                    inFlight.add(send(exchange, callback, pages, shares));
                    return true;
                }
                changed.await();
            }
            inFlight.awaitAll();
            WriteDeadline.check(exchange);
            ResultHeaders.set(exchange, redirects.write(pages, this::requireStarted, this::awaitMove));
            return false;
        } catch (TargetClosedException e) {
            Receipts.fail(taken, e);
            throw e;
        } catch (Exception e) {
            // a stop or an interrupt between claim and write is one too
            claims.release(taken);
            throw e;
        } finally {
            lock.unlock();
        }
    }

    /** Whether they report the end of a run, which goes on also where no target can be reached. */
    private static boolean reportsEnd(List<PageData> pages) {
        for (PageData page : pages) {
            if (page.receipt() != null || page.size() > 0) {
                return false;
            }
        }
        return true;
    }

    /** Sends to all before any reply is read, so that the masters of a cluster work side by side. */
    private static InFlightBatch send(
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
                return new InFlightBatch(exchange, callback, pages, sent, System.nanoTime(), e);
            }
        }
        return new InFlightBatch(exchange, callback, pages, sent, System.nanoTime(), null);
    }

    /** Pauses before keys whose slots moved are written again: other batches may have been sent meanwhile. */
    private void awaitMove(long nanos) throws InterruptedException {
        for (long left = nanos; left > 0; ) {
            left = changed.awaitNanos(left);
        }
        inFlight.awaitAll();
    }

    /**
     * A retry of pages that are older than those in flight is written alone: so it neither overtakes nor is overtaken.
     */
    private boolean canFollow(List<PageData> pages, List<Targets.Share> shares) {
        if (!running.getAsBoolean() || redirects.areWaiting() || shares.isEmpty() || !targets.areBegun(pages)) {
            return false;
        }
        for (Targets.Share share : shares) {
            if (!share.target().canPipeline(share.pages())) {
                return false;
            }
        }
        return !inFlight.anyMatch(batch -> batch.isNewerThanAnyOf(pages));
    }

    /**
     * Enters what each target answered; of several failures it reports the one that ends the run, or else the first.
     */
    private void settle(InFlightBatch oldest, Map<Sent, Exception> broken) {
        WriteReport report = new WriteReport();
        Exception failure = oldest.failure();
        for (Sent sent : oldest.sent()) {
            try {
                redirects.settle(sent.target(), sent.batch(), broken.get(sent), report);
            } catch (TargetClosedException e) {
                Receipts.fail(oldest.pages(), e);
                failure = e;
            } catch (TransientTargetException | RuntimeException e) {
                failure = failure == null ? e : failure;
            }
        }
        if (failure == null) {
            ResultHeaders.set(oldest.exchange(), report);
        } else {
            claims.release(oldest.pages());
            oldest.exchange().setException(failure);
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
}
