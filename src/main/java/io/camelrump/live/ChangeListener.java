package io.camelrump.live;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.camelrump.ChangeSource;
import io.camelrump.redis.ErrorText;
import io.camelrump.redis.RedisException;
import io.camelrump.redis.ServerAddress;
import io.camelrump.redis.TrackingConnection;
import io.camelrump.run.Backoff;
import io.camelrump.run.ChangeLog;
import java.io.IOException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Follows the changes of a source beside its scan: a thread of its own reads which keys change and does nothing but
 * {@link ChangeLog#changed mark} them. A gap in the notifications is never passed over: the source is scanned again
 * once they are back.
 *
 * <p>Another thread must call {@link #tick}, several times per second.
 */
public final class ChangeListener implements TrackingConnection.Listener, AutoCloseable {
    /** Between two calls of {@link #tick}. */
    public static final long TICK_MILLIS = 250;

    private static final Logger LOG = LoggerFactory.getLogger(ChangeListener.class);

    private final ServerAddress address;
    private final ChangeLog changes;
    private final GatheringPause gathering;
    private final GatheredKeys gathered = new GatheredKeys();

    private volatile @Nullable TrackingConnection connection;
    private volatile boolean ended;
    private volatile boolean gathers = true;
    /** Held over a write, so apart from the other one: whoever reads the answers must not wait for it. */
    private final ReentrantLock pinging = new ReentrantLock();

    /** Pings are numbered over all connections. */
    @GuardedBy("this")
    private long sent;

    @GuardedBy("this")
    private long answered;

    @GuardedBy("this")
    private long oldestSentAt;

    /** The last ping that somebody waits for. */
    @GuardedBy("this")
    private long awaited;

    ChangeListener(ServerAddress address, ChangeLog changes) {
        this(address, changes, new GatheringPause());
    }

    ChangeListener(ServerAddress address, ChangeLog changes, GatheringPause gathering) {
        this.address = address;
        this.changes = changes;
        this.gathering = gathering;
    }

    /**
     * Begins to receive changes: every one from now on is reported, once {@link #follow} runs.
     *
     * @return false if the server does not offer it
     */
    boolean open() throws IOException {
        TrackingConnection opened = TrackingConnection.open(address);
        if (opened == null) {
            return false;
        }
        connection = opened;
        return true;
    }

    /** From here on no change notification is missed. */
    void begin() {
        TrackingConnection opened = connection;
        if (opened != null) {
            changes.gaps().reporting(this, ChangeSource.TRACKING);
            LOG.info(
                    "Source {} reports its changes by CLIENT TRACKING ({})",
                    address,
                    opened.isByPushes() ? "RESP3" : "RESP2, redirected");
        } else {
            // notifications begin when the server is ready, and what was read by then is read again
            changes.gaps().lost(this);
        }
    }

    /** Reads until it is closed; over lost connections, of which each is a gap. */
    void follow() {
        Backoff backoff = new Backoff();
        while (!ended) {
            TrackingConnection open = connection;
            try {
                if (open == null) {
                    open = reopened();
                }
                while (!ended) {
                    readWhatCame(open);
                    backoff.reset();
                }
            } catch (Error e) {
                // the thread ends here
                lost(open, e);
                throw e;
            } catch (IOException | RuntimeException e) {
                lost(open, e);
                if (!waitFor(TimeUnit.NANOSECONDS.toMillis(backoff.next()))) {
                    return;
                }
            }
        }
    }

    /** Marks what has come at once, so that it is read together, and lets more come. */
    private void readWhatCame(TrackingConnection open) throws IOException {
        int keys;
        try {
            do {
                open.read(this);
            } while (open.hasBuffered() && !gathered.isFull());
        } finally {
            keys = gathered.mark(changes);
        }
        if (keys > 0) {
            pauseUnlessAsked(gathering.after(keys, System.nanoTime()));
        }
    }

    private TrackingConnection reopened() throws IOException {
        TrackingConnection fresh = TrackingConnection.open(address);
        if (fresh == null) {
            throw RedisException.transientError(address + " does not offer CLIENT TRACKING any more.", null);
        }
        synchronized (this) {
            // who waits for an answer on the old connection waits for one on the new connection
            answered = sent;
        }
        connection = fresh;
        if (ended) {
            fresh.close();
        }
        changes.gaps().reporting(this, ChangeSource.TRACKING);
        LOG.info(
                "Source {} sends change notifications again: it is scanned again for changes that were missed",
                address);
        return fresh;
    }

    private void lost(@Nullable TrackingConnection broken, Throwable cause) {
        connection = null;
        if (broken != null) {
            broken.close();
        }
        if (ended) {
            return;
        }
        if (!changes.gaps().isBroken(this)) {
            boolean isExpected = cause instanceof IOException || cause instanceof RedisException;
            LOG.warn(
                    "Source {} stopped sending change notifications: {}",
                    address,
                    isExpected ? cause.getMessage() : ErrorText.unexpected(cause));
        }
        reportUnlessEnded(() -> changes.gaps().lost(this));
    }

    /** Once it has ended it reports nothing more: others follow the server's keys. */
    private synchronized void reportUnlessEnded(Runnable report) {
        if (!ended) {
            report.run();
        }
    }

    /** Waits for so long unless it ends; false if it does. */
    private synchronized boolean waitFor(long millis) {
        return waitWhile(() -> !ended, millis);
    }

    /** Lets changes be gathered, or has each marked as soon as it is reported. */
    synchronized void gather(boolean wanted) {
        if (gathers != wanted) {
            gathers = wanted;
            notifyAll();
        }
    }

    /** Waits for so long unless an answer is due: a drain waits for it. */
    private synchronized void pauseUnlessAsked(long millis) {
        waitWhile(() -> gathers && !ended && !isAnswerDue(), millis);
    }

    private synchronized boolean isAnswerDue() {
        return answered < awaited;
    }

    private synchronized boolean waitWhile(BooleanSupplier condition, long millis) {
        long until = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
        try {
            long left = millis;
            while (condition.getAsBoolean() && left > 0) {
                wait(left);
                left = TimeUnit.NANOSECONDS.toMillis(until - System.nanoTime());
            }
            return !ended;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    // --- what the source says ---

    @Override
    public void changed(byte[] key) {
        gathered.add(key);
    }

    @Override
    public void flushed() {
        gathered.mark(changes);
        LOG.info("A database of source {} was emptied: the target's keys are looked up there", address);
        changes.gaps().flushed();
    }

    @Override
    public void answered(long ping) {
        // a barrier is past when all before it is marked
        gathered.mark(changes);
        noteAnswer(ping);
    }

    private synchronized void noteAnswer(long ping) {
        answered = Math.max(answered, ping);
        if (answered == sent) {
            changes.gaps().silentSince(this, -1);
        } else {
            oldestSentAt = System.nanoTime();
        }
    }

    // --- what is asked ---

    /** Keeps the connection alive, and finds out when the source has fallen silent. */
    void tick() {
        long silent;
        synchronized (this) {
            silent = answered == sent ? 0 : System.nanoTime() - oldestSentAt;
        }
        if (silent > address.replyTimeout().toNanos()) {
            // the reading thread finds it closed
            closeConnection();
        } else if (silent == 0) {
            ping(false);
        } else {
            reportUnlessEnded(() -> changes.gaps().silentSince(this, System.nanoTime() - silent));
        }
    }

    /** A point in the source's history: {@link #isPast} when all changes before it are marked. */
    long barrier() {
        return ping(true);
    }

    boolean isPast(long barrier) {
        // an answer that was due when the connection broke says nothing
        return barrierAnswered(barrier) && !changes.gaps().isBroken(this);
    }

    private synchronized boolean barrierAnswered(long barrier) {
        return answered >= barrier;
    }

    private long ping(boolean isAwaited) {
        pinging.lock();
        try {
            TrackingConnection open = connection;
            long number = next(isAwaited);
            if (open != null) {
                try {
                    open.ping(number);
                } catch (IOException | RuntimeException e) {
                    LOG.debug("no ping of {}", address, e);
                    open.close();
                }
            }
            return number;
        } finally {
            pinging.unlock();
        }
    }

    private synchronized long next(boolean isAwaited) {
        if (answered == sent) {
            oldestSentAt = System.nanoTime();
        }
        sent++;
        if (isAwaited) {
            awaited = sent;
            notifyAll();
        }
        return sent;
    }

    @Override
    public void close() {
        synchronized (this) {
            ended = true;
            notifyAll();
        }
        closeConnection();
    }

    private void closeConnection() {
        TrackingConnection open = connection;
        if (open != null) {
            open.close();
        }
    }
}
