package io.camelrump;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.camelrump.fixtures.CommandStats;
import io.camelrump.fixtures.FaultyProxy;
import io.camelrump.fixtures.Migration;
import io.camelrump.fixtures.RedisServer;
import io.camelrump.fixtures.RedisServers;
import io.camelrump.fixtures.SampleData;
import io.camelrump.fixtures.SmallHeapRun;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.params.SetParams;

/** Keys above the limit go in parts, under another name until they are whole. */
class BigKeysIT extends BigKeysFixture {
    /** A DUMP of the empty name asks whether this user may. */
    private static final int PROBES = 2;

    @Test
    void anElementThatIsTooLongToBeReadRefusesItsKeyAlone() {
        try (Jedis a = servers.start().jedis();
                Jedis b = servers.start().jedis()) {
            a.hset(
                    "hash".getBytes(StandardCharsets.US_ASCII),
                    Map.of("field".getBytes(StandardCharsets.US_ASCII), new byte[65 * 1024 * 1024]));
            a.rpush("list", "x".repeat(100_000), "y".repeat(100_000));
            a.set("small", "value");

            try (Migration run = run(a, b)) {
                assertThat(run.awaitComplete().restored()).isEqualTo(2);
                assertThat(run.ledger().refusals().toString())
                        .contains("\"hash\": an element has 68157440 bytes, more than the 67108864", "--big-key");
            }
            assertThat(b.keys("*")).containsExactlyInAnyOrder("list", "small");
        }
    }

    @Test
    void partsAreLargerOverADistanceAsEachWaitsForTheOneBefore() {
        RedisServer source = servers.start();
        RedisServer target = servers.start();
        try (FaultyProxy distance = new FaultyProxy(source).delay(5);
                Jedis a = source.jedis();
                Jedis b = target.jedis()) {
            Map<String, String> fields = new HashMap<>();
            for (int i = 0; i < 20_000; i++) {
                fields.put("field:" + i, "v");
            }
            a.hset("hash", fields);

            try (Migration run = Migration.from(distance.port())
                    .to(target)
                    .with("rump.source.big-key", "64kb")
                    .start()) {
                run.awaitComplete();
            }
            assertThat(b.hlen("hash")).isEqualTo(20_000);
            assertThat(CommandStats.calls(a, "hscan")).isLessThan(15);
        }
    }

    @Tag("long")
    @Test
    void elementsThatAreFarLargerThanThoseBeforeFitASmallHeap() throws Exception {
        byte[] list = "list".getBytes(StandardCharsets.US_ASCII);
        byte[] large = new byte[1 << 20];
        RedisServer source = servers.start();
        RedisServer target = servers.start();
        try (Jedis a = source.jedis();
                Jedis b = target.jedis()) {
            String[] small = new String[10_000];
            Arrays.fill(small, "small");
            a.rpush("list", small);
            for (int i = 0; i < 80; i++) {
                a.rpush(list, large);
            }
            try (SmallHeapRun run = SmallHeapRun.start("64m", source, target, "rump.source.big-key=64kb")) {
                assertThat(run.awaitOutput()).contains("COMPLETE Counts[read=1, restored=1,", "exit 0");
            }
            assertThat(b.llen("list")).isEqualTo(10_080);
            assertThat(b.lindex(list, -1)).hasSize(large.length);
        }
    }

    @Test
    void bigKeysOfEveryTypeArriveEqualAndAreNeverDumped() {
        bigKeysOfEveryTypeArriveEqualAndAreNeverDumped(RedisServers.usual());
    }

    @Tag("long")
    @ParameterizedTest
    @MethodSource("io.camelrump.fixtures.RedisServers#versions")
    void bigKeysOfEveryTypeArriveEqualAndAreNeverDumped(RedisServers.Version version) {
        try (Jedis a = servers.start(version).jedis();
                Jedis b = servers.start(version).jedis()) {
            int big = fillBig(a, version);
            SampleData.fillMixed(a, 500);
            a.configResetStat();

            try (Migration run = run(a, b)) {
                assertThat(run.awaitComplete().restored()).isEqualTo(500 + big);
            }

            // below 4.0 no server tells how large a key is
            long asked = version.isLike(4, 0) ? 500 : 500 + big;
            assertThat(CommandStats.calls(a, "dump")).isBetween(asked, asked + PROBES);
            assertEqual(a, b);
            assertThat(b.keys("rump:tmp:*")).isEmpty();
        }
    }

    @Test
    void aBigValueWithoutCommandsIsDumpedAlone() {
        RedisServers.Version version = RedisServers.find("redis-8.0").orElse(null);
        assumeThat(version).as("a server with vector sets").isNotNull();
        try (Jedis a = servers.start(version).jedis();
                Jedis b = servers.start(version).jedis()) {
            fillHash(a, FIELDS);
            for (int i = 0; i < 1_000; i++) {
                a.sendCommand(
                        () -> "VADD".getBytes(StandardCharsets.US_ASCII),
                        ("vectors VALUES 8 " + i + " 1 2 3 4 5 6 7 element" + i + " NOQUANT").split(" "));
            }
            assertThat(a.memoryUsage("vectors")).isGreaterThan(64 * 1024);
            a.configResetStat();

            try (Migration run = run(a, b)) {
                assertThat(run.awaitComplete().restored()).isEqualTo(2);
            }
            assertThat(CommandStats.calls(a, "dump")).isBetween(1L, 1L + PROBES);
            assertThat(b.sendCommand(() -> "VCARD".getBytes(StandardCharsets.US_ASCII), "vectors"))
                    .isEqualTo(1_000L);
        }
    }

    @Test
    void nobodyReadsHalfOfAKey() throws Exception {
        ExecutorService readers = Executors.newSingleThreadExecutor();
        try (Jedis a = servers.start().jedis();
                Jedis b = servers.start().jedis();
                Jedis reader = new Jedis("127.0.0.1", port(b))) {
            fillHash(a, FIELDS);
            Set<Long> seen = ConcurrentHashMap.newKeySet();
            AtomicBoolean over = new AtomicBoolean();
            Future<?> reading = readers.submit(() -> {
                while (!over.get()) {
                    seen.add(reader.hlen("hash"));
                }
            });
            try (Migration run = run(a, b)) {
                run.awaitComplete();
            }
            Awaitility.await("the reader sees it").until(() -> seen.contains((long) FIELDS));
            over.set(true);
            reading.get(10, TimeUnit.SECONDS);

            assertThat(seen).containsExactlyInAnyOrder(0L, (long) FIELDS);
        } finally {
            readers.shutdownNow();
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = ConflictPolicy.class,
            names = {"KEEP", "FAIL"})
    void aForeignKeyKeepsItsValueAndItsExpiry(ConflictPolicy policy) {
        try (Jedis a = servers.start().jedis();
                Jedis b = servers.start().jedis()) {
            fillHash(a, FIELDS);
            a.expire("hash", 7_000);
            b.set("hash", "foreign", SetParams.setParams().ex(5_000));
            try (Migration run = Migration.from(port(a))
                    .to(port(b))
                    .with("rump.source.big-key", LIMIT)
                    .with("rump.target.on-conflict", policy.name().toLowerCase(java.util.Locale.ROOT))
                    .start()) {
                Ledger ledger = run.awaitEnd();

                assertThat(ledger.state())
                        .isEqualTo(policy == ConflictPolicy.KEEP ? RunState.COMPLETE : RunState.FAILED);
                assertThat(ledger.counts().restored()).isZero();
            }
            assertThat(b.get("hash")).isEqualTo("foreign");
            assertThat(b.ttl("hash")).isBetween(4_900L, 5_000L);
            assertThat(b.dbSize()).isEqualTo(1);
        }
    }

    @Test
    void aValueWhosePayloadNoTargetTakesArrivesInParts() {
        RedisServer source = servers.start();
        // what a list of more than 512 MB is to any server
        RedisServer target = servers.start(RedisServers.usual(), "--proto-max-bulk-len", "1mb");
        try (Jedis a = source.jedis();
                Jedis b = target.jedis()) {
            SampleData.fillMixed(a, 100);
            byte[] element = new byte[100_000];
            new java.util.Random(1).nextBytes(element);
            for (int i = 0; i < 30; i++) {
                a.rpush("list".getBytes(StandardCharsets.US_ASCII), element);
            }
            try (Migration run = Migration.from(source)
                    .to(target)
                    .with("rump.source.big-key", "1mb")
                    .start()) {
                assertThat(run.awaitComplete().restored()).isEqualTo(101);
            }
            assertEqual(a, b);
        }
    }

    @Tag("long")
    @Test
    void aBigKeyFitsASmallHeap() throws Exception {
        RedisServer source = servers.start();
        RedisServer target = servers.start();
        try (Jedis a = source.jedis();
                Jedis b = target.jedis()) {
            a.sendCommand(
                    () -> "EVAL".getBytes(StandardCharsets.US_ASCII),
                    "for i = 1, 1000000 do redis.call('HSET', KEYS[1], 'field:' .. i, 'a value of some length ' .."
                            + " i) end",
                    "1",
                    "hash");
            a.set("string".getBytes(StandardCharsets.US_ASCII), new byte[100_000_000]);
            try (SmallHeapRun run = SmallHeapRun.start("64m", source, target)) {
                assertThat(run.awaitOutput()).contains("COMPLETE Counts[read=2, restored=2,", "exit 0");
            }
            assertEqual(a, b);
        }
    }

    @Test
    void keysThatAUserMayNotReadOrWriteInPartsAreRefusedByName() {
        RedisServer source = servers.start();
        RedisServer target = servers.start(RedisServers.version("redis-6.2"));
        try (Jedis a = source.jedis();
                Jedis b = target.jedis()) {
            a.aclSetUser("reader", "on", ">pw", "~*", "+@all", "-zscan");
            b.aclSetUser("writer", "on", ">pw", "~*", "+@all", "-hmset");
            a.set("string", "value");
            a.hset("hash", "field", "value");
            a.zadd("zset", 1, "member");
            a.rpush("list", "element");
            try (Migration run = Migration.from(source)
                    .to(target)
                    .with("rump.source.username", "reader")
                    .with("rump.source.password", "pw")
                    .with("rump.target.username", "writer")
                    .with("rump.target.password", "pw")
                    .start()) {
                assertThat(run.awaitComplete().refused()).isEqualTo(2);
                assertThat(run.ledger().refusals().toString())
                        .contains("\"hash\"", "'hmset' command", "\"zset\"", "'zscan' command");
            }
            assertThat(b.keys("*")).containsExactlyInAnyOrder("string", "list");
        }
    }

    @Test
    void renamedKeysAndFiltersHoldForBigKeysToo() {
        try (Jedis a = servers.start().jedis();
                Jedis b = servers.start().jedis()) {
            fillHash(a, FIELDS);
            a.rename("hash", "user:hash");
            a.rpush("user:list", "x".repeat(200_000));
            try (Migration run = Migration.from(port(a))
                    .to(port(b))
                    .with("rump.source.big-key", LIMIT)
                    .with("rump.source.rename", "user:*=u:*")
                    .with("rump.source.exclude-key", "*list")
                    .start()) {
                assertThat(run.awaitComplete().filtered()).isEqualTo(1);
            }
            assertThat(b.hlen("u:hash")).isEqualTo(FIELDS);
            assertThat(b.dbSize()).isEqualTo(1);
        }
    }

    private static Migration run(Jedis a, Jedis b) {
        return Migration.from(port(a))
                .to(port(b))
                .with("rump.source.big-key", LIMIT)
                .start();
    }

    private static int port(Jedis jedis) {
        return Integer.parseInt(jedis.configGet("port").get("port"));
    }
}
