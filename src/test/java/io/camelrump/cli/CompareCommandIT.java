package io.camelrump.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.camelrump.fixtures.RedisServers;
import io.camelrump.fixtures.SampleData;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.StreamEntryID;
import redis.clients.jedis.params.SetParams;

/** Every difference is found, and only where it was asked for. */
class CompareCommandIT extends CompareFixture {
    private static final String OF_A_RUN = "rump:tmp:11111111-2222-3333-4444-555555555555";

    @Test
    void everyKindOfKeyIsEqualAfterAMigration() {
        everyKindOfKeyIsEqualAfterAMigration(RedisServers.version("redis-6.2"), RedisServers.usual());
    }

    @Tag("long")
    @ParameterizedTest
    @MethodSource("io.camelrump.fixtures.ServerPairs#upwards")
    void everyKindOfKeyIsEqualAfterAMigration(RedisServers.Version from, RedisServers.Version to) {
        start(from, to);
        int keys = SampleData.fill(atSource, from).size();
        migrate();

        CommandRun run = compare();

        assertThat(run.err()).isEmpty();
        assertThat(run.out()).contains("EQUAL: " + keys + " keys of the source compared, ");
        assertThat(run.exitCode()).isZero();
    }

    private record Change(String cause, String key, Consumer<Jedis> change) {}

    /** All that can differ, in as many groups as one key has ways to differ. */
    static Stream<List<Change>> changes() {
        return Stream.of(
                onePerKey(),
                List.of(
                        new Change(
                                "value",
                                "stream:groups",
                                jedis -> jedis.xgroupCreateConsumer("stream:groups", "ahead", "another")),
                        new Change(
                                "expiry",
                                "expiring:list",
                                jedis -> jedis.pexpire("expiring:list", jedis.pttl("expiring:list") - 100))),
                List.of(new Change(
                        "value",
                        "stream:groups",
                        jedis -> jedis.xgroupSetID("stream:groups", "ahead", new StreamEntryID("16-0")))));
    }

    private static List<Change> onePerKey() {
        return List.of(
                new Change("missing", "string:empty", jedis -> jedis.del("string:empty")),
                new Change("missing", "", jedis -> jedis.del("")),
                new Change("extra", "only here\n", jedis -> jedis.set("only here\n", "v")),
                new Change("type", "list:small", jedis -> {
                    jedis.del("list:small");
                    jedis.set("list:small", "v");
                }),
                new Change("value", "string:100kb", jedis -> jedis.setrange("string:100kb", 5_000, "!")),
                new Change("value", "string:int", jedis -> jedis.incr("string:int")),
                new Change("value", "list:long", jedis -> jedis.lset("list:long", 4_999, "!")),
                new Change("value", "set:intset", jedis -> jedis.sadd("set:intset", "2")),
                new Change("value", "hash:small", jedis -> jedis.hset("hash:small", "field", "valuE")),
                new Change("value", "zset:small", jedis -> jedis.zadd("zset:small", 0.3, "odd")),
                new Change("value", "stream:entries", jedis -> jedis.xdel("stream:entries", new StreamEntryID("9-0"))),
                new Change(
                        "value", "stream:never-filled", jedis -> jedis.xgroupDestroy("stream:never-filled", "waiting")),
                new Change(
                        "value",
                        "stream:groups",
                        jedis -> jedis.xack("stream:groups", "workers", new StreamEntryID("5-0"))),
                new Change(
                        "expiry",
                        "expiring:list",
                        jedis -> jedis.pexpire("expiring:list", jedis.pttl("expiring:list") + 1000)),
                new Change("expiry", "expiring:far", jedis -> jedis.persist("expiring:far")),
                new Change("expiry", "string:raw", jedis -> jedis.expire("string:raw", 1000)));
    }

    @ParameterizedTest
    @MethodSource("changes")
    void everyDifferenceIsFoundAndRepairedOrPruned(List<Change> changes) {
        SampleData.fill(atSource, source.version());
        migrate();
        changes.forEach(change -> change.change().accept(atTarget));

        CommandRun run = compare("--rounds", "1");

        assertThat(run.out()).contains("DIFFERENT: ").contains("differing " + changes.size() + ": ");
        assertThat(differing(run))
                .containsExactlyInAnyOrderElementsOf(changes.stream()
                        .map(change -> change.cause() + " " + quoted(change.key()))
                        .toList());
        assertThat(run.exitCode()).isEqualTo(5);
        assertThat(compare("--rounds", "1", "--repair", "--prune").exitCode()).isZero();
        assertThat(compare("--rounds", "1").exitCode()).isZero();
        assertThat(EqualityProof.compare(atSource, atTarget, java.time.Duration.ofMillis(50))
                        .differences())
                .isEmpty();
    }

    @Test
    void aFieldThatExpiresAtAnotherTimeIsFound() {
        RedisServers.Version version = RedisServers.versions().stream()
                .filter(RedisServers.Version::hasFieldExpiry)
                .findFirst()
                .orElse(null);
        assumeThat(version).as("a version with expiring fields").isNotNull();
        start(version, version);
        SampleData.fill(atSource, version);
        migrate();
        atTarget.hpexpire("hash:expiring-fields:1000", 9_100_000, "field:2");

        assertThat(differing(compare())).containsExactly("value \"hash:expiring-fields:1000\"");
    }

    @Test
    void expiriesAreComparedByEachServersOwnClock() {
        assumeThat(RedisServers.canShiftClock()).as("faketime is installed").isTrue();
        use(servers.start(RedisServers.version("redis-6.2")), servers.startShifted(20));
        SampleData.fillMixed(atSource, 2_000);
        migrate();

        assertThat(compare().out()).contains("EQUAL: ");
        atTarget.pexpire("mixed:0", atTarget.pttl("mixed:0") + 80);
        assertThat(differing(compare())).containsExactly("expiry \"mixed:0\"");
        assertThat(compare("--ttl-tolerance", "200ms").exitCode()).isZero();
    }

    @Test
    void keysThatEndMeanwhileAreNoDifference() {
        for (int i = 0; i < 5_000; i++) {
            atSource.set("short:" + i, "v", SetParams.setParams().px(2_000 + i / 3));
        }
        migrate();

        assertThat(compare("--scan-count", "10").exitCode()).isZero();
    }

    @Test
    void aKeyThatChangesBetweenRoundsSettles() {
        SampleData.fillStrings(atSource, 100, 10);
        migrate();
        atTarget.set("string:7", "late");
        atTarget.set("extra", "late");
        long looks = calls(target, "dump") + 100;

        CompletableFuture<CommandRun> run = CompletableFuture.supplyAsync(() -> compare("--rounds", "5"));
        Awaitility.await().until(() -> calls(target, "dump") >= looks);
        atTarget.del("extra");
        atSource.set("string:7", "late");

        assertThat(run.join().out()).contains("EQUAL: ");
        assertThat(run.join().exitCode()).isZero();
    }

    @Test
    void onlyWhatTheFiltersNameIsComparedInBothDirections() {
        SampleData.fillMixed(atSource, 100);
        migrate();
        atTarget.set("mixed:0", "changed");
        atTarget.set("mixed:extra", "v");
        atTarget.set("other", "v");
        atTarget.del("mixed:1");

        assertThat(differing(compare("--match", "mixed:*", "--rounds=1")))
                .containsExactlyInAnyOrder("value \"mixed:0\"", "missing \"mixed:1\"", "extra \"mixed:extra\"");
        assertThat(differing(compare("--match", "mixed:*", "--type", "list", "--rounds=1")))
                .containsExactly("missing \"mixed:1\"");
    }

    @Test
    void aKeyThatHasTheTypeAskedForOnlyAtTheTargetIsFound() {
        atSource.rpush("k", "v");
        atTarget.set("k", "v");

        assertThat(differing(compare("--type", "string", "--rounds=1"))).containsExactly("type \"k\"");
        // only what the source has not is pruned
        compare("--type", "string", "--prune", "--rounds=1");
        assertThat(atTarget.exists("k")).isTrue();
    }

    @Test
    void temporaryKeysAreNeitherComparedNorPruned() {
        atSource.set("k", "v");
        atSource.set(OF_A_RUN + ":1{a}", "source");
        atTarget.set("k", "v");
        atTarget.set(OF_A_RUN + ":2{b}", "target");

        CommandRun run = compare("--prune", "--repair", "--rounds=1");

        assertThat(run.out()).contains("EQUAL: 1 keys of the source compared, ");
        assertThat(atTarget.keys("*")).containsExactlyInAnyOrder("k", OF_A_RUN + ":2{b}");
    }

    @Test
    void databasesOfDifferentNumbersAreCompared() {
        atSource.set("k", "v");
        atTarget.select(3);
        atTarget.set("k", "v");

        assertThat(CommandRun.of("compare", "-from", uri(source), "-to", uri(target) + "/3")
                        .exitCode())
                .isZero();
    }

    @Test
    void droppedExpiriesAreNoDifferenceWhereTheyWereToBeDropped() {
        SampleData.fillMixed(atSource, 100);
        CommandRun.of("-from", uri(source), "-to", uri(target), "-ttl=false");

        assertThat(compare("-ttl=false").exitCode()).isZero();
        assertThat(compare("--rounds", "1").out()).contains("differing 10: ", "expiry 10");
    }

    private static String quoted(String key) {
        return "\"" + key.replace("\n", "\\n") + "\"";
    }
}
