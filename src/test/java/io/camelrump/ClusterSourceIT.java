package io.camelrump;

import static io.camelrump.fixtures.FaultRun.awaitRestored;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.camelrump.fixtures.CommandStats;
import io.camelrump.fixtures.Migration;
import io.camelrump.fixtures.RedisCluster;
import io.camelrump.fixtures.RedisServer;
import io.camelrump.fixtures.RedisServers;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.RedisClusterClient;

/** Every key of a cluster arrives, from its masters or their replicas. */
class ClusterSourceIT extends ClusterSourceFixture {
    @Test
    void everyKeyOfAllMastersArrives() {
        everyKeyOfAllMastersArrives(RedisServers.usual());
    }

    @Tag("long")
    @ParameterizedTest
    @MethodSource("others")
    void everyKeyOfAllMastersArrives(RedisServers.Version version) {
        RedisCluster cluster = RedisCluster.start(servers, version, 3, 0);
        RedisServer target = servers.start(version);
        fill(cluster, KEYS);
        fillBigOne(cluster);

        // any node tells of the others
        try (Migration run = Migration.from(cluster.masters().get(2))
                .to(target)
                .with("rump.source.big-key", "64kb")
                .start()) {
            Counts counts = run.awaitComplete();

            assertThat(counts.read()).isEqualTo(KEYS + 1);
            assertThat(run.ledger().sourceKeys()).isEqualTo(KEYS + 1);
        }
        assertEqual(cluster, target);
    }

    @Test
    @Tag("long")
    void aMasterThatDiesIsReadOfItsReplica() {
        RedisCluster cluster =
                RedisCluster.start(servers, RedisServers.usual(), 3, 1, "--cluster-node-timeout", "1000");
        RedisServer target = servers.start();
        fill(cluster, KEYS);
        RedisServer dying = cluster.masters().get(1);
        try (Jedis jedis = dying.jedis()) {
            assertThat(jedis.waitReplicas(1, 30_000)).isEqualTo(1);
        }

        try (Migration run = slowly(cluster, target).start()) {
            awaitRestored(run, KEYS / 10);
            dying.kill9();

            assertThat(run.awaitComplete().restarts()).isEqualTo(1);
        }
        assertEqual(cluster, target);
    }

    @Test
    @Tag("long")
    void slotsThatNobodyOwnsAnyMoreAreWaitedForNoLongerThanRetriesAreWanted() {
        RedisCluster cluster = RedisCluster.start(
                servers,
                RedisServers.usual(),
                3,
                0,
                "--cluster-node-timeout",
                "500",
                "--cluster-require-full-coverage",
                "no");
        RedisServer target = servers.start();
        fill(cluster, KEYS);

        try (Migration run = slowly(cluster, target)
                .with("camel.component.rump.retry-for", "4s")
                .start()) {
            awaitRestored(run, KEYS / 10);
            cluster.masters().get(1).kill9();

            Ledger ended = run.awaitEnd(Duration.ofSeconds(30));
            assertThat(ended.state()).isEqualTo(RunState.FAILED);
            assertThat(ended.failure()).contains("no master that answers has", "Gave up after 4 s.");
            // what the others have has arrived
            assertThat(ended.counts().restored()).isGreaterThan(KEYS / 2);
        }
    }

    @Test
    @Tag("long")
    void aTargetThatComesBackEmptyGetsEveryKeyAgain() {
        RedisCluster cluster = RedisCluster.start(servers, RedisServers.usual(), 3, 0);
        RedisServer target = servers.start();
        fill(cluster, KEYS);

        try (Migration run = slowly(cluster, target).start()) {
            awaitRestored(run, KEYS / 4);
            target.kill9();
            target.restart(false);

            assertThat(run.awaitComplete().restarts()).isEqualTo(1);
        }
        assertEqual(cluster, target);
    }

    @Test
    void theLatencyOfEachMasterIsWatched() {
        RedisCluster cluster = RedisCluster.start(servers, RedisServers.usual(), 3, 0);
        RedisServer target = servers.start();
        fill(cluster, KEYS);

        try (Migration run =
                slowly(cluster, target).with("rump.source.latency-guard", "on").start()) {
            run.awaitComplete();

            assertThat(cluster.masters()).allSatisfy(node -> {
                try (Jedis jedis = node.jedis()) {
                    // others ask it a few times, to see whether it is there
                    assertThat(CommandStats.calls(jedis, "ping")).isGreaterThan(10);
                }
            });
        }
    }

    static List<RedisServers.Version> versionsOfReplicas() {
        // below 6.2 they let no key be watched
        return Stream.of("redis-6.0", "redis-7.0")
                .map(RedisServers::find)
                .flatMap(Optional::stream)
                .toList();
    }

    @ParameterizedTest
    @MethodSource("versionsOfReplicas")
    void replicasAreReadWhereThatIsWanted(RedisServers.Version version) {
        RedisCluster cluster = RedisCluster.start(servers, version, 3, 1);
        RedisServer target = servers.start();
        fill(cluster, KEYS);
        fillBigOne(cluster);
        PrintStream standardError = System.err;
        ByteArrayOutputStream log = new ByteArrayOutputStream();
        System.setErr(new PrintStream(log, true, StandardCharsets.UTF_8));

        try (Migration run = Migration.from(cluster.port())
                .to(target)
                .with("rump.source.read-from", "replica")
                .with("rump.source.big-key", "64kb")
                .start()) {
            assertThat(run.awaitComplete().read()).isEqualTo(KEYS + 1);
        } finally {
            System.setErr(standardError);
        }

        assertEqual(cluster, target);
        assertThat(calls(cluster.masters(), "dump")).isZero();
        boolean watch = version.isLike(6, 2);
        assertThat(calls(cluster.masters(), "lrange") == 0).isEqualTo(watch);
        assertThat(log.toString(StandardCharsets.UTF_8).contains("replica that does not support WATCH"))
                .isEqualTo(!watch);
    }

    private static long calls(List<RedisServer> nodes, String command) {
        return nodes.stream()
                .mapToLong(node -> {
                    try (Jedis jedis = node.jedis()) {
                        return CommandStats.calls(jedis, command);
                    }
                })
                .sum();
    }

    @Test
    void optionsThatAClusterCannotTakeAreNamed() {
        RedisCluster cluster = RedisCluster.start(servers, RedisServers.usual(), 1, 0);
        RedisServer target = servers.start();

        try (Migration run = Migration.from(cluster.port()).to(target).with("rump.source.rename", "a*=b*")) {
            assertThatThrownBy(run::start).hasStackTraceContaining("cluster, which cannot be read with rename");
        }
    }

    @Test
    void aSampleIsOneOfAllMastersTogether() {
        RedisCluster cluster = RedisCluster.start(servers, RedisServers.usual(), 3, 0);
        RedisServer target = servers.start();
        fill(cluster, KEYS);

        try (Migration run = Migration.from(cluster.port())
                .to(target)
                .with("rump.source.sample", 100)
                .start()) {
            assertThat(run.awaitComplete().restored()).isEqualTo(100);
        }
    }

    @Test
    void theKeysOfAFileAreReadWhereTheyLie(@TempDir Path folder) throws IOException {
        RedisCluster cluster = RedisCluster.start(servers, RedisServers.usual(), 3, 0);
        RedisServer target = servers.start();
        fill(cluster, KEYS);
        Path file = Files.write(
                folder.resolve("keys"),
                IntStream.range(0, KEYS / 2).mapToObj(i -> "string " + i).toList());

        try (Migration run = Migration.from(cluster.port())
                .to(target)
                .with("rump.source.keys-from", file)
                .start()) {
            // every other one of them is there
            assertThat(run.awaitComplete().restored()).isEqualTo(KEYS / 4);
        }
    }

    private static void fillBigOne(RedisCluster cluster) {
        try (RedisClusterClient client = cluster.client()) {
            for (int i = 0; i < 100; i++) {
                client.rpush("big", "x".repeat(10_000) + i);
            }
        }
    }
}
