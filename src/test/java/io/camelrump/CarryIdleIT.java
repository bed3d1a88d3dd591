package io.camelrump;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.camelrump.fixtures.Migration;
import io.camelrump.fixtures.RedisServer;
import io.camelrump.fixtures.RedisServers;
import io.camelrump.fixtures.SampleData;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.params.RestoreParams;

class CarryIdleIT {
    private static final int KEYS = 50;

    @RegisterExtension
    private final RedisServers servers = new RedisServers();

    static List<RedisServers.Version> versions() {
        return RedisServers.versions().stream()
                .filter(version -> version.isLike(5, 0))
                .toList();
    }

    @ParameterizedTest
    @MethodSource("versions")
    void idleTimesArriveAndStayAtTheSourceWhereItCanHideTheReading(RedisServers.Version version) {
        RedisServer source = servers.start(version);
        RedisServer target = servers.start(version);
        try (Jedis a = source.jedis();
                Jedis b = target.jedis()) {
            fill(a, i -> RestoreParams.restoreParams().idleTime(10_000 + 100 * i));

            assertThat(migrate(source, target).restored()).isEqualTo(KEYS);

            for (int i = 0; i < KEYS; i++) {
                assertThat(b.objectIdletime("key:" + i)).isBetween(10_000L + 100 * i, 10_060L + 100 * i);
                if (version.isLike(7, 2)) {
                    assertThat(a.objectIdletime("key:" + i)).isBetween(10_000L + 100 * i, 10_060L + 100 * i);
                } else {
                    assertThat(a.objectIdletime("key:" + i)).isLessThan(60);
                }
            }
        }
    }

    @ParameterizedTest
    @MethodSource("versions")
    void frequenciesArriveUnderAnLfuPolicy(RedisServers.Version version) {
        RedisServer source = servers.start(version, "--maxmemory-policy", "allkeys-lfu", "--lfu-decay-time", "0");
        RedisServer target = servers.start(version, "--maxmemory-policy", "allkeys-lfu", "--lfu-decay-time", "0");
        try (Jedis a = source.jedis();
                Jedis b = target.jedis()) {
            fill(a, i -> RestoreParams.restoreParams().frequency(10 + i));

            assertThat(migrate(source, target).restored()).isEqualTo(KEYS);

            for (int i = 0; i < KEYS; i++) {
                assertThat(b.objectFreq("key:" + i)).isEqualTo(10 + i);
            }
        }
    }

    @ParameterizedTest
    @MethodSource("versions")
    @Tag("long")
    void aKeyInPartsKeepsItsIdleTimeAndItsExpiry(RedisServers.Version version) {
        RedisServer source = servers.start(version);
        RedisServer target = servers.start(version);
        try (Jedis a = source.jedis();
                Jedis b = target.jedis()) {
            for (int i = 0; i < 8; i++) {
                a.rpush("model", "e".repeat(100_000));
            }
            a.restore(
                    "list",
                    7_000_000,
                    a.dump("model"),
                    RestoreParams.restoreParams().idleTime(50_000));
            a.del("model");
            try (Migration run = Migration.from(source)
                    .to(target)
                    .with("rump.source.carry-idle", true)
                    .with("rump.source.big-key", "64kb")
                    .with("rump.target.on-conflict", "keep")
                    .start()) {
                assertThat(run.awaitComplete().restored()).isEqualTo(1);
            }

            assertThat(b.objectIdletime("list")).isBetween(50_000L, 50_060L);
            assertThat(b.llen("list")).isEqualTo(8);
            assertThat(b.ttl("list")).isBetween(6_900L, 7_000L);
            assertThat(b.dbSize()).isEqualTo(1);
        }
    }

    @Test
    void findsThePolicyOfASourceThatHidesItsInfo() {
        RedisServer source =
                servers.start(RedisServers.usual(), "--maxmemory-policy", "allkeys-lfu", "--lfu-decay-time", "0");
        RedisServer target =
                servers.start(RedisServers.usual(), "--maxmemory-policy", "allkeys-lfu", "--lfu-decay-time", "0");
        try (Jedis a = source.jedis();
                Jedis b = target.jedis()) {
            fill(a, i -> RestoreParams.restoreParams().frequency(10 + i));
            a.aclSetUser("reader", "on", ">secret", "~*", "+@all", "-info");

            try (Migration run = with(source, target)) {
                assertThat(run.awaitComplete().restored()).isEqualTo(KEYS);
            }

            assertThat(b.objectFreq("key:7")).isEqualTo(17);
        }
    }

    @Test
    void aSourceThatHidesIdleTimesIsRefusedWithTheRuleToAdd() {
        RedisServer source = servers.start();
        RedisServer target = servers.start();
        try (Jedis a = source.jedis()) {
            a.aclSetUser("reader", "on", ">secret", "~*", "+@all", "-object");

            assertThatThrownBy(() -> with(source, target)).hasMessageContaining("+object");
        }
    }

    @Test
    void keysArriveFreshAtATargetThatTakesNoIdleTime() {
        RedisServer source = servers.start(RedisServers.version("redis-2.8"));
        RedisServer target = servers.start(RedisServers.version("redis-2.8"));
        try (Jedis a = source.jedis();
                Jedis b = target.jedis()) {
            SampleData.fillStrings(a, KEYS, 10);

            assertThat(migrate(source, target).restored()).isEqualTo(KEYS);
            assertThat(b.dbSize()).isEqualTo(KEYS);
        }
    }

    private interface Use {
        RestoreParams of(int i);
    }

    private static void fill(Jedis jedis, Use use) {
        jedis.set("model", "value");
        byte[] payload = jedis.dump("model");
        jedis.del("model");
        for (int i = 0; i < KEYS; i++) {
            jedis.restore("key:" + i, 0, payload, use.of(i));
        }
    }

    private static Counts migrate(RedisServer source, RedisServer target) {
        try (Migration run = Migration.from(source)
                .to(target)
                .with("rump.source.carry-idle", true)
                .start()) {
            return run.awaitComplete();
        }
    }

    private static Migration with(RedisServer source, RedisServer target) {
        return Migration.from(source)
                .to(target)
                .with("rump.source.carry-idle", true)
                .with("rump.source.username", "reader")
                .with("rump.source.password", "secret")
                .start();
    }
}
