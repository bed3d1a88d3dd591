package io.camelrump;

import static org.assertj.core.api.Assertions.assertThat;

import io.camelrump.fixtures.RedisCluster;
import io.camelrump.fixtures.RedisServer;
import io.camelrump.fixtures.RedisServers;
import io.camelrump.redis.ClusterPoll;
import io.camelrump.redis.ClusterTopology;
import io.camelrump.redis.RedisConnection;
import io.camelrump.redis.ServerAddress;
import io.camelrump.redis.Slot;
import java.io.IOException;
import java.time.Duration;
import java.util.BitSet;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.RedisClusterClient;
import redis.clients.jedis.args.ClusterResetType;

/** What a cluster tells of itself. */
class ClusterIT {
    private static final int MOVED_SLOTS = 100;

    @RegisterExtension
    static final RedisServers SERVERS = new RedisServers();

    @Tag("long")
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

    @Test
    void majorityOverrulesANodeThatClaimsAllSlots() {
        RedisCluster cluster = RedisCluster.start(SERVERS, RedisServers.usual(), 3, 0);
        RedisServer lost = cluster.masters().get(0);
        try (Jedis jedis = lost.jedis()) {
            jedis.clusterReset(ClusterResetType.HARD);
            jedis.clusterAddSlotsRange(0, Slot.COUNT - 1);
        }

        ClusterPoll polled =
                ClusterPoll.of(List.of(address(lost), address(cluster.masters().get(1))));

        assertThat(polled.agreed()).isTrue();
        assertThat(polled.topology().shards()).hasSize(3);
        // and where nobody else is known
        assertThat(ClusterPoll.of(List.of(address(lost))).agreed()).isTrue();
    }

    private static ClusterTopology topology(RedisCluster cluster) throws IOException {
        // the node that took the slots is the first to know
        try (RedisConnection connection =
                RedisConnection.open(address(cluster.masters().get(2)))) {
            return ClusterTopology.of(connection);
        }
    }

    private static ServerAddress address(RedisServer node) {
        return new ServerAddress(
                RedisServer.HOST, node.port(), null, null, 0, Duration.ofSeconds(10), Duration.ofSeconds(10));
    }
}
