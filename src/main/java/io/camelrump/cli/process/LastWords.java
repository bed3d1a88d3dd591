package io.camelrump.cli.process;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;

/**
 * The end of a call, of which one thread speaks: the main one, or that of a signal. It waits for a file that the other
 * one is writing, and holds the other one up from then on.
 */
public final class LastWords {
    private final ReentrantLock turn = new ReentrantLock();
    private final AtomicBoolean spoken = new AtomicBoolean();
    /** A write may hang, as into a pipe without a reader; another one only takes long, as to a busy disk. */
    private volatile Duration patience = Duration.ofSeconds(25);

    /** Limits the wait of a signal: to the time that a run may take to end. */
    public void patience(Duration most) {
        patience = most;
    }

    /** Does what the end of the call by a signal must not cut in two. */
    public <T> T whole(Supplier<T> action) {
        turn.lock();
        try {
            return action.get();
        } finally {
            turn.unlock();
        }
    }

    /** Ends the call by itself. A signal has no words after it. */
    public <T> T speak(Supplier<T> words) {
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
            mine = turn.tryLock(patience.toNanos(), TimeUnit.NANOSECONDS);
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
