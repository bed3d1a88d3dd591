package io.camelrump.cli;

import io.camelrump.redis.ClusterPoll;
import io.camelrump.redis.OpenServers;
import io.camelrump.redis.RedisConnection;
import io.camelrump.redis.ServerAddress;
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
record WritableServers(List<ServerAddress> servers, boolean ofCluster) {
    private static final String STANDALONE = "standalone";

    WritableServers {
        servers = List.copyOf(servers);
    }

    static WritableServers of(Migration.Plan plan, String side) throws IOException {
        try (OpenServers named = named(plan, side)) {
            return isCluster(plan, side, named)
                    ? ofCluster(named.addresses().get(0), named.addresses())
                    : new WritableServers(named.addresses(), false);
        }
    }

    /** Finds the same servers for several questions before the run. */
    static OpenServers open(Migration.Plan plan, String side) throws IOException {
        OpenServers named = named(plan, side);
        boolean cluster = true;
        try {
            cluster = isCluster(plan, side, named);
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

    private static OpenServers named(Migration.Plan plan, String side) {
        RedisUri server = side.equals("source") ? plan.from() : plan.to();
        return new OpenServers(List.of(server.address()));
    }

    private static boolean isCluster(Migration.Plan plan, String side, OpenServers named) throws IOException {
        // refused where it cannot be connected to, whatever its mode
        named.connection(0);
        String mode = plan.properties().getOrDefault("rump." + side + ".mode", "auto");
        return !mode.equals(STANDALONE)
                && (mode.equals("cluster") || named.info(0).isCluster());
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
    boolean areStillAll() {
        return !ofCluster
                || Set.copyOf(servers)
                        .equals(Set.copyOf(ofCluster(servers.get(0), servers).servers()));
    }

    /** Keys on all of them; -1 where one does not report it. */
    long keys() throws IOException {
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
