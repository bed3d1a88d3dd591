package io.camelrump.keys;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.camelrump.Counts;
import io.camelrump.Ledger;
import io.camelrump.RunState;
import io.camelrump.cli.EqualityProof;
import io.camelrump.fixtures.FaultyProxy;
import io.camelrump.fixtures.Migration;
import io.camelrump.fixtures.RedisServer;
import io.camelrump.fixtures.RedisServers;
import io.camelrump.fixtures.RouteRun;
import io.camelrump.fixtures.SampleData;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.camel.builder.RouteBuilder;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import redis.clients.jedis.Jedis;

/** Which keys are taken, and what becomes of the others. */
class KeySelectionIT {
    @RegisterExtension
    private final RedisServers servers = new RedisServers();

    @ParameterizedTest
    @CsvSource(
            nullValues = "-",
            value = {
                // include-key, exclude-key, include-regex, exclude-regex, keys
                "user:*, -, -, -, user:1 user:12 user:a",
                "'user:?\norder:*', -, -, -, order:1 user:1 user:a",
                "-, user:*, -, -, order:1 rest",
                "*, '*1*\nrest', -, -, user:a",
                "-, -, 'user:\\d+', -, user:1 user:12",
                "-, -, -, '(user|order):.*', rest",
                "rest, -, 'order:.', -, order:1 rest",
                "user:*, user:1, '.*', '.*a', order:1 rest user:12",
                "nothing, -, -, -, ''"
            })
    void takesKeysByNameAndCountsTheOthersAsFiltered(
            String includeKey, String excludeKey, String includeRegex, String excludeRegex, String keys) {
        try (Jedis a = servers.start().jedis();
                Jedis b = servers.start().jedis()) {
            a.mset("user:1", "1", "user:12", "2", "user:a", "3", "order:1", "4", "rest", "5");
            Migration run = Migration.from(port(a)).to(port(b)).with("rump.source.scan-count", 2);
            with(run, "rump.source.include-key", includeKey);
            with(run, "rump.source.exclude-key", excludeKey);
            with(run, "rump.source.include-regex", includeRegex);
            with(run, "rump.source.exclude-regex", excludeRegex);
            try (run) {
                Counts counts = run.start().awaitComplete();

                Set<String> taken = new TreeSet<>(b.keys("*"));
                assertThat(String.join(" ", taken)).isEqualTo(keys);
                assertThat(counts.read()).isEqualTo(5);
                assertThat(counts.restored()).isEqualTo(taken.size());
                assertThat(counts.filtered()).isEqualTo(5 - taken.size());
            }
        }
    }

    @Test
    void doesNotDumpWhatItLeavesOut() {
        try (Jedis a = servers.start().jedis();
                Jedis b = servers.start().jedis()) {
            SampleData.fillMixed(a, 3000);
            try (Migration run = Migration.from(port(a))
                    .to(port(b))
                    .with("rump.source.include-key", "mixed:1?")
                    .start()) {
                assertThat(run.awaitComplete().filtered()).isEqualTo(2990);
            }
            // ten keys, and the probe of the start
            assertThat(calls(a, "dump")).isEqualTo(11);
        }
    }

    @Test
    void readsBinaryNamesAsTheyAre() {
        try (Jedis a = servers.start().jedis();
                Jedis b = servers.start().jedis()) {
            SampleData.fill(a, RedisServers.usual());
            try (Migration run = Migration.from(port(a))
                    .to(port(b))
                    .with("rump.source.include-regex", ".*")
                    .start()) {
                assertThat(run.awaitComplete().filtered()).isZero();
            }
            assertThat(b.dbSize()).isEqualTo(a.dbSize());
        }
    }

    @Test
    void anOptionMayStandInAUriSeveralTimes() throws Exception {
        try (Jedis a = servers.start().jedis();
                Jedis b = servers.start().jedis()) {
            a.mset("user:1", "1", "order:1", "2", "rest", "3");
            String from = "rump:source?host=127.0.0.1&port=" + port(a) + "&includeKey=user:*&includeKey=order:*";
            String to = "rump:target?host=127.0.0.1&port=" + port(b);
            RouteBuilder routes = new RouteBuilder() {
                @Override
                public void configure() {
                    from(from).to(to);
                }
            };
            try (RouteRun run = RouteRun.of(routes, java.util.Map.of())) {
                assertThat(run.awaitEnd().counts().filtered()).isEqualTo(1);
            }
            assertThat(b.keys("*")).containsExactlyInAnyOrder("user:1", "order:1");
        }
    }

    @Test
    void aLongScanThatFindsNothingShowsItsProgressAndStops() {
        try (Jedis a = servers.start().jedis();
                Jedis b = servers.start().jedis()) {
            SampleData.populate(a, 100_000, 1);
            try (Migration run = Migration.from(port(a))
                    .to(port(b))
                    .with("rump.source.include-key", "nothing")
                    .with("rump.source.scan-count", 1)
                    .start()) {
                Ledger ledger = run.ledger();
                AtomicReference<Counts> midway = new AtomicReference<>(ledger.counts());
                Awaitility.await().until(() -> {
                    midway.set(ledger.counts());
                    return midway.get().filtered() > 100;
                });
                assertThat(ledger.progress()).isBetween(0.0, 1.0);
                ledger.stopReading();
                run.close();

                assertThat(ledger.state()).isEqualTo(RunState.INCOMPLETE);
                assertThat(ledger.counts().read()).isLessThan(100_000);
                assertThat(ledger.counts().balanced()).isTrue();
            }
        }
    }

    @ParameterizedTest
    @MethodSource("io.camelrump.fixtures.RedisServers#versions")
    void takesSeveralTypes(RedisServers.Version version) {
        try (Jedis a = servers.start(version).jedis();
                Jedis b = servers.start(version).jedis()) {
            SampleData.fillMixed(a, 3000);
            try (Migration run = Migration.from(port(a))
                    .to(port(b))
                    .with("rump.source.type", "string,zset")
                    .with("rump.source.scan-count", 100)
                    .start()) {
                Counts counts = run.awaitComplete();

                assertThat(counts.read()).isEqualTo(3000);
                assertThat(counts.restored()).isEqualTo(1200);
                assertThat(counts.filtered()).isEqualTo(1800);
            }
            assertThat(b.dbSize()).isEqualTo(1200);
        }
    }

    @ParameterizedTest
    @MethodSource("io.camelrump.fixtures.RedisServers#versions")
    void takesOneTypeAlsoWhereScanKnowsNoTypes(RedisServers.Version version) {
        try (Jedis a = servers.start(version).jedis();
                Jedis b = servers.start(version).jedis()) {
            SampleData.fillMixed(a, 1000);
            try (Migration run = Migration.from(port(a))
                    .to(port(b))
                    .with("rump.source.type", "hash")
                    .start()) {
                Counts counts = run.awaitComplete();

                assertThat(counts.restored()).isEqualTo(200);
                assertThat(counts.filtered()).isEqualTo(version.isLike(6, 0) ? 0 : 800);
            }
            assertThat(b.dbSize()).isEqualTo(200);
        }
    }

    @Test
    void aUserWhoMayNotAskForATypeGetsTheRuleToAdd() {
        RedisServer a = servers.start();
        try (Jedis jedis = a.jedis()) {
            jedis.aclSetUser("reader", "on", ">secret", "~*", "+@all", "-type");
        }
        try (Migration run = Migration.from(a)
                .to(servers.start())
                .with("rump.source.username", "reader")
                .with("rump.source.password", "secret")
                .with("rump.source.type", "hash,list")) {
            assertThat(org.assertj.core.api.Assertions.catchThrowable(run::start))
                    .hasStackTraceContaining("Add the rule +type");
        }
    }

    @ParameterizedTest
    @MethodSource("io.camelrump.fixtures.RedisServers#versions")
    void takesKeysBySizeAndDumpsNoOthersWhereSizesAreReported(RedisServers.Version version) {
        try (Jedis a = servers.start(version).jedis();
                Jedis b = servers.start(version).jedis()) {
            fill(a, "small", 100, 10);
            fill(a, "middle", 100, 3000);
            fill(a, "large", 100, 100_000);
            long dumps = calls(a, "dump");
            try (Migration run = Migration.from(port(a))
                    .to(port(b))
                    .with("rump.source.min-size", "2kb")
                    .with("rump.source.max-size", "10kb")
                    .start()) {
                Counts counts = run.awaitComplete();

                assertThat(counts.read()).isEqualTo(300);
                assertThat(counts.filtered()).isEqualTo(200);
            }
            assertThat(b.keys("*")).hasSize(100).allMatch(key -> key.startsWith("middle"));
            if (version.isLike(4, 0)) {
                assertThat(calls(a, "dump") - dumps).isLessThan(110);
            }
        }
    }

    @ParameterizedTest
    @MethodSource("io.camelrump.fixtures.RedisServers#versions")
    void takesKeysByWhatTheyHaveLeftToLive(RedisServers.Version version) {
        try (Jedis a = servers.start(version).jedis();
                Jedis b = servers.start(version).jedis()) {
            for (int i = 0; i < 50; i++) {
                a.psetex("brief:" + i, 60_000, "v");
                a.psetex("hours:" + i, 7_200_000 + i, "v");
                a.psetex("days:" + i, 720_000_000, "v");
                a.set("lasting:" + i, "v");
            }
            try (Migration run = Migration.from(port(a))
                    .to(port(b))
                    .with("rump.source.min-ttl", "1h")
                    .with("rump.source.max-ttl", "24h")
                    .start()) {
                assertThat(run.awaitComplete().filtered()).isEqualTo(150);
            }
            assertThat(b.keys("*")).hasSize(50).allMatch(key -> key.startsWith("hours"));
            try (Migration run = Migration.from(port(a))
                    .to(port(b))
                    .with("rump.source.min-ttl", "24h")
                    .start()) {
                assertThat(run.awaitComplete().filtered()).isEqualTo(100);
            }
            assertThat(b.keys("lasting:*")).hasSize(50);
            assertThat(b.keys("days:*")).hasSize(50);
            assertThat(b.keys("brief:*")).isEmpty();
            for (int i = 0; i < 50; i++) {
                assertThat(b.pttl("hours:" + i)).isCloseTo(a.pttl("hours:" + i), within(100L));
                assertThat(b.pttl("lasting:" + i)).isEqualTo(-1);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"redis-6.2", "redis-7.0"})
    void allThatIsTakenIsExactOverCutConnectionsToo(String version) throws IOException {
        RedisServer source = servers.start(RedisServers.version(version));
        RedisServer target = servers.start(RedisServers.version(version));
        try (Jedis a = source.jedis();
                Jedis b = target.jedis();
                FaultyProxy proxy = new FaultyProxy(source.port())) {
            SampleData.fillMixed(a, 20_000);
            fill(a, "large", 20, 200_000);
            try (Migration run = Migration.from(proxy.port())
                    .to(port(b))
                    .with("rump.source.type", "string,list,hash,zset")
                    .with("rump.source.max-size", "100kb")
                    .with("rump.source.scan-count", 100)
                    .start()) {
                for (int i = 1; i <= 5; i++) {
                    long mark = i * 2000L;
                    run.awaitRead(mark);
                    proxy.cut();
                }
                Counts counts = run.awaitComplete();

                assertThat(counts.restored()).isEqualTo(16_000);
                assertThat(counts.read()).isEqualTo(20_020);
            }
            a.del(a.keys("large*").toArray(String[]::new));
            for (int i = 2; i < 20_000; i += 5) {
                a.del("mixed:" + i);
            }
            assertThat(EqualityProof.compare(a, b, Duration.ofMillis(100)).differences())
                    .isEmpty();
        }
    }

    private static void fill(Jedis jedis, String prefix, int keys, int bytes) {
        byte[] value = new byte[bytes];
        new java.util.Random(bytes).nextBytes(value);
        for (int i = 0; i < keys; i++) {
            jedis.set((prefix + ":" + i).getBytes(), value);
        }
    }

    private static void with(Migration run, String name, String value) {
        if (value != null) {
            // a + in an option's text is a space to Camel
            run.bind(name, new StringBuilder(value)).with(name, "#bean:" + name);
        }
    }

    static long calls(Jedis jedis, String command) {
        return List.of(jedis.info("commandstats").split("\r?\n")).stream()
                .filter(line -> line.startsWith("cmdstat_" + command + ":"))
                .mapToLong(line -> Long.parseLong(line.replaceFirst("[^=]*calls=(\\d+).*", "$1")))
                .sum();
    }

    private static int port(Jedis jedis) {
        return Integer.parseInt(jedis.configGet("port").get("port"));
    }
}
