package io.camelrump.target;

import io.camelrump.TargetClosedException;
import io.camelrump.TransientTargetException;
import io.camelrump.redis.ErrorText;
import io.camelrump.redis.PayloadProbe;
import io.camelrump.redis.RedisConnection;
import io.camelrump.redis.RedisException;
import io.camelrump.redis.ServerAddress;
import io.camelrump.redis.ServerClock;
import io.camelrump.redis.ServerInfo;
import io.camelrump.run.RetryWindow;
import io.camelrump.values.TemporaryKeys;
import java.io.IOException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Connection to a target's server over cuts and restarts, with what that server was found to be and to know.
 *
 * <p>Confirmed means confirmed by this process of the server: after every reconnect it is asked who it is, and if it is
 * another one, all that was confirmed is void and the scan starts again. Guarded by whoever guards the target; any
 * thread may ask for the address and the bytes sent, and may interrupt.
 */
final class TargetConnection implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(TargetConnection.class);

    private final WritePlan plan;
    private final TargetIdentity identity;
    private final TargetRuns runs;
    private final TemporaryKeys temporaries;
    private final boolean takesAnyMode;
    private final RetryWindow retries;
    private final EvictionWatch eviction;
    private final TargetAdvice advice;
    private final TargetAbilities abilities;
    private final WriteCount written;

    private volatile ServerAddress address;
    private volatile @Nullable RedisConnection connection;
    /** Whether its producer has stopped: it is connected to for a question at most, and no failure is reported. */
    private volatile boolean stopped;

    /** Open to a test, which cannot wait until it is stale. */
    ServerClock clock = ServerClock.unknown();

    private @Nullable DryRun dryRun;
    private int ownSlot = -1;

    /**
     * @param takesAnyMode whether the server is used alone, even if it reports that it is a cluster node
     * @param written named in the error that ends a run
     */
    TargetConnection(
            ServerAddress address,
            WritePlan plan,
            TargetIdentity identity,
            TargetRuns runs,
            TemporaryKeys temporaries,
            WriteCount written,
            boolean takesAnyMode) {
        this.address = address;
        this.plan = plan;
        this.identity = identity;
        this.runs = runs;
        this.temporaries = temporaries;
        this.written = written;
        this.takesAnyMode = takesAnyMode;
        this.retries = new RetryWindow("Target", plan.server().getRetryFor());
        this.eviction = new EvictionWatch(identity, plan.target().isDryRun());
        this.advice = new TargetAdvice(plan.target(), identity);
        this.abilities = new TargetAbilities(plan);
    }

    /** Connects; a target that cannot be written at all is refused here, one that is not ready yet may be so later. */
    void open() {
        try {
            connect();
        } catch (IOException e) {
            throw ErrorText.failure(address, e);
        } catch (RedisException e) {
            if (!e.isServerNotReady()) {
                throw e;
            }
            LOG.warn("Target: {}", e.getMessage());
        }
    }

    // --- what the server is, and knows ---

    ServerAddress address() {
        return address;
    }

    TargetAbilities abilities() {
        return abilities;
    }

    ServerClock clock() {
        return clock;
    }

    /** Stand-in for writing; null where keys are written. */
    @Nullable
    DryRun dryRun() {
        return dryRun;
    }

    EvictionWatch eviction() {
        return eviction;
    }

    TargetAdvice advice() {
        return advice;
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
        if (ownSlot < 0 && !identity.isKnown()) {
            abilities.borrow(lender.abilities);
        }
    }

    boolean ownsSlots() {
        return ownSlot >= 0;
    }

    /** Names a slot that this master of a cluster owns. */
    void owns(int slot) {
        ownSlot = slot;
        abilities.ownsSlots();
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

    /** Whether the server's clock or its evictions must be looked at before more keys are sent. */
    boolean isLookDue() {
        return runs.isToMeasure(clock) || eviction.isDue();
    }

    /** Looks at the server's clock and evictions where it is time to; no reply may be due. */
    void look(RedisConnection current) throws IOException, TargetClosedException {
        if (runs.isToMeasure(clock)) {
            keepsTime(ServerClock.measure(current));
        }
        if (eviction.isDue()) {
            eviction.look(address, current);
        }
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
            meet(fresh, now);
            dryRun = plan.target().isDryRun()
                    ? new DryRun(fresh, PayloadProbe.of(fresh, now), abilities.elements(fresh))
                    : null;
            connection = fresh;
            ready = true;
            return fresh;
        } finally {
            if (!ready) {
                fresh.close();
            }
        }
    }

    /** Finds out whether this is the process that was met before, and what it can do. */
    private void meet(RedisConnection fresh, ServerInfo now) throws IOException {
        ServerClock before = clock;
        clock = ServerClock.measure(fresh);
        boolean first = !identity.isKnown();
        boolean another = identity.isAnother(fresh, now, clock);
        if (first || another) {
            abilities.ask(fresh);
        }
        if (first) {
            advice.beforeFirstKey(address, fresh, now, clock);
        }
        if (first || another) {
            identity.begins(fresh, now);
        } else {
            identity.goesOn(now);
        }
        if (another) {
            abilities.clear();
            temporaries.clear();
            runs.restart("Target " + address + " is another server process than before");
        } else if (!first) {
            runs.keepTime(address, before, clock);
        }
    }

    /** Takes a new measurement; false if the clock was set, so that a run has to read keys again. */
    boolean keepsTime(ServerClock now) {
        ServerClock before = clock;
        clock = now;
        return runs.keepTime(address, before, now);
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
