package io.camelrump.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.camelrump.fixtures.RedisCluster;
import io.camelrump.fixtures.RedisServer;
import io.camelrump.fixtures.RedisServers;
import io.camelrump.fixtures.SampleData;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.Pipeline;
import redis.clients.jedis.Protocol.Command;
import redis.clients.jedis.StreamEntryID;
import redis.clients.jedis.params.XReadGroupParams;

class CheckCommandIT {
    private static final String PASSWORD = "s3cret-of-the-test";

    @RegisterExtension
    private final RedisServers servers = new RedisServers();

    @TempDir
    Path folder;

    @ParameterizedTest
    @MethodSource("io.camelrump.fixtures.RedisServers#versions")
    void saysThatTwoServersAreReadyAndLeavesNoTraceAtThem(RedisServers.Version version) throws Exception {
        RedisServer source = servers.start(version);
        RedisServer target = servers.start(version);
        try (Jedis jedis = source.jedis()) {
            SampleData.fill(jedis, version);
            jedis.keys("*").forEach(jedis::persist);
        }
        try (Jedis jedis = target.jedis()) {
            jedis.set("already there", "1");
        }
        Traces sourceBefore = Traces.of(source);
        Traces targetBefore = Traces.of(target);

        CommandRun run = check(source, target);

        assertThat(run.err()).isEmpty();
        assertThat(run.out())
                .contains("READY")
                .contains("string")
                .contains("hash")
                .contains("s to scan ");
        assertThat(run.exitCode()).as(run.out()).isZero();
        assertThat(Traces.of(source)).isEqualTo(sourceBefore);
        assertThat(Traces.of(target)).isEqualTo(targetBefore);
    }

    @ParameterizedTest
    @CsvSource({"redis-6.2, replace", "redis-6.2, keep", "redis-7.0, replace", "redis-7.0, keep"})
    void aUserWithThePrintedRulesMigratesEverything(String version, String policy) throws Exception {
        RedisServer source = servers.start(RedisServers.version(version));
        RedisServer target = servers.start(RedisServers.version(version));
        try (Jedis jedis = source.jedis()) {
            jedis.select(1);
            SampleData.fillMixed(jedis, 2000);
        }
        String[] plain = {"-from", uri(source) + "/1", "-to", uri(target) + "/2", "--on-conflict", policy};
        JsonNode findings = findings(plain, 0);
        makeUser(source, rules(findings, "source"));
        makeUser(target, rules(findings, "target"));
        String[] asUsers = {
            "-from",
            user(source, "rump-reader") + "/1",
            "-to",
            user(target, "rump-writer") + "/2",
            "--on-conflict",
            policy
        };

        CommandRun check = CommandRun.of(withCheck(asUsers));
        CommandRun run = CommandRun.of(asUsers);
        CommandRun again = CommandRun.of(asUsers);

        assertThat(check.exitCode()).as(check.out()).isZero();
        assertThat(check.out()).doesNotContain("lacks", PASSWORD);
        assertThat(run.exitCode()).as(run.err()).isZero();
        assertThat(run.out()).contains("restored 2,000");
        assertThat(again.exitCode()).as(again.err()).isZero();
        assertThat(again.out()).contains("restored 2,000");
        try (Jedis jedis = target.jedis()) {
            jedis.select(2);
            assertThat(jedis.dbSize()).isEqualTo(2000);
        }
    }

    @ParameterizedTest
    @CsvSource({"redis-6.2, false", "redis-7.0, false", "redis-7.0, true"})
    void namesEachCommandThatIsTakenAway(String version, boolean mayAskForDryRuns) throws Exception {
        RedisServer source = servers.start(RedisServers.version(version));
        RedisServer target = servers.start(RedisServers.version(version));
        try (Jedis jedis = source.jedis()) {
            jedis.set("a", "1");
        }
        String[] plain = {"-from", uri(source), "-to", uri(target), "--on-conflict", "keep", "--big-key", "off"};
        JsonNode findings = findings(plain, 0);
        List<String> needed = List.of("scan", "dump", "pttl", "restore", "unlink");
        for (RedisServer server : List.of(source, target)) {
            String side = server == source ? "source" : "target";
            String rules = rules(findings, side) + (mayAskForDryRuns ? " +acl" : "");
            makeUser(source, rules(findings, "source") + (mayAskForDryRuns ? " +acl" : ""));
            makeUser(target, rules(findings, "target") + (mayAskForDryRuns ? " +acl" : ""));
            for (String rule : rules.split(" ")) {
                if (!rule.startsWith("+") || rule.equals("+acl")) {
                    continue;
                }
                makeUser(server, rules + " -" + rule.substring(1));
                CommandRun run = CommandRun.of(withCheck(new String[] {
                    "-from",
                    user(source, "rump-reader"),
                    "-to",
                    user(target, "rump-writer"),
                    "--on-conflict",
                    "keep",
                    "--big-key",
                    "off"
                }));

                assertThat(run.out())
                        .as(version + " " + side + " without " + rule)
                        .contains("add the rule " + rule);
                assertThat(run.out().lines().filter(line -> line.contains(side + " +")))
                        .as(run.out())
                        .hasSize(1)
                        .allSatisfy(line -> assertThat(line).contains(side + " " + rule + " "));
                if (needed.contains(rule.substring(1))) {
                    assertThat(run.exitCode()).as(rule).isEqualTo(4);
                }
                makeUser(server, rules);
            }
        }
    }

    @ParameterizedTest
    @CsvSource({
        "redis-6.2, redis-6.2, replace",
        "redis-7.0, redis-7.0, keep",
        "redis-7.0, redis-6.2, replace",
        "redis-8.0, redis-7.0, replace",
        "redis-8.6, redis-8.6, replace"
    })
    void aUserWithThePrintedRulesCopiesByCommandsAndCompares(String from, String to, String policy) throws Exception {
        assumeTrue(RedisServers.find(from).isPresent());
        RedisServer source = servers.start(RedisServers.version(from));
        RedisServer target = servers.start(RedisServers.version(to));
        try (Jedis jedis = source.jedis()) {
            SampleData.fillMixed(jedis, 500);
            fillBig(jedis);
            if (from.equals("redis-8.6")) {
                jedis.del("mixed:0");
                jedis.sendCommand(
                        () -> "VADD".getBytes(StandardCharsets.US_ASCII),
                        "mixed:0",
                        "VALUES",
                        "2",
                        "1",
                        "2",
                        "element");
            }
        }
        String[] flags = {"--big-key", "64kb", "--verify", "--drop-field-ttl", "--on-conflict", policy};
        JsonNode findings = findings(with(flags, "-from", uri(source), "-to", uri(target)), 0);
        makeUser(source, rules(findings, "source"));
        makeUser(target, rules(findings, "target"));
        String[] asUsers = with(flags, "-from", user(source, "rump-reader"), "-to", user(target, "rump-writer"));

        CommandRun check = CommandRun.of(withCheck(asUsers));
        CommandRun run = CommandRun.of(asUsers);

        assertThat(check.exitCode()).as(check.out()).isZero();
        assertThat(check.out()).doesNotContain("the user may not:", "lacks");
        assertThat(run.exitCode()).as(run.out() + run.err()).isZero();
        assertThat(run.out()).contains("EQUAL: 506 keys of the source");
    }

    @ParameterizedTest
    @ValueSource(strings = {"redis-6.2", "redis-7.0"})
    void aUserWithThePrintedRulesFollowsChanges(String version) throws Exception {
        RedisServer source = servers.start(RedisServers.version(version));
        RedisServer target = servers.start(RedisServers.version(version));
        try (Jedis jedis = source.jedis()) {
            SampleData.fillMixed(jedis, 500);
        }
        String[] flags = {"--live", "--until-lag", "1s"};
        JsonNode findings = findings(with(flags, "-from", uri(source), "-to", uri(target)), 0);
        makeUser(source, rules(findings, "source"));
        makeUser(target, rules(findings, "target"));

        CommandRun run =
                CommandRun.of(with(flags, "-from", user(source, "rump-reader"), "-to", user(target, "rump-writer")));

        assertThat(run.exitCode()).as(run.out() + run.err()).isZero();
        assertThat(run.out()).contains("converged as of");
        assertThat(run.err()).doesNotContain("does not tell its changes");
    }

    @ParameterizedTest
    @CsvSource({
        "redis-6.2, --checkpoint=target:name, 4",
        "redis-7.0, --checkpoint=target:name, 4",
        "redis-7.0, --verify --prune, 1",
        "redis-7.0, --dry-run --on-conflict=keep, 1"
    })
    void aUserWithThePrintedRulesDoesWhatTheFlagsAsk(String version, String asked, int more) throws Exception {
        RedisServer source = servers.start(RedisServers.version(version));
        RedisServer target = servers.start(RedisServers.version(version));
        try (Jedis a = source.jedis();
                Jedis b = target.jedis()) {
            SampleData.fillMixed(a, 500);
            b.set("of the target alone", "1");
        }
        String[] flags = (asked + " --big-key=off").split(" ");
        String[] fewer = Stream.of(flags)
                .filter(flag -> !flag.matches("--checkpoint.*|--prune|--dry-run"))
                .toArray(String[]::new);
        String[] uris = {"-from", uri(source), "-to", uri(target)};
        JsonNode findings = findings(with(flags, uris), 0);
        String all = rules(findings, "target");
        List<String> added = new ArrayList<>(List.of(all.split(" ")));
        added.removeAll(List.of(rules(findings(with(fewer, uris), 0), "target").split(" ")));
        makeUser(source, rules(findings, "source"));
        String[] asUsers = with(flags, "-from", user(source, "rump-reader"), "-to", user(target, "rump-writer"));

        assertThat(added).hasSize(more);
        for (String rule : added) {
            makeUser(target, all + " -" + rule.substring(1));
            CommandRun lacking = CommandRun.of(withCheck(asUsers));
            assertThat(lacking.exitCode()).as(lacking.out()).isEqualTo(4);
            assertThat(lacking.out()).contains("add the rule " + rule);
        }
        makeUser(target, all);
        CommandRun run = CommandRun.of(asUsers);
        assertThat(run.exitCode()).as(run.out() + run.err()).isZero();
    }

    @ParameterizedTest
    @CsvSource({"redis-6.2, false", "redis-7.0, true"})
    void namesTheCommandsForValuesTogether(String version, boolean mayAskForDryRuns) throws Exception {
        RedisServer source = servers.start(RedisServers.version(version));
        RedisServer target = servers.start(RedisServers.version(version));
        JsonNode all = findings(new String[] {"-from", uri(source), "-to", uri(target)}, 0);
        JsonNode few = findings(new String[] {"-from", uri(source), "-to", uri(target), "--big-key", "off"}, 0);
        for (RedisServer server : List.of(source, target)) {
            String side = server == source ? "source" : "target";
            String asking = mayAskForDryRuns ? " +acl" : "";
            List<String> taken = new ArrayList<>(List.of(rules(all, side).split(" ")));
            taken.removeAll(List.of(rules(few, side).split(" ")));
            // without it nothing could be asked about the others where there are no dry runs
            taken.remove("+multi");
            if (server == source) {
                // what a reading is watched by is a group of its own
                assertThat(taken).contains("+watch", "+exec");
                taken.removeAll(List.of("+watch", "+exec"));
            }
            assertThat(taken).hasSizeGreaterThan(10);
            makeUser(source, rules(all, "source") + asking);
            makeUser(target, rules(all, "target") + asking);
            String less =
                    rules(all, side) + asking + " " + String.join(" ", taken).replace('+', '-');
            makeUser(server, less);

            CommandRun run = CommandRun.of(
                    new String[] {"check", "-from", user(source, "rump-reader"), "-to", user(target, "rump-writer")});

            assertThat(run.out().lines().filter(line -> line.contains(side + " +")))
                    .as(run.out())
                    .hasSize(1);
            assertThat(run.out()).contains("are refused").contains("add the rules " + String.join(" ", taken));
            try (Jedis jedis = target.jedis()) {
                assertThat(jedis.dbSize()).isZero();
            }
        }
    }

    /** A key of each type that is above 64 kB. */
    private static void fillBig(Jedis jedis) {
        jedis.set("big:string", "x".repeat(200_000));
        try (Pipeline pipeline = jedis.pipelined()) {
            for (int i = 0; i < 4_000; i++) {
                pipeline.rpush("big:list", "element " + i);
                pipeline.sadd("big:set", "member " + i);
                pipeline.zadd("big:zset", i / 3.0, "member " + i);
                pipeline.hset("big:hash", "field " + i, "value");
                pipeline.xadd("big:stream", new StreamEntryID(1, i + 1), Map.of("field", "value " + i));
            }
        }
        jedis.xgroupCreate("big:stream", "group", new StreamEntryID(), false);
        jedis.xreadGroup(
                "group",
                "consumer",
                XReadGroupParams.xReadGroupParams().count(3),
                Map.of("big:stream", StreamEntryID.XREADGROUP_UNDELIVERED_ENTRY));
        jedis.xdel("big:stream", new StreamEntryID(1, 10));
        jedis.pexpire("big:hash", 5_000_000);
    }

    private static String[] with(String[] flags, String... words) {
        return Stream.concat(Stream.of(words), Stream.of(flags)).toArray(String[]::new);
    }

    @Test
    void keysThatTheUserMayNotReadAreFound() throws Exception {
        RedisServer source = servers.start();
        RedisServer target = servers.start();
        try (Jedis jedis = source.jedis()) {
            jedis.mset("mine:1", "1", "foreign:1", "1");
            jedis.aclSetUser("few", "on", ">" + PASSWORD, "~mine:*", "+@all");
        }

        CommandRun run = CommandRun.of("check", "-from", user(source, "few"), "-to", uri(target));

        assertThat(run.exitCode()).isEqualTo(4);
        assertThat(run.out()).contains("the user may not read 1 of the keys tried");
    }

    @Test
    void looksAtTheKeysThatTheRunWouldRead() {
        RedisServer source = servers.start();
        RedisServer target = servers.start();
        try (Jedis jedis = source.jedis()) {
            SampleData.fillStrings(jedis, 1000, 10);
            jedis.hset("only", "f", "v");
        }

        CommandRun byName = check(source, target, "--match", "onl*");
        CommandRun byType = check(source, target, "--type", "hash");

        for (CommandRun run : List.of(byName, byType)) {
            assertThat(run.exitCode()).as(run.out()).isZero();
            assertThat(run.out())
                    .contains("the target takes hash, form 16 of version 10")
                    .contains("in a sample of 1 keys")
                    .doesNotContain("string");
        }
    }

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
    void oneDatabaseIsNotItsOwnTarget() {
        RedisServer server = servers.start();

        assertThat(check(server, server).exitCode()).isEqualTo(4);
        assertThat(CommandRun.of("check", "-from", uri(server), "-to", uri(server) + "/1")
                        .exitCode())
                .isZero();
    }

    @Test
    void aDatabaseThatIsNotThereIsNotReady() {
        RedisServer source = servers.start();
        RedisServer target = servers.start(RedisServers.usual(), "--databases", "2");

        CommandRun run = CommandRun.of("check", "-from", uri(source), "-to", uri(target) + "/2");

        assertThat(run.exitCode()).isEqualTo(4);
        assertThat(run.out()).contains("there is no database 2");
    }

    @Test
    void eachOfSeveralDatabasesMustBeThere() {
        RedisServer source = servers.start();
        RedisServer target = servers.start(RedisServers.usual(), "--databases", "4");
        try (Jedis jedis = source.jedis()) {
            jedis.set("key", "value");
            jedis.select(7);
            jedis.set("key", "value");
        }

        assertThat(check(source, target, "--db", "all").out())
                .contains("no    databases", "database 7 goes to 7, which the target does not have", "NOT READY");
        assertThat(check(source, target, "--db", "0,7", "--map-db", "7=1").out())
                .contains("yes   databases", "0 to 0, 7 to 1");
        assertThat(check(source, target, "--db", "99").out()).contains("the source has no database 99");
    }

    @Test
    void theRulesFollowFromWhatTheRunDoes() {
        RedisServer source = servers.start();
        RedisServer target = servers.start();

        CommandRun run =
                check(source, target, "--functions", "--carry-idle", "--rename=a:*=b:*", "--live", "--pause-writes=1s");

        assertThat(run.out())
                .containsPattern(
                        "ACL SETUSER rump-reader .*\\+function .*\\+object .*\\+client\\|tracking .*\\+client\\|pause"
                                + " .*\\+type")
                .containsPattern("ACL SETUSER rump-writer .*\\+function .*\\+scan .*\\+unlink");
    }

    @Test
    void aLiveRunIsRefusedThatMayNotLookForTheKeysOfItsTarget() throws Exception {
        RedisServer source = servers.start();
        RedisServer target = servers.start();
        try (Jedis from = source.jedis();
                Jedis to = target.jedis()) {
            from.set("key", "value");
            to.set("of its own", "value");
            String[] plain = {"-from", uri(source), "-to", uri(target), "--live", "--big-key", "off"};
            String rules = rules(findings(plain, 0), "target");
            for (String rule : List.of("scan", "exists", "unlink")) {
                assertThat(rules).contains(" +" + rule);
                makeUser(target, rules + " -" + rule);
                String[] limited = {
                    "-from", uri(source), "-to", user(target, "rump-writer"), "--live", "--until-lag", "1s"
                };
                assertThat(CommandRun.of(withCheck(limited)).out())
                        .containsPattern("no +target \\+" + rule)
                        .contains("NOT READY");
                CommandRun run = CommandRun.of(limited);

                // without UNLINK a run deletes by DEL
                assertThat(run.err())
                        .contains("Add the rule +" + rule.replace("unlink", "del") + " to the ACL of this user.");
                assertThat(run.exitCode()).isEqualTo(1);
                assertThat(to.exists("key")).isFalse();
            }
        }
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
    void aWrongPasswordIsToldInOneLineWithoutThePassword() {
        RedisServer source = servers.start(RedisServers.usual(), "--requirepass", "right");
        RedisServer target = servers.start();

        CommandRun run = CommandRun.of(
                "check", "-from", "redis://:" + PASSWORD + "@127.0.0.1:" + source.port(), "-to", uri(target));

        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.out()).isEmpty();
        assertThat(run.err()).contains("WRONGPASS").doesNotContain(PASSWORD);
        assertThat(run.err().lines()).hasSize(1);
    }

    @Test
    void aServerThatIsNotThereIsToldInOneLine() {
        RedisServer source = servers.start();
        RedisServer gone = servers.start();
        gone.close();

        CommandRun run = check(source, gone);

        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.err()).contains("Connection refused by 127.0.0.1:" + gone.port());
        assertThat(run.err().lines()).hasSize(1);
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

    @Test
    void namesTheAclRuleThatWouldGiveABetterChangeTail() {
        RedisServer target = servers.start();
        RedisServer source = servers.start(RedisServers.usual(), "--notify-keyspace-events", "EA");
        try (Jedis jedis = source.jedis()) {
            jedis.aclSetUser("default", "-client|tracking");
            assertThat(check(source, target).out())
                    .contains("keyspace notifications")
                    .contains("+client|tracking +client|trackinginfo");

            jedis.aclSetUser("default", "-psubscribe");
            assertThat(check(source, target).out()).contains("repeated scans", "+psubscribe &__keyevent@*__:*");
        }
    }

    private String tail(RedisServer source, RedisServer target) {
        return line(check(source, target), "change tail");
    }

    @ParameterizedTest
    @CsvSource({"20, 20.0 s ahead", "-5, 5.0 s behind"})
    void tellsHowFarTheClocksAreApart(int seconds, String words) {
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

    @Test
    void modulesAreNotKnownWhereTheUserMayNotAsk() {
        RedisServer source = servers.start();
        try (Jedis jedis = source.jedis()) {
            jedis.aclSetUser("few", "on", ">" + PASSWORD, "~*", "+@all", "-module");
        }

        CommandRun run = CommandRun.of("check", "-from", user(source, "few"), "-to", uri(servers.start()));

        assertThat(line(run, "modules")).startsWith("note ").contains("not known");
        assertThat(run.out()).contains("-> add the rule +module|list");
        assertThat(run.exitCode()).isZero();
    }

    @ParameterizedTest
    @CsvSource({"redis-7.0, 'hash,list', asked", "redis-7.0, hash, SCAN tells it apart", "redis-2.8, hash, asked"})
    void typesAreToldApartAsTheRunDoes(String version, String types, String words) {
        RedisServer source = servers.start(RedisServers.version(version));
        try (Jedis jedis = source.jedis()) {
            SampleData.fillStrings(jedis, 2_500, 10);
            jedis.hset("only", "f", "v");
        }

        CommandRun run = check(source, servers.start(), "--type", types);

        assertThat(line(run, "types")).startsWith("yes ").contains(words);
        assertThat(run.out()).contains("in a sample of 1 keys").doesNotContain("string");
        assertThat(run.exitCode()).isZero();
    }

    @Test
    void aUserWhoMayNotAskForATypeNeedsTheRule() {
        RedisServer source = servers.start();
        try (Jedis jedis = source.jedis()) {
            jedis.aclSetUser("few", "on", ">" + PASSWORD, "~*", "+@all", "-type");
        }

        CommandRun run = CommandRun.of(
                "check", "-from", user(source, "few"), "-to", uri(servers.start()), "--type", "hash,list");

        assertThat(line(run, "source +type")).startsWith("no ");
        assertThat(run.out()).contains("-> add the rule +type");
        assertThat(run.exitCode()).isEqualTo(4);
    }

    @Test
    void everyNeedIsOneAlignedLineAndEachNoSaysWhatToDo() {
        RedisServer source =
                servers.start(RedisServers.usual(), "--maxmemory", "24mb", "--maxmemory-policy", "allkeys-lfu");
        RedisServer target = servers.start(
                RedisServers.version("redis-6.2"), "--maxmemory", "4mb", "--maxmemory-policy", "allkeys-lru");
        try (Jedis jedis = source.jedis()) {
            SampleData.fillStrings(jedis, 2_000, 10_000);
            jedis.hset("hash", "f", "v");
            jedis.aclSetUser("few", "on", ">" + PASSWORD, "~*", "+@all", "-pttl");
        }

        CommandRun run =
                CommandRun.of("check", "-from", user(source, "few"), "-to", uri(target), "--wait-replicas", "2");

        List<String> lines = run.out().lines().toList();
        assertThat(lines.stream().filter(line -> line.startsWith("no "))).hasSizeGreaterThanOrEqualTo(5);
        int found = lines.get(1).indexOf("database 0 holds");
        for (int i = 0; i < lines.size() - 1; i++) {
            assertThat(lines.get(i))
                    .as(run.out())
                    .matches("(yes |no  |note)  \\S.{" + (found - 8) + "} \\S.*| {" + found + "}-> \\S.*");
            if (lines.get(i).startsWith("no ")) {
                assertThat(lines.get(i + 1)).as(lines.get(i)).startsWith(" ".repeat(found) + "-> ");
            }
        }
        assertThat(lines.get(lines.size() - 1)).isEqualTo("NOT READY");
    }

    /** The line about one need. */
    private static String line(CommandRun run, String need) {
        return run.out()
                .lines()
                .filter(line -> line.matches("(yes|no|note) +" + java.util.regex.Pattern.quote(need) + " .*"))
                .findFirst()
                .orElseThrow(() -> new AssertionError(run.out() + run.err()));
    }

    private JsonNode findings(String[] arguments, int exitCode) throws IOException {
        Path json = folder.resolve("check.json");
        List<String> words = new ArrayList<>(Arrays.asList(withCheck(arguments)));
        words.addAll(List.of("--json", json.toString()));
        CommandRun run = CommandRun.of(words.toArray(String[]::new));
        assertThat(run.exitCode()).as(run.out() + run.err()).isEqualTo(exitCode);
        JsonNode content = new ObjectMapper().readTree(json.toFile());
        assertThat(content.path("result").asText()).isEqualTo("READY");
        return content.path("findings");
    }

    /** The line to type, as check prints it. */
    private static String rules(JsonNode findings, String side) {
        for (JsonNode finding : findings) {
            if (finding.path("name").asText().equals(side + " permissions")) {
                return finding.path("toDo").asText();
            }
        }
        throw new AssertionError("no permissions of the " + side);
    }

    /** Types it, for a user who had no rights before. */
    private static void makeUser(RedisServer server, String line) {
        String[] words = line.replace(">PASSWORD", "reset on >" + PASSWORD).split(" ");
        try (Jedis jedis = server.jedis()) {
            jedis.sendCommand(Command.ACL, Arrays.copyOfRange(words, 1, words.length));
        }
    }

    private CommandRun check(RedisServer source, RedisServer target, String... more) {
        List<String> words = new ArrayList<>(List.of("check", "-from", uri(source), "-to", uri(target)));
        words.addAll(List.of(more));
        return CommandRun.of(words.toArray(String[]::new));
    }

    private static String[] withCheck(String[] arguments) {
        List<String> words = new ArrayList<>(List.of("check"));
        words.addAll(List.of(arguments));
        return words.toArray(String[]::new);
    }

    private static String uri(RedisServer server) {
        return "redis://127.0.0.1:" + server.port();
    }

    private static String user(RedisServer server, String name) {
        return "redis://" + name + ":" + PASSWORD + "@127.0.0.1:" + server.port();
    }
}
