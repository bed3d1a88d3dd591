package io.camelrump.redis;

import io.camelrump.ServerMode;
import java.io.IOException;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The servers that take the writes of one side: the one that was named, or all masters of its cluster as more than half
 * of them report.
 *
 * @param servers the one that was named comes alone where it is no cluster's
 * @param ofCluster whether others may take over from them
 */
public record WritableServers(List<ServerAddress> servers, boolean ofCluster) {
    public WritableServers {
        servers = List.copyOf(servers);
    }

    /** @param mode whether it is a node of a cluster */
    public static WritableServers of(ServerAddress server, ServerMode mode) throws IOException {
        try (OpenServers named = new OpenServers(List.of(server))) {
            return isCluster(mode, named)
                    ? ofCluster(named.addresses().get(0), named.addresses())
                    : new WritableServers(named.addresses(), false);
        }
    }

    /** Finds the same servers for several questions before the run. */
    public static OpenServers open(ServerAddress server, ServerMode mode) throws IOException {
        OpenServers named = new OpenServers(List.of(server));
        boolean cluster = true;
        try {
            cluster = isCluster(mode, named);
        } finally {
            if (cluster) {
                named.close();
            }
        }
        return cluster
                ? new OpenServers(
                        ofCluster(named.addresses().get(0), named.addresses()).servers())
                : named;
    }

    private static boolean isCluster(ServerMode mode, OpenServers named) throws IOException {
        // refused where it cannot be connected to, whatever its mode
        named.connection(0);
        return mode != ServerMode.STANDALONE
                && (mode == ServerMode.CLUSTER || named.info(0).isCluster());
    }

    private static WritableServers ofCluster(ServerAddress named, List<ServerAddress> asked) {
        ClusterPoll poll = ClusterPoll.of(asked);
        if (!poll.agreed()) {
            throw ClusterPoll.disagreement(named);
        }
        return new WritableServers(
                poll.topology().shards().stream()
                        .map(shard ->
                                named.at(shard.master().host(), shard.master().port()))
                        .toList(),
                true);
    }

    /** Whether, as they report by now, these take the writes and no others. */
    public boolean areStillAll() {
        return !ofCluster
                || Set.copyOf(servers)
                        .equals(Set.copyOf(ofCluster(servers.get(0), servers).servers()));
    }

    /** Keys on all of them; -1 where one does not report it. */
    public long keys() throws IOException {
        long keys = 0;
        for (ServerAddress server : servers) {
            try (RedisConnection connection = RedisConnection.open(server)) {
                long here = connection.databaseSize();
                keys = here < 0 || keys < 0 ? -1 : keys + here;
            }
        }
        return keys;
    }

    @Override
    public String toString() {
        return servers.stream().map(ServerAddress::toString).collect(Collectors.joining(", "));
    }
}
