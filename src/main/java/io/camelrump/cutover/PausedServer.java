package io.camelrump.cutover;

import io.camelrump.redis.ErrorReply;
import io.camelrump.redis.RedisConnection;
import io.camelrump.redis.RedisException;
import io.camelrump.redis.SentinelTimeouts;
import io.camelrump.redis.ServerAddress;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A server at which a {@link WritePause} holds up the writes. */
final class PausedServer implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(PausedServer.class);

    private final RedisConnection connection;
    private final boolean listsClients;
    private final boolean sentinelsWatch;
    private final long blockedBefore;
    private @Nullable WaitingWriters waiting;
    /** Null where no client of ours shows whether the pause lasts. */
    private @Nullable PauseProbe probe;
    /** Nobody is closed any longer. */
    private boolean ended;

    private PausedServer(RedisConnection connection, boolean listsClients, boolean sentinelsWatch, long blockedBefore) {
        this.connection = connection;
        this.listsClients = listsClients;
        this.sentinelsWatch = sentinelsWatch;
        this.blockedBefore = blockedBefore;
        this.probe = listsClients ? PauseProbe.open(connection.address()) : null;
    }

    /**
     * Connects; nothing is paused yet.
     *
     * @param listsClients whether clients that wait before are told from those that will
     */
    static PausedServer open(ServerAddress server, boolean listsClients) throws IOException {
        boolean watched = listsClients && (server.sentinels() != null || SentinelTimeouts.areWatching(server));
        RedisConnection connection = RedisConnection.open(server);
        try {
            return new PausedServer(
                    connection,
                    listsClients,
                    watched,
                    connection.info("clients").blockedClients());
        } catch (IOException | RuntimeException e) {
            connection.close();
            throw e;
        }
    }

    /**
     * Pauses the writes.
     *
     * @param millis for how long
     * @param pausedFor nanoseconds for which the writes are paused by now, where another server was before this one
     * @return the server's refusal; null if it holds the writes up
     */
    @Nullable
    ErrorReply pause(long millis, long pausedFor) throws IOException {
        List<String> pause = List.of("CLIENT", "PAUSE", Long.toString(millis), "WRITE");
        List<@Nullable Object> replies =
                connection.callAll(listsClients ? List.of(WaitingWriters.LIST, pause) : List.of(pause));
        if (replies.get(replies.size() - 1) instanceof ErrorReply error) {
            return error;
        }
        if (listsClients) {
            sendProbe();
            waiting = new WaitingWriters(connection, replies.get(0), pausedFor, sentinelsWatch, probe);
        }
        return null;
    }

    private void sendProbe() throws IOException {
        if (probe != null && !probe.send(connection)) {
            probe.close();
            probe = null;
        }
    }

    RedisException refusal(ErrorReply error) {
        String text = connection.address() + " refused CLIENT PAUSE: " + error.text();
        return error.isTransient()
                ? RedisException.transientError(text, null)
                : RedisException.permanentError(
                        text + ". It takes Redis 6.2 or newer, and the ACL rule +client|pause.");
    }

    /** Whether it still is the server that was paused, and the one that {@code asked} means. */
    boolean isStill(ServerAddress asked) {
        try {
            connection.call("PING");
            return connection.leadsTo(asked);
        } catch (IOException e) {
            return false;
        }
    }

    /** Clients that wait since the pause began; null if that is not known. */
    @Nullable
    Long waiting() {
        try {
            long now = connection.info("clients").blockedClients();
            long own = probe == null ? 0 : 1;
            return blockedBefore < 0 || now < 0 ? null : Math.max(0, now - own - blockedBefore);
        } catch (IOException e) {
            return null;
        }
    }

    /**
     * Closes connections whose writes wait, when it is time to look for them again.
     *
     * @param until when the pause is over, by {@link System#nanoTime}
     */
    void closeWaiting(long until) {
        if (waiting == null || ended) {
            return;
        }
        try {
            waiting.closeIfDue(until);
            if (waiting.isLifted()) {
                ended = true;
                LOG.warn(
                        "No connection that waits at {} is closed any longer: somebody has lifted the pause of the writes"
                                + " there (CLIENT UNPAUSE)",
                        connection.address());
            }
        } catch (IOException e) {
            // a server that is away is noticed by the next look
        } catch (RedisException e) {
            ended = e.isPermanent();
            LOG.warn("No connection that waits is closed: {}", e.getMessage());
        }
    }

    /** Connections that were closed because their writes waited. */
    long closedClients() {
        return waiting == null ? 0 : waiting.closed();
    }

    /** Lets the writes go on. */
    void unpause() {
        try {
            connection.call("CLIENT", "UNPAUSE");
        } catch (IOException | RedisException e) {
            // it ends by itself
        }
    }

    @Override
    public void close() {
        if (probe != null) {
            // before the pause ends, so that it is not answered
            probe.close();
        }
        connection.close();
    }
}
