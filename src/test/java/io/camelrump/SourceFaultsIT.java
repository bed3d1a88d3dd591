package io.camelrump;

import static io.camelrump.fixtures.FaultRun.KEYS;
import static io.camelrump.fixtures.FaultRun.assertEqual;
import static io.camelrump.fixtures.FaultRun.awaitRestored;
import static io.camelrump.fixtures.FaultRun.fill;
import static io.camelrump.fixtures.FaultRun.size;
import static io.camelrump.fixtures.FaultRun.slow;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import io.camelrump.fixtures.FaultyProxy;
import io.camelrump.fixtures.Migration;
import io.camelrump.fixtures.RedisServer;
import io.camelrump.fixtures.RedisServers;
import io.camelrump.fixtures.SampleData;
import io.camelrump.fixtures.SmallHeapRun;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import redis.clients.jedis.Jedis;

class SourceFaultsIT {
    @RegisterExtension
    private final RedisServers servers = new RedisServers();

    @Test
    void scansAgainFromTheStartWhenTheSourceComesBackAsAnotherProcess() {
        RedisServer source = servers.start();
        RedisServer target = servers.start();
        fill(source, KEYS);
        try (Jedis jedis = source.jedis()) {
            jedis.save();
        }

        try (Migration run = slow(Migration.from(source).to(target)).start()) {
            awaitRestored(run, KEYS / 2);
            source.kill9();
            source.restart(true);

            Counts counts = run.awaitComplete();

            assertThat(counts.restarts()).isEqualTo(1);
            assertThat(counts.read()).isGreaterThanOrEqualTo(KEYS);
        }
        assertEqual(source, target);
    }

    @Test
    void endsWithWhatIsThereWhenTheSourceComesBackEmpty() {
        RedisServer source = servers.start();
        RedisServer target = servers.start();
        fill(source, KEYS);

        try (Migration run = slow(Migration.from(source).to(target)).start()) {
            awaitRestored(run, KEYS / 2);
            source.kill9();
            source.restart(false);

            Counts counts = run.awaitComplete();

            assertThat(counts.restarts()).isEqualTo(1);
            assertThat(counts.read()).isZero();
        }
    }

    @ParameterizedTest
    @CsvSource({"redis-7.0, 7", "redis-6.2, 11"})
    void aScanContinuesAtItsCursorWhereverTheConnectionIsCut(String version, int seed) throws Exception {
        // below 7.0 expiries are told as remaining times
        RedisServer source = servers.start(RedisServers.version(version));
        RedisServer target = servers.start();
        fill(source, KEYS);
        Random random = new Random(seed);

        try (FaultyProxy proxy = new FaultyProxy(source);
                Migration run = slow(Migration.from(proxy.port()).to(target))) {
            run.start();
            for (int i = 1; i <= 8; i++) {
                awaitRestored(run, i * KEYS / 10);
                proxy.cutAfter(FaultyProxy.Direction.TO_CLIENT, random.nextInt(20_000));
            }
            assertThat(run.awaitComplete().restarts()).isZero();
            assertThat(proxy.accepted()).isGreaterThan(4);
        }
        assertEqual(source, target);
    }

    @Test
    void cursorsRevealAnotherProcessWhereInfoIsRefused() throws Exception {
        RedisServer source = servers.start();
        RedisServer target = servers.start();
        fill(source, KEYS);
        denyInfo(source);

        try (FaultyProxy proxy = new FaultyProxy(source);
                Migration run = slow(Migration.from(proxy.port()).to(target))) {
            run.start();
            awaitRestored(run, KEYS / 4);
            proxy.cut();
            awaitRestored(run, KEYS / 2);
            assertThat(run.ledger().counts().restarts()).isZero();

            try (Jedis jedis = source.jedis()) {
                jedis.save();
            }
            proxy.refuse();
            source.kill9();
            source.restart(true);
            denyInfo(source);
            proxy.heal();

            assertThat(run.awaitComplete().restarts()).isEqualTo(1);
        }
        assertEqual(source, target);
    }

    private static void denyInfo(RedisServer server) {
        try (Jedis jedis = server.jedis()) {
            jedis.aclSetUser("default", "-info");
        }
    }

    @Test
    void failsWithTrueCountsWhenTheSourceStaysAway() {
        RedisServer source = servers.start();
        RedisServer target = servers.start();
        fill(source, KEYS);

        try (Migration run = slow(Migration.from(source).to(target))
                .with("camel.component.rump.retry-for", "1s")
                .start()) {
            awaitRestored(run, KEYS / 4);
            source.kill9();
            Ledger ledger = run.awaitEnd();

            assertThat(ledger.state()).isEqualTo(RunState.FAILED);
            assertThat(ledger.failure()).contains("127.0.0.1:" + source.port()).contains("Gave up after 1 s");
            assertThat(ledger.counts().restored()).isEqualTo(size(target));
            assertThat(ledger.counts().read())
                    .isEqualTo(ledger.counts().settled())
                    .isLessThan(KEYS);
        }
    }

    @Test
    @Tag("long")
    void waitsWhileAServerIsLoading() throws Exception {
        RedisServer source = servers.start();
        RedisServer target = servers.start();
        fill(source, 20_000);
        fill(target, 20_000);

        try (Jedis ofSource = source.jedis();
                Jedis ofTarget = target.jedis()) {
            CompletableFuture<Void> loading = CompletableFuture.allOf(reload(ofSource), reload(ofTarget));
            Awaitility.await("both loading").until(() -> isLoading(source) && isLoading(target));

            try (Migration run = Migration.from(source).to(target).start()) {
                assertThat(run.awaitComplete().restored()).isEqualTo(20_000);
            }
            loading.get(30, TimeUnit.SECONDS);
        }
        assertEqual(source, target);
    }

    /** Loads its data again, slowly: it answers LOADING to all but this connection for two seconds. */
    private static CompletableFuture<Void> reload(Jedis jedis) {
        jedis.configSet("key-load-delay", "100");
        jedis.configSet("loading-process-events-interval-bytes", "1024");
        jedis.getConnection().setTimeoutInfinite();
        return CompletableFuture.runAsync(() -> jedis.sendCommand(() -> "DEBUG".getBytes(US_ASCII), "RELOAD"));
    }

    private static boolean isLoading(RedisServer server) {
        try (Jedis jedis = server.jedis()) {
            return jedis.info("persistence").contains("loading:1");
        }
    }

    @Test
    @Tag("long")
    void refusesTheOneKeyAtWhichTheSourceCutsTheConnection() {
        RedisServer source = servers.start();
        RedisServer target = servers.start();
        fill(source, 5_000);
        try (Jedis jedis = source.jedis()) {
            jedis.set("large".getBytes(US_ASCII), SampleData.noise(4 * 1024 * 1024));
            jedis.configSet("client-output-buffer-limit", "normal 1mb 1mb 0");
        }

        try (Migration run = Migration.from(source).to(target).start()) {
            Counts counts = run.awaitComplete();

            assertThat(counts.refused()).isEqualTo(1);
            assertThat(run.ledger().refusals().get(0).quotedKey()).isEqualTo("\"large\"");
            assertThat(run.ledger().refusals().get(0).cause()).contains("client-output-buffer-limit");
        }
        assertThat(size(target)).isEqualTo(size(source) - 1);
    }

    @Test
    void asksAnEvictingSourceForNoMoreThanItHasRoomFor() {
        RedisServer source =
                servers.start(RedisServers.usual(), "--maxmemory", "48mb", "--maxmemory-policy", "allkeys-lru");
        RedisServer target = servers.start();
        try (Jedis jedis = source.jedis()) {
            byte[] value = new byte[500_000];
            Random random = new Random(5);
            for (int i = 0; i < 80; i++) {
                random.nextBytes(value);
                jedis.set(("large:" + i).getBytes(US_ASCII), value);
            }
        }
        long evictedBefore = evicted(source);

        try (Migration run = Migration.from(source).to(target).start()) {
            Counts counts = run.awaitComplete();

            assertThat(counts.restored()).isEqualTo(size(source));
        }
        assertThat(evicted(source)).isEqualTo(evictedBefore);
        assertEqual(source, target);
    }

    private static long evicted(RedisServer server) {
        try (Jedis jedis = server.jedis()) {
            return jedis.info("stats")
                    .lines()
                    .filter(line -> line.startsWith("evicted_keys:"))
                    .mapToLong(line -> Long.parseLong(line.substring(13).trim()))
                    .sum();
        }
    }

    @Test
    void saysThatReadingWillLookLikeUseToANearlyFullSource() throws Exception {
        RedisServer source = servers.start(RedisServers.version("redis-6.2"));
        RedisServer target = servers.start();
        try (Jedis jedis = source.jedis()) {
            SampleData.fillStrings(jedis, 1_000, 50);
            long used = Long.parseLong(jedis.info("memory").replaceAll("(?s).*used_memory:(\\d+).*", "$1"));
            jedis.configSet("maxmemory-policy", "allkeys-lru");
            jedis.configSet("maxmemory", String.valueOf(used + used / 10));
        }
        try (SmallHeapRun run = SmallHeapRun.start("64m", source, target)) {
            assertThat(run.awaitOutput())
                    .contains("evicts by allkeys-lru and is over 80 % full")
                    .contains("COMPLETE");
        }
    }
}
