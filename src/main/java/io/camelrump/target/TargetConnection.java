package io.camelrump.target;

import io.camelrump.TargetClosedException;
import io.camelrump.TransientTargetException;
import io.camelrump.redis.ErrorText;
import io.camelrump.redis.RedisConnection;
import io.camelrump.redis.RedisException;
import io.camelrump.redis.ServerAddress;
import io.camelrump.redis.ServerInfo;
import io.camelrump.run.RetryWindow;
import java.io.IOException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Connection to a target's server over cuts and restarts.
 *
 * <p>Confirmed means confirmed by one process of the server: after every reconnect {@link TargetProcess} asks who it
 * is, and if it is another one, all that was confirmed is void and the scan restarts. Guarded by whoever guards the
 * target; any thread may ask for the address and the bytes sent, and may interrupt.
 */
final class TargetConnection implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(TargetConnection.class);

    private final TargetProcess process;
    private final TargetRuns runs;
    private final boolean takesAnyMode;
    private final RetryWindow retries;
    private final WriteCount written;

    private volatile ServerAddress address;
    private volatile @Nullable RedisConnection connection;
    /** Whether its producer has stopped: it is connected to for a query at most, and no failure is reported. */
    private volatile boolean stopped;

    private int ownSlot = -1;

    /**
     * @param takesAnyMode whether the server is used alone, even if it reports that it is a cluster node
     * @param written named in the error that ends a run
     */
    TargetConnection(
            ServerAddress address,
            TargetProcess process,
            Duration retryFor,
            TargetRuns runs,
            WriteCount written,
            boolean takesAnyMode) {
        this.address = address;
        this.process = process;
        this.runs = runs;
        this.written = written;
        this.takesAnyMode = takesAnyMode;
        this.retries = new RetryWindow("Target", retryFor);
    }

    /** Connects; a target that cannot be written at all is refused here, one that is not ready yet may be so later. */
    void open() throws IOException {
        try {
            connection();
        } catch (RedisException e) {
            if (!e.isServerNotReady()) {
                throw e;
            }
            LOG.warn("Target: {}", e.getMessage());
        }
    }

    ServerAddress address() {
        return address;
    }

    /** The server process that was met at the last connection. */
    TargetProcess process() {
        return process;
    }

    // --- its place in a cluster ---

    /** Takes the new address of the same cluster node; the next connection shows whether it is the same process. */
    void movedTo(ServerAddress place) {
        if (!place.equals(address)) {
            leave();
            address = place;
        }
    }

    /** Copies features and payload versions of {@code lender}: a node that only imports a slot cannot be probed. */
    void borrow(TargetConnection lender) {
        if (ownSlot < 0) {
            process.borrow(lender.process);
        }
    }

    boolean ownsSlots() {
        return ownSlot >= 0;
    }

    /** Names a slot that this master of a cluster owns. */
    void owns(int slot) {
        ownSlot = slot;
        process.abilities().ownsSlots();
        RedisConnection current = connection;
        if (current != null) {
            current.owns(slot);
        }
    }

    /** Marks that this is no target any more. */
    void leave() {
        close();
        runs.left(address);
    }

    // --- work on the connection ---

    /** Work to do on the connection. */
    interface Work<T extends @Nullable Object> {
        T on(RedisConnection current)
                throws IOException, TransientTargetException, TargetClosedException, InterruptedException;
    }

    /**
     * Does work for which no reply may be due; after a failure, which may leave some unread, the connection is closed.
     */
    <T extends @Nullable Object> T connected(Work<T> work)
            throws TransientTargetException, TargetClosedException, InterruptedException {
        boolean inStep = false;
        try {
            T answer = work.on(connection());
            inStep = true;
            return answer;
        } catch (IOException e) {
            throw failure(ErrorText.failure(address, e));
        } catch (RedisException e) {
            throw failure(e);
        } finally {
            closeUnless(inStep);
        }
    }

    /** Closes the connection where replies may be unread, or its producer has stopped. */
    void closeUnless(boolean inStep) {
        if (!inStep || stopped) {
            close();
        }
    }

    RedisConnection connection() throws IOException {
        RedisConnection current = connection;
        return current == null ? connect() : current;
    }

    /** The connection if there is one. */
    @Nullable
    RedisConnection current() {
        return connection;
    }

    /** Notes that the server took keys. */
    void tookKeys() {
        if (retries.succeeded()) {
            LOG.info("Target {} takes keys again", address);
        }
    }

    /** Notes that the server answered. */
    void succeeded() {
        retries.succeeded();
    }

    /** Error for a failure: transient while the server is waited for, or the end of the run. */
    TransientTargetException failure(RedisException e) throws TargetClosedException {
        if (stopped) {
            return new TransientTargetException("Target " + address + ": the route that writes there was stopped.", e);
        }
        return retries.failed(e, runs.all(), "; " + written);
    }

    // --- connecting, and connecting again ---

    private RedisConnection connect() throws IOException {
        RedisConnection fresh = RedisConnection.open(address);
        boolean ready = false;
        try {
            fresh.owns(ownSlot);
            ServerInfo now = fresh.info();
            if (now.isCluster() && !takesAnyMode) {
                throw RedisException.permanentError(
                        address + " is a cluster node, which it did not report at the start: start the run again.");
            }
            process.meet(address, fresh, now);
            connection = fresh;
            ready = true;
            return fresh;
        } finally {
            if (!ready) {
                fresh.close();
            }
        }
    }

    /** Closes a connection, which may be an earlier one than the present one. */
    void drop(RedisConnection broken) {
        if (broken == connection) {
            connection = null;
        }
        broken.close();
    }

    /** Ends a read or a write that waits for the server, as the producer stops. Any thread may call it. */
    void interrupt() {
        stopped = true;
        RedisConnection current = connection;
        if (current != null) {
            current.close();
        }
    }

    /** Bytes that the server took on this connection. Any thread may ask. */
    long bytesSent() {
        RedisConnection current = connection;
        return current == null ? 0 : current.bytesSent();
    }

    @Override
    public void close() {
        RedisConnection current = connection;
        if (current != null) {
            drop(current);
        }
    }
}
