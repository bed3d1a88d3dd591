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
    private boolean refused;

    private PausedServer(RedisConnection connection, boolean listsClients, boolean sentinelsWatch, long blockedBefore) {
        this.connection = connection;
        this.listsClients = listsClients;
        this.sentinelsWatch = sentinelsWatch;
        this.blockedBefore = blockedBefore;
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
            waiting = new WaitingWriters(connection, replies.get(0), pausedFor, sentinelsWatch);
        }
        return null;
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
            return blockedBefore < 0 || now < 0 ? null : Math.max(0, now - blockedBefore);
        } catch (IOException e) {
            return null;
        }
    }

    /** Closes connections whose writes wait, when it is time to look for them again. */
    void closeWaiting() {
        if (waiting == null || refused) {
            return;
        }
        try {
            waiting.closeIfDue();
        } catch (IOException e) {
            // a server that is away is noticed by the next look
        } catch (RedisException e) {
            refused = e.isPermanent();
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
        connection.close();
    }
}
