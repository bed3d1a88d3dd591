package io.camelrump.exchanges;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.apache.camel.AsyncCallback;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Exchanges that one start of a producer has taken and not finished, in the order in which they came.
 *
 * <p>Of two threads one at a time finishes them, and one at a time resumes the routes: what a route does next may wait
 * for room at another producer, and exchanges must be finished meanwhile. Whoever has finished an exchange resumes its
 * route too, unless the next one is due already: then the other thread does. Other methods than {@link #run} must be
 * called under the producer's lock.
 */
public final class InFlightExchanges<T extends InFlightExchanges.InFlight> {
    private static final Logger LOG = LoggerFactory.getLogger(InFlightExchanges.class);

    /** Threads that {@link #run} takes. */
    public static final int THREADS = 2;

    /** An exchange that was taken, with what its producer knows of it. */
    public interface InFlight {
        AsyncCallback callback();
    }

    /** Next work of a thread. */
    private enum Turn {
        FINISH,
        RESUME,
        NONE
    }

    /** How the oldest exchange is finished. */
    public interface Finish<T> {
        /**
         * Waits for the server, without the lock.
         *
         * @return what to enter under the lock; the exchange is not in flight any more from then on
         */
        Runnable of(T oldest);
    }

    private final ReentrantLock lock;
    /** An exchange was finished: whoever takes one, or waits for the last, looks again. */
    private final Condition changed;
    /** There is something to do that no thread has taken. */
    private final Condition hasWork;

    private final int most;
    private final Finish<T> finish;

    @GuardedBy("lock")
    private final Deque<T> due = new ArrayDeque<>();

    @GuardedBy("lock")
    private final Deque<T> finished = new ArrayDeque<>();

    /** Whether a thread finishes the oldest exchange that is due. */
    @GuardedBy("lock")
    private boolean finishing;

    /** Whether a thread resumes routes, in the order of their exchanges. */
    @GuardedBy("lock")
    private boolean resuming;

    @GuardedBy("lock")
    private boolean stopped;

    /**
     * @param changed a condition of the lock, signalled whenever an exchange is finished
     * @param most exchanges in flight at once
     */
    public InFlightExchanges(ReentrantLock lock, Condition changed, int most, Finish<T> finish) {
        this.lock = lock;
        this.changed = changed;
        this.hasWork = lock.newCondition();
        this.most = most;
        this.finish = finish;
    }

    /** Starts both threads; they end when {@link #stop} was called and nothing is in flight. */
    public void run(Executor threads) {
        for (int i = 0; i < THREADS; i++) {
            threads.execute(this::work);
        }
    }

    /** No exchange is added from now on. */
    public void stop() {
        stopped = true;
        changed.signalAll();
        hasWork.signalAll();
    }

    public boolean isFull() {
        return due.size() >= most;
    }

    public void add(T exchange) {
        due.add(exchange);
        if (canFinish()) {
            hasWork.signal();
        }
    }

    public boolean anyMatch(Predicate<T> which) {
        for (T exchange : due) {
            if (which.test(exchange)) {
                return true;
            }
        }
        return false;
    }

    /** All that are in flight, the oldest one first. */
    public List<T> all() {
        return List.copyOf(due);
    }

    /** Waits until nothing is in flight. */
    public void awaitAll() throws InterruptedException {
        while (!due.isEmpty()) {
            changed.await();
        }
    }

    /** Waits until nothing is in flight, and no longer than this. */
    public void awaitAll(long millis) throws InterruptedException {
        long nanos = TimeUnit.MILLISECONDS.toNanos(millis);
        while (!due.isEmpty() && nanos > 0) {
            nanos = changed.awaitNanos(nanos);
        }
    }

    /** Nothing here holds an exchange while the next one is waited for: its pages are not counted any more. */
    private void work() {
        try {
            Turn turn = nextTurn();
            while (turn != Turn.NONE) {
                if (turn == Turn.FINISH) {
                    finishOldest();
                } else {
                    resumeNext();
                }
                turn = nextTurn();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Waits for something to do. What is left beside it is for the other thread. */
    private Turn nextTurn() throws InterruptedException {
        lock.lockInterruptibly();
        try {
            while (!canFinish() && !canResume() && !isOver()) {
                hasWork.await();
            }
            if (isOver()) {
                hasWork.signalAll();
                return Turn.NONE;
            }
            boolean finishes = canFinish();
            finishing |= finishes;
            resuming |= !finishes;
            if (canFinish() || canResume()) {
                hasWork.signal();
            }
            return finishes ? Turn.FINISH : Turn.RESUME;
        } finally {
            lock.unlock();
        }
    }

    private boolean canFinish() {
        return !finishing && !due.isEmpty();
    }

    private boolean canResume() {
        return !resuming && !finished.isEmpty();
    }

    private boolean isOver() {
        return stopped && due.isEmpty() && finished.isEmpty();
    }

    private void finishOldest() {
        try {
            T oldest = taken(due::element);
            Runnable entry = finish.of(oldest);
            locked(() -> {
                due.remove();
                entry.run();
                finished.add(oldest);
            });
        } finally {
            locked(() -> {
                finishing = false;
                changed.signalAll();
            });
        }
    }

    /** Resumes a route on this thread, which no failure there may end. */
    private void resumeNext() {
        try {
            taken(finished::remove).callback().done(false);
        } catch (RuntimeException e) {
            LOG.error("the route behind the producer failed", e);
        } finally {
            locked(() -> resuming = false);
        }
    }

    private T taken(Supplier<T> from) {
        lock.lock();
        try {
            return from.get();
        } finally {
            lock.unlock();
        }
    }

    private void locked(Runnable change) {
        lock.lock();
        try {
            change.run();
        } finally {
            lock.unlock();
        }
    }
}
