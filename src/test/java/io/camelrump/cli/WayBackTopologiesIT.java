package io.camelrump.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.camelrump.fixtures.RedisCluster;
import io.camelrump.fixtures.RedisSentinels;
import io.camelrump.fixtures.RedisServer;
import io.camelrump.fixtures.RedisServers;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.RedisClusterClient;
import redis.clients.jedis.StreamEntryID;

/** Ways back between clusters, servers that stand alone, and masters that sentinels name. */
class WayBackTopologiesIT {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final String TOKEN = "0123456789abcdef";
    private static final int KEYS = 500;

    @RegisterExtension
    private final RedisServers servers = new RedisServers();

    @TempDir
    Path folder;

    private String control;

    private RumpProcess start(String from, String to) throws IOException {
        try (ServerSocket free = new ServerSocket(0)) {
            control = String.valueOf(free.getLocalPort());
        }
        RumpProcess run = RumpProcess.launched(
                folder,
                Map.of("RUMP_FROM", from, "RUMP_TO", to, ControlToken.VARIABLE, TOKEN),
                "--live",
                "--way-back",
                "--latency-guard=off",
                "--checkpoint=" + folder.resolve("checkpoint"),
                "--control-port=" + control);
        run.awaitOutput("Verified beside the writers");
        ask("cutover");
        try {
            run.awaitOutput("The way back begins: ");
        } catch (RuntimeException e) {
            throw new AssertionError(run.output(), e);
        }
        return run;
    }

    private void ask(String operation) {
        await(operation).atMost(PATIENCE).untilAsserted(() -> {
            CommandRun asked = CommandRun.with(
                    Map.of(ControlToken.VARIABLE, TOKEN), operation, "--control=http://127.0.0.1:" + control);
            assertThat(asked.exitCode()).as(asked.err()).isZero();
        });
    }

    private void leadBack(RumpProcess run) throws InterruptedException {
        ask("go-back");
        assertThat(run.exitCode()).as(run.output()).isZero();
        assertThat(run.out()).containsSubsequence("CONVERGED: ", "CONVERGED: ");
    }

    @Test
    void aClusterIsFollowedBackByACluster() throws Exception {
        RedisCluster former = RedisCluster.start(servers, RedisServers.usual(), 2, 0);
        RedisCluster fresh = RedisCluster.start(servers, RedisServers.usual(), 3, 0);
        try (RedisClusterClient client = former.client()) {
            IntStream.range(0, KEYS).forEach(i -> client.set("key " + i, "value " + i));
            client.xadd("stream", StreamEntryID.NEW_ENTRY, Map.of("field", "value"));
        }
        try (RumpProcess run = start("redis://127.0.0.1:" + former.port(), "redis://127.0.0.1:" + fresh.port());
                RedisClusterClient client = fresh.client()) {
            IntStream.range(0, KEYS).forEach(i -> client.set("key " + 2 * i, "changed " + i));
            client.del("key 1");
            client.xgroupCreate("stream", "group", new StreamEntryID(), false);

            leadBack(run);

            assertThat(former.size()).isEqualTo(fresh.size());
            assertThat(former.digest()).isEqualTo(fresh.digest());
            try (RedisClusterClient back = former.client()) {
                assertThat(back.xinfoGroups("stream")).hasSize(1);
            }
        }
    }

    @Test
    void aServerThatStandsAloneFollowsAClusterBack() throws Exception {
        RedisServer former = servers.start();
        RedisCluster fresh = RedisCluster.start(servers, RedisServers.usual(), 3, 0);
        try (Jedis jedis = former.jedis()) {
            IntStream.range(0, KEYS).forEach(i -> jedis.set("key " + i, "value " + i));
        }
        try (RumpProcess run = start("redis://127.0.0.1:" + former.port(), "redis://127.0.0.1:" + fresh.port());
                RedisClusterClient client = fresh.client();
                Jedis back = former.jedis()) {
            client.set("key 2", "changed");
            client.del("key 1");

            leadBack(run);

            assertThat(back.get("key 2")).isEqualTo("changed");
            assertThat(back.dbSize()).isEqualTo(fresh.size()).isEqualTo(KEYS - 1);
        }
    }

    @Test
    void aMasterThatSentinelsNameIsFollowedBack() throws Exception {
        RedisServer former = servers.start();
        try (RedisSentinels fresh = RedisSentinels.start(servers, RedisServers.usual());
                Jedis jedis = former.jedis()) {
            IntStream.range(0, KEYS).forEach(i -> jedis.set("key " + i, "value " + i));
            try (RumpProcess run = start(
                            "redis://127.0.0.1:" + former.port(),
                            "redis-sentinel://" + fresh.places() + "/" + RedisSentinels.MASTER_NAME);
                    Jedis client = fresh.master().jedis()) {
                client.set("key 2", "changed");

                leadBack(run);

                assertThat(jedis.get("key 2")).isEqualTo("changed");
            }
        }
    }
}
