package io.camelrump;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.camelrump.cli.EqualityProof;
import io.camelrump.fixtures.CommandStats;
import io.camelrump.fixtures.CompatibilityTable;
import io.camelrump.fixtures.Migration;
import io.camelrump.fixtures.RedisServer;
import io.camelrump.fixtures.RedisServers;
import io.camelrump.fixtures.SampleData;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.Pipeline;
import redis.clients.jedis.params.SetParams;

/** Tests that measure times have the machine for themselves. */
class ExactnessIT {

    private static final CompatibilityTable FOUND = new CompatibilityTable();
    private static final Duration CLOSE = Duration.ofMillis(5);

    @RegisterExtension
    private final RedisServers servers = new RedisServers();

    @Tag("alone")
    @Test
    void everyTypeAndEncodingArrivesEqual() {
        everyTypeAndEncodingArrivesEqual(RedisServers.version("redis-6.2"), RedisServers.usual());
    }

    @Tag("alone")
    @Tag("long")
    @ParameterizedTest
    @MethodSource("io.camelrump.fixtures.ServerPairs#upwards")
    void everyTypeAndEncodingArrivesEqual(RedisServers.Version from, RedisServers.Version to) {
        try (Jedis a = servers.start(from).jedis();
                Jedis b = servers.start(to).jedis()) {
            int keys = SampleData.fill(a, from).size();

            assertThat(migrate(a, b).restored()).isGreaterThanOrEqualTo(keys);

            // below 5.0 a target takes remaining times only: what passes in the pipeline comes on top
            assertEqual(a, b, to.isLike(5, 0) ? CLOSE : Duration.ofMillis(100));
        }
        FOUND.put(from, to, "all");
    }

    @Tag("alone")
    @ParameterizedTest
    @ValueSource(strings = {"redis-2.8", "redis-6.2"})
    void anOlderServerGetsTheValuesItCanHoldAndRefusesTheOthersByName(String older) {
        anOlderServerGetsTheValuesItCanHoldAndRefusesTheOthersByName(RedisServers.usual(), RedisServers.version(older));
    }

    @Tag("alone")
    @Tag("long")
    @ParameterizedTest
    @MethodSource("io.camelrump.fixtures.ServerPairs#downwards")
    void anOlderServerGetsTheValuesItCanHoldAndRefusesTheOthersByName(
            RedisServers.Version from, RedisServers.Version to) {
        RedisServer source = servers.start(from);
        RedisServer target = servers.start(to);
        try (Jedis a = source.jedis();
                Jedis b = target.jedis();
                Migration run = Migration.from(source).to(target)) {
            SampleData.fill(a, from);
            List<byte[]> beyond = new ArrayList<>();
            for (byte[] key : a.keys("*".getBytes(StandardCharsets.US_ASCII))) {
                String type = a.type(key);
                boolean expiringFields = type.equals("hash") && from.hasFieldExpiry() && hasExpiringFields(a, key);
                if (type.equals("stream") && !to.isLike(5, 0) || expiringFields && !to.hasFieldExpiry()) {
                    beyond.add(key);
                }
            }
            Counts counts = run.start().awaitComplete();

            assertThat(counts.refused()).isEqualTo(beyond.size());
            assertThat(run.ledger().refusals())
                    .allSatisfy(refusal -> assertThat(refusal.cause()).containsAnyOf("no streams", "no such fields"));
            beyond.forEach(a::del);
            assertEqual(a, b, to.isLike(5, 0) ? CLOSE : Duration.ofMillis(100));
            assertThat(b.keys("rump:tmp:*")).isEmpty();
            FOUND.put(from, to, told(b, beyond.isEmpty(), from, to));
        }
    }

    /** What the table says of a pair whose plain payloads are refused. */
    private static String told(Jedis target, boolean all, RedisServers.Version from, RedisServers.Version to) {
        List<String> missing = new ArrayList<>();
        if (!to.isLike(5, 0) && from.isLike(5, 0)) {
            missing.add("streams");
        }
        if (from.hasFieldExpiry() && !to.hasFieldExpiry()) {
            missing.add("field expiries");
        }
        assertThat(missing.isEmpty()).isEqualTo(all);
        // each key that is rebuilt changes its name in one transaction
        long rebuilt = CommandStats.calls(target, "exec");
        return (all ? "all" : "all but " + String.join(" and ", missing)) + (rebuilt > 0 ? ", some by commands" : "");
    }

    @AfterAll
    static void theTableInTheReadmeIsWhatWasFound() throws IOException {
        FOUND.compareWithPage();
    }

    private static boolean hasExpiringFields(Jedis jedis, byte[] key) {
        List<byte[]> fields = new ArrayList<>(jedis.hkeys(key));
        return jedis.hpexpireTime(key, fields.toArray(byte[][]::new)).stream().anyMatch(time -> time > 0);
    }

    @Tag("alone")
    @ParameterizedTest
    @ValueSource(ints = {20, -20})
    void expiriesAreKeptBetweenClocksFarApart(int seconds) {
        assumeThat(RedisServers.canShiftClock())
                .as("faketime, which shifts a server's clock, is not installed")
                .isTrue();
        try (Jedis shifted = servers.startShifted(seconds).jedis();
                Jedis b = servers.start().jedis()) {
            fillExpiring(shifted, 3000);
            migrate(shifted, b);
            assertEqual(shifted, b, CLOSE);

            // payloads of 6.2, as the shifted server would refuse those of 7.0
            try (Jedis c = servers.start(RedisServers.version("redis-6.2")).jedis()) {
                shifted.flushAll();
                fillExpiring(c, 3000);
                migrate(c, shifted);
                assertEqual(c, shifted, CLOSE);
            }
        }
    }

    @Tag("alone")
    @ParameterizedTest
    @ValueSource(strings = {"redis-6.2", "redis-7.0"})
    void expiriesAreExactBetweenLargePayloads(String version) {
        try (Jedis a = servers.start(RedisServers.version(version)).jedis();
                Jedis b = servers.start().jedis()) {
            SampleData.fillStrings(a, 60, 1 << 20);
            try (Pipeline pipeline = a.pipelined()) {
                for (int i = 0; i < 60; i++) {
                    pipeline.pexpire("string:" + i, 600_000 + i);
                }
            }
            migrate(a, b);

            assertEqual(a, b, CLOSE);
        }
    }

    @Tag("alone")
    @ParameterizedTest
    @ValueSource(strings = {"redis-6.2", "redis-7.0"})
    void keysThatExpireMeanwhileNeverBecomePersistent(String version) {
        int keys = 20_000;
        try (Jedis a = servers.start(RedisServers.version(version)).jedis();
                Jedis b = servers.start().jedis()) {
            SampleData.fillStrings(a, 1000, 100);
            try (Migration run = Migration.from(port(a))
                    .to(port(b))
                    .with("rump.source.scan-count", 100)
                    .with("rump.source.queue-pages", 2)) {
                try (Pipeline pipeline = a.pipelined()) {
                    for (int i = 0; i < keys; i++) {
                        pipeline.set("brief:" + i, "v", SetParams.setParams().px(1 + i % 700));
                    }
                }
                run.start();
                Counts counts = run.awaitComplete();

                assertThat(counts.refused()).isZero();
                assertThat(counts.read()).isEqualTo(counts.restored() + counts.vanished());
                assertThat(counts.restored()).isGreaterThanOrEqualTo(1000);
                assertThat(counts.vanished()).isPositive();
            }
            for (String key : b.keys("brief:*")) {
                assertThat(b.pttl(key)).as(key).isNotEqualTo(-1);
            }
            assertThat(b.keys("string:*")).hasSize(1000);
        }
    }

    @Tag("alone")
    @Test
    void anExpiryThatPassesInTransitVanishes() {
        try (Jedis a = servers.start().jedis();
                Jedis b = servers.start().jedis()) {
            a.set("lasting", "v");
            a.psetex("brief", 400, "v");
            b.set("brief", "older value under its name");
            // the source is read first; at one key a second the target is late for one of the two
            try (Migration run = Migration.from(port(a))
                    .to(port(b))
                    .with("rump.target.max-keys-per-second", 1)
                    .with("batch.keys", 10)
                    .start()) {
                Counts counts = run.awaitComplete();

                assertThat(counts.read()).isEqualTo(counts.restored() + counts.vanished());
            }
            assertThat(b.get("lasting")).isEqualTo("v");
            assertThat(b.exists("brief") && b.pttl("brief") < 0).isFalse();
        }
    }

    @Test
    void withoutTtlEveryKeyLivesForEver() {
        try (Jedis a = servers.start().jedis();
                Jedis b = servers.start().jedis()) {
            fillExpiring(a, 200);
            try (Migration run = Migration.from(port(a))
                    .to(port(b))
                    .with("rump.target.ttl", false)
                    .start()) {
                assertThat(run.awaitComplete().restored()).isEqualTo(200);
            }
            assertThat(b.keys("*")).hasSize(200).allMatch(key -> b.pttl(key) == -1);
        }
    }

    @ParameterizedTest
    @CsvSource({"mixed:1*, all, 1111", "*, zset, 1000", "mixed:*, hash, 1000", "nothing, all, 0", "mixed:[1-3]?, set, 6"
    })
    void onlyWhatMatchesIsRead(String match, String type, int keys) {
        try (Jedis a = servers.start().jedis();
                Jedis b = servers.start().jedis()) {
            SampleData.fillMixed(a, 5000);
            try (Migration run = Migration.from(port(a))
                    .to(port(b))
                    .with("rump.source.match", match)
                    .with("rump.source.type", type)
                    .start()) {
                assertThat(run.awaitComplete().restored()).isEqualTo(keys);
            }
            assertThat(b.dbSize()).isEqualTo(keys);
        }
    }

    @Tag("alone")
    @Test
    void databasesOfOtherNumbersAreReadAndWritten() {
        try (Jedis a = servers.start().jedis();
                Jedis b = servers.start().jedis()) {
            a.set("elsewhere", "0");
            a.select(3);
            SampleData.fill(a, RedisServers.usual());
            long keys = a.dbSize();
            try (Migration run = Migration.from(port(a))
                    .to(port(b))
                    .with("rump.source.database", 3)
                    .with("rump.target.database", 5)
                    .start()) {
                assertThat(run.awaitComplete().restored()).isEqualTo(keys);
            }
            assertThat(b.dbSize()).isZero();
            b.select(5);
            assertEqual(a, b, CLOSE);
        }
    }

    @Test
    void anEmptySourceIsCompleteAtOnce() {
        try (Jedis a = servers.start().jedis();
                Jedis b = servers.start().jedis()) {
            assertThat(migrate(a, b).read()).isZero();
        }
    }

    @Tag("alone")
    @ParameterizedTest
    @ValueSource(ints = {1, 100, 100_000})
    void keysAreCountedOnceHoweverManyAScanGives(int scanCount) {
        try (Jedis a = servers.start().jedis();
                Jedis b = servers.start().jedis()) {
            SampleData.fillMixed(a, 3000);
            List<String> longNames = new ArrayList<>();
            for (int i = 0; i < 50; i++) {
                longNames.add("n".repeat(1000 * (i + 1)));
                a.set(longNames.get(i).getBytes(StandardCharsets.US_ASCII), new byte[] {(byte) i});
            }
            try (Migration run = Migration.from(port(a))
                    .to(port(b))
                    .with("rump.source.scan-count", scanCount)
                    .start()) {
                assertThat(run.awaitComplete().read()).isEqualTo(3050);
            }
            assertEqual(a, b, CLOSE);
        }
    }

    private static void fillExpiring(Jedis jedis, int keys) {
        try (Pipeline pipeline = jedis.pipelined()) {
            for (int i = 0; i < keys; i++) {
                pipeline.set(
                        "expiring:" + i, "value " + i, SetParams.setParams().px(60_000 + 977L * i));
            }
        }
    }

    private static Counts migrate(Jedis from, Jedis to) {
        try (Migration run = Migration.from(port(from))
                .to(port(to))
                .with("rump.source.scan-count", 10)
                .start()) {
            return run.awaitComplete();
        }
    }

    private static int port(Jedis jedis) {
        return Integer.parseInt(jedis.configGet("port").get("port"));
    }

    private static void assertEqual(Jedis source, Jedis target, Duration tolerance) {
        assertThat(EqualityProof.compare(source, target, tolerance).differences())
                .isEmpty();
    }
}
