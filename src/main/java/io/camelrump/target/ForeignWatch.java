package io.camelrump.target;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.camelrump.redis.ErrorText;
import io.camelrump.redis.RedisConnection;
import io.camelrump.redis.ServerAddress;
import io.camelrump.redis.TrackingConnection;
import java.io.IOException;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Watch over what others write at one target, for as long as two connections last: the one that writes there, and the
 * one that listens. A thread of its own reads, and does nothing else.
 */
final class ForeignWatch implements TrackingConnection.Listener, Runnable, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ForeignWatch.class);
    private static final int MOST_NAMES = 1_000;
    private static final long BETWEEN_PINGS = TimeUnit.SECONDS.toNanos(1);

    private final ServerAddress address;
    private final RedisConnection writer;
    /** Null where the target reports nothing. */
    private final @Nullable TrackingConnection listening;

    private final OwnWrites own;
    private final Heard heard;
    /** Names that were reported and not entered yet. Of the reading thread. */
    private final List<byte[]> names = new ArrayList<>();

    /** Connection of the reading thread on which it asks for keys; null before the first one. */
    private volatile @Nullable RedisConnection lookups;

    private volatile boolean broken;
    private volatile boolean ended;

    @GuardedBy("this")
    private long sent;

    @GuardedBy("this")
    private long sentAt = System.nanoTime();

    @GuardedBy("this")
    private long answered;

    /** Number for {@link OwnWrites#reported} of the last ping. */
    @GuardedBy("this")
    private long ownSent = OwnWrites.NOT_YET;

    /**
     * Report about a key of the target: somebody else wrote it; somebody else wrote it, or it expired, while this
     * program wrote it too; or it is gone.
     */
    enum Report {
        WRITTEN,
        CONTENDED,
        GONE
    }

    /** Receiver of what is heard. */
    interface Heard {
        /** This was reported of all these keys. */
        void reported(Report what, List<byte[]> keys);

        /** Somebody may have written other keys too. */
        void missed(String why);
    }

    /** @param listening for what others write, while {@code writer} is open; null where the target reports nothing */
    ForeignWatch(RedisConnection writer, @Nullable TrackingConnection listening, OwnWrites own, Heard heard) {
        this.address = writer.address();
        this.writer = writer;
        this.listening = listening;
        this.own = own;
        this.heard = heard;
    }

    /** Whether the target reports what others write. */
    boolean isOffered() {
        return listening != null;
    }

    /** Whether it lasts while this is the connection that writes. */
    boolean isOf(@Nullable RedisConnection current) {
        return writer == current && !broken;
    }

    @Override
    public void run() {
        TrackingConnection open = listening;
        try {
            while (open != null && !ended) {
                do {
                    open.read(this);
                } while (open.hasBuffered() && names.size() < MOST_NAMES);
                enter();
            }
        } catch (IOException | RuntimeException e) {
            if (!ended) {
                LOG.warn(
                        "Target {} stopped reporting what others write there: {}",
                        address,
                        e instanceof IOException ? e.getMessage() : ErrorText.unexpected(e));
            }
        } finally {
            breaks();
        }
    }

    private void breaks() {
        close(listening);
        closeLookups();
        if (!ended) {
            heard.missed("target " + address + " stopped reporting what others write there");
        }
        synchronized (this) {
            broken = true;
            notifyAll();
        }
    }

    // --- what the target says ---

    @Override
    public void changed(byte[] key) {
        names.add(key);
    }

    @Override
    public void flushed() {
        heard.missed("a database of target " + address + " was emptied");
    }

    @Override
    public void answered(long ping) throws IOException {
        // what was written before it is entered before anybody hears of it
        enter();
        long reported;
        synchronized (this) {
            answered = Math.max(answered, ping);
            reported = answered == sent ? ownSent : OwnWrites.NOT_YET;
            notifyAll();
        }
        own.reported(reported);
    }

    /** Enters what was reported, and whether it is there since. */
    private void enter() throws IOException {
        if (names.isEmpty()) {
            return;
        }
        RedisConnection asked = lookups;
        if (asked == null) {
            asked = RedisConnection.open(address);
            lookups = asked;
        }
        for (byte[] name : names) {
            asked.out().command(2).arg("EXISTS").arg(name);
        }
        asked.out().flush();
        Map<Report, List<byte[]>> reported = new EnumMap<>(Report.class);
        for (byte[] name : names) {
            boolean gone = Long.valueOf(0).equals(asked.in().reply());
            Report what = gone ? Report.GONE : own.mayContain(name) ? Report.CONTENDED : Report.WRITTEN;
            reported.computeIfAbsent(what, none -> new ArrayList<>()).add(name);
        }
        names.clear();
        reported.forEach(heard::reported);
    }

    // --- what is asked ---

    /** Keeps the connection alive; to be called several times per second. */
    void tick() {
        boolean due;
        synchronized (this) {
            long since = System.nanoTime() - sentAt;
            due = answered == sent && since > BETWEEN_PINGS;
            if (answered != sent && since > address.replyTimeout().toNanos()) {
                close(listening);
            }
        }
        if (due) {
            ping();
        }
    }

    /** Asks for all that was written by now to be reported; {@link #awaits} says when it was. */
    long ping() {
        long number;
        synchronized (this) {
            number = ++sent;
            ownSent = own.pinging();
            sentAt = System.nanoTime();
        }
        TrackingConnection open = listening;
        if (open != null) {
            try {
                open.ping(number);
            } catch (IOException | RuntimeException e) {
                LOG.debug("no ping of {}", address, e);
                // the reading thread finds it closed
                close(open);
            }
        }
        return number;
    }

    /** Waits until all that was written before this ping was entered; false if it cannot be known. */
    synchronized boolean awaits(long ping) throws InterruptedException {
        long until = System.nanoTime() + address.replyTimeout().toNanos();
        while (!broken && answered < ping) {
            long left = TimeUnit.NANOSECONDS.toMillis(until - System.nanoTime());
            if (left <= 0) {
                return false;
            }
            wait(left);
        }
        return !broken;
    }

    private static void close(@Nullable TrackingConnection open) {
        if (open != null) {
            open.close();
        }
    }

    @Override
    public void close() {
        ended = true;
        broken = true;
        close(listening);
        closeLookups();
    }

    private void closeLookups() {
        RedisConnection open = lookups;
        if (open != null) {
            open.close();
        }
    }
}
