package io.camelrump;

import static io.camelrump.fixtures.FaultRun.assertEqual;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.camelrump.fixtures.Migration;
import io.camelrump.fixtures.RedisCluster;
import io.camelrump.fixtures.RedisServer;
import io.camelrump.fixtures.RedisServers;
import io.camelrump.fixtures.SampleData;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.StreamEntryID;

/**
 * Keys that are copied again as they changed are read back at the target, and are known until they were found equal.
 */
class VerifiedChangesIT extends LiveFixture {
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    /** Keys whose payloads have another form, or another order, at each server. */
    private static void fillLarge(Jedis jedis) {
        for (int i = 0; i < 1_000; i++) {
            jedis.hset("large:hash", "field:" + i, "value " + i);
            jedis.sadd("large:set", "member " + i);
            jedis.zadd("large:zset", i / 3.0, "member " + i);
            jedis.rpush("large:list", "element " + i);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "redis-2.8, redis-2.8",
        "redis-2.8, redis-7.0",
        "redis-6.2, redis-6.2",
        "redis-6.2, redis-7.0",
        "redis-7.0, redis-8.0",
        "redis-7.0, valkey-8.1",
        "redis-8.0, redis-8.6",
        "valkey-8.1, valkey-9"
    })
    void eachKeyThatIsCopiedAgainIsFoundEqualWhateverItsTypeAndTheVersions(String from, String to) {
        RedisServers.Version version = RedisServers.find(from).orElse(null);
        RedisServers.Version other = RedisServers.find(to).orElse(null);
        if (version == null || other == null) {
            return;
        }
        RedisServer source = servers.start(version);
        RedisServer target = servers.start(other);
        try (Jedis jedis = source.jedis()) {
            SampleData.fillMixed(jedis, 500);
            fillLarge(jedis);
            jedis.set("brief", "value");
            jedis.set("deleted", "value");
            if (version.isLike(5, 0) && from.equals(to)) {
                jedis.xadd("stream", StreamEntryID.NEW_ENTRY, java.util.Map.of("field", "value"));
            }

            try (Migration run = live(source, target).start()) {
                awaitScanned(run);
                drain(run);
                changes(run).verifyChanges();
                jedis.del("deleted");
                if (version.isLike(6, 0)) {
                    jedis.pexpire("brief", 30);
                }
                jedis.keys("*").forEach(key -> changes(run).mark(bytes(key)));
                changes(run).mark(bytes("deleted"));

                // one that expires at the target is gone at both sides once the source says so
                await().atMost(PATIENCE).untilAsserted(() -> {
                    drain(run);
                    assertThat(unverified(run)).isEmpty();
                });
                assertThat(changes(run).verification().reading()).isPositive();
            }
        }
    }

    @Test
    void changesThatTheSourceReportsAreFoundEqualInEachOfItsDatabases() {
        RedisServer source = servers.start();
        RedisServer target = servers.start();
        try (Jedis jedis = source.jedis();
                Jedis arrived = target.jedis()) {
            for (int database : List.of(2, 1, 0)) {
                jedis.select(database);
                jedis.set("old:key", "in " + database);
            }

            try (Migration run = live(source, target)
                    .with("rump.source.db", "all")
                    .with("rump.source.map-db", "2=5")
                    .with("rump.source.rename", "old:*=new:*")
                    .start()) {
                awaitScanned(run);
                drain(run);
                changes(run).verifyChanges();
                jedis.set("old:key", "changed");
                arrived.select(0);
                await().atMost(PATIENCE).until(() -> "changed".equals(arrived.get("new:key")));
                drain(run);

                assertThat(unverified(run)).isEmpty();
            }
        }
    }

    @Test
    void changesAreFoundEqualAtTheMastersOfACluster() {
        RedisServer source = servers.start();
        RedisCluster cluster = RedisCluster.start(servers, RedisServers.usual(), 3, 0);
        try (Jedis jedis = source.jedis();
                Migration run = live(source, cluster.masters().get(0)).start()) {
            awaitScanned(run);
            drain(run);
            changes(run).verifyChanges();
            SampleData.fillMixed(jedis, 500);
            await().atMost(PATIENCE).until(() -> cluster.size() == 500);
            for (int i = 0; i < 100; i++) {
                jedis.del("mixed:" + i);
            }
            await().atMost(PATIENCE).until(() -> cluster.size() == 400);
            drain(run);

            assertThat(changes(run).verification().reading()).isPositive();
            assertThat(unverified(run)).isEmpty();
        }
    }

    @Test
    void aKeyThatAnotherClientAltersRightBehindItsRestoreIsCopiedAgain() {
        RedisServer source = servers.start();
        RedisServer target = servers.start();
        try (Jedis jedis = source.jedis();
                Jedis arrived = target.jedis();
                Migration run = live(source, target).start()) {
            awaitScanned(run);
            drain(run);
            changes(run).verifyChanges();
            // a waiting client is served right behind the command that makes its list
            CompletableFuture<List<String>> taken = CompletableFuture.supplyAsync(() -> {
                try (Jedis waiting = target.jedis()) {
                    return waiting.blpop(0, "list");
                }
            });
            await().until(() -> arrived.info("clients").contains("blocked_clients:1"));
            jedis.rpush("list", "one", "two");

            assertThat(taken.join()).containsExactly("list", "one");
            await().atMost(PATIENCE).until(() -> arrived.llen("list") == 2);
            drain(run);
            assertThat(run.ledger().counts().restored()).isEqualTo(2);
            assertThat(unverified(run)).isEmpty();
        }
        assertEqual(source, target);
    }

    @Test
    void aKeyThatIsAlteredEachTimeIsNamedInTheEnd() {
        RedisServer source = servers.start();
        RedisServer target = servers.start();
        try (Jedis jedis = source.jedis();
                Jedis arrived = target.jedis();
                Migration run = live(source, target).start()) {
            awaitScanned(run);
            drain(run);
            changes(run).verifyChanges();
            // two for each of the four times that it is copied
            List<CompletableFuture<Void>> takers = IntStream.range(0, 8)
                    .mapToObj(i -> CompletableFuture.runAsync(
                            () -> {
                                try (Jedis waiting = target.jedis()) {
                                    waiting.blpop(0, "list");
                                }
                            },
                            work -> new Thread(work).start()))
                    .toList();
            await().until(() -> arrived.info("clients").contains("blocked_clients:8"));
            jedis.rpush("list", "one", "two");

            takers.forEach(CompletableFuture::join);
            drain(run);
            assertThat(run.ledger().counts().restored()).isEqualTo(4);
            assertThat(unverified(run)).containsExactly("list");
            assertThat(changes(run).verification().unverified()).isEqualTo(1);

            jedis.rpush("list", "three");
            await().atMost(PATIENCE).until(() -> arrived.llen("list") == 3);
            drain(run);
            assertThat(unverified(run)).isEmpty();
        }
        assertEqual(source, target);
    }

    @Test
    void aKeyThatIsCopiedInPartsIsNamedUntilAComparisonFindsItEqual() {
        RedisServer source = servers.start();
        RedisServer target = servers.start();
        try (Jedis jedis = source.jedis();
                Jedis arrived = target.jedis();
                Migration run =
                        live(source, target).with("rump.source.big-key", "64kb").start()) {
            awaitScanned(run);
            drain(run);
            changes(run).verifyChanges();
            jedis.rpush(
                    "big",
                    IntStream.range(0, 100).mapToObj(i -> i + "x".repeat(2_000)).toArray(String[]::new));
            jedis.set("small", "value");
            await().atMost(PATIENCE).until(() -> arrived.exists("big", "small") == 2);
            drain(run);
            assertThat(unverified(run)).containsExactly("big");

            changes(run)
                    .verified(List.of(bytes("big")), changes(run).verification().reading());
            assertThat(unverified(run)).isEmpty();
        }
    }

    @Test
    void whereTheUserMayNotReadTheTargetChangedKeysStayNamed() {
        RedisServer source = servers.start();
        RedisServer target = servers.start();
        deny(target, "-dump");
        try (Jedis jedis = source.jedis();
                Migration run = live(source, target)
                        .with("rump.source.final-compare", "none")
                        .start()) {
            awaitScanned(run);
            drain(run);
            changes(run).verifyChanges();
            jedis.set("first", "value");
            jedis.set("second", "value");
            await().atMost(PATIENCE).until(() -> run.ledger().counts().restored() == 2);
            drain(run);

            assertThat(unverified(run)).containsExactlyInAnyOrder("first", "second");
        }
        assertEqual(source, target);
    }

    @Test
    void aGapBeginsANewEpoch() {
        RedisServer source = servers.start();
        RedisServer target = servers.start();
        try (Jedis jedis = source.jedis();
                Migration run = live(source, target).start()) {
            awaitScanned(run);
            drain(run);
            long before = changes(run).verification().epoch();

            killTail(jedis);

            await().atMost(PATIENCE).until(() -> changes(run).verification().epoch() > before);
            assertThat(changes(run).verification().cause()).contains("notifications were interrupted");
        }
    }

    @Test
    void aTargetThatLostItsKeysBeginsANewEpoch() {
        RedisServer source = servers.start();
        RedisServer target = servers.start();
        try (Jedis jedis = source.jedis();
                Migration run = live(source, target).start()) {
            jedis.set("first", "value");
            awaitScanned(run);
            drain(run);
            long before = changes(run).verification().epoch();

            target.restart(false);
            jedis.set("second", "value");

            await().atMost(PATIENCE).until(() -> changes(run).verification().epoch() > before);
            await().atMost(PATIENCE).until(() -> holds(target, 2));
        }
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
