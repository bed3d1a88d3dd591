package io.camelrump;

import static org.assertj.core.api.Assertions.assertThat;

import io.camelrump.redis.ClusterTopology;
import io.camelrump.redis.RedisConnection;
import io.camelrump.redis.ServerAddress;
import io.camelrump.redis.Slot;
import java.io.IOException;
import java.time.Duration;
import java.util.BitSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import redis.clients.jedis.RedisClusterClient;

/** What a cluster tells of itself. */
class ClusterIT {
    private static final int MOVED_SLOTS = 100;

    @RegisterExtension
    static final RedisServers SERVERS = new RedisServers();

    @Test
    void theTopologyFollowsSlotsThatMove() throws IOException {
        RedisCluster cluster = RedisCluster.start(SERVERS, RedisServers.usual(), 3, 1);
        try (RedisClusterClient client = cluster.client()) {
            for (int i = 0; i < 1_000; i++) {
                client.set("key " + i, "value");
            }
        }
        String digest = cluster.digest();
        ClusterTopology before = topology(cluster);
        assertThat(before.isWhole()).isTrue();
        assertThat(before.shards()).hasSize(3).allSatisfy(shard -> assertThat(shard.replicas())
                .hasSize(1));

        cluster.reshard(cluster.masters().get(0), cluster.masters().get(2), 0, MOVED_SLOTS - 1);

        ClusterTopology after = topology(cluster);
        BitSet moved = after.movedSince(before);
        assertThat(moved.cardinality()).isEqualTo(MOVED_SLOTS);
        assertThat(after.owner(0)).isEqualTo(after.owner(Slot.COUNT - 1));
        assertThat(cluster.size()).isEqualTo(1_000);
        assertThat(cluster.digest()).isEqualTo(digest);
    }

    private static ClusterTopology topology(RedisCluster cluster) throws IOException {
        // the node that took the slots is the first to know
        RedisServer node = cluster.masters().get(2);
        ServerAddress address = new ServerAddress(
                RedisServer.HOST, node.port(), null, null, 0, Duration.ofSeconds(10), Duration.ofSeconds(10));
        try (RedisConnection connection = RedisConnection.open(address)) {
            return ClusterTopology.of(connection);
        }
    }
}
