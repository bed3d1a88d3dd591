package io.camelrump.cutover;

import io.camelrump.redis.ClusterTopology;
import io.camelrump.redis.ErrorReply;
import io.camelrump.redis.RedisConnection;
import io.camelrump.redis.RedisException;
import io.camelrump.redis.ServerAddress;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A client of our own that a pause of the writes holds up: while it waits, the pause lasts, and once it does not, the
 * pause is over, or somebody has lifted it. It sends PFCOUNT of a key that is not there, which writes nothing, and is
 * held up all the same.
 */
final class PauseProbe implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(PauseProbe.class);

    private final RedisConnection connection;
    private final long id;

    private PauseProbe(RedisConnection connection, long id) {
        this.connection = connection;
        this.id = id;
    }

    /** One for this server, to be sent once that holds up the writes; null where it cannot be made. */
    static @Nullable PauseProbe open(ServerAddress server) {
        RedisConnection connection = null;
        PauseProbe made = null;
        try {
            connection = RedisConnection.open(server);
            if (connection.probe("CLIENT", "ID") instanceof Long id) {
                if (connection.info().isCluster()) {
                    ownSlot(connection);
                }
                made = new PauseProbe(connection, id);
            }
        } catch (IOException | RedisException e) {
            LOG.debug("No client of ours shows whether the pause at {} lasts", server, e);
        } finally {
            if (made == null && connection != null) {
                connection.close();
            }
        }
        return made;
    }

    /**
     * Has it held up.
     *
     * @param paused another connection to the same server
     * @return false if it is not, as its user may not send the command
     */
    boolean send(RedisConnection paused) throws IOException {
        connection.out().command(2).arg("PFCOUNT").arg(connection.nowhere());
        connection.out().flush();
        // one that is not held up is executed before the list is made, or refused
        Object listed = paused.call("CLIENT", "LIST", "ID", Long.toString(id));
        return !(listed instanceof ErrorReply) && isHeld(ListedClient.of(paused, listed, ""));
    }

    /** Has it ask for a key that this node of a cluster does not send elsewhere. */
    private static void ownSlot(RedisConnection connection) throws IOException {
        for (ClusterTopology.Shard shard : ClusterTopology.of(connection).shards()) {
            if (connection
                    .address()
                    .at(shard.master().host(), shard.master().port())
                    .equals(connection.address())) {
                connection.owns(shard.slots().nextSetBit(0));
            }
        }
    }

    /** Whether it waits, by a list of all clients. */
    boolean isHeld(List<ListedClient> clients) {
        return clients.stream().anyMatch(client -> client.id() == id && client.isWaiting());
    }

    @Override
    public void close() {
        connection.close();
    }
}
