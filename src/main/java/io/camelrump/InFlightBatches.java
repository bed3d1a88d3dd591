package io.camelrump;

import io.camelrump.run.PageData;
import io.camelrump.target.SentPipeline;
import io.camelrump.target.Target;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BiConsumer;
import org.apache.camel.AsyncCallback;
import org.apache.camel.Exchange;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Batches that one start of a producer has sent and whose replies are due, in the order in which they were sent.
 *
 * <p>One thread reads the replies, another one lets the routes go on: what a route does next may wait for room at
 * another producer, whose own replies must be read meanwhile. Guarded by the producer's lock.
 */
final class InFlightBatches {
    private static final Logger LOG = LoggerFactory.getLogger(InFlightBatches.class);

    /** Threads that {@link #run} takes. */
    static final int THREADS = 2;

    /** One chain of SCANs never fills more than two; a target's pauses fill the rest. */
    private static final int MOST = 4;

    /** The share of a batch that went to one target. */
    record Sent(Target target, SentPipeline batch) {}

    /** @param failure why a part of the pages was not sent; null if all were */
    record InFlight(
            Exchange exchange,
            AsyncCallback callback,
            List<PageData> pages,
            List<Sent> sent,
            @Nullable Exception failure) {}

    private final ReentrantLock lock;
    /** Batches were settled: whoever sends, or waits for the last reply, looks again. */
    private final Condition changed;
    /** There is a batch for the thread that reads replies. */
    private final Condition hasDue;
    /** There is a batch for the thread that lets routes go on. Apart, as each batch would wake both threads twice. */
    private final Condition hasSettled;

    private final BiConsumer<InFlight, Map<Sent, Exception>> settle;
    private final Deque<InFlight> due = new ArrayDeque<>();
    private final Deque<InFlight> settled = new ArrayDeque<>();
    private boolean stopped;
    private boolean lastReplyRead;

    /**
     * @param changed a condition of the lock, signalled whenever a batch is settled
     * @param settle enters what each target answered, and the failures by which replies were lost; called under the
     *     lock
     */
    InFlightBatches(ReentrantLock lock, Condition changed, BiConsumer<InFlight, Map<Sent, Exception>> settle) {
        this.lock = lock;
        this.changed = changed;
        this.hasDue = lock.newCondition();
        this.hasSettled = lock.newCondition();
        this.settle = settle;
    }

    /** Starts both threads; they end when {@link #stop} was called and nothing is in flight. */
    void run(Executor threads) {
        threads.execute(this::readReplies);
        threads.execute(this::goOn);
    }

    /** No batch is added from now on. */
    void stop() {
        stopped = true;
        changed.signalAll();
        hasDue.signal();
    }

    boolean isFull() {
        return due.size() >= MOST;
    }

    void add(InFlight batch) {
        due.add(batch);
        hasDue.signal();
    }

    /** Whether one of these pages would come before one that is in flight. */
    boolean hasNewerThanAnyOf(List<PageData> pages) {
        return due.stream().flatMap(batch -> batch.sent().stream()).anyMatch(sent -> sent.batch()
                .isNewerThanAnyOf(pages));
    }

    /** Waits until no reply is due. */
    void awaitReplies() throws InterruptedException {
        while (!due.isEmpty()) {
            changed.await();
        }
    }

    /** Waits until no reply is due, and no longer than this. */
    void awaitReplies(long millis) throws InterruptedException {
        long nanos = TimeUnit.MILLISECONDS.toNanos(millis);
        while (!due.isEmpty() && nanos > 0) {
            nanos = changed.awaitNanos(nanos);
        }
    }

    private void readReplies() {
        try {
            boolean more = true;
            while (more) {
                more = readRepliesOfNext();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            locked(() -> lastReplyRead = true);
        }
    }

    /** Nothing here holds a batch while the next one is waited for: its pages are not counted any more. */
    private boolean readRepliesOfNext() throws InterruptedException {
        InFlight oldest = oldestDue();
        if (oldest != null) {
            readReplies(oldest);
        }
        return oldest != null;
    }

    private void readReplies(InFlight oldest) {
        Map<Sent, Exception> broken = new HashMap<>();
        for (Sent sent : oldest.sent()) {
            try {
                sent.batch().readReplies();
            } catch (IOException | RuntimeException e) {
                broken.put(sent, e);
            }
        }
        locked(() -> {
            due.remove();
            settle.accept(oldest, broken);
            settled.add(oldest);
        });
    }

    private @Nullable InFlight oldestDue() throws InterruptedException {
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

    /** Holds no batch while it waits, as {@link #readRepliesOfNext} does not. */
    private boolean goOnWithNext() throws InterruptedException {
        InFlight done = nextSettled();
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

    private @Nullable InFlight nextSettled() throws InterruptedException {
        lock.lockInterruptibly();
        try {
            while (settled.isEmpty() && !lastReplyRead) {
                hasSettled.await();
            }
            return settled.poll();
        } finally {
            lock.unlock();
        }
    }

    private void locked(Runnable change) {
        lock.lock();
        try {
            change.run();
            changed.signalAll();
            hasSettled.signal();
        } finally {
            lock.unlock();
        }
    }
}
