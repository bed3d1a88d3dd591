package io.camelrump;

import static io.camelrump.fixtures.FaultRun.awaitRestored;
import static io.camelrump.fixtures.FaultRun.slow;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.camelrump.fixtures.FaultRun;
import io.camelrump.fixtures.LiveWriter;
import io.camelrump.fixtures.Migration;
import io.camelrump.fixtures.RedisCluster;
import io.camelrump.fixtures.RedisServer;
import io.camelrump.fixtures.RedisServers;
import io.camelrump.fixtures.RouteRun;
import io.camelrump.fixtures.SampleData;
import io.camelrump.redis.Slot;
import io.camelrump.run.ChangeLog;
import io.camelrump.run.PageData;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.apache.camel.Exchange;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.RedisClusterClient;
import redis.clients.jedis.params.ScanParams;
import redis.clients.jedis.resps.ScanResult;

/** A cluster as the target: each key goes to the master of its slot, wherever that is by now. */
class ClusterTargetIT {
    private static final int KEYS = 10_000;
    private static final int FEW = 2_000;
    private static final int MASTERS = 3;
    private static final int MOVED_SLOTS = 1_000;

    @RegisterExtension
    private final RedisServers servers = new RedisServers();

    @TempDir
    private Path folder;

    static List<RedisServers.Version> others() {
        return ClusterSourceIT.others();
    }

    @Test
    void everyKeyArrivesAtTheMasterOfItsSlot() {
        everyKeyArrivesAtTheMasterOfItsSlot(RedisServers.usual());
    }

    @Tag("long")
    @ParameterizedTest
    @MethodSource("others")
    void everyKeyArrivesAtTheMasterOfItsSlot(RedisServers.Version version) {
        RedisServer source = filled(version, KEYS);
        RedisCluster cluster = RedisCluster.start(servers, version, MASTERS, 0);
        try (Jedis jedis = source.jedis()) {
            for (String name : List.of("", "{", "}", "{}", "a{}b", "{tag}one", "{tag}two", "x{y}z", "a}b{c}d")) {
                jedis.set(name, "odd");
            }
        }

        try (Migration run = Migration.from(source).to(cluster.masters().get(1)).start()) {
            assertThat(run.awaitComplete().refused()).isZero();
        }

        assertEqual(source, cluster);
    }

    @Test
    void deletesAreFollowedWhereOneMasterWasFullAtTheStart() {
        RedisServer source = filled(RedisServers.usual(), FEW);
        RedisCluster cluster = RedisCluster.start(servers, RedisServers.usual(), MASTERS, 0);
        RedisServer full = cluster.masters().get(1);
        FaultRun.config(full, "maxmemory", "1");

        try (Migration run = Migration.from(source)
                        .to(cluster.masters().get(0))
                        .with("live", true)
                        .start();
                Jedis jedis = source.jedis()) {
            FaultRun.config(full, "maxmemory", "0");
            awaitRestored(run, jedis.dbSize());
            for (int i = 0; i < 50; i++) {
                jedis.del("mixed:" + i);
            }
            Objects.requireNonNull(run.ledger().changes()).cutOver();
            run.awaitComplete();
        }

        assertEqual(source, cluster);
    }

    @Test
    void slotsThatMoveMeanwhileAreFollowed() {
        RedisServer source = filled(RedisServers.usual(), KEYS);
        RedisCluster cluster = RedisCluster.start(servers, RedisServers.usual(), MASTERS, 0);

        try (Migration run =
                slow(Migration.from(source).to(cluster.masters().get(0))).start()) {
            awaitRestored(run, KEYS / 10);
            cluster.reshard(cluster.masters().get(0), cluster.masters().get(2), 0, MOVED_SLOTS - 1);
            Counts counts = run.awaitComplete();

            assertThat(counts.refused()).isZero();
            assertThat(counts.restarts()).isZero();
        }

        assertEqual(source, cluster);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void keysOfASlotThatIsOnItsWayGoWhereTheyAreTaken(boolean toOneWithoutSlots) {
        RedisServer source = filled(RedisServers.usual(), FEW);
        RedisCluster cluster = RedisCluster.start(servers, RedisServers.usual(), MASTERS, 0);
        RedisServer from = cluster.masters().get(0);
        RedisServer to = cluster.masters().get(1);
        int slot = Slot.of("{tag}".getBytes(StandardCharsets.US_ASCII));
        RedisServer owner = cluster.masters().stream()
                .filter(master -> owns(cluster, master, slot))
                .findFirst()
                .orElseThrow();
        RedisServer other = toOneWithoutSlots ? cluster.add(servers, RedisServers.usual()) : owner == from ? to : from;
        String ownerId = cluster.id(owner);
        String otherId = cluster.id(other);
        try (Jedis a = owner.jedis();
                Jedis b = other.jedis();
                Jedis jedis = source.jedis()) {
            for (int i = 0; i < 100; i++) {
                jedis.set("{tag}" + i, "value " + i);
            }
            // one that is there already stays there until it is moved
            a.set("{tag}7", "of before");
            b.clusterSetSlotImporting(slot, ownerId);
            a.clusterSetSlotMigrating(slot, otherId);

            try (Migration run =
                    Migration.from(source).to(owner).with("retry.for", "10s").start()) {
                // soon, and not when the minute is over after which a target is looked at again
                assertThat(run.awaitEnd(Duration.ofSeconds(30)).counts().refused())
                        .isZero();
                run.awaitComplete();
            }

            assertThat(a.clusterCountKeysInSlot(slot)).isEqualTo(1);
            assertThat(b.clusterCountKeysInSlot(slot)).isEqualTo(99);
        }
        cluster.reshard(owner, other, slot, slot);
        assertEqual(source, cluster);
    }

    @Test
    void aReplicaThatTakesOverBeginsAnew() {
        RedisServer source = filled(RedisServers.usual(), KEYS);
        RedisCluster cluster = RedisCluster.start(servers, RedisServers.usual(), MASTERS, 1);

        try (Migration run =
                slow(Migration.from(source).to(cluster.masters().get(0))).start()) {
            awaitRestored(run, KEYS / 2);
            cluster.masters().get(1).kill9();
            Counts counts = run.awaitComplete();

            assertThat(counts.refused()).isZero();
            assertThat(counts.restarts()).isEqualTo(1);
        }

        assertEqual(source, cluster);
    }

    @Test
    void bigKeysArePutTogetherInTheirSlots() {
        RedisServer source = filled(RedisServers.usual(), 500);
        RedisCluster cluster = RedisCluster.start(servers, RedisServers.usual(), MASTERS, 0);
        try (Jedis jedis = source.jedis()) {
            for (int key = 0; key < 10; key++) {
                Map<String, String> fields = new HashMap<>();
                for (int i = 0; i < 5_000; i++) {
                    fields.put("field " + i, "value " + i * key);
                }
                jedis.hset("big}{" + key, fields);
            }
        }

        try (Migration run = Migration.from(source)
                .to(cluster.masters().get(0))
                .with("scan.big-key", "64kb")
                .start()) {
            assertThat(run.awaitComplete().refused()).isZero();
        }

        assertEqual(source, cluster);
    }

    @Test
    void foreignKeysAreKept() {
        RedisServer source = filled(RedisServers.usual(), 500);
        RedisCluster cluster = RedisCluster.start(servers, RedisServers.usual(), MASTERS, 0);
        try (RedisClusterClient client = cluster.client()) {
            for (int i = 0; i < 50; i++) {
                client.set("mixed:" + i, "foreign");
            }

            try (Migration run = Migration.from(source)
                    .to(cluster.masters().get(0))
                    .with("restore.on-conflict", "keep")
                    .start()) {
                Counts counts = run.awaitComplete();

                assertThat(counts.kept()).isEqualTo(50);
                assertThat(counts.restored()).isEqualTo(450);
            }
            assertThat(client.get("mixed:7")).isEqualTo("foreign");
        }
        assertThat(cluster.size()).isEqualTo(500);
    }

    @Test
    void changesAreFollowedWhileSlotsMove() {
        RedisServer source = filled(RedisServers.usual(), KEYS / 2);
        RedisCluster cluster = RedisCluster.start(servers, RedisServers.usual(), MASTERS, 0);

        try (Migration run = Migration.from(source).to(cluster.masters().get(0)).with("live", true)) {
            try (LiveWriter writer = LiveWriter.start(source, 300, 11)) {
                run.start();
                awaitRestored(run, KEYS / 10);
                CompletableFuture<Void> reshard = CompletableFuture.runAsync(() -> cluster.reshard(
                        cluster.masters().get(0), cluster.masters().get(2), 0, MOVED_SLOTS - 1));
                long before = writer.written();
                await("writes go on").atMost(Duration.ofSeconds(30)).until(() -> writer.written() > before + 1_000);
                reshard.join();
            }
            Objects.requireNonNull(run.ledger().changes()).cutOver();
            run.awaitComplete();
        }
        assertEqual(source, cluster);
    }

    @Test
    void changesAreFollowedOverTheDeathOfAMaster() {
        RedisServer source = filled(RedisServers.usual(), KEYS / 2);
        RedisCluster cluster = RedisCluster.start(servers, RedisServers.usual(), MASTERS, 1);

        try (Migration run = Migration.from(source).to(cluster.masters().get(0)).with("live", true)) {
            try (LiveWriter writer = LiveWriter.start(source, 300, 12)) {
                run.start();
                awaitRestored(run, KEYS / 10);
                cluster.masters().get(1).kill9();
                long before = writer.written();
                await("writes go on").atMost(Duration.ofSeconds(30)).until(() -> writer.written() > before + 2_000);
            }
            Objects.requireNonNull(run.ledger().changes()).cutOver();
            assertThat(run.awaitComplete().restarts()).isEqualTo(1);
        }
        assertEqual(source, cluster);
    }

    // --- masters that come back as others, or not at all: what they confirmed is void ---

    @Test
    void aMasterThatComesBackElsewhereWithoutItsKeysBeginsAnew() {
        RedisCluster cluster = RedisCluster.start(servers, RedisServers.usual(), MASTERS, 0);

        assertBeginsAnew(cluster, cluster.masters().get(0), () -> {
            cluster.masters().get(1).move();
            cluster.awaitWhole();
        });
    }

    @Test
    void aMasterThatComesBackWithoutItsMemoryIsNotAskedWhoOwnsTheSlots() {
        RedisCluster cluster = RedisCluster.start(servers, RedisServers.usual(), MASTERS, 1);
        // the one that is asked first
        RedisServer lost = cluster.masters().stream()
                .min(Comparator.comparing(master -> String.valueOf(master.port())))
                .orElseThrow();
        int place = cluster.masters().indexOf(lost);

        assertBeginsAnew(cluster, cluster.masters().get((place + 1) % MASTERS), () -> {
            lost.kill9();
            awaitMaster(cluster.replicas().get(place));
            lost.restart(false);
        });
    }

    @Test
    void aMasterWhoseSlotsAreGivenAwayWithoutItsKeysBeginsAnew() {
        RedisCluster cluster = RedisCluster.start(servers, RedisServers.usual(), MASTERS, 0);
        RedisServer lost = cluster.masters().get(0);

        assertBeginsAnew(cluster, cluster.masters().get(1), () -> {
            lost.kill9();
            cluster.giveSlots(lost, cluster.masters().get(2));
        });
    }

    /** Keys that a live run has written are lost by what happens, and are all there at its end. */
    private void assertBeginsAnew(RedisCluster cluster, RedisServer asked, Runnable loss) {
        RedisServer source = filled(RedisServers.usual(), FEW);
        try (Migration run = live(source, asked).start()) {
            awaitRestored(run, FEW);
            loss.run();
            cutOver(run);

            assertThat(run.awaitComplete().restarts()).isEqualTo(1);
        }
        assertEqual(source, cluster);
    }

    @Test
    void aMasterThatThrewKeysAwayIsNotForgottenWithItsSlots() {
        RedisServer source = filled(RedisServers.usual(), FEW);
        RedisCluster cluster = RedisCluster.start(servers, RedisServers.usual(), MASTERS, 0);
        RedisServer evicting = cluster.masters().get(0);

        try (Migration run = live(source, cluster.masters().get(1)).start()) {
            awaitRestored(run, FEW);
            FaultRun.config(evicting, "maxmemory-policy", "allkeys-random");
            FaultRun.config(evicting, "maxmemory", "1");
            try (Jedis jedis = evicting.jedis()) {
                await("it evicts").atMost(Duration.ofSeconds(30)).until(() -> {
                    jedis.ping();
                    return !jedis.info("stats").contains("evicted_keys:0\r");
                });
            }
            FaultRun.config(evicting, "maxmemory", "0");
            cluster.reshard(evicting, cluster.masters().get(2), 0, Slot.COUNT / MASTERS - 1);
            cutOver(run);

            assertThat(run.awaitEnd().failure()).contains("evicted");
        }
    }

    @Test
    void whatIsGoneUnseenIsLookedForOverTheDeathOfAMaster() {
        RedisServer source = filled(RedisServers.usual(), FEW);
        RedisCluster cluster = RedisCluster.start(servers, RedisServers.usual(), MASTERS, 1);

        try (Migration run = live(source, cluster.masters().get(0)).start()) {
            awaitRestored(run, FEW);
            cluster.masters().get(1).kill9();
            awaitMaster(cluster.replicas().get(1));
            ChangeLog changes = Objects.requireNonNull(run.ledger().run().changes());
            changes.flushed();
            long ticket = changes.drain();

            await("the drain ends").atMost(Duration.ofSeconds(30)).until(() -> changes.drained(ticket) != null);
            cutOver(run);
            assertThat(run.awaitComplete().restarts()).isEqualTo(1);
        }
        assertEqual(source, cluster);
    }

    // --- masters that join ---

    @Test
    void aRunGoesOnAtAMasterThatJoinedMeanwhile() {
        RedisServer source = filled(RedisServers.usual(), FEW);
        RedisCluster cluster = RedisCluster.start(servers, RedisServers.usual(), MASTERS, 0);
        runHalf(source, cluster);
        RedisServer joined = cluster.add(servers, RedisServers.usual());
        cluster.reshard(cluster.masters().get(0), joined, 0, MOVED_SLOTS - 1);

        try (Migration run = checkpointed(source, cluster).with("resume", true).start()) {
            run.awaitComplete();
        }
        assertEqual(source, cluster);
    }

    @Test
    void aRunDoesNotGoOnWhereAMasterHasStartedAgainThatGetsNoMoreKeys() {
        RedisServer source = filled(RedisServers.usual(), FEW);
        RedisCluster cluster = RedisCluster.start(servers, RedisServers.usual(), MASTERS, 0);
        RedisServer restarted = cluster.masters().get(2);
        runHalf(source, cluster);
        restarted.restart(true);
        cluster.awaitWhole();
        try (Jedis jedis = source.jedis()) {
            jedis.keys("*".getBytes(StandardCharsets.US_ASCII)).stream()
                    .filter(key -> owns(cluster, restarted, Slot.of(key)))
                    .forEach(jedis::del);
        }

        try (Migration run = checkpointed(source, cluster).with("resume", true).start()) {
            assertThat(run.awaitEnd().failure())
                    .contains(String.valueOf(restarted.port()))
                    .contains("another server process");
        }
    }

    private void runHalf(RedisServer source, RedisCluster cluster) {
        // what was read arrives, also at a stop
        try (Migration run = checkpointed(source, cluster)
                .with("queue.pages", 2)
                .with("restore.max-keys-per-second", FEW / 2)
                .start()) {
            awaitRestored(run, FEW / 2);
        }
        assertThat(cluster.size()).isLessThan(FEW);
    }

    private Migration checkpointed(RedisServer source, RedisCluster cluster) {
        return Migration.from(source)
                .to(cluster.masters().get(1))
                .with("scan.count", 100)
                .bind(
                        "checkpoint",
                        new CheckpointFile(folder.resolve("checkpoint").toString()))
                .with("checkpoint", "#bean:checkpoint");
    }

    @Test
    void everyMasterHasTheFunctions() {
        RedisServer source = servers.start();
        RedisCluster cluster = RedisCluster.start(servers, RedisServers.usual(), MASTERS, 0);
        try (Jedis jedis = source.jedis()) {
            jedis.set("{tag}key", "v");
            jedis.functionLoad("#!lua name=one\nredis.register_function('f', function() return 'one' end)");
        }

        try (Migration run = Migration.from(source)
                .to(cluster.masters().get(0))
                .with("scan.functions", true)
                .start()) {
            run.awaitComplete();
        }

        for (RedisServer master : cluster.masters()) {
            try (Jedis jedis = master.jedis()) {
                assertThat(jedis.functionList()).hasSize(1);
            }
        }
    }

    @Test
    void whatTheSlotOnItsWayTookIsWrittenOnce() throws Exception {
        RedisCluster cluster = RedisCluster.start(servers, RedisServers.usual(), MASTERS, 0);
        RedisServer owner = cluster.masters().get(1);
        RedisServer other = cluster.masters().get(0);
        int slot = Slot.of("{tag}".getBytes(StandardCharsets.US_ASCII));
        assertThat(owns(cluster, owner, slot)).isTrue();
        String endpoint = "rump:target?host=" + RedisServer.HOST + "&port=" + owner.port() + "&retryFor=5s";
        try (RouteRun run = RouteRun.of(routes -> routes.from("direct:write").to(endpoint));
                Jedis source = servers.start().jedis();
                Jedis a = owner.jedis();
                Jedis b = other.jedis()) {
            b.clusterSetSlotImporting(slot, cluster.id(owner));
            a.clusterSetSlotMigrating(slot, cluster.id(other));
            String[] keys = {"{tag}1", "elsewhere", "{tag}2", "here", "there"};
            Stream.of(keys).forEach(key -> source.set(key, "value"));
            PageData page = Pages.of(Stream.of(keys).map(source::dump).toArray(byte[][]::new), keys);

            Exchange written = run.context()
                    .createProducerTemplate()
                    .request("direct:write", exchange -> exchange.getMessage().setBody(new Page(page)));

            assertThat(written.getException()).isNull();
            assertThat(written.getMessage().getHeader(RumpConstants.RESTORED)).isEqualTo(5);
            assertThat(b.clusterCountKeysInSlot(slot)).isEqualTo(2);
        }
    }

    private static Migration live(RedisServer source, RedisServer target) {
        return Migration.from(source).to(target).with("live", true).with("scan.count", 100);
    }

    private static void cutOver(Migration run) {
        Objects.requireNonNull(run.ledger().changes()).cutOver();
    }

    private static void awaitMaster(RedisServer replica) {
        try (Jedis jedis = replica.jedis()) {
            await("a replica takes over")
                    .atMost(Duration.ofSeconds(30))
                    .until(() -> jedis.info("replication").contains("role:master")
                            && jedis.clusterInfo().contains("cluster_state:ok"));
        }
    }

    private RedisServer filled(RedisServers.Version version, int keys) {
        RedisServer server = servers.start(version);
        try (Jedis jedis = server.jedis()) {
            SampleData.fillMixed(jedis, keys);
        }
        return server;
    }

    private static boolean owns(RedisCluster cluster, RedisServer master, int slot) {
        int number = cluster.masters().indexOf(master);
        return slot >= Slot.COUNT * number / MASTERS && slot < Slot.COUNT * (number + 1) / MASTERS;
    }

    /** The same keys, values and expiries, and nothing else. */
    private static void assertEqual(RedisServer source, RedisCluster cluster) {
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
    private static void removeExpired(Jedis jedis) {
        String cursor = ScanParams.SCAN_POINTER_START;
        do {
            cursor = jedis.scan(cursor, new ScanParams().count(1_000)).getCursor();
        } while (!cursor.equals(ScanParams.SCAN_POINTER_START));
    }

    private static String digest(Jedis jedis) {
        Object told = jedis.sendCommand(() -> "DEBUG".getBytes(StandardCharsets.US_ASCII), "DIGEST");
        return new String((byte[]) told, StandardCharsets.US_ASCII);
    }
}
