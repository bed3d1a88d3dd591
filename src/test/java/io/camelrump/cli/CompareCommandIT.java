package io.camelrump.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.camelrump.fixtures.CommandStats;
import io.camelrump.fixtures.FaultyProxy;
import io.camelrump.fixtures.RedisServer;
import io.camelrump.fixtures.RedisServers;
import io.camelrump.fixtures.SampleData;
import io.camelrump.fixtures.ServerPair;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.Pipeline;
import redis.clients.jedis.StreamEntryID;
import redis.clients.jedis.params.SetParams;

class CompareCommandIT {
    private static final String OF_A_RUN = "rump:tmp:11111111-2222-3333-4444-555555555555";

    @RegisterExtension
    private static final ServerPair PAIR = new ServerPair();

    /** Of tests that end a server, or start it in another way. */
    @RegisterExtension
    private final RedisServers servers = new RedisServers();

    @TempDir
    Path folder;

    private RedisServer source;
    private RedisServer target;
    private Jedis atSource;
    private Jedis atTarget;

    @BeforeEach
    void takeTwo() {
        source = PAIR.source();
        target = PAIR.target();
        atSource = PAIR.atSource();
        atTarget = PAIR.atTarget();
    }

    private void start(RedisServers.Version from, RedisServers.Version to) {
        PAIR.use(from, to);
        takeTwo();
    }

    /** Takes servers of this test alone; their connections end with them. */
    private void use(RedisServer newSource, RedisServer newTarget) {
        source = newSource;
        target = newTarget;
        atSource = source.jedis();
        atTarget = target.jedis();
    }

    @Test
    void functionsAreComparedAndRepairedWhereTheyAreWanted() {
        String code = "#!lua name=%s\nredis.register_function('%s', function() return '%s' end)";
        atSource.functionLoad(code.formatted("one", "f", "one"));
        atSource.functionLoad(code.formatted("two", "g", "two"));
        atTarget.functionLoad(code.formatted("one", "f", "other"));
        atTarget.functionLoad(code.formatted("theirs", "h", "theirs"));
        CommandRun check = CommandRun.of("check", "-from", uri(source), "-to", uri(target), "--functions");
        assertThat(check.out()).contains("the source has 2 libraries");

        CommandRun run = compare("--functions");

        assertThat(run.exitCode()).isEqualTo(5);
        assertThat(run.out())
                .contains("differing 3: missing 1, extra 1, type 0, value 1")
                .contains("\"two\": only the source has this function library");

        atTarget.functionDelete("theirs");
        assertThat(compare("--functions", "--repair").exitCode()).isZero();
        assertThat(compare("--functions").exitCode()).isZero();

        atTarget.functionDelete("two");
        atTarget.functionLoad(code.formatted("theirs", "g", "theirs"));
        CommandRun collision = CommandRun.of("check", "-from", uri(source), "-to", uri(target), "--functions");
        assertThat(collision.exitCode()).isEqualTo(4);
        assertThat(collision.out()).contains("has the function g in its library theirs");
    }

    // --- equal ---

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
        assertThat(run.out()).contains("EQUAL: " + keys + " keys of the source compared, " + keys + " of the target");
        assertThat(run.exitCode()).isZero();
    }

    @Test
    void largeValuesOfOneVersionAreEqualOnAnother() {
        start(RedisServers.version("redis-6.2"), RedisServers.usual());
        fillLarge(atSource);
        migrate();

        assertThat(compare().exitCode()).isZero();
    }

    @Test
    void oneChangedElementOfALargeValueIsFound() {
        start(RedisServers.version("redis-6.2"), RedisServers.usual());
        fillLarge(atSource);
        migrate();
        atTarget.hset("hash", "field:49999", "other");
        atTarget.srem("set", "member:49999");
        atTarget.sadd("set", "member:x");
        atTarget.zadd("zset", Math.nextUp(16666.0), "member:49998");
        atTarget.lset("list", 49_999, "other");
        atTarget.setrange("string", 2_999_999, "!");
        atTarget.xack("stream", "group", new StreamEntryID("2500-1"));

        assertThat(differing(compare("--rounds", "1")))
                .containsExactlyInAnyOrder(
                        "value \"hash\"",
                        "value \"set\"",
                        "value \"zset\"",
                        "value \"list\"",
                        "value \"string\"",
                        "value \"stream\"");
    }

    @Test
    void anElementThatTookTheNameOrPlaceOfAnotherIsFound() {
        start(RedisServers.version("redis-6.2"), RedisServers.usual());
        fillLarge(atSource);
        migrate();
        atTarget.hdel("hash", "field:7");
        atTarget.hset("hash", "field:x", "value:7");
        atTarget.xdel("stream", new StreamEntryID("4999-1"));
        atTarget.sendCommand(() -> bytes("XADD"), "stream", "5001-1", "n", "4999");

        assertThat(differing(compare("--rounds", "1"))).containsExactlyInAnyOrder("value \"hash\"", "value \"stream\"");
    }

    private static void fillLarge(Jedis jedis) {
        int n = 50_000;
        jedis.sadd("set", strings(n, i -> "member:" + i));
        jedis.rpush("list", strings(n, i -> "item " + i));
        jedis.set("string", "abc".repeat(1_000_000));
        try (Pipeline pipeline = jedis.pipelined()) {
            for (int i = 0; i < n; i++) {
                pipeline.hset("hash", "field:" + i, "value:" + i);
                pipeline.zadd("zset", i / 3d, "member:" + i);
            }
            for (int i = 1; i <= 5_000; i++) {
                pipeline.xadd("stream", new StreamEntryID(i, 1), Map.of("n", "" + i));
            }
        }
        jedis.xgroupCreate("stream", "group", new StreamEntryID("0-0"), false);
        jedis.sendCommand(
                () -> bytes("XREADGROUP"), "GROUP", "group", "ann", "COUNT", "3000", "STREAMS", "stream", ">");
    }

    // --- different ---

    private record Change(String cause, String key, Consumer<Jedis> change) {}

    /** All that can differ, in as many groups as one key has ways to differ. */
    static Stream<List<Change>> changes() {
        return Stream.of(
                List.of(
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
                        new Change(
                                "value",
                                "stream:entries",
                                jedis -> jedis.xdel("stream:entries", new StreamEntryID("9-0"))),
                        new Change(
                                "value",
                                "stream:never-filled",
                                jedis -> jedis.xgroupDestroy("stream:never-filled", "waiting")),
                        new Change(
                                "value",
                                "stream:groups",
                                jedis -> jedis.xack("stream:groups", "workers", new StreamEntryID("5-0"))),
                        new Change(
                                "expiry",
                                "expiring:list",
                                jedis -> jedis.pexpire("expiring:list", jedis.pttl("expiring:list") + 1000)),
                        new Change("expiry", "expiring:far", jedis -> jedis.persist("expiring:far")),
                        new Change("expiry", "string:raw", jedis -> jedis.expire("string:raw", 1000))),
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
    void valuesTooLargeToTravelWithOthersAreComparedAndRepairedToo() {
        SampleData.fillMixed(atSource, 100);
        // two windows and more
        SampleData.fillNoise(atSource, 3, 20_000_000);
        migrate();
        atTarget.setrange("k0", 19_999_999, "!");
        atTarget.append("k1", "!");

        assertThat(differing(compare("--rounds=1"))).containsExactlyInAnyOrder("value \"k0\"", "value \"k1\"");
        assertThat(compare("--repair", "--rounds=1").out()).contains("EQUAL: ").contains("repaired 2");
        assertThat(compare().exitCode()).isZero();
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

    // --- what is compared ---

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

        assertThat(run.out()).contains("EQUAL: 1 keys of the source compared, 1 of the target");
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

    // --- what is written ---

    @Test
    void nothingIsWrittenUnlessAsked() {
        differInEveryWay();
        String digest = digest(atTarget);
        String sourceDigest = digest(atSource);
        atSource.configResetStat();
        atTarget.configResetStat();

        for (String flag : List.of("--repair=false", "--dry-run", "--prune=false")) {
            assertThat(compare("--rounds=1", flag).exitCode()).isEqualTo(5);
        }
        CommandRun dry = compare("--rounds=1", "--repair", "--prune", "--dry-run");

        assertThat(dry.out()).contains("dry run: --repair would copy 3 again, --prune would delete 1");
        assertThat(dry.exitCode()).isEqualTo(5);
        assertThat(digest(atTarget)).isEqualTo(digest);
        assertThat(digest(atSource)).isEqualTo(sourceDigest);
        for (RedisServer server : List.of(source, target)) {
            assertThat(commands(server)).contains("dump").doesNotContain("restore", "del", "unlink", "set");
        }
    }

    @Test
    void repairCopiesAgainAndPruneDeletesAndEachLeavesTheOthersWork() {
        differInEveryWay();

        CommandRun repaired = compare("--repair", "--rounds=1");

        assertThat(repaired.out()).contains("repaired 3, deleted 0");
        assertThat(differing(repaired)).containsExactly("extra \"extra\"");
        CommandRun pruned = compare("--prune", "--rounds=2");
        assertThat(pruned.out()).contains("EQUAL: ").contains("repaired 0, deleted 1");
        assertThat(pruned.exitCode()).isZero();
        assertThat(atSource.dbSize()).isEqualTo(50);
    }

    @Test
    void whatNoPayloadCanBringIsRepairedByCommands() {
        start(RedisServers.usual(), RedisServers.version("redis-6.2"));
        atSource.hset("hash", Map.of("f", "v", "g", "w"));
        atSource.zadd("scores", 1.5, "member");
        atSource.pexpire("scores", 3_600_000);
        atSource.rpush("list", "a", "b");
        atTarget.hset("hash", "f", "another");

        CommandRun run = compare("--repair", "--rounds=1");

        assertThat(run.out()).contains("EQUAL: ", "repaired 3, deleted 0");
        assertThat(run.exitCode()).isZero();
        assertThat(atTarget.hgetAll("hash")).isEqualTo(Map.of("f", "v", "g", "w"));
        assertThat(atTarget.pttl("scores")).isBetween(3_590_000L, 3_600_000L);
        assertThat(atTarget.dbSize()).isEqualTo(3);
    }

    @Test
    void aKeyThatCanNotBeRepairedStaysADifference() {
        assumeThat(RedisServers.find("redis-8.0")).isPresent();
        start(RedisServers.version("redis-8.0"), RedisServers.usual());
        atSource.hset("k", "f", "v");
        atSource.hpexpire("k", 3_600_000, "f");

        CommandRun run = compare("--repair", "--rounds=1");

        assertThat(differing(run)).containsExactly("missing \"k\"");
        assertThat(run.out()).contains("it could not be repaired: ");
        assertThat(run.exitCode()).isEqualTo(5);
    }

    // --- big keys ---

    @Test
    void bigKeysAreComparedAndRepairedWithoutADumpOnEitherSide() {
        fillBig();
        assertThat(CommandRun.of("-from", uri(source), "-to", uri(target), "--big-key=64kb")
                        .exitCode())
                .isZero();
        atSource.configResetStat();
        atTarget.configResetStat();

        assertThat(compare("--big-key=64kb").out()).contains("EQUAL: 6 keys of the source compared, 6 of the target");
        atTarget.hset("hash", "field:4999", "another");
        atTarget.zincrby("scores", 0.5, "member:77");
        atTarget.srem("set", "member:7");
        atTarget.lset("list", 3_000, "another");
        atTarget.setrange("string", 150_000, "another");
        atTarget.xgroupDestroy("stream", "group");
        CommandRun different = compare("--big-key=64kb", "--rounds=2");
        assertThat(differing(different))
                .containsExactlyInAnyOrder(
                        "value \"hash\"",
                        "value \"scores\"",
                        "value \"set\"",
                        "value \"list\"",
                        "value \"string\"",
                        "value \"stream\"");
        CommandRun repaired = compare("--big-key=64kb", "--rounds=1", "--repair");
        assertThat(repaired.out()).contains("EQUAL: ", "repaired 6, deleted 0");
        for (Jedis server : List.of(atSource, atTarget)) {
            // each of three runs asks with a key that is not there whether it may
            assertThat(CommandStats.calls(server, "dump")).isLessThanOrEqualTo(6);
        }
        assertThat(atTarget.dbSize()).isEqualTo(6);
        assertThat(compare().exitCode()).isZero();
    }

    @Test
    void aKeyThatIsBigAtTheTargetAloneIsNotDumpedThere() {
        fillBig();
        assertThat(CommandRun.of("-from", uri(source), "-to", uri(target), "--big-key=64kb")
                        .exitCode())
                .isZero();
        atSource.del("hash", "set");
        atSource.hset("hash", "field:0", "x");
        atSource.set("set", "a string");
        atTarget.configResetStat();

        CommandRun run = compare("--big-key=64kb", "--rounds=1");

        assertThat(differing(run)).containsExactlyInAnyOrder("value \"hash\"", "type \"set\"");
        // one asks with a key that is not there whether it may
        assertThat(CommandStats.calls(atTarget, "dump")).isLessThanOrEqualTo(2);
    }

    @Test
    void aBigKeyOfAnotherTypeOrExpiryIsTold() {
        fillBig();
        assertThat(CommandRun.of("-from", uri(source), "-to", uri(target), "--big-key=64kb")
                        .exitCode())
                .isZero();
        atTarget.del("hash", "list");
        atTarget.set("hash", "string");
        atTarget.expire("set", 1_000);

        CommandRun run = compare("--big-key=64kb", "--rounds=1");

        assertThat(differing(run)).containsExactlyInAnyOrder("type \"hash\"", "missing \"list\"", "expiry \"set\"");
    }

    private void fillBig() {
        String text = "x".repeat(20);
        try (Pipeline pipeline = atSource.pipelined()) {
            for (int i = 0; i < 5_000; i++) {
                pipeline.hset("hash", "field:" + i, text);
                pipeline.zadd("scores", i, "member:" + i);
                pipeline.sadd("set", "member:" + i);
                pipeline.rpush("list", text + i);
                pipeline.xadd("stream", new StreamEntryID(i + 1, 0), Map.of("f", text));
            }
        }
        atSource.xgroupCreate("stream", "group", new StreamEntryID("0-0"), false);
        atSource.setrange("string", 200_000, text);
    }

    private void differInEveryWay() {
        SampleData.fillMixed(atSource, 50);
        migrate();
        atTarget.set("extra", "v");
        atTarget.del("mixed:1");
        atTarget.sadd("mixed:2", "another");
        atTarget.persist("mixed:10");
    }

    // --- how it is told ---

    @Test
    void differencesAreWrittenAsJsonAndAsLines() throws IOException {
        differInEveryWay();
        Path json = folder.resolve("differences.json");
        Path lines = folder.resolve("differences.txt");

        CommandRun run = compare("--json", json.toString(), "--failed-keys", lines.toString(), "-silent");

        assertThat(run).isEqualTo(new CommandRun(5, "", ""));
        JsonNode report = new ObjectMapper().readTree(json.toFile());
        assertThat(report.path("result").asText()).isEqualTo("DIFFERENT");
        assertThat(report.path("exitCode").asInt()).isEqualTo(5);
        assertThat(report.path("compared").asLong()).isEqualTo(50);
        assertThat(report.path("lookedUp").asLong()).isEqualTo(50);
        assertThat(report.path("differing").asLong()).isEqualTo(4);
        assertThat(report.path("causes").path("value").asLong()).isEqualTo(1);
        assertThat(StreamSupport.stream(report.path("differences").spliterator(), false)
                        .map(difference -> difference.path("cause").asText() + " "
                                + difference.path("key").asText()))
                .containsExactlyInAnyOrder(
                        "extra \"extra\"", "missing \"mixed:1\"", "value \"mixed:2\"", "expiry \"mixed:10\"");
        assertThat(Files.readAllLines(lines))
                .containsExactlyInAnyOrder(
                        "\"extra\"\textra: only the target has it",
                        "\"mixed:1\"\tmissing: only the source has it",
                        "\"mixed:2\"\tvalue: holds another set",
                        "\"mixed:10\"\texpiry: never expires at the target");
    }

    @Test
    void verifyComparesAfterTheMigrationAndItsEndCounts() throws IOException {
        SampleData.fillMixed(atSource, 100);
        Path json = folder.resolve("run.json");

        CommandRun equal = CommandRun.of("-from", uri(source), "-to", uri(target), "--verify", "--json", "" + json);

        assertThat(equal.out()).contains("COMPLETE: 100 keys", "EQUAL: 100 keys of the source compared");
        assertThat(equal.exitCode()).isZero();
        assertThat(new ObjectMapper()
                        .readTree(json.toFile())
                        .at("/comparison/result")
                        .asText())
                .isEqualTo("EQUAL");

        atTarget.set("mixed:0", "foreign");
        atTarget.set("extra", "v");
        CommandRun different = CommandRun.of(
                "-from", uri(source), "-to", uri(target), "--on-conflict=keep", "--verify", "--json", "" + json);

        assertThat(different.out()).contains("COMPLETE: 100 keys", "DIFFERENT: ", "kept 1: ", "extra \"extra\"");
        assertThat(different.exitCode()).isEqualTo(5);
        JsonNode summary = new ObjectMapper().readTree(json.toFile());
        assertThat(summary.path("result").asText()).isEqualTo("DIFFERENT");
        assertThat(summary.path("exitName").asText()).isEqualTo("DIFFERENT");
        assertThat(summary.path("exitCode").asInt()).isEqualTo(5);
        assertThat(summary.at("/comparison/differing").asLong()).isEqualTo(1);
    }

    @Test
    void flagsOfTheOtherCommandAreRefused() {
        for (String flag : List.of("--on-conflict=keep", "--batch-keys=5", "--wait-replicas=1", "--verify")) {
            CommandRun run = compare(flag);
            assertThat(run.err()).startsWith("rump: ").contains(flag.split("=")[0]);
            assertThat(run.exitCode()).isEqualTo(2);
        }
        for (String flag : List.of("--repair", "--prune", "--rounds=2")) {
            CommandRun run = CommandRun.of("-from", uri(source), "-to", uri(target), flag);
            assertThat(run.err()).contains("add --verify");
            assertThat(run.exitCode()).isEqualTo(2);
        }
    }

    @Test
    void aWrongPasswordIsOneLineWithoutIt() {
        use(
                servers.start(RedisServers.usual(), "--requirepass", "right"),
                servers.start(RedisServers.usual(), "--requirepass", "right"));
        String right = "redis://:right@127.0.0.1:";
        String wrong = "redis://:s3cret@127.0.0.1:";

        for (CommandRun run : List.of(
                CommandRun.of("compare", "-from", wrong + source.port(), "-to", right + target.port()),
                CommandRun.of("compare", "-from", right + source.port(), "-to", wrong + target.port()))) {
            assertThat(run.err())
                    .startsWith("rump: 127.0.0.1:")
                    .contains("WRONGPASS")
                    .hasLineCount(1);
            assertThat(run.out() + run.err()).doesNotContain("s3cret", "right", "Exception", "\tat ");
            assertThat(run.exitCode()).isEqualTo(1);
        }
        assertThat(CommandRun.of("compare", "-from", right + source.port(), "-to", right + target.port())
                        .exitCode())
                .isZero();
    }

    @Test
    void aMissingRightIsNamed() {
        start(RedisServers.version("redis-6.2"), RedisServers.usual());
        atSource.hset("h", "f", "v");
        migrate();
        atSource.aclSetUser("reader", "on", ">pw", "~*", "+scan", "+dump", "+pttl", "+time", "+type", "+ping", "+hlen");

        CommandRun run =
                CommandRun.of("compare", "-from", "redis://reader:pw@127.0.0.1:" + source.port(), "-to", uri(target));

        assertThat(run.err())
                .contains("Add the rule +hscan to the ACL of this user")
                .doesNotContain("pw@");
        assertThat(run.exitCode()).isEqualTo(1);
    }

    // --- faults ---

    @Test
    void cutConnectionsChangeNothing() {
        SampleData.fillMixed(atSource, 20_000);
        migrate();
        atTarget.set("extra", "v");
        atTarget.del("mixed:19999");
        try (FaultyProxy from = new FaultyProxy(source);
                FaultyProxy to = new FaultyProxy(target)) {
            from.cutAfter(FaultyProxy.Direction.TO_CLIENT, 300_000);
            to.cutAfter(FaultyProxy.Direction.TO_CLIENT, 500_000);

            CommandRun run = CommandRun.of(
                    "compare",
                    "-from",
                    "redis://127.0.0.1:" + from.port(),
                    "-to",
                    "redis://127.0.0.1:" + to.port(),
                    "--scan-count",
                    "100");

            assertThat(differing(run)).containsExactlyInAnyOrder("extra \"extra\"", "missing \"mixed:19999\"");
            assertThat(run.exitCode()).isEqualTo(5);
        }
    }

    @Test
    void aTargetThatComesBackEmptyIsComparedAgainFromTheBeginning() {
        use(servers.start(), servers.start());
        SampleData.fillMixed(atSource, 3_000);
        migrate();
        try (FaultyProxy to = new FaultyProxy(target).delay(2)) {
            CompletableFuture<CommandRun> run = CompletableFuture.supplyAsync(() -> CommandRun.of(
                    "compare",
                    "-from",
                    uri(source),
                    "-to",
                    "redis://127.0.0.1:" + to.port(),
                    "--scan-count",
                    "10",
                    "--rounds",
                    "1"));
            long looks = calls(target, "dump") + 1_000;
            Awaitility.await().until(() -> calls(target, "dump") >= looks);
            target.kill9();
            target.restart(false);

            assertThat(run.join().out()).contains("differing 3,000: missing 3,000");
        }
    }

    // --- helpers ---

    private CommandRun compare(String... more) {
        return CommandRun.of(
                Stream.concat(Stream.of("compare", "-from", uri(source), "-to", uri(target)), Stream.of(more))
                        .toArray(String[]::new));
    }

    private void migrate() {
        CommandRun run = CommandRun.of("-from", uri(source), "-to", uri(target), "-silent");
        assertThat(run.err()).isEmpty();
        assertThat(run.exitCode()).isZero();
    }

    /** Cause and key of each difference that the output shows. */
    private static List<String> differing(CommandRun run) {
        return run.out()
                .lines()
                .filter(line -> line.matches("(missing|extra|type|value|expiry) \".*"))
                .map(line -> line.substring(0, line.indexOf("\": ") + 1))
                .toList();
    }

    private static String[] strings(int n, java.util.function.IntFunction<String> text) {
        return IntStream.range(0, n).mapToObj(text).toArray(String[]::new);
    }

    private static long calls(RedisServer server, String command) {
        return commandStatistics(server)
                .filter(line -> line.startsWith("cmdstat_" + command + ":"))
                .mapToLong(line -> Long.parseLong(line.replaceAll(".*:calls=(\\d+).*", "$1")))
                .findFirst()
                .orElse(0);
    }

    /** The commands that the server has run since its statistics began. */
    private static List<String> commands(RedisServer server) {
        return commandStatistics(server)
                .map(line -> line.replaceAll("cmdstat_([^:]*):.*", "$1"))
                .toList();
    }

    private static Stream<String> commandStatistics(RedisServer server) {
        try (Jedis jedis = server.jedis()) {
            return jedis.info("commandstats").lines().filter(line -> line.startsWith("cmdstat_"));
        }
    }

    private static String digest(Jedis jedis) {
        return new String((byte[]) jedis.sendCommand(() -> bytes("DEBUG"), "DIGEST"), StandardCharsets.US_ASCII);
    }

    private static String quoted(String key) {
        return "\"" + key.replace("\n", "\\n") + "\"";
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static String uri(RedisServer server) {
        return "redis://127.0.0.1:" + server.port();
    }
}
