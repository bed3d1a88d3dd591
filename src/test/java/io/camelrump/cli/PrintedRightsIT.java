package io.camelrump.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.camelrump.fixtures.RedisServer;
import io.camelrump.fixtures.RedisServers;
import io.camelrump.fixtures.SampleData;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.Pipeline;
import redis.clients.jedis.StreamEntryID;
import redis.clients.jedis.params.XReadGroupParams;

/** A user with the rights that a check prints may do what was checked. */
class PrintedRightsIT extends CheckFixture {
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
        assertThat(run.err()).doesNotContain("sends no change notifications");
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
}
