package io.camelrump;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.camelrump.fixtures.Migration;
import io.camelrump.fixtures.RedisServer;
import io.camelrump.fixtures.RedisServers;
import io.camelrump.fixtures.SampleData;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.StreamEntryID;
import redis.clients.jedis.params.ClientKillParams;
import redis.clients.jedis.params.XAddParams;
import redis.clients.jedis.params.XReadGroupParams;

/** What other clients write at the target of a live run that verifies its changes is known by the target's reports. */
class ForeignWritesIT extends LiveFixture {
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    @ParameterizedTest
    @ValueSource(strings = {"redis-6.2", "redis-7.0", "redis-8.0", "redis-8.6", "valkey-8.1", "valkey-9"})
    void aKeyThatAnotherClientWritesAtTheTargetIsNamed(String version) {
        RedisServers.Version at = RedisServers.find(version).orElse(null);
        if (at == null) {
            return;
        }
        RedisServer source = servers.start();
        RedisServer target = servers.start(at);
        try (Jedis jedis = source.jedis();
                Jedis arrived = target.jedis();
                Migration run = live(source, target)
                        .with("rump.source.rename", "old:*=new:*")
                        .start()) {
            jedis.set("old:1", "value");
            jedis.set("old:2", "value");
            awaitScanned(run);
            changes(run).verifyChanges();
            drain(run);
            long epoch = changes(run).verification().epoch();
            assertThat(unverified(run)).isEmpty();

            arrived.set("new:1", "of another client");
            jedis.set("old:2", "changed");
            await().atMost(PATIENCE).until(() -> "changed".equals(arrived.get("new:2")));
            drain(run);
            // which may be a key of that name, too
            assertThat(unverified(run)).containsExactly("new:1", "old:1");

            changes(run).mark(bytes("old:1"));
            drain(run);
            assertThat(unverified(run)).containsExactly("new:1");
            changes(run)
                    .verified(
                            List.of(bytes("new:1")), changes(run).verification().reading());
            assertThat(unverified(run)).isEmpty();
            assertThat(changes(run).verification().epoch()).isEqualTo(epoch);
            assertThat(changes(run).verification().unwatched()).isEmpty();
        }
    }

    @Test
    void ourOwnWritesAreNotTakenForThoseOfOthers() {
        RedisServer source = servers.start();
        RedisServer target = servers.start();
        try (Jedis jedis = source.jedis();
                Migration run =
                        live(source, target).with("rump.source.big-key", "64kb").start()) {
            jedis.set("first", "value");
            await().until(() -> holds(target, 1));
            changes(run).verifyChanges();
            awaitScanned(run);
            drain(run);
            long epoch = changes(run).verification().epoch();
            SampleData.fillMixed(jedis, 2_000);
            for (int i = 0; i < 20; i++) {
                jedis.rpush("big", "x".repeat(10_000));
            }
            await().atMost(PATIENCE).until(() -> holds(target, 2_002));
            drain(run);

            assertThat(unverified(run)).containsExactly("big");
            changes(run)
                    .verified(List.of(bytes("big")), changes(run).verification().reading());
            drain(run);
            assertThat(unverified(run)).isEmpty();
            assertThat(changes(run).verification().epoch()).isEqualTo(epoch);
        }
    }

    @Test
    void keysThatExpireAtBothSidesAreNotTakenForWritesOfOthers() {
        RedisServer source = servers.start();
        RedisServer target = servers.start();
        try (Jedis jedis = source.jedis();
                Jedis arrived = target.jedis();
                Migration run = live(source, target).start()) {
            changes(run).verifyChanges();
            awaitScanned(run);
            for (int i = 0; i < 500; i++) {
                jedis.psetex("brief:" + i, 100 + i, "value");
            }
            jedis.set("stays", "value");
            await().atMost(PATIENCE).until(() -> arrived.exists("stays"));
            await().atMost(PATIENCE).until(() -> holds(source, 1) && holds(target, 1));
            drain(run);

            await().atMost(PATIENCE)
                    .untilAsserted(() -> assertThat(unverified(run)).isEmpty());
        }
    }

    /** Ways by which it cannot be known which keys another client wrote. */
    enum Missed {
        DATABASE_EMPTIED {
            @Override
            void happens(Jedis arrived) {
                arrived.flushDB();
            }
        },
        LISTENER_CUT {
            @Override
            void happens(Jedis arrived) {
                arrived.clientList()
                        .lines()
                        .filter(client -> client.contains("resp=3"))
                        .forEach(client -> kill(arrived, client));
            }
        },
        WRITER_CUT {
            @Override
            void happens(Jedis arrived) {
                arrived.clientList()
                        .lines()
                        .filter(client -> client.contains("redir=") && !client.contains("redir=-1"))
                        .forEach(client -> kill(arrived, client));
            }
        };

        abstract void happens(Jedis arrived);

        private static void kill(Jedis arrived, String client) {
            arrived.clientKill(ClientKillParams.clientKillParams().id(client.replaceFirst("id=(\\d+) .*", "$1")));
        }
    }

    @ParameterizedTest
    @EnumSource
    void whereAForeignWriteMayHaveBeenMissedANewEpochBegins(Missed missed) {
        RedisServer source = servers.start();
        RedisServer target = servers.start();
        try (Jedis jedis = source.jedis();
                Jedis arrived = target.jedis();
                Migration run = live(source, target).start()) {
            jedis.set("key", "value");
            changes(run).verifyChanges();
            awaitScanned(run);
            drain(run);
            long epoch = changes(run).verification().epoch();
            drain(run);
            assertThat(changes(run).verification().epoch()).isEqualTo(epoch);

            missed.happens(arrived);
            drain(run);

            assertThat(changes(run).verification().epoch()).isGreaterThan(epoch);
            assertThat(changes(run).verification().cause()).contains("target");
            arrived.set("after", "of another client");
            drain(run);
            assertThat(unverified(run)).contains("after");
        }
    }

    /** Acts of others at a target that no notification tells of. */
    enum Unreported {
        ENTRY_ACKNOWLEDGED {
            @Override
            void happens(Jedis arrived) {
                arrived.xack("stream", "group", new StreamEntryID("1-1"));
            }
        },
        ENTRY_READ {
            @Override
            void happens(Jedis arrived) {
                arrived.xreadGroup(
                        "group",
                        "other",
                        XReadGroupParams.xReadGroupParams(),
                        Map.of("stream", StreamEntryID.XREADGROUP_UNDELIVERED_ENTRY));
            }
        };

        abstract void happens(Jedis arrived);
    }

    @ParameterizedTest
    @EnumSource
    void streamsAreUnverifiedOnceAnotherClientUsedTheirGroupsAtTheTarget(Unreported unreported) {
        RedisServer source = servers.start();
        RedisServer target = servers.start();
        try (Jedis jedis = source.jedis();
                Jedis arrived = target.jedis();
                Migration run = live(source, target).start()) {
            jedis.xadd(
                    "stream", Map.of("field", "value"), XAddParams.xAddParams().id("1-1"));
            jedis.xadd(
                    "stream", Map.of("field", "value"), XAddParams.xAddParams().id("1-2"));
            jedis.xgroupCreate("stream", "group", new StreamEntryID(0, 0), false);
            jedis.xreadGroup(
                    "group",
                    "one",
                    XReadGroupParams.xReadGroupParams().count(1),
                    Map.of("stream", StreamEntryID.XREADGROUP_UNDELIVERED_ENTRY));
            jedis.set("string", "value");
            changes(run).verifyChanges();
            awaitScanned(run);
            drain(run);
            await().atMost(PATIENCE)
                    .until(() -> arrived.xpending("stream", "group").getTotal() == 1);
            drain(run);
            assertThat(unverified(run)).isEmpty();

            unreported.happens(arrived);
            drain(run);

            assertThat(unverified(run)).containsExactly("stream");
        }
    }

    @Test
    void whereAnotherClientSwapsDatabasesAtTheTargetANewEpochBegins() {
        RedisServer source = servers.start();
        RedisServer target = servers.start();
        try (Jedis jedis = source.jedis();
                Jedis arrived = target.jedis();
                Migration run = live(source, target).start()) {
            jedis.set("key", "value");
            changes(run).verifyChanges();
            awaitScanned(run);
            drain(run);
            long epoch = changes(run).verification().epoch();

            arrived.swapDB(0, 1);
            drain(run);

            assertThat(changes(run).verification().epoch()).isGreaterThan(epoch);
            assertThat(changes(run).verification().cause()).contains("swapped");
        }
    }

    @Test
    void aTargetWhoseCallsMayNotBeSeenIsNamed() {
        RedisServer source = servers.start();
        RedisServer target = servers.start();
        deny(target, "-info");
        try (Jedis jedis = source.jedis();
                Migration run = live(source, target).start()) {
            jedis.set("key", "value");
            changes(run).verifyChanges();
            awaitScanned(run);
            drain(run);

            assertThat(changes(run).verification().unwatched()).hasSize(1);
        }
    }

    @Test
    void aTargetAtWhichEachListenerBreaksIsNamedAndKeepsNoDrainFromEnding() throws Exception {
        RedisServer source = servers.start();
        RedisServer target = servers.start();
        ExecutorService killer = Executors.newSingleThreadExecutor();
        try (Jedis jedis = source.jedis();
                Migration run = live(source, target).start()) {
            jedis.set("key", "value");
            awaitScanned(run);
            killer.execute(() -> killListeners(target));
            changes(run).verifyChanges();

            await().atMost(PATIENCE).until(() -> {
                changes(run).drain();
                return changes(run).verification().unwatched().size() == 1;
            });
            drain(run);
        } finally {
            killer.shutdownNow();
            assertThat(killer.awaitTermination(10, TimeUnit.SECONDS)).isTrue();
        }
    }

    private static void killListeners(RedisServer target) {
        try (Jedis own = target.jedis()) {
            while (!Thread.interrupted()) {
                Matcher redirected = Pattern.compile("redir=(\\d+)").matcher(own.clientList());
                if (redirected.find() && !redirected.group(1).equals("0")) {
                    own.clientKill(ClientKillParams.clientKillParams().id(redirected.group(1)));
                }
            }
        }
    }

    @Test
    void aTargetThatDoesNotReportWhatOthersWriteIsNamed() {
        RedisServer source = servers.start();
        RedisServer target = servers.start(RedisServers.version("redis-2.8"));
        try (Jedis jedis = source.jedis();
                Migration run = live(source, target).start()) {
            changes(run).verifyChanges();
            jedis.set("key", "value");
            await().atMost(PATIENCE)
                    .until(() -> run.ledger().counts().refused()
                                    + run.ledger().counts().restored()
                            > 0);
            drain(run);

            assertThat(changes(run).verification().unwatched()).hasSize(1);
        }
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
