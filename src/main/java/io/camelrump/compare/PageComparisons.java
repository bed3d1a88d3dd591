package io.camelrump.compare;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.camelrump.TargetClosedException;
import io.camelrump.TransientTargetException;
import io.camelrump.exchanges.InFlightExchanges;
import io.camelrump.exchanges.Receipts;
import io.camelrump.run.PageData;
import io.camelrump.run.Participant;
import io.camelrump.run.Receipt;
import io.camelrump.run.Run;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Executor;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import org.apache.camel.AsyncCallback;
import org.apache.camel.Exchange;
import org.jspecify.annotations.Nullable;

/**
 * Compares the pages of exchanges one after the other, while the next ones are asked for already.
 *
 * <p>Pages that may be repaired, or of which keys may be deleted, are compared alone by the thread that brings them: so
 * of two readings of a key the older one is never written last. The lock guards the server, but for the comparison of
 * exchanges in flight, which one thread does; whoever else uses the server waits until none is in flight.
 */
public final class PageComparisons {
    /** Over a distance all that have come are asked about at once; more would only wait. */
    private static final int MOST = 8;

    private record InFlight(Exchange exchange, AsyncCallback callback, List<PageData> pages)
            implements InFlightExchanges.InFlight {}

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final Participant participant;
    private final BooleanSupplier running;
    private volatile @Nullable ComparedSide server;
    private volatile boolean taken;

    @GuardedBy("lock")
    private InFlightExchanges<InFlight> inFlight = none();

    /**
     * @param participant that joins each run whose pages are compared
     * @param running whether the producer is started
     */
    public PageComparisons(Participant participant, BooleanSupplier running) {
        this.participant = participant;
        this.running = running;
    }

    private InFlightExchanges<InFlight> none() {
        return new InFlightExchanges<>(lock, changed, MOST, this::compare);
    }

    /** Compares with this server from now on, on these threads, of which it takes {@link InFlightExchanges#THREADS}. */
    public void start(ComparedSide opened, Executor threads) {
        InFlightExchanges<InFlight> none = none();
        lock.lock();
        try {
            server = opened;
            inFlight = none;
        } finally {
            lock.unlock();
        }
        none.run(threads);
    }

    /** Lets the page that is being compared end, fails those behind it, and closes the server. */
    public void stop() {
        lock.lock();
        try {
            inFlight.stop();
            while (!inFlight.all().isEmpty()) {
                changed.awaitUninterruptibly();
            }
            ComparedSide open = server;
            if (open != null) {
                open.close();
            }
        } finally {
            lock.unlock();
        }
    }

    public @Nullable ComparedSide server() {
        return server;
    }

    /** Whether pages are compared now, or came since the last call; it waits for nobody. */
    public boolean isComparing() {
        boolean came = taken;
        taken = false;
        if (came || !lock.tryLock()) {
            return true;
        }
        try {
            return !inFlight.all().isEmpty();
        } finally {
            lock.unlock();
        }
    }

    /** Takes the exchange's pages: true if the callback comes later, false if they are compared and all is done. */
    public boolean take(Exchange exchange, AsyncCallback callback, List<PageData> pages) throws Exception {
        taken = true;
        lock.lockInterruptibly();
        try {
            ComparedSide open = started();
            claim(pages, open);
            try {
                boolean alone = pages.stream().anyMatch(open::mayWrite);
                while (!alone && inFlight.isFull()) {
                    changed.await();
                    started();
                }
                if (!alone) {
                    inFlight.add(new InFlight(exchange, callback, pages));
                    return true;
                }
                inFlight.awaitAll();
                started();
                for (PageData page : pages) {
                    open.compare(page, receipt(page));
                }
                return false;
            } catch (TransientTargetException | InterruptedException | RuntimeException e) {
                Receipts.release(pages, open.answerer());
                throw e;
            }
        } catch (TargetClosedException e) {
            Receipts.fail(pages, e);
            throw e;
        } finally {
            lock.unlock();
        }
    }

    private ComparedSide started() {
        ComparedSide open = server;
        if (open == null || !running.getAsBoolean()) {
            throw new IllegalStateException("the producer is not started");
        }
        return open;
    }

    private void claim(List<PageData> pages, ComparedSide open) throws TargetClosedException {
        for (PageData page : pages) {
            Receipt receipt = receipt(page);
            receipt.run().targets().join(participant);
            receipt.claim(open.answerer(), page.placesTaken());
        }
    }

    /** Compares the oldest exchange, and begins with those behind it: over a distance their replies come meanwhile. */
    private Runnable compare(InFlight oldest) {
        ComparedSide open = Objects.requireNonNull(server);
        try {
            started();
            for (InFlight next : inFlight()) {
                next.pages().forEach(page -> open.begin(page, receipt(page)));
            }
            for (PageData page : oldest.pages()) {
                open.compare(page, receipt(page));
            }
        } catch (TargetClosedException e) {
            Receipts.fail(oldest.pages(), e);
            oldest.exchange().setException(e);
        } catch (TransientTargetException | RuntimeException e) {
            Receipts.release(oldest.pages(), open.answerer());
            oldest.exchange().setException(e);
        }
        return () -> {};
    }

    private List<InFlight> inFlight() {
        lock.lock();
        try {
            return inFlight.all();
        } finally {
            lock.unlock();
        }
    }

    private static Receipt receipt(PageData page) {
        return Objects.requireNonNull(page.receipt());
    }

    /** Whether the server is still the one that was compared with. */
    public boolean confirm(Run run) throws InterruptedException, TransientTargetException, TargetClosedException {
        lock.lockInterruptibly();
        ComparedSide open = server;
        try {
            inFlight.awaitAll();
            return open == null || open.confirm(run);
        } finally {
            if (open != null && !running.getAsBoolean()) {
                // nobody closes what a stopped producer opens to ask
                open.close();
            }
            lock.unlock();
        }
    }
}
