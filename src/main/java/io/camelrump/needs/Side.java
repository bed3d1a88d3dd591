package io.camelrump.needs;

import io.camelrump.redis.ClusterTopology;
import io.camelrump.redis.ErrorReply;
import io.camelrump.redis.RedisConnection;
import io.camelrump.redis.RedisException;
import io.camelrump.redis.ServerAddress;
import io.camelrump.redis.ServerInfo;
import java.io.IOException;

/**
 * One of the two servers.
 *
 * @param name source or target
 * @param hasDatabase whether the database of the run is there, and selected
 */
public record Side(String name, RedisConnection connection, ServerInfo info, int database, boolean hasDatabase) {

    /** The address names no database, so that a missing one can be reported. */
    public static Side of(String name, ServerAddress address, int database) throws IOException {
        RedisConnection connection = RedisConnection.open(address);
        boolean ready = false;
        try {
            boolean selected =
                    database == 0 || !(connection.probe("SELECT", String.valueOf(database)) instanceof ErrorReply);
            ServerInfo info = connection.info();
            if (info.isCluster()) {
                findOwnSlot(connection);
            }
            Side side = new Side(name, connection, info, database, selected);
            ready = true;
            return side;
        } finally {
            if (!ready) {
                connection.close();
            }
        }
    }

    /** Finds a slot of this node, for probes that leave no trace. */
    private static void findOwnSlot(RedisConnection connection) throws IOException {
        try {
            ClusterTopology.of(connection).shards().stream()
                    .filter(shard ->
                            shard.master().port() == connection.address().port())
                    .findFirst()
                    .ifPresent(shard -> connection.owns(shard.slots().nextSetBit(0)));
        } catch (RedisException e) {
            if (!e.isPermanent()) {
                throw e;
            }
            // its masters are not known
        }
    }

    public String field(String name) {
        return info.fields().getOrDefault(name, "");
    }

    public long number(String name) {
        String text = field(name);
        return text.matches("[0-9]{1,18}") ? Long.parseLong(text) : 0;
    }

    public double decimal(String name) {
        String text = field(name);
        return text.matches("[0-9]{1,15}(\\.[0-9]{1,9})?") ? Double.parseDouble(text) : 0;
    }

    /** Whether the server has a command, whatever it says to these words. */
    public boolean knows(String... words) throws IOException {
        return !(connection.probe(words) instanceof ErrorReply error) || !error.isUnknownCommand();
    }

    public boolean isReplica() {
        return field("role").equals("slave");
    }
}
