package io.camelrump;

import static org.assertj.core.api.Assertions.assertThat;

import io.camelrump.fixtures.FaultyProxy;
import io.camelrump.fixtures.Migration;
import io.camelrump.fixtures.RedisServer;
import io.camelrump.fixtures.RedisServers;
import java.time.Duration;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.Pipeline;

/** Big keys that change while they are read, and servers that fail meanwhile. */
class BigKeyFaultsIT extends BigKeysFixture {
    @Test
    void aKeyThatGrowsMeanwhileIsReadFromItsBeginningAgain() {
        RedisServer source = servers.start();
        RedisServer target = servers.start();
        try (Jedis a = source.jedis();
                Jedis b = target.jedis()) {
            Counts counts = copyHash(source, target, () -> a.hset("hash", "one more", "field"));

            assertThat(counts.restored()).isEqualTo(1);
            assertThat(b.hlen("hash")).isEqualTo(FIELDS + 1);
            assertEqual(a, b);
        }
    }

    @Test
    void aKeyThatGoesAwayMeanwhileHasVanished() {
        RedisServer source = servers.start();
        RedisServer target = servers.start();
        try (Jedis a = source.jedis();
                Jedis b = target.jedis()) {
            Counts counts = copyHash(source, target, () -> a.del("hash"));

            assertThat(counts.vanished()).isEqualTo(1);
            assertThat(b.dbSize()).isZero();
        }
    }

    @Test
    @Tag("long")
    void aKeyThatBecomesAnotherTypeMeanwhileArrivesAsThat() {
        RedisServer source = servers.start();
        RedisServer target = servers.start();
        try (Jedis a = source.jedis();
                Jedis b = target.jedis()) {
            Counts counts = copyHash(source, target, () -> a.set("hash", "a string now"));

            assertThat(counts.restored()).isEqualTo(1);
            assertThat(b.get("hash")).isEqualTo("a string now");
            assertThat(b.dbSize()).isEqualTo(1);
        }
    }

    @Tag("long")
    @Test
    void cutsOnBothSidesLoseAndDoubleNothing() {
        RedisServer source = servers.start();
        RedisServer target = servers.start();
        try (Jedis a = source.jedis();
                Jedis b = target.jedis();
                FaultyProxy from = new FaultyProxy(source);
                FaultyProxy to = new FaultyProxy(target)) {
            int big = fillBig(a, RedisServers.usual());
            from.cutAfter(FaultyProxy.Direction.TO_CLIENT, 1_500_000);
            to.cutAfter(FaultyProxy.Direction.TO_SERVER, 700_000);
            try (Migration run = Migration.from(from.port())
                    .to(to.port())
                    .with("rump.source.big-key", LIMIT)
                    .start()) {
                Awaitility.await("both were cut").until(() -> from.accepted() > 1 && to.accepted() > 1);

                assertThat(run.awaitComplete().restored()).isEqualTo(big);
            }
            assertEqual(a, b);
            assertThat(b.keys("rump:tmp:*")).isEmpty();
        }
    }

    @Tag("long")
    @Test
    void aCutWhileSmallValuesAreReadByCommandsLosesNone() {
        RedisServer source = servers.start();
        // it takes no small hash of the other one as a payload
        RedisServer target = servers.start(RedisServers.version("redis-6.2"));
        try (Jedis a = source.jedis();
                Jedis b = target.jedis();
                FaultyProxy from = new FaultyProxy(source)) {
            try (Pipeline pipeline = a.pipelined()) {
                for (int i = 0; i < 1_000; i++) {
                    pipeline.hset("hash " + i, "field", "value " + i);
                }
            }
            // behind the payloads, among the answers about single keys
            from.cutAfter(FaultyProxy.Direction.TO_CLIENT, 150_000);
            try (Migration run = Migration.from(from.port()).to(target).start()) {
                Awaitility.await("cut").until(() -> from.accepted() > 1);

                assertThat(run.awaitComplete().restored()).isEqualTo(1_000);
            }
            assertEqual(a, b);
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    @Tag("long")
    void aTargetThatIsRestartedGetsEverythingAgainAndKeepsNoTemporaryKey(boolean withItsData) {
        RedisServer source = servers.start();
        RedisServer target = servers.start();
        try (Jedis a = source.jedis();
                FaultyProxy slow = new FaultyProxy(source).delay(2)) {
            int big = fillBig(a, RedisServers.usual());
            try (Migration run = Migration.from(slow.port())
                    .to(target)
                    .with("rump.source.big-key", LIMIT)
                    .start()) {
                try (Jedis b = target.jedis()) {
                    Awaitility.await("parts and whole keys have arrived")
                            .pollInterval(Duration.ofMillis(2))
                            .until(() -> b.dbSize() > 1 && !b.keys("rump:tmp:*").isEmpty());
                }
                target.restart(withItsData);

                assertThat(run.awaitComplete().restored()).isEqualTo(big);
            }
            try (Jedis b = target.jedis()) {
                assertThat(b.keys("rump:tmp:*")).isEmpty();
                assertEqual(a, b);
            }
        }
    }

    @Test
    void aTargetThatComesBackWithWhatItSavedEarlierKeepsNoTemporaryKey() {
        RedisServer source = servers.start();
        RedisServer target = servers.start();
        try (Jedis a = source.jedis();
                FaultyProxy slow = new FaultyProxy(source).delay(2)) {
            int big = fillBig(a, RedisServers.usual());
            a.set("last", "value");
            try (Migration run = Migration.from(slow.port())
                    .to(target)
                    .with("rump.source.big-key", LIMIT)
                    .with("rump.source.live", true)
                    .start()) {
                try (Jedis b = target.jedis()) {
                    Awaitility.await("a part has arrived")
                            .pollInterval(Duration.ofMillis(2))
                            .until(() -> !b.keys("rump:tmp:*").isEmpty());
                    b.save();
                    Awaitility.await("all keys have arrived")
                            .until(() -> b.dbSize() == big + 1L
                                    && b.keys("rump:tmp:*").isEmpty());
                }
                target.kill9();
                target.restart(true);

                Awaitility.await("all keys have arrived again")
                        .ignoreExceptions()
                        .until(() -> {
                            try (Jedis b = target.jedis()) {
                                return b.dbSize() == big + 1L
                                        && b.keys("rump:tmp:*").isEmpty();
                            }
                        });
            }
        }
    }

    /** Copies a big hash, which changes when a part of it has arrived. */
    private static Counts copyHash(RedisServer source, RedisServer target, Runnable change) {
        try (Jedis a = source.jedis();
                Jedis b = target.jedis();
                FaultyProxy slow = new FaultyProxy(source).delay(5)) {
            fillHash(a, FIELDS);
            try (Migration run = Migration.from(slow.port())
                    .to(target)
                    .with("rump.source.big-key", LIMIT)
                    .start()) {
                Awaitility.await("a part has arrived")
                        .pollInterval(Duration.ofMillis(2))
                        .until(() -> !b.keys("rump:tmp:*").isEmpty());
                change.run();

                return run.awaitComplete();
            }
        }
    }
}
