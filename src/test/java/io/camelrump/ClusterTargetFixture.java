package io.camelrump;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.camelrump.fixtures.RedisCluster;
import io.camelrump.fixtures.RedisServer;
import io.camelrump.fixtures.RedisServers;
import io.camelrump.fixtures.SampleData;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.junit.jupiter.api.extension.RegisterExtension;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.RedisClusterClient;
import redis.clients.jedis.params.ScanParams;
import redis.clients.jedis.resps.ScanResult;

/** A target cluster, and whether each key is at the master of its slot. */
abstract class ClusterTargetFixture {
    static final int KEYS = 4_000;
    static final int FEW = 2_000;
    static final int MASTERS = 3;
    static final int MOVED_SLOTS = 1_000;

    @RegisterExtension
    final RedisServers servers = new RedisServers();

    RedisServer filled(RedisServers.Version version, int keys) {
        RedisServer server = servers.start(version);
        try (Jedis jedis = server.jedis()) {
            SampleData.fillMixed(jedis, keys);
        }
        return server;
    }

    /** The same keys, values and expiries, and nothing else. */
    static void assertEqual(RedisServer source, RedisCluster cluster) {
        try (Jedis jedis = source.jedis();
                RedisClusterClient client = cluster.client()) {
            await("the same keys and values").atMost(Duration.ofSeconds(20)).untilAsserted(() -> {
                removeExpired(jedis);
                for (RedisServer master : cluster.mastersNow()) {
                    try (Jedis node = master.jedis()) {
                        removeExpired(node);
                    }
                }
                assertThat(cluster.size()).isEqualTo(jedis.dbSize());
                assertThat(cluster.digest()).isEqualTo(digest(jedis));
            });
            String cursor = ScanParams.SCAN_POINTER_START;
            do {
                ScanResult<String> page = jedis.scan(cursor, new ScanParams().count(1_000));
                for (String key : page.getResult()) {
                    long left = jedis.pttl(key);
                    if (left > 0) {
                        assertThat(client.pttl(key)).as(key).isBetween(left - 500, left + 500);
                    }
                }
                cursor = page.getCursor();
            } while (!cursor.equals(ScanParams.SCAN_POINTER_START));
        }
    }

    /** A server counts keys whose time has passed until somebody asks for them. */
    static void removeExpired(Jedis jedis) {
        String cursor = ScanParams.SCAN_POINTER_START;
        do {
            cursor = jedis.scan(cursor, new ScanParams().count(1_000)).getCursor();
        } while (!cursor.equals(ScanParams.SCAN_POINTER_START));
    }

    static String digest(Jedis jedis) {
        Object told = jedis.sendCommand(() -> "DEBUG".getBytes(StandardCharsets.US_ASCII), "DIGEST");
        return new String((byte[]) told, StandardCharsets.US_ASCII);
    }
}
