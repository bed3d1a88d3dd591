package io.camelrump;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Predicate;
import org.apache.camel.AsyncCallback;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Exchanges that one start of a producer has taken and not finished, in the order in which they came.
 *
 * <p>One thread finishes them, another one lets the routes go on: what a route does next may wait for room at another
 * producer, whose own exchanges must be finished meanwhile. Guarded by the producer's lock.
 */
final class InFlightExchanges<T extends InFlightExchanges.InFlight> {
    private static final Logger LOG = LoggerFactory.getLogger(InFlightExchanges.class);

    /** Threads that {@link #run} takes. */
    static final int THREADS = 2;

    /** An exchange that was taken, with what its producer knows of it. */
    interface InFlight {
        AsyncCallback callback();
    }

    /** How the oldest exchange is finished. */
    interface Finish<T> {
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
    /** There is an exchange for the thread that finishes them. */
    private final Condition hasDue;
    /** There is one for the thread that lets routes go on. Apart, as each exchange would wake both threads twice. */
    private final Condition hasFinished;

    private final int most;
    private final Finish<T> finish;
    private final Deque<T> due = new ArrayDeque<>();
    private final Deque<T> finished = new ArrayDeque<>();
    private boolean stopped;
    private boolean lastFinished;

    /**
     * @param changed a condition of the lock, signalled whenever an exchange is finished
     * @param most exchanges in flight at once
     */
    InFlightExchanges(ReentrantLock lock, Condition changed, int most, Finish<T> finish) {
        this.lock = lock;
        this.changed = changed;
        this.hasDue = lock.newCondition();
        this.hasFinished = lock.newCondition();
        this.most = most;
        this.finish = finish;
    }

    /** Starts both threads; they end when {@link #stop} was called and nothing is in flight. */
    void run(Executor threads) {
        threads.execute(this::finishAll);
        threads.execute(this::goOn);
    }

    /** No exchange is added from now on. */
    void stop() {
        stopped = true;
        changed.signalAll();
        hasDue.signal();
    }

    boolean isFull() {
        return due.size() >= most;
    }

    void add(T exchange) {
        due.add(exchange);
        hasDue.signal();
    }

    boolean anyMatch(Predicate<T> which) {
        return due.stream().anyMatch(which);
    }

    /** All that are in flight, the oldest one first. */
    List<T> all() {
        return List.copyOf(due);
    }

    /** Waits until nothing is in flight. */
    void awaitAll() throws InterruptedException {
        while (!due.isEmpty()) {
            changed.await();
        }
    }

    /** Waits until nothing is in flight, and no longer than this. */
    void awaitAll(long millis) throws InterruptedException {
        long nanos = TimeUnit.MILLISECONDS.toNanos(millis);
        while (!due.isEmpty() && nanos > 0) {
            nanos = changed.awaitNanos(nanos);
        }
    }

    private void finishAll() {
        try {
            boolean more = true;
            while (more) {
                more = finishNext();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            locked(() -> lastFinished = true);
        }
    }

    /** Nothing here holds an exchange while the next one is waited for: its pages are not counted any more. */
    private boolean finishNext() throws InterruptedException {
        T oldest = oldestDue();
        if (oldest != null) {
            Runnable entry = finish.of(oldest);
            locked(() -> {
                due.remove();
                entry.run();
                finished.add(oldest);
            });
        }
        return oldest != null;
    }

    private @Nullable T oldestDue() throws InterruptedException {
        lock.lockInterruptibly();
        try {
            while (due.isEmpty() && !stopped) {
                hasDue.await();
            }
            return due.peek();
        } finally {
            lock.unlock();
        }
    }

    private void goOn() {
        try {
            boolean more = true;
            while (more) {
                more = goOnWithNext();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Holds no exchange while it waits, as {@link #finishNext} does not. */
    private boolean goOnWithNext() throws InterruptedException {
        T done = nextFinished();
        if (done != null) {
            goOn(done);
        }
        return done != null;
    }

    /** Resumes the route on this thread, which no failure there may end. */
    private static void goOn(InFlight done) {
        try {
            done.callback().done(false);
        } catch (RuntimeException e) {
            LOG.error("the route behind the producer failed", e);
        }
    }

    private @Nullable T nextFinished() throws InterruptedException {
        lock.lockInterruptibly();
        try {
            while (finished.isEmpty() && !lastFinished) {
                hasFinished.await();
            }
            return finished.poll();
        } finally {
            lock.unlock();
        }
    }

    private void locked(Runnable change) {
        lock.lock();
        try {
            change.run();
            changed.signalAll();
            hasFinished.signal();
        } finally {
            lock.unlock();
        }
    }
}
