package io.camelrump;

import static io.camelrump.fixtures.FaultRun.awaitRestored;
import static io.camelrump.fixtures.FaultRun.slow;
import static org.assertj.core.api.Assertions.assertThat;

import io.camelrump.fixtures.Migration;
import io.camelrump.fixtures.RedisCluster;
import io.camelrump.fixtures.RedisServer;
import io.camelrump.fixtures.RedisServers;
import io.camelrump.fixtures.RouteRun;
import io.camelrump.redis.Slot;
import io.camelrump.run.PageData;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.camel.Exchange;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.RedisClusterClient;

/** A cluster as the target: each key goes to the master of its slot, wherever that is by now. */
class ClusterTargetIT extends ClusterTargetFixture {
    @TempDir
    private Path folder;

    static List<RedisServers.Version> others() {
        return ClusterSourceFixture.others();
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
    void keysOfAMigratingSlotGoWhereTheyAreTaken(boolean toOneWithoutSlots) {
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

            try (Migration run = Migration.from(source)
                    .to(owner)
                    .with("camel.component.rump.retry-for", "10s")
                    .start()) {
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
        RedisCluster cluster =
                RedisCluster.start(servers, RedisServers.usual(), MASTERS, 1, "--cluster-node-timeout", "1000");

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
                .with("rump.source.big-key", "64kb")
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
                    .with("rump.target.on-conflict", "keep")
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
    @Tag("long")
    void aResumedRunContinuesAtAMasterThatJoinedMeanwhile() {
        RedisServer source = filled(RedisServers.usual(), FEW);
        RedisCluster cluster = RedisCluster.start(servers, RedisServers.usual(), MASTERS, 0);
        runHalf(source, cluster);
        RedisServer joined = cluster.add(servers, RedisServers.usual());
        cluster.reshard(cluster.masters().get(0), joined, 0, MOVED_SLOTS - 1);

        try (Migration run =
                checkpointed(source, cluster).with("rump.source.resume", true).start()) {
            run.awaitComplete();
        }
        assertEqual(source, cluster);
    }

    @Test
    @Tag("long")
    void aRunIsNotResumedWhereAMasterWithoutFurtherKeysWasRestarted() {
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

        try (Migration run =
                checkpointed(source, cluster).with("rump.source.resume", true).start()) {
            assertThat(run.awaitEnd().failure())
                    .contains(String.valueOf(restarted.port()))
                    .contains("another server process");
        }
    }

    private void runHalf(RedisServer source, RedisCluster cluster) {
        // what was read arrives, also at a stop
        try (Migration run = checkpointed(source, cluster)
                .with("rump.source.queue-pages", 2)
                .with("rump.target.max-keys-per-second", FEW / 2)
                .start()) {
            awaitRestored(run, FEW / 2);
        }
        assertThat(cluster.size()).isLessThan(FEW);
    }

    private Migration checkpointed(RedisServer source, RedisCluster cluster) {
        return Migration.from(source)
                .to(cluster.masters().get(1))
                .with("rump.source.scan-count", 100)
                .bind(
                        "checkpoint",
                        new CheckpointFile(folder.resolve("checkpoint").toString()))
                .with("rump.source.checkpoint", "#bean:checkpoint");
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
                .with("rump.source.functions", true)
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
    void keysThatAMigratingSlotTookAreWrittenOnce() throws Exception {
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

    private static boolean owns(RedisCluster cluster, RedisServer master, int slot) {
        int number = cluster.masters().indexOf(master);
        return slot >= Slot.COUNT * number / MASTERS && slot < Slot.COUNT * (number + 1) / MASTERS;
    }
}
