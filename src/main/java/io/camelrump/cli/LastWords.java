package io.camelrump.cli;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;

/**
 * The end of a call, of which one thread speaks: the main one, or that of a signal. It waits for a file that the other
 * one is writing, and holds the other one up from then on.
 */
final class LastWords {
    /** A write may hang, as into a pipe without a reader. */
    private static final long MOST_WAIT_SECONDS = 2;

    private final ReentrantLock turn = new ReentrantLock();
    private final AtomicBoolean spoken = new AtomicBoolean();

    /** Does what the end of the call by a signal must not cut in two. */
    <T> T whole(Supplier<T> action) {
        turn.lock();
        try {
            return action.get();
        } finally {
            turn.unlock();
        }
    }

    /** Ends the call by itself. A signal has no words after it. */
    <T> T speak(Supplier<T> words) {
        return whole(() -> {
            spoken.set(true);
            return words.get();
        });
    }

    /**
     * Ends the call by a signal, unless it has ended already, or another thread has begun to end it.
     *
     * @param words the last ones; they end the process
     */
    void interrupt(Runnable words) {
        boolean mine = false;
        try {
            mine = turn.tryLock(MOST_WAIT_SECONDS, TimeUnit.SECONDS);
            if (spoken.compareAndSet(false, true)) {
                words.run();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            if (mine) {
                turn.unlock();
            }
        }
    }
}
