package io.camelrump;

import static io.camelrump.fixtures.FaultRun.awaitRestored;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.awaitility.Awaitility.await;

import io.camelrump.fixtures.CommandStats;
import io.camelrump.fixtures.Migration;
import io.camelrump.fixtures.RedisCluster;
import io.camelrump.fixtures.RedisServer;
import io.camelrump.fixtures.RedisServers;
import io.camelrump.redis.Slot;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.RedisClusterClient;
import redis.clients.jedis.params.MigrateParams;

/** Every key of a cluster arrives, wherever its slot goes meanwhile. */
class ClusterSourceIT {
    private static final int KEYS = 6_000;
    private static final int MOVED_SLOTS = 1_000;
    private static final int SLOWLY = 2_000;

    @RegisterExtension
    private final RedisServers servers = new RedisServers();

    /** Those that clusters are tested with beside the usual one. */
    static List<RedisServers.Version> others() {
        return Stream.of("redis-6.2", "redis-8.0", "valkey-8.1")
                .map(RedisServers::find)
                .flatMap(Optional::stream)
                .toList();
    }

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
                .with("scan.big-key", "64kb")
                .start()) {
            Counts counts = run.awaitComplete();

            assertThat(counts.read()).isEqualTo(KEYS + 1);
            assertThat(run.ledger().sourceKeys()).isEqualTo(KEYS + 1);
        }
        assertEqual(cluster, target);
    }

    @Test
    void keysThatMoveBeforeTheyAreScannedAreNotMissed() {
        RedisCluster cluster = RedisCluster.start(servers, RedisServers.usual(), 3, 0);
        RedisServer target = servers.start();
        fill(cluster, KEYS);
        RedisServer first = cluster.masters().get(0);
        RedisServer last = cluster.masters().get(2);

        try (Migration run = slowly(cluster, target).start()) {
            awaitRestored(run, KEYS / 10);
            cluster.reshard(first, last, 0, MOVED_SLOTS / 2 - 1);
            cluster.reshard(last, first, Slot.COUNT - MOVED_SLOTS / 2, Slot.COUNT - 1);

            assertThat(run.awaitComplete().balanced()).isTrue();
        }
        assertEqual(cluster, target);
    }

    @Test
    void aSlotThatIsHalfMovedIsReadWhenItsMoveHasEnded() {
        aSlotThatIsHalfMovedIsReadWhenItsMoveHasEnded(RedisServers.usual());
    }

    @Tag("long")
    @ParameterizedTest
    @MethodSource("others")
    void aSlotThatIsHalfMovedIsReadWhenItsMoveHasEnded(RedisServers.Version version) {
        RedisCluster cluster = RedisCluster.start(servers, version, 3, 0);
        RedisServer target = servers.start(version);
        String tag = "{half}";
        int half = 100;
        try (RedisClusterClient client = cluster.client()) {
            IntStream.range(0, 2 * half).forEach(i -> client.set(tag + i, "value " + i));
        }
        fill(cluster, 1_000);
        int slot = Slot.of(tag.getBytes(StandardCharsets.US_ASCII));
        RedisServer from = owner(cluster, slot);
        RedisServer to = cluster.masters().stream()
                .filter(node -> node != from)
                .findFirst()
                .orElseThrow();
        try (Jedis a = from.jedis();
                Jedis b = to.jedis()) {
            b.clusterSetSlotImporting(slot, cluster.id(from));
            a.clusterSetSlotMigrating(slot, cluster.id(to));
            move(a, to, slot, half);
        }

        try (Migration run = Migration.from(cluster.port()).to(target).start()) {
            awaitRestored(run, 1_000);
            assertThat(run.ledger().state()).isEqualTo(RunState.RUNNING);
            try (Jedis a = from.jedis();
                    Jedis b = to.jedis()) {
                move(a, to, slot, half);
                b.clusterSetSlotNode(slot, cluster.id(to));
                a.clusterSetSlotNode(slot, cluster.id(to));
            }

            assertThat(run.awaitComplete().balanced()).isTrue();
        }
        assertEqual(cluster, target);
    }

    @Test
    void aNodeIsNotHarmedByBeingReadWhileItsSlotsAreOnTheirWay() {
        aNodeIsNotHarmedByBeingReadWhileItsSlotsAreOnTheirWay(RedisServers.usual());
    }

    @Tag("long")
    @ParameterizedTest
    @MethodSource("others")
    void aNodeIsNotHarmedByBeingReadWhileItsSlotsAreOnTheirWay(RedisServers.Version version) {
        RedisCluster cluster = RedisCluster.start(servers, version, 3, 0);
        RedisServer target = servers.start(version);
        fill(cluster, KEYS);
        RedisServer from = cluster.masters().get(0);
        RedisServer to = cluster.masters().get(1);
        // where slots are scanned in their order, they are the last of the node
        int[] late =
                IntStream.range(Slot.COUNT / 3 - MOVED_SLOTS, Slot.COUNT / 3).toArray();

        try (Migration run = slowly(cluster, target).start();
                Jedis a = from.jedis();
                Jedis b = to.jedis()) {
            awaitRestored(run, KEYS / 10);
            String source = cluster.id(from);
            String destination = cluster.id(to);
            for (int slot : late) {
                b.clusterSetSlotImporting(slot, source);
                a.clusterSetSlotMigrating(slot, destination);
            }
            awaitRestored(run, KEYS / 2);
            for (int slot : late) {
                a.clusterSetSlotStable(slot);
                b.clusterSetSlotStable(slot);
            }

            assertThat(run.awaitComplete().restarts()).isZero();
        }
        assertEqual(cluster, target);
    }

    @Test
    void aMasterThatDiesIsReadOfItsReplica() {
        RedisCluster cluster = RedisCluster.start(servers, RedisServers.usual(), 3, 1);
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

        try (Migration run = slowly(cluster, target).with("retry.for", "4s").start()) {
            awaitRestored(run, KEYS / 10);
            cluster.masters().get(1).kill9();

            Ledger ended = run.awaitEnd(Duration.ofSeconds(30));
            assertThat(ended.state()).isEqualTo(RunState.FAILED);
            assertThat(ended.failure()).contains("no master that answers has had", "for 4 s");
            // what the others have has arrived
            assertThat(ended.counts().restored()).isGreaterThan(KEYS / 2);
        }
    }

    @Test
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

        try (Migration run = slowly(cluster, target).start()) {
            run.awaitComplete();

            assertThat(cluster.masters()).allSatisfy(node -> {
                try (Jedis jedis = node.jedis()) {
                    // others ask it a few times, to see whether it is there
                    assertThat(CommandStats.calls(jedis, "ping")).isGreaterThan(20);
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
                .with("source.read-from", "replica")
                .with("scan.big-key", "64kb")
                .start()) {
            assertThat(run.awaitComplete().read()).isEqualTo(KEYS + 1);
        } finally {
            System.setErr(standardError);
        }

        assertEqual(cluster, target);
        assertThat(calls(cluster.masters(), "dump")).isZero();
        boolean watch = version.isLike(6, 2);
        assertThat(calls(cluster.masters(), "lrange") == 0).isEqualTo(watch);
        assertThat(log.toString(StandardCharsets.UTF_8).contains("replica that lets no key be watched"))
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
    void whatCanNotBeDoneWithAClusterYetIsSaid() {
        RedisCluster cluster = RedisCluster.start(servers, RedisServers.usual(), 1, 0);
        RedisServer target = servers.start();

        try (Migration run = Migration.from(cluster.port()).to(target).with("scan.rename", "a*=b*")) {
            assertThatThrownBy(run::start).hasStackTraceContaining("cluster, which cannot be read with rename");
        }
    }

    /** Its new owner held keys of one database alone when its scan began. */
    @Test
    void aNameStaysTakenWhenItsSlotMoves() {
        RedisServers.Version version = RedisServers.find("valkey-9").orElse(null);
        assumeThat(version).as("a cluster with several databases").isNotNull();
        RedisCluster cluster =
                RedisCluster.start(servers, Objects.requireNonNull(version), 3, 0, "--cluster-databases", "2");
        RedisServer target = servers.start(version);
        fill(cluster, KEYS / 4);
        RedisServer first = cluster.masters().get(0);
        RedisServer last = cluster.masters().get(2);
        String key = "key {" + Slot.tag(0) + "}";

        try (Jedis from = first.jedis();
                Jedis to = last.jedis();
                Jedis arrived = target.jedis()) {
            from.set(key, "of 0");
            from.select(1);
            from.set(key, "of 1");
            try (Migration run = slowly(cluster, target)
                    .with("scan.db", "all")
                    .with("scan.map-db", "1=0")
                    .with("scan.max-keys-per-second", KEYS / 10)
                    .start()) {
                awaitRestored(run, KEYS / 20);
                to.clusterSetSlotImporting(0, cluster.id(first));
                from.clusterSetSlotMigrating(0, cluster.id(last));
                for (int database = 0; database < 2; database++) {
                    from.select(database);
                    from.migrate(RedisServer.HOST, last.port(), key, database, 60_000);
                }
                to.clusterSetSlotNode(0, cluster.id(last));
                from.clusterSetSlotNode(0, cluster.id(last));

                run.awaitComplete();
                assertThat(run.ledger().refusals().toString()).contains("database 1 comes after 0, and both go to 0");
            }
            assertThat(arrived.get(key)).isEqualTo("of 0");
        }
    }

    @Test
    void aSampleIsOneOfAllMastersTogether() {
        RedisCluster cluster = RedisCluster.start(servers, RedisServers.usual(), 3, 0);
        RedisServer target = servers.start();
        fill(cluster, KEYS);

        try (Migration run = Migration.from(cluster.port())
                .to(target)
                .with("scan.sample", 100)
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
                .with("scan.keys-from", file)
                .start()) {
            // every other one of them is there
            assertThat(run.awaitComplete().restored()).isEqualTo(KEYS / 4);
        }
    }

    private static Migration slowly(RedisCluster cluster, RedisServer target) {
        return Migration.from(cluster.port()).to(target).with("scan.max-keys-per-second", SLOWLY);
    }

    private static void fill(RedisCluster cluster, int keys) {
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

    private static void fillBigOne(RedisCluster cluster) {
        try (RedisClusterClient client = cluster.client()) {
            for (int i = 0; i < 100; i++) {
                client.rpush("big", "x".repeat(10_000) + i);
            }
        }
    }

    private static RedisServer owner(RedisCluster cluster, int slot) {
        return cluster.masters().stream()
                .filter(node -> {
                    try (Jedis jedis = node.jedis()) {
                        return jedis.clusterCountKeysInSlot(slot) > 0;
                    }
                })
                .findFirst()
                .orElseThrow();
    }

    private static void move(Jedis from, RedisServer to, int slot, int keys) {
        from.migrate(
                RedisServer.HOST,
                to.port(),
                60_000,
                MigrateParams.migrateParams().replace(),
                from.clusterGetKeysInSlotBinary(slot, keys).toArray(byte[][]::new));
    }

    private static void assertEqual(RedisCluster cluster, RedisServer target) {
        try (Jedis jedis = target.jedis()) {
            await().atMost(Duration.ofSeconds(30))
                    .untilAsserted(() -> assertThat(jedis.dbSize()).isEqualTo(cluster.size()));
            byte[] digest = (byte[]) jedis.sendCommand(() -> "DEBUG".getBytes(StandardCharsets.US_ASCII), "DIGEST");
            assertThat(new String(digest, StandardCharsets.US_ASCII)).isEqualTo(cluster.digest());
        }
    }
}
