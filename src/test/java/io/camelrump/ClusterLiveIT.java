package io.camelrump;

import static io.camelrump.fixtures.FaultRun.awaitRestored;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.awaitility.Awaitility.await;

import io.camelrump.fixtures.ClusterWriter;
import io.camelrump.fixtures.Migration;
import io.camelrump.fixtures.RedisCluster;
import io.camelrump.fixtures.RedisServer;
import io.camelrump.fixtures.RedisServers;
import io.camelrump.redis.ServerAddress;
import io.camelrump.redis.Slot;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.camel.spi.StateRepository;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.RedisClusterClient;
import redis.clients.jedis.args.ClientType;
import redis.clients.jedis.params.ClientKillParams;

/** A cluster's changes are followed at each of its masters, and a run goes on where it ended at each of them. */
class ClusterLiveIT {
    private static final int KEYS = 6_000;
    private static final int WRITTEN = 300;
    private static final int MOVED_SLOTS = 1_000;
    private static final int FAULTS = 5;

    @RegisterExtension
    private final RedisServers servers = new RedisServers();

    @TempDir
    private Path folder;

    private RedisCluster source;

    static List<RedisServers.Version> others() {
        return ClusterSourceFixture.others();
    }

    @Test
    void changesOfAllMastersArriveAtAClusterOfAnotherSize() {
        changesOfAllMastersArriveAtAClusterOfAnotherSize(RedisServers.usual());
    }

    @Tag("long")
    @ParameterizedTest
    @MethodSource("others")
    void changesOfAllMastersArriveAtAClusterOfAnotherSize(RedisServers.Version version) {
        start(version, 0);
        RedisCluster target = RedisCluster.start(servers, version, 5, 0);

        try (Migration run = live(target.port())) {
            try (ClusterWriter writer = ClusterWriter.start(source, WRITTEN, 1)) {
                run.start();
                awaitRestored(run, KEYS);
                writer.awaitWrites(1_000);
            }
            end(run);
        }
        assertEqual(target.digest(), target.size());
    }

    @Test
    void eachNodesDatabasesAreFollowedAsTheyGetTheirFirstKeys() {
        RedisServers.Version version = RedisServers.find("valkey-9").orElse(null);
        assumeThat(version).as("a cluster with several databases").isNotNull();
        source = RedisCluster.start(servers, Objects.requireNonNull(version), 3, 0, "--cluster-databases", "16");
        RedisServer target = servers.start(version);
        RedisServer first = source.masters().get(0);
        RedisServer last = source.masters().get(2);

        try (Jedis atFirst = first.jedis();
                Jedis atLast = last.jedis();
                Jedis arrived = target.jedis()) {
            atFirst.select(3);
            atFirst.set(keyAt(0), "from the start");
            try (Migration run =
                    live(target.port()).with("rump.source.db", "all").start()) {
                arrived.select(3);
                await().atMost(Duration.ofSeconds(20)).until(() -> arrived.exists(keyAt(0)));
                atLast.select(3);
                atLast.set(keyAt(Slot.COUNT - 1), "later");

                await().atMost(Duration.ofSeconds(20)).until(() -> arrived.exists(keyAt(Slot.COUNT - 1)));
                end(run);
            }
        }
    }

    private static String keyAt(int slot) {
        return "key {" + Slot.tag(slot) + "}";
    }

    @Tag("long")
    @Test
    void writesAndDeletionsAreFollowedWhileSlotsMove() {
        start(RedisServers.usual(), 0);
        RedisServer target = servers.start();
        RedisServer first = source.masters().get(0);
        RedisServer last = source.masters().get(2);

        try (Migration run = live(target.port())) {
            try (ClusterWriter writer = ClusterWriter.start(source, WRITTEN, 2)) {
                run.with("rump.source.max-keys-per-second", KEYS).start();
                awaitRestored(run, KEYS / 10);
                CompletableFuture<Void> reshard = CompletableFuture.runAsync(() -> {
                    source.reshard(first, last, 0, MOVED_SLOTS / 2 - 1);
                    source.reshard(last, first, Slot.COUNT - MOVED_SLOTS / 2, Slot.COUNT - 1);
                });
                writer.awaitWrites(2_000);
                reshard.join();
                writer.awaitWrites(500);
            }
            end(run);
        }
        assertEqual(target);
    }

    @Test
    @Tag("long")
    void aMasterThatDiesIsFollowedAtItsReplica() {
        start(RedisServers.usual(), 1, "--cluster-node-timeout", "1000");
        RedisServer target = servers.start();

        try (Migration run = live(target.port())) {
            try (ClusterWriter writer = ClusterWriter.start(source, WRITTEN, 3)) {
                run.start();
                awaitRestored(run, KEYS);
                source.masters().get(1).kill9();
                writer.awaitWrites(2_000);
            }
            end(run);
        }
        assertEqual(target);
    }

    @Test
    @Tag("long")
    void keysThatWereDeletedAtTheNewOwnerOfTheirSlotAreDeletedAtTheTarget() {
        start(RedisServers.usual(), 0);
        RedisServer target = servers.start();
        RedisServer first = source.masters().get(0);
        RedisServer last = source.masters().get(2);

        try (Migration run = live(target.port())) {
            run.start();
            awaitRestored(run, KEYS);
            try (Jedis jedis = last.jedis()) {
                // each before anybody can have heard that its slot has moved
                for (int slot = 0; slot < MOVED_SLOTS / 2; slot++) {
                    source.reshard(first, last, slot, slot);
                    jedis.clusterGetKeysInSlot(slot, KEYS).forEach(jedis::del);
                }
            }
            end(run);
            assertThat(run.ledger().counts().deleted()).isPositive();
        }
        assertEqual(target);
    }

    /** So many with {@code -Drump.cluster.seeds}; a line of the report names the one that went wrong. */
    static IntStream seeds() {
        int first = Integer.getInteger("rump.cluster.seed", 1);
        return IntStream.range(first, first + Integer.getInteger("rump.cluster.seeds", 1));
    }

    @Tag("long")
    @ParameterizedTest
    @MethodSource("seeds")
    void everyChangeArrivesWhateverHappensToTheNodes(int seed) {
        List<RedisServers.Version> versions = Stream.concat(Stream.of(RedisServers.usual()), others().stream())
                .toList();
        RedisServers.Version version = versions.get(seed % versions.size());
        start(version, 1);
        RedisServer target = servers.start(version);
        Random random = new Random(seed);

        try (Migration run = live(target.port())) {
            try (ClusterWriter writer = ClusterWriter.start(source, WRITTEN, seed)) {
                run.with("rump.source.max-keys-per-second", KEYS).start();
                for (int i = 0; i < FAULTS; i++) {
                    strike(random, writer);
                    writer.awaitWrites(random.nextInt(1_000));
                }
            }
            source.awaitWhole();
            end(run);
        }
        assertEqual(target);
    }

    private void strike(Random random, ClusterWriter writer) {
        List<RedisServer> masters = source.mastersNow();
        RedisServer one = masters.get(random.nextInt(masters.size()));
        switch (random.nextInt(4)) {
            case 0 -> {
                RedisServer other = masters.get((masters.indexOf(one) + 1) % masters.size());
                source.reshard(one, other, 1 + random.nextInt(300));
            }
            case 1 -> {
                one.kill9();
                writer.awaitWrites(random.nextInt(500));
                one.restart(true);
                source.awaitWhole();
            }
            case 2 -> source.failover(one);
            default -> {
                try (Jedis jedis = one.jedis()) {
                    // all connections but this one
                    jedis.clientKill(new ClientKillParams().type(ClientType.NORMAL));
                }
            }
        }
    }

    @Test
    void changesAreReadFromMastersEvenWhereReplicasAreScanned() {
        start(RedisServers.usual(), 1);
        RedisServer target = servers.start();

        try (Migration run = live(target.port()).with("rump.source.read-from", "replica")) {
            try (ClusterWriter writer = ClusterWriter.start(source, WRITTEN, 4)) {
                run.start();
                awaitRestored(run, KEYS);
                writer.awaitWrites(1_000);
            }
            end(run);
        }
        assertEqual(target);
    }

    @Test
    @Tag("long")
    void aResumedRunContinuesAtEachMasterWhereItStopped() {
        aResumedRunContinuesAtEachMasterWhereItStopped(RedisServers.usual());
    }

    @Tag("long")
    @ParameterizedTest
    @MethodSource("others")
    void aResumedRunContinuesAtEachMasterWhereItStopped(RedisServers.Version version) {
        start(version, 0);
        RedisServer target = servers.start(version);
        long before = runHalf(target);

        try (Migration run =
                checkpointed(target).with("rump.source.resume", true).start()) {
            Counts counts = run.awaitComplete();

            assertThat(counts.restored()).isGreaterThanOrEqualTo(KEYS);
            assertThat(counts.restored()).isLessThan(KEYS + before);
        }
        assertEqual(target);
    }

    @Tag("long")
    @Test
    void slotsThatMovedBetweenTwoRunsAreReadWhereTheyAre() {
        start(RedisServers.usual(), 0);
        RedisServer target = servers.start();
        runHalf(target);
        source.reshard(source.masters().get(0), source.masters().get(2), 0, MOVED_SLOTS - 1);
        source.masters().get(1).kill9();
        source.masters().get(1).restart(true);
        source.awaitWhole();

        try (Migration run =
                checkpointed(target).with("rump.source.resume", true).start()) {
            assertThat(run.awaitComplete().balanced()).isTrue();
        }
        assertEqual(target);
    }

    @Test
    @Tag("long")
    void aClusterKeepsTheCheckpointOfARun() {
        start(RedisServers.usual(), 0);
        RedisCluster target = RedisCluster.start(servers, RedisServers.usual(), 3, 0);
        CheckpointKey key = checkpointKey(target.port());

        try (Migration run = checkpointed(target.port(), key)
                .with("rump.target.max-keys-per-second", KEYS / 2)
                .start()) {
            awaitRestored(run, KEYS / 2);
        }
        try (RedisClusterClient client = target.client()) {
            assertThat(client.exists("rump:tmp:checkpoint:cluster")).isTrue();
        }
        try (Migration run = checkpointed(target.port(), key)
                .with("rump.source.resume", true)
                .start()) {
            assertThat(run.awaitComplete().balanced()).isTrue();
        }
        assertEqual(target.digest(), target.size());
    }

    @Tag("long")
    @Test
    void aCheckpointIsKeptWhereTheNamedNodeThatHadItHasDied() {
        RedisCluster target = RedisCluster.start(servers, RedisServers.usual(), 3, 1, "--cluster-node-timeout", "1000");
        int slot = Slot.of("rump:tmp:checkpoint:cluster".getBytes(StandardCharsets.US_ASCII));
        RedisServer owner = target.masters().get(slot * 3 / Slot.COUNT);
        CheckpointKey key = checkpointKey(owner.port());
        key.start();
        key.setState("", "before");
        try (Jedis jedis = owner.jedis()) {
            assertThat(jedis.waitReplicas(1, 30_000)).isEqualTo(1);
        }
        owner.kill9();
        await().atMost(Duration.ofSeconds(30)).until(() -> target.mastersNow().size() == 3);

        await().atMost(Duration.ofSeconds(10)).ignoreExceptions().untilAsserted(() -> {
            key.setState("", "after");
            assertThat(key.getState("")).isEqualTo("after");
        });
        key.stop();
    }

    private static CheckpointKey checkpointKey(int port) {
        return new CheckpointKey(
                new ServerAddress(RedisServer.HOST, port, null, null, 0, Duration.ofSeconds(5), Duration.ofSeconds(10)),
                "cluster");
    }

    private void start(RedisServers.Version version, int replicas, String... arguments) {
        String[] all = Stream.concat(Stream.of("--appendonly", "yes"), Stream.of(arguments))
                .toArray(String[]::new);
        source = RedisCluster.start(servers, version, 3, replicas, all);
        try (RedisClusterClient client = source.client()) {
            IntStream.range(0, KEYS).forEach(i -> client.set(key(i), "value " + i));
        }
    }

    private static String key(int i) {
        return "key " + i;
    }

    private Migration live(int target) {
        return Migration.from(source.port()).to(target).with("rump.source.live", true);
    }

    private static void end(Migration run) {
        Objects.requireNonNull(run.ledger().changes()).cutOver();
        run.awaitComplete();
    }

    private Migration checkpointed(RedisServer target) {
        return checkpointed(
                target.port(), new CheckpointFile(folder.resolve("checkpoint").toString()));
    }

    private Migration checkpointed(int target, StateRepository<String, String> checkpoint) {
        return Migration.from(source.port())
                .to(target)
                .with("rump.source.scan-count", 100)
                .bind("checkpoint", checkpoint)
                .with("rump.source.checkpoint", "#bean:checkpoint");
    }

    /** Stops a run in its middle, and gives how many keys had arrived. */
    private long runHalf(RedisServer target) {
        try (Migration run = checkpointed(target)
                .with("rump.target.max-keys-per-second", KEYS / 2)
                .start()) {
            awaitRestored(run, KEYS / 2);
        }
        try (Jedis jedis = target.jedis()) {
            return jedis.dbSize();
        }
    }

    private void assertEqual(RedisServer target) {
        try (Jedis jedis = target.jedis()) {
            byte[] digest = (byte[]) jedis.sendCommand(() -> "DEBUG".getBytes(StandardCharsets.US_ASCII), "DIGEST");
            assertEqual(new String(digest, StandardCharsets.US_ASCII), jedis.dbSize());
        }
    }

    private void assertEqual(String digest, long size) {
        await().atMost(Duration.ofSeconds(30))
                .untilAsserted(() -> assertThat(source.size()).isEqualTo(size));
        assertThat(source.digest()).isEqualTo(digest);
    }
}
