package io.camelrump.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.camelrump.fixtures.RedisCluster;
import io.camelrump.fixtures.RedisServer;
import io.camelrump.fixtures.RedisServers;
import io.camelrump.fixtures.SampleData;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.StreamEntryID;

/** Memory, replicas, clocks, modules and change notifications of the servers decide whether they are ready. */
class CheckServersIT extends CheckFixture {
    @Test
    void anOlderTargetTakesOtherFormsByCommandsAndNoTypesThatItHasNot() {
        RedisServer source = servers.start(RedisServers.version("redis-7.0"));
        try (Jedis jedis = source.jedis()) {
            jedis.set("a", "1");
            jedis.hset("b", "f", "v");
            jedis.xadd("c", StreamEntryID.NEW_ENTRY, Map.of("f", "v"));
        }
        CommandRun older = check(source, servers.start(RedisServers.version("redis-6.2")));
        CommandRun oldest = check(source, servers.start(RedisServers.version("redis-2.8")));

        assertThat(older.exitCode()).as(older.out()).isZero();
        for (CommandRun run : List.of(older, oldest)) {
            assertThat(run.out())
                    .contains("the target takes string, form 0 of version 10")
                    .containsPattern("yes +payload hash, form 16 of version 10 +is rebuilt by the commands");
        }
        assertThat(oldest.exitCode()).isEqualTo(4);
        assertThat(oldest.out()).containsPattern("no +payload stream, .* +the target has no streams");
    }

    @Test
    void aTargetThatIsSmallerThanTheDataIsNotReady() {
        RedisServer source = servers.start();
        RedisServer target = servers.start(RedisServers.usual(), "--maxmemory", "4mb");
        try (Jedis jedis = source.jedis()) {
            SampleData.fillStrings(jedis, 2000, 10_000);
        }

        CommandRun run = check(source, target);

        assertThat(run.exitCode()).isEqualTo(4);
        assertThat(run.out()).containsPattern("no +target memory").contains("raise maxmemory to");
    }

    @Test
    void anEvictingTargetIsWarnedOfAndIsNotReadyWhereTheDataNearlyFillsIt() {
        RedisServer source = servers.start();
        try (Jedis jedis = source.jedis()) {
            SampleData.fillStrings(jedis, 2000, 10_000);
        }
        RedisServer large =
                servers.start(RedisServers.usual(), "--maxmemory", "200mb", "--maxmemory-policy", "allkeys-lru");
        RedisServer tight =
                servers.start(RedisServers.usual(), "--maxmemory", "25mb", "--maxmemory-policy", "allkeys-lru");

        assertThat(check(source, large).exitCode()).isZero();
        assertThat(check(source, large).out())
                .containsPattern("note +target maxmemory-policy +allkeys-lru")
                .contains("set noeviction");
        assertThat(check(source, tight).exitCode()).isEqualTo(4);
        assertThat(check(source, tight).out()).containsPattern("no +target maxmemory-policy +allkeys-lru");
    }

    @Test
    void aNearlyFullSourceThatEvictsByUseIsNotReady() {
        RedisServer source =
                servers.start(RedisServers.usual(), "--maxmemory", "24mb", "--maxmemory-policy", "allkeys-lfu");
        RedisServer target = servers.start();
        try (Jedis jedis = source.jedis()) {
            SampleData.fillStrings(jedis, 2000, 10_000);
        }

        CommandRun run = check(source, target);

        assertThat(run.exitCode()).isEqualTo(4);
        assertThat(run.out()).containsPattern("no +source maxmemory-policy +allkeys-lfu");
    }

    @Test
    void aReplicaIsNoTarget() {
        RedisServer source = servers.start();
        RedisServer master = servers.start();
        RedisServer replica = servers.start();
        try (Jedis jedis = replica.jedis()) {
            jedis.replicaof("127.0.0.1", master.port());
            Awaitility.await().atMost(Duration.ofSeconds(30)).until(() -> jedis.info("replication")
                    .contains("master_link_status:up"));
        }

        CommandRun run = check(source, replica);

        assertThat(run.exitCode()).isEqualTo(4);
        assertThat(run.out()).contains("a replica of 127.0.0.1:" + master.port());
        assertThat(check(master, replica).out()).contains("one is the replica of the other");
    }

    @Test
    void theMastersOfASourceInClusterModeAreNamed() {
        RedisCluster cluster = RedisCluster.start(servers, RedisServers.usual(), 2, 0);
        RedisServer source = cluster.masters().get(0);
        RedisServer target = servers.start();

        CommandRun run = check(source, target);

        assertThat(run.exitCode()).isZero();
        assertThat(run.out())
                .containsPattern("note +source server .*in cluster mode: 127.0.0.1:" + source.port()
                        + " with 8192 slots, 127.0.0.1:"
                        + cluster.masters().get(1).port() + " with 8192 slots");
    }

    @Test
    void fewerReplicasThanAreWaitedForAreNotReady() {
        RedisServer source = servers.start();
        RedisServer target = servers.start();

        CommandRun run = check(source, target, "--wait-replicas", "1");

        assertThat(run.exitCode()).isEqualTo(4);
        assertThat(run.out()).contains("0 replicas are connected, 1 must be waited for");
    }

    @Test
    void namesTheBestChangeTailThatTheSourceOffers() {
        RedisServer target = servers.start();
        RedisServer pushes = servers.start(RedisServers.usual(), "--notify-keyspace-events", "KEA");
        RedisServer redirected = servers.start(RedisServers.usual(), "--rename-command", "HELLO", "");
        RedisServer events = servers.start(RedisServers.version("redis-2.8"), "--notify-keyspace-events", "EA");
        RedisServer onlyKeys = servers.start(RedisServers.version("redis-2.8"), "--notify-keyspace-events", "KA");

        assertThat(tail(pushes, target)).startsWith("yes").contains("CLIENT TRACKING by RESP3");
        assertThat(tail(redirected, target)).startsWith("yes").contains("CLIENT TRACKING by RESP2 with redirection");
        assertThat(tail(events, target))
                .startsWith("note")
                .contains("keyspace notifications")
                .doesNotContain("repeated scans", "+client|tracking");
        assertThat(tail(onlyKeys, target)).contains("repeated scans", "notify-keyspace-events AE");
    }

    private String tail(RedisServer source, RedisServer target) {
        return line(check(source, target), "change notifications");
    }

    @ParameterizedTest
    @CsvSource({"20, 20.0 s ahead", "-5, 5.0 s behind"})
    void theDifferenceOfBothClocksIsReported(int seconds, String words) {
        assumeThat(RedisServers.canShiftClock()).as("faketime is installed").isTrue();
        RedisServer target = servers.startShifted(seconds);

        String line = line(check(servers.start(RedisServers.version("redis-6.2")), target), "clocks");

        // no key of Redis 6.2 has an expiry that could not be corrected
        assertThat(line).startsWith("yes ").contains("the target's is " + words);
    }

    @Test
    void clocksAreToBeSetWhereFieldsOfHashesExpire() {
        RedisServers.Version version = RedisServers.versions().stream()
                .filter(RedisServers.Version::hasFieldExpiry)
                .findFirst()
                .orElse(null);
        assumeThat(version).as("a version with expiring fields").isNotNull();
        assumeThat(RedisServers.canShiftClock()).as("faketime is installed").isTrue();

        CommandRun run = check(servers.start(version), servers.startShifted(20));

        assertThat(line(run, "clocks")).startsWith("note ").contains("20.0 s ahead");
        assertThat(run.out()).contains("-> set the clocks: expiries of single hash fields cannot be corrected");
    }

    @ParameterizedTest
    @ValueSource(strings = {"redis-2.8", "redis-6.2", "redis-7.0"})
    void aSourceWithoutModulesNeedsNoneAtTheTarget(String name) {
        RedisServers.Version version = RedisServers.version(name);

        String line = line(check(servers.start(version), servers.start(version)), "modules");

        assertThat(line).startsWith("yes ").contains("the source has none");
    }

    @Test
    void modulesOfTheSourceAreNamedThatTheTargetLacks() {
        RedisServers.Version withModule = RedisServers.find("redis-8.0").orElse(null);
        assumeThat(withModule).as("a version that comes with a module").isNotNull();
        RedisServer source = servers.start(withModule);

        CommandRun run = check(source, servers.start());

        assertThat(line(run, "modules")).startsWith("note ").contains("the target lacks vectorset");
        assertThat(run.out()).contains("-> load them there, if keys are of their types");
        assertThat(line(check(source, servers.start(withModule)), "modules"))
                .startsWith("yes ")
                .contains("the source has vectorset, the target too");
    }
}
