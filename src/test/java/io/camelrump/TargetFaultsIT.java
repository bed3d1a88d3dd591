package io.camelrump;

import static io.camelrump.fixtures.FaultRun.KEYS;
import static io.camelrump.fixtures.FaultRun.assertEqual;
import static io.camelrump.fixtures.FaultRun.awaitRestarts;
import static io.camelrump.fixtures.FaultRun.awaitRestored;
import static io.camelrump.fixtures.FaultRun.config;
import static io.camelrump.fixtures.FaultRun.fill;
import static io.camelrump.fixtures.FaultRun.size;
import static io.camelrump.fixtures.FaultRun.slow;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import io.camelrump.fixtures.FaultyProxy;
import io.camelrump.fixtures.Migration;
import io.camelrump.fixtures.RedisServer;
import io.camelrump.fixtures.RedisServers;
import io.camelrump.fixtures.SmallHeapRun;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.params.ScanParams;
import redis.clients.jedis.util.SafeEncoder;

/** The target is lost, full, or slow: keys are copied again or waited for, and counts stay true. */
class TargetFaultsIT {
    /** Some megabytes. */
    private static final int MANY = 40_000;

    @RegisterExtension
    private final RedisServers servers = new RedisServers();

    @Test
    void copiesAllAgainWhenTheTargetComesBackEmpty() {
        RedisServer source = servers.start();
        RedisServer target = servers.start();
        fill(source, KEYS);

        try (Migration run = slow(Migration.from(source).to(target)).start()) {
            awaitRestored(run, KEYS / 2);
            target.kill9();
            target.restart(false);

            assertThat(run.awaitComplete().restarts()).isEqualTo(1);
        }
        assertEqual(source, target);
    }

    @Test
    void copiesAllAgainWhenTheTargetComesBackWithOldData() {
        RedisServer source = servers.start();
        RedisServer target = servers.start();
        fill(source, KEYS);

        try (Migration run = slow(Migration.from(source).to(target)).start()) {
            awaitRestored(run, KEYS / 4);
            try (Jedis jedis = target.jedis()) {
                jedis.save();
            }
            awaitRestored(run, KEYS / 2);
            target.kill9();
            target.restart(true);

            assertThat(run.awaitComplete().restarts()).isEqualTo(1);
        }
        assertEqual(source, target);
    }

    @Test
    void noticesALossOfTheTargetWhereInfoIsRefused() {
        RedisServer source = servers.start();
        RedisServer target = servers.start();
        fill(source, KEYS);
        try (Jedis jedis = target.jedis()) {
            jedis.aclSetUser("default", "-info");
        }

        try (Migration run = slow(Migration.from(source).to(target)).start()) {
            awaitRestored(run, KEYS / 2);
            target.kill9();
            target.restart(false);
            awaitRestarts(run, 1);

            assertThat(run.awaitComplete().restarts()).isEqualTo(1);
        }
        assertEqual(source, target);
    }

    @Test
    void losesAndDoublesNothingWhenTheConnectionIsCutAnywhere() throws Exception {
        RedisServer source = servers.start();
        RedisServer target = servers.start();
        fill(source, KEYS);
        Random random = new Random(13);

        try (FaultyProxy proxy = new FaultyProxy(target);
                Migration run = slow(Migration.from(source).to(proxy.port()))) {
            run.start();
            for (int i = 1; i <= 8; i++) {
                awaitRestored(run, i * KEYS / 10);
                FaultyProxy.Direction direction =
                        i % 2 == 0 ? FaultyProxy.Direction.TO_CLIENT : FaultyProxy.Direction.TO_SERVER;
                proxy.cutAfter(direction, random.nextInt(i % 2 == 0 ? 500 : 50_000));
            }
            Counts counts = run.awaitComplete();

            assertThat(counts.restarts()).isZero();
            assertThat(proxy.accepted()).isGreaterThan(4);
        }
        assertEqual(source, target);
    }

    @Test
    void isNotCompleteBeforeTheTargetHasConfirmedTheEnd() throws Exception {
        RedisServer source = servers.start();
        RedisServer target = servers.start();
        fill(source, KEYS);

        String first = firstScannedString(source);

        try (FaultyProxy slow = new FaultyProxy(source).delay(20);
                FaultyProxy proxy = new FaultyProxy(target);
                Migration run = Migration.from(slow.port()).to(proxy.port())) {
            run.routes("file:routes/examples/keep-some-keys.camel.yaml")
                    .with("keep.include", first)
                    .with("rump.source.scan-count", 10)
                    .start();
            awaitRestored(run, 1);
            proxy.refuse();
            proxy.cut();
            slow.heal();

            Awaitility.await("all read")
                    .atMost(Duration.ofSeconds(30))
                    .until(() -> run.ledger().counts().filtered() >= KEYS - 1);
            Awaitility.await()
                    .during(Duration.ofMillis(700))
                    .atMost(Duration.ofSeconds(30))
                    .until(() -> run.ledger().state() == RunState.RUNNING);
            proxy.heal();

            assertThat(run.awaitComplete().filtered()).isGreaterThanOrEqualTo(KEYS - 1);
        }
    }

    @Test
    void aRunWaitsWhileTheTargetIsOutOfMemoryAndContinues() {
        RedisServer source = servers.start();
        RedisServer target = servers.start();
        fill(source, MANY);
        config(target, "maxmemory", "4mb");

        try (Migration run = Migration.from(source).to(target).start()) {
            awaitFull(run, target);
            config(target, "maxmemory", "0");

            assertThat(run.awaitComplete().refused()).isZero();
        }
        assertEqual(source, target);
    }

    private static String firstScannedString(RedisServer server) {
        try (Jedis jedis = server.jedis()) {
            // the order of a scan changes while the table grows
            Awaitility.await("table grown").atMost(Duration.ofSeconds(30)).until(() -> {
                Object stats = jedis.sendCommand(() -> "DEBUG".getBytes(US_ASCII), "HTSTATS", "0");
                return !SafeEncoder.encode((byte[]) stats).contains("rehashing");
            });
            return jedis.scan("0", new ScanParams().count(100), "string")
                    .getResult()
                    .get(0);
        }
    }

    private static void awaitFull(Migration run, RedisServer target) {
        Awaitility.await("target full").atMost(Duration.ofSeconds(30)).until(() -> {
            long before = run.ledger().counts().restored();
            return before > 0 && errors(target) > 0;
        });
    }

    private static long errors(RedisServer server) {
        try (Jedis jedis = server.jedis()) {
            return jedis.info("errorstats")
                    .lines()
                    .filter(line -> line.startsWith("errorstat_OOM"))
                    .count();
        }
    }

    @Test
    void waitsWhileTheTargetCannotSaveItsData() throws Exception {
        RedisServer source = servers.start();
        RedisServer target = servers.start();
        fill(source, KEYS);
        config(target, "save", "3600 1000000000");
        try (Jedis jedis = target.jedis();
                Migration run = Migration.from(source).to(target)) {
            // no file can be moved to where a folder is
            Path held = Files.createDirectory(Path.of(
                    jedis.configGet("dir").get("dir"),
                    jedis.configGet("dbfilename").get("dbfilename")));
            jedis.bgsave();
            Awaitility.await().until(() -> jedis.info("persistence").contains("rdb_last_bgsave_status:err"));
            // the start waits for such a target too
            CompletableFuture<Migration> started = CompletableFuture.supplyAsync(run::start);
            Awaitility.await().until(() -> jedis.info("errorstats").contains("errorstat_MISCONF"));
            Files.delete(held);
            jedis.bgsave();
            started.join();

            assertThat(run.awaitComplete().refused()).isZero();
        }
        assertEqual(source, target);
    }

    @Test
    void failsWithTrueCountsWhenTheTargetStaysOutOfMemory() {
        RedisServer source = servers.start();
        RedisServer target = servers.start();
        fill(source, MANY);
        config(target, "maxmemory", "4mb");

        try (Migration run = Migration.from(source)
                .to(target)
                .with("camel.component.rump.retry-for", "1s")
                .start()) {
            Ledger ledger = run.awaitEnd();

            assertThat(ledger.state()).isEqualTo(RunState.FAILED);
            assertThat(ledger.failure()).contains("OOM").contains("Gave up after 1 s");
            assertThat(ledger.counts().restored()).isEqualTo(size(target)).isLessThan(MANY);
        }
    }

    @Test
    void failsWhenTheTargetThrewKeysAway() {
        RedisServer source = servers.start();
        RedisServer target =
                servers.start(RedisServers.usual(), "--maxmemory", "6mb", "--maxmemory-policy", "allkeys-random");
        fill(source, MANY);

        try (Migration run = Migration.from(source).to(target).start()) {
            Ledger ledger = run.awaitEnd();

            assertThat(ledger.state()).isEqualTo(RunState.FAILED);
            assertThat(ledger.failure()).containsPattern("evicted \\d+ keys during the run");
        }
    }

    @Test
    void saysAtTheStartThatTheTargetMayThrowKeysAway() throws Exception {
        RedisServer source = servers.start();
        RedisServer target = servers.start();
        fill(source, 100);
        config(target, "maxmemory", "100mb");
        config(target, "maxmemory-policy", "allkeys-lru");

        try (SmallHeapRun run = SmallHeapRun.start("64m", source, target)) {
            assertThat(run.awaitOutput())
                    .contains("may evict keys when its 104857600 bytes are full (maxmemory-policy allkeys-lru)")
                    .contains("COMPLETE");
        }
    }

    @Test
    void waitsWhileTheTargetRunsALongScript() throws Exception {
        RedisServer source = servers.start();
        RedisServer target = servers.start(RedisServers.usual(), "--busy-reply-threshold", "50");
        fill(source, KEYS);

        try (Migration run = slow(Migration.from(source).to(target)).start()) {
            awaitRestored(run, KEYS / 4);
            try (Jedis jedis = target.jedis()) {
                jedis.eval("local function now() local t = redis.call('TIME') return t[1] + t[2] / 1e6 end"
                        + " local till = now() + 0.6 while now() < till do end");
            }
            run.awaitComplete();
        }
        assertEqual(source, target);
    }

    @Test
    void readsNoFurtherThanItsBoundsWhileTheTargetStandsStill() {
        RedisServer source = servers.start();
        RedisServer target = servers.start();
        fill(source, KEYS);

        try (Migration run = Migration.from(source)
                .to(target)
                .with("rump.source.scan-count", 100)
                .with("rump.source.queue-pages", 8)
                .with("rump.target.max-keys-per-second", KEYS)
                .start()) {
            awaitRestored(run, 1_000);
            target.pause();
            Awaitility.await("a full window").until(() -> run.ledger().pagesOut() == 8);
            Awaitility.await()
                    .during(Duration.ofSeconds(1))
                    .atMost(Duration.ofSeconds(3))
                    .until(() -> run.ledger().pagesOut() <= 8);
            target.resume();
            run.awaitComplete();
        }
        assertEqual(source, target);
    }
}
