package io.camelrump.run;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Lock that guards all books of one run, and on which its reader waits for a change of them. */
final class RunLock {
    /** Longest wait for a change, as some are not entered in any book. */
    static final long MOST_WAIT = TimeUnit.MILLISECONDS.toNanos(100);

    private final ReentrantLock lock = new ReentrantLock();

    @GuardedBy("lock")
    private final Condition changed = lock.newCondition();

    /** Makes an entry, and wakes whoever waits for one. */
    void change(Runnable entry) {
        lock.lock();
        try {
            entry.run();
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Answers a question, or makes an entry that nobody waits for. */
    <T extends @Nullable Object> T locked(Supplier<T> question) {
        lock.lock();
        try {
            return question.get();
        } finally {
            lock.unlock();
        }
    }

    /**
     * Waits for the next change.
     *
     * @param most nanoseconds to wait, as counted under the lock
     * @return false if the time is up
     */
    boolean awaitChange(LongSupplier most) throws InterruptedException {
        lock.lockInterruptibly();
        try {
            long nanos = most.getAsLong();
            return nanos > 0 && changed.awaitNanos(nanos) > 0;
        } finally {
            lock.unlock();
        }
    }

    /** Waits for so long, or until the condition no longer holds. */
    void awaitWhile(BooleanSupplier condition, long nanos) throws InterruptedException {
        lock.lockInterruptibly();
        try {
            long left = nanos;
            while (left > 0 && condition.getAsBoolean()) {
                left = changed.awaitNanos(left);
            }
        } finally {
            lock.unlock();
        }
    }
}
