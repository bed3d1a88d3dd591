package io.camelrump.source;

import io.camelrump.ServerMode;
import io.camelrump.keys.ScanPlan;
import io.camelrump.options.ServerOptions;
import io.camelrump.redis.ErrorText;
import io.camelrump.redis.RedisConnection;
import io.camelrump.redis.RedisException;
import io.camelrump.redis.ServerAddress;
import io.camelrump.redis.ServerClock;
import io.camelrump.redis.ServerInfo;
import io.camelrump.redis.SourceFeatures;
import io.camelrump.run.RetryWindow;
import io.camelrump.run.Run;
import java.io.IOException;
import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Connection to a source that is opened anew when it breaks.
 *
 * <p>After every reconnect it finds out who the server is before a cursor is used again: to another process the cursor
 * means nothing. Belongs to one thread.
 */
final class SourceConnection {
    private static final Logger LOG = LoggerFactory.getLogger(SourceConnection.class);

    /** A server that answers a new connection, beside the one that answered before. */
    enum Server {
        FIRST,
        SAME,
        /** Another process, at the same address or another one. */
        ANOTHER
    }

    /** Reads or asks something that is done again on a new connection where the old one breaks. */
    interface Action<T> {
        T run() throws IOException, InterruptedException;
    }

    /** Prepares the reader for a new connection. */
    interface Opening {
        /** @return the scan; a server that hides its run id is known by what the scan's cursor gives */
        KeyScan opened(Server server, SourceSession session, ServerInfo info) throws IOException;
    }

    private final ServerAddress address;
    private final ServerMode mode;
    private final Duration retryFor;
    private final Run run;
    private final ReadScope scope;

    private final Opening opening;
    private final ScanFingerprint fingerprint = new ScanFingerprint();
    private ScanPlan plan;

    private volatile @Nullable RedisConnection connection;
    private boolean known;
    private ServerInfo info = ServerInfo.HIDDEN;
    private SourceFeatures features = new SourceFeatures(true);
    private ServerClock clock = ServerClock.unknown();

    SourceConnection(
            ServerAddress address, ServerOptions server, ScanPlan plan, Run run, ReadScope scope, Opening opening) {
        this.address = address;
        this.mode = server.getMode();
        this.retryFor = server.getRetryFor();
        this.plan = plan;
        this.run = run;
        this.scope = scope;
        this.opening = opening;
    }

    RedisConnection connected() {
        return Objects.requireNonNull(connection);
    }

    SourceSession session() {
        return new SourceSession(connected(), features, clock);
    }

    /** The server as it was when it was first connected to. */
    ServerInfo info() {
        return info;
    }

    ServerClock clock() {
        return clock;
    }

    /** The options of the run, as far as the server knows them. */
    ScanPlan plan() {
        return plan;
    }

    /** Whether one node of a cluster is read as if it stood alone. */
    boolean isAloneInCluster(ServerInfo server) {
        return mode == ServerMode.STANDALONE && server.isCluster();
    }

    /** Identity of the server for a checkpoint, where it hides its run id; empty elsewhere. */
    String fingerprint() {
        return info.runId() == null ? fingerprint.encode() : "";
    }

    /** Takes note of another measurement of the server's clock. */
    void measured(ServerClock now) {
        ServerClock before = clock;
        clock = now;
        run.clockSteps().measured("source " + address, before, now);
    }

    /**
     * Connects; a server that cannot be read at all is refused here.
     *
     * @param waits whether one that is away is waited for; one that is not ready yet always is
     */
    void open(boolean waits) throws InterruptedException {
        if (!waits) {
            try {
                connect();
            } catch (IOException e) {
                throw ErrorText.failure(address, e);
            } catch (RedisException e) {
                if (!e.isServerNotReady()) {
                    throw e;
                }
            }
        }
        persistently(() -> true);
    }

    void close() {
        RedisConnection current = connection;
        connection = null;
        if (current != null) {
            current.close();
        }
    }

    // --- retries ---

    /** Does it, and does it again with a pause while the source is away, for as long as retries are wanted. */
    <T> T persistently(Action<T> action) throws InterruptedException {
        RetryWindow retries = new RetryWindow("Source", retryFor);
        while (true) {
            try {
                if (connection == null) {
                    connect();
                }
                T result = action.run();
                if (retries.succeeded()) {
                    LOG.info("Source {} answers again", address);
                }
                return result;
            } catch (IOException | RedisException e) {
                RedisException failure = e instanceof RedisException named ? named : ErrorText.failure(address, e);
                close();
                if (!failure.isPermanent() && scope.isLost()) {
                    throw new NodeLostException(failure.getMessage(), failure);
                }
                if (known) {
                    retries.awaitRetry(failure, run);
                } else {
                    retries.awaitStart(failure, run);
                }
            } catch (IndexOutOfBoundsException | ClassCastException | NumberFormatException e) {
                RedisConnection current = connection;
                throw current == null ? e : current.misread(e);
            }
        }
    }

    // --- connecting, step by step ---

    private void connect() throws IOException {
        RedisConnection fresh = RedisConnection.open(address);
        boolean ready = false;
        try {
            ServerInfo now = fresh.info();
            refuseUnreadable(fresh, now);
            readFeatures(fresh, now);
            Server server = measureAndIdentify(fresh, now);
            KeyScan scan = opening.opened(server, new SourceSession(fresh, features, clock), now);
            if (server != Server.SAME) {
                info = now;
            }
            known = true;
            if (info.runId() == null) {
                fingerprint.remember(fresh, scan.database(), scan.cursor());
            }
            connection = fresh;
            ready = true;
        } finally {
            if (!ready) {
                fresh.close();
            }
        }
    }

    private void refuseUnreadable(RedisConnection fresh, ServerInfo now) throws IOException {
        if (mode == ServerMode.AUTO && !scope.isNode() && now.isCluster()) {
            throw new ClusterFoundException(address + " is in cluster mode");
        }
        scope.prepare(address, fresh, now);
        plan = ScanProbe.require(fresh, plan);
    }

    private void readFeatures(RedisConnection fresh, ServerInfo now) throws IOException {
        if (!scope.isNode() && !now.isCluster()) {
            SourceFeatures.leaveUnused(fresh, now);
        }
        features = plan.source().isValues()
                ? SourceFeatures.ofWatching(fresh, plan.source().isCarryIdle() ? now.reportedPolicy() : null)
                : SourceFeatures.of(fresh);
    }

    /** Compares the clock with the last measurement only where it is the same server's. */
    private Server measureAndIdentify(RedisConnection fresh, ServerInfo now) throws IOException {
        ServerClock before = clock;
        clock = ServerClock.measure(fresh);
        if (!known) {
            return Server.FIRST;
        }
        if (isAnother(fresh, now)) {
            return Server.ANOTHER;
        }
        run.clockSteps().measured("source " + address, before, clock);
        return Server.SAME;
    }

    private boolean isAnother(RedisConnection fresh, ServerInfo now) throws IOException {
        String before = info.runId();
        String current = now.runId();
        // a server that reported its run id, and hides it now, cannot be known again
        return before == null && current == null ? !fingerprint.isSameServer(fresh) : !Objects.equals(before, current);
    }
}
