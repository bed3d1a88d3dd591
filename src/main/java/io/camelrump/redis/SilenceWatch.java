package io.camelrump.redis;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds out whether a connection is half open: its server has left it, as after a failover of a network, and no packet
 * says so.
 *
 * <p>TCP keepalive finds a connection on which nothing is due. Where a reply or an acknowledgement is due it does not
 * look, and the kernel waits for a quarter of an hour. So one that has waited for long is compared with a fresh
 * connection: if the server answers a PING there, the old one is given up. A server that is busy answers neither, and
 * is waited for.
 *
 * <p>The threads that read and write say when they begin to wait; one thread looks at the connections of the process,
 * and lives as long as there are some. Nobody waits for it.
 */
final class SilenceWatch implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(SilenceWatch.class);

    /** Share of the reply timeout after which a connection is compared with a fresh one. */
    private static final int SHARE_OF_TIMEOUT = 4;

    /** Once one connection was given up, others that have been silent since then are compared so much earlier. */
    private static final int EARLIER = 5;

    private static final int LOOKS = 10;
    private static final ScheduledThreadPoolExecutor TIMER = timer();
    private static final long IDLE = -1;

    /** When a silent connection was found last, by any watch. */
    private static volatile long foundAt = System.nanoTime();

    private final ServerAddress address;
    private final Runnable abort;
    private final long most;
    private final ScheduledFuture<?> looking;
    private final AtomicBoolean comparing = new AtomicBoolean();
    private volatile long readingSince = IDLE;
    private volatile long writingSince = IDLE;
    private volatile long heardAt = System.nanoTime();
    private volatile @Nullable String givenUp;

    /** @param abort ends the connection under whoever waits for it, from any thread */
    SilenceWatch(ServerAddress address, Runnable abort) {
        this.address = address;
        this.abort = abort;
        // WAIT takes as long as a connection may, and answers nothing meanwhile
        this.most = Math.max(
                address.replyTimeout().toNanos() / SHARE_OF_TIMEOUT,
                2 * address.connectTimeout().toNanos());
        long pause = most / LOOKS;
        this.looking = TIMER.scheduleWithFixedDelay(this::look, pause, pause, TimeUnit.NANOSECONDS);
    }

    private static ScheduledThreadPoolExecutor timer() {
        ScheduledThreadPoolExecutor timer =
                new ScheduledThreadPoolExecutor(1, work -> daemon(work, "rump-silence-watch"));
        timer.setRemoveOnCancelPolicy(true);
        timer.setKeepAliveTime(1, TimeUnit.SECONDS);
        timer.allowCoreThreadTimeOut(true);
        return timer;
    }

    private static Thread daemon(Runnable work, String name) {
        Thread thread = new Thread(work, name);
        thread.setDaemon(true);
        return thread;
    }

    // --- what the connection says ---

    void reads() {
        readingSince = System.nanoTime();
    }

    void hasRead() {
        readingSince = IDLE;
        heardAt = System.nanoTime();
    }

    void writes() {
        writingSince = System.nanoTime();
    }

    void hasWritten() {
        writingSince = IDLE;
    }

    /** The cause of a failure: that it was given up, if it was. */
    IOException explained(IOException failure) {
        String reason = givenUp;
        return reason == null ? failure : new SilentConnectionException(reason, failure);
    }

    // --- looks, on the thread of the timer ---

    private void look() {
        long begun = waitingSince();
        if (begun == IDLE || givenUp != null) {
            return;
        }
        long limit = heardAt - foundAt < 0 ? most / EARLIER : most;
        if (System.nanoTime() - begun > limit && comparing.compareAndSet(false, true)) {
            daemon(() -> compare(begun), "rump-silence-probe").start();
        }
    }

    /** Since when it has been waiting for what its server must do. */
    private long waitingSince() {
        long reading = readingSince;
        long writing = writingSince;
        return writing == IDLE || reading != IDLE && reading - writing < 0 ? reading : writing;
    }

    private void compare(long begun) {
        try {
            // a log-in ends with a PING
            ConnectionOpener.openAt(address.withDatabase(0)).close();
            if (waitingSince() == begun) {
                long seconds =
                        Math.max(1, Duration.ofNanos(System.nanoTime() - begun).toSeconds());
                givenUp = address + " left a connection silent for " + seconds
                        + " s, and answered a new one: the old one is given up.";
                foundAt = System.nanoTime();
                abort.run();
            }
        } catch (RuntimeException e) {
            LOG.debug("{} gives no new connection to compare with", address, e);
        } finally {
            comparing.set(false);
        }
    }

    @Override
    public void close() {
        looking.cancel(false);
    }
}
