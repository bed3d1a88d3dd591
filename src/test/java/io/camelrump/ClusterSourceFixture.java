package io.camelrump;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.camelrump.fixtures.Migration;
import io.camelrump.fixtures.RedisCluster;
import io.camelrump.fixtures.RedisServer;
import io.camelrump.fixtures.RedisServers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.RegisterExtension;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.RedisClusterClient;

/** A source cluster, and a target that must have all of its keys. */
abstract class ClusterSourceFixture {
    static final int KEYS = 6_000;
    static final int SLOWLY = 2_000;

    @RegisterExtension
    final RedisServers servers = new RedisServers();

    /** Those that clusters are tested with beside the usual one. */
    static List<RedisServers.Version> others() {
        return Stream.of("redis-6.2", "redis-8.0", "valkey-8.1")
                .map(RedisServers::find)
                .flatMap(Optional::stream)
                .toList();
    }

    static Migration slowly(RedisCluster cluster, RedisServer target) {
        return Migration.from(cluster.port()).to(target).with("rump.source.max-keys-per-second", SLOWLY);
    }

    static void fill(RedisCluster cluster, int keys) {
        try (RedisClusterClient client = cluster.client()) {
            for (int i = 0; i < keys; i++) {
                switch (i % 4) {
                    case 0 -> client.rpush("list " + i, "a", "b", String.valueOf(i));
                    case 1 -> client.psetex("fleeting " + i, 3_600_000L + i, "value");
                    default -> client.set("string " + i, "value " + i);
                }
            }
        }
    }

    static void assertEqual(RedisCluster cluster, RedisServer target) {
        try (Jedis jedis = target.jedis()) {
            await().atMost(Duration.ofSeconds(30))
                    .untilAsserted(() -> assertThat(jedis.dbSize()).isEqualTo(cluster.size()));
            byte[] digest = (byte[]) jedis.sendCommand(() -> "DEBUG".getBytes(StandardCharsets.US_ASCII), "DIGEST");
            assertThat(new String(digest, StandardCharsets.US_ASCII)).isEqualTo(cluster.digest());
        }
    }
}
