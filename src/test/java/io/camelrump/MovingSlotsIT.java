package io.camelrump;

import static io.camelrump.fixtures.FaultRun.awaitRestored;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.camelrump.fixtures.Migration;
import io.camelrump.fixtures.RedisCluster;
import io.camelrump.fixtures.RedisServer;
import io.camelrump.fixtures.RedisServers;
import io.camelrump.redis.Slot;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.RedisClusterClient;
import redis.clients.jedis.params.MigrateParams;

/** Every key of a cluster arrives, wherever its slot goes meanwhile. */
class MovingSlotsIT extends ClusterSourceFixture {
    private static final int MOVED_SLOTS = 1_000;

    @Tag("long")
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

    @Tag("long")
    @Test
    void aNodeIsNotHarmedByBeingReadWhileItsSlotsMigrate() {
        aNodeIsNotHarmedByBeingReadWhileItsSlotsMigrate(RedisServers.usual());
    }

    @Tag("long")
    @ParameterizedTest
    @MethodSource("others")
    void aNodeIsNotHarmedByBeingReadWhileItsSlotsMigrate(RedisServers.Version version) {
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
                    .with("rump.source.db", "all")
                    .with("rump.source.map-db", "1=0")
                    .with("rump.source.max-keys-per-second", KEYS / 10)
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
}
