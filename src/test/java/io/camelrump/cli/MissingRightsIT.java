package io.camelrump.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.camelrump.fixtures.RedisServer;
import io.camelrump.fixtures.RedisServers;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import redis.clients.jedis.Jedis;

/** Each right that a run lacks is named, with the rule that gives it. */
class MissingRightsIT extends CheckFixture {
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
                CommandRun run = checkAsUsers(source, target);

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

    private CommandRun checkAsUsers(RedisServer source, RedisServer target) {
        return CommandRun.of(withCheck(new String[] {
            "-from",
            user(source, "rump-reader"),
            "-to",
            user(target, "rump-writer"),
            "--on-conflict",
            "keep",
            "--big-key",
            "off"
        }));
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

                assertThat(run.err()).contains("Add the rule +" + rule + " to the ACL of this user.");
                assertThat(run.exitCode()).isEqualTo(1);
                assertThat(to.exists("key")).isFalse();
            }
        }
    }

    @Test
    void aKeyWhoseElementsMayNotBeCountedIsRefusedWithTheRule() {
        RedisServer source = servers.start();
        RedisServer target = servers.start();
        try (Jedis from = source.jedis();
                Jedis to = target.jedis()) {
            from.rpush("list", Collections.nCopies(700, "x".repeat(100)).toArray(String[]::new));
            to.aclSetUser("few", "on", ">" + PASSWORD, "~*", "+@all", "-llen");

            CommandRun run = CommandRun.of("-from", uri(source), "-to", user(target, "few"), "--big-key=64kb");

            assertThat(run.out()).contains("refused \"list\"").contains("+llen");
            assertThat(run.exitCode()).isEqualTo(6);
            assertThat(to.dbSize()).isZero();
        }
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
}
