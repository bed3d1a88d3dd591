package io.camelrump;

import static io.camelrump.fixtures.FaultRun.assertEqual;
import static io.camelrump.fixtures.FaultRun.size;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.camelrump.fixtures.CommandStats;
import io.camelrump.fixtures.Migration;
import io.camelrump.fixtures.RedisServer;
import io.camelrump.fixtures.RedisServers;
import java.time.Duration;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import redis.clients.jedis.Jedis;

/** Short strings that change are read at once, and a key that is none any more is read as any other. */
class LiveStringsIT extends LiveFixture {
    private static final int STRINGS = 300;
    private static final String MORE_THAN_BIG = "x".repeat(300_000);

    @ParameterizedTest
    @ValueSource(strings = {"redis-6.2", "redis-7.0"})
    void shortStringsAreReadWithoutTheirSizesAndDumps(String version) {
        RedisServer source = servers.start(RedisServers.version(version));
        RedisServer target = servers.start();
        try (Migration run = followed(source, target);
                Jedis from = source.jedis()) {
            write(from, target, 2);
            long dumps = CommandStats.calls(from, "dump");
            long read = CommandStats.calls(from, "getrange");

            IntStream.range(3, 6).forEach(round -> write(from, target, round));

            assertThat(CommandStats.calls(from, "getrange")).isGreaterThanOrEqualTo(read + STRINGS);
            assertThat(CommandStats.calls(from, "dump")).isEqualTo(dumps);
            changes(run).cutOver();
            run.awaitComplete();
        }
        assertEqual(source, target);
    }

    @Test
    void keysThatAreNoShortStringsAnyMoreArriveWhole() {
        RedisServer source = servers.start();
        RedisServer target = servers.start();
        try (Migration run = followed(source, target);
                Jedis from = source.jedis();
                Jedis to = target.jedis()) {
            write(from, target, 2);
            long read = CommandStats.calls(from, "getrange");
            from.del("s:0", "s:1", "s:2");
            from.hset("s:0", "field", "value");
            from.rpush("s:1", "a", "b");
            from.set("s:3", "");
            from.set("s:4", "12345");
            from.setrange("s:5", 2_047, "x");
            from.setrange("s:6", 2_048, "x");
            from.pexpire("s:7", 100_000);
            from.psetex("s:8", 1, "gone");
            from.pfadd("s:hyperloglog", "a", "b");
            from.set("s:63", "x".repeat(63));
            from.set("s:64", "x".repeat(64));
            byte[] noise = new byte[500];
            new Random(1).nextBytes(noise);
            from.set(new byte[] {0, 13, 10}, noise);
            from.set("s:9", "last");

            await().atMost(Duration.ofSeconds(10)).until(() -> "last".equals(to.get("s:9")));
            assertThat(CommandStats.calls(from, "getrange")).isGreaterThan(read);
            changes(run).cutOver();
            Counts counts = run.awaitComplete();
            assertThat(counts.refused()).isZero();
        }
        assertEqual(source, target);
    }

    /** A key is no longer small because it was so when it was read last. */
    @Test
    void noDumpIsSentToAStringThatHasGrownBig() {
        RedisServer source = servers.start();
        RedisServer target = servers.start();
        try (Migration run = followed(source, target);
                Jedis from = source.jedis();
                Jedis to = target.jedis()) {
            write(from, target, 2);
            long dumps = CommandStats.calls(from, "dump");
            from.set("s:5", MORE_THAN_BIG);

            await().atMost(Duration.ofSeconds(10)).until(() -> MORE_THAN_BIG.equals(to.get("s:5")));
            assertThat(CommandStats.calls(from, "dump")).isEqualTo(dumps);
            changes(run).cutOver();
            run.awaitComplete();
        }
        assertEqual(source, target);
    }

    @Test
    void whereTheUserMayNotReadStringsTheyAreDumped() {
        RedisServer source = servers.start();
        RedisServer target = servers.start();
        deny(source, "-getrange");
        try (Migration run = followed(source, target);
                Jedis from = source.jedis()) {
            IntStream.range(2, 5).forEach(round -> write(from, target, round));
            assertThat(from.info("commandstats"))
                    .contains("cmdstat_dump")
                    .containsPattern("getrange.*rejected_calls=[1-9]");
            changes(run).cutOver();
            assertThat(run.awaitComplete().refused()).isZero();
        }
        assertEqual(source, target);
    }

    /** A run that has read enough changed keys to expect short strings. */
    private static Migration followed(RedisServer source, RedisServer target) {
        try (Jedis from = source.jedis()) {
            IntStream.range(0, STRINGS).forEach(i -> from.set("s:" + i, "first"));
            from.set("ballast", "y".repeat(100_000));
        }
        Migration run = live(source, target)
                .with("rump.source.big-key", "200kb")
                // a comparison beside the writers sends DUMPs of its own
                .with("rump.source.final-compare", "none")
                .start();
        boolean ready = false;
        try (Jedis from = source.jedis()) {
            awaitScanned(run);
            await().until(() -> size(target) == STRINGS + 1);
            write(from, target, 1);
            ready = true;
            return run;
        } finally {
            if (!ready) {
                run.close();
            }
        }
    }

    /** Writes every string, and waits until the last one has arrived. */
    private static void write(Jedis from, RedisServer target, int round) {
        IntStream.range(0, STRINGS).forEach(i -> from.set("s:" + i, "value " + i + " of " + round));
        from.set("s:9", "end of " + round);
        try (Jedis to = target.jedis()) {
            await().atMost(Duration.ofSeconds(10)).until(() -> ("end of " + round).equals(to.get("s:9")));
        }
    }
}
