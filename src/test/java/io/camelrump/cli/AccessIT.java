package io.camelrump.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.camelrump.fixtures.RedisServer;
import io.camelrump.fixtures.SampleData;
import io.camelrump.fixtures.ServerPair;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import redis.clients.jedis.Jedis;

/** Users that an ACL holds back. */
class AccessIT {
    @RegisterExtension
    private static final ServerPair PAIR = new ServerPair();

    @TempDir
    Path folder;

    private static void allow(Jedis server, String... rules) {
        List<String> all = new ArrayList<>(List.of("reset", "on", ">secret", "&*"));
        Collections.addAll(all, rules);
        server.aclSetUser("limited", all.toArray(String[]::new));
    }

    private static String uri(RedisServer server, boolean limited) {
        return "redis://" + (limited ? "limited@" : "") + RedisServer.HOST + ":" + server.port();
    }

    private static CommandRun run(boolean atSource, boolean atTarget, String... flags) {
        List<String> all = new ArrayList<>(Arrays.asList(flags));
        all.add("-from=" + uri(PAIR.source(), atSource));
        all.add("-to=" + uri(PAIR.target(), atTarget));
        return CommandRun.with(
                Map.of("RUMP_FROM_PASSWORD", atSource ? "secret" : "", "RUMP_TO_PASSWORD", atTarget ? "secret" : ""),
                all.toArray(String[]::new));
    }

    @ParameterizedTest
    @CsvSource({
        "source, scan, --match=*",
        "source, dump, --match=*",
        "source, pttl, --match=*",
        "source, type, '--type=string,hash'",
        "source, select, --db=1",
        "source, function, --functions",
        "source, object, --carry-idle",
        "target, restore, --match=*",
        "target, select, --db=1",
        "target, dump, --on-conflict=keep",
        "target, wait, --wait-replicas=1",
    })
    void aCommandThatTheUserLacksIsNamedWithTheRuleToAdd(String side, String command, String flag) {
        Jedis server = side.equals("source") ? PAIR.atSource() : PAIR.atTarget();
        PAIR.atSource().set("key", "ours");
        PAIR.atTarget().set("key", "foreign");
        PAIR.atSource().select(1);
        PAIR.atSource().set("other", "value");
        allow(server, "~*", "+@all", "-" + command);

        CommandRun run = run(side.equals("source"), side.equals("target"), flag);

        assertThat(run.err()).contains("NOPERM", "+" + command).doesNotContain("secret");
        assertThat(run.err().lines()).hasSize(1);
        assertThat(run.exitCode()).isEqualTo(1);
    }

    @Test
    void aRunGoesWithoutTheCommandsThatItDoesNotNeed() {
        SampleData.fillMixed(PAIR.atSource(), 300);
        allow(PAIR.atSource(), "~*", "+scan", "+dump", "+pttl");
        allow(PAIR.atTarget(), "~*", "+restore");

        CommandRun run = run(true, true);

        assertThat(run.exitCode()).as(run.err()).isZero();
        assertThat(PAIR.atTarget().dbSize()).isEqualTo(300);
    }

    @Test
    void aTargetThatHidesItsSizeHoldsAnUnknownNumberOfKeys() {
        PAIR.atSource().set("key", "value");
        PAIR.atTarget().set("other", "value");
        allow(PAIR.atTarget(), "~*", "+@all", "-dbsize");

        CommandRun run = run(false, true, "--on-conflict=replace");

        assertThat(run.exitCode()).as(run.err()).isZero();
        assertThat(run.out() + run.err()).doesNotContain("-1");
    }

    @Test
    void keysThatTheUserMayNotReadAreRefusedOneByOneWithTheReason() throws Exception {
        for (int i = 0; i < 20; i++) {
            PAIR.atSource().set("mine:" + i, "value");
            PAIR.atSource().set("theirs:" + i, "value");
        }
        allow(PAIR.atSource(), "~mine:*", "+@all");
        Path failed = folder.resolve("failed.txt");

        CommandRun run = run(true, false, "--failed-keys=" + failed);

        assertThat(run.exitCode()).as(run.err()).isEqualTo(6);
        assertThat(run.out()).contains("read 40: restored 20", "refused 20");
        assertThat(Files.readAllLines(failed))
                .hasSize(20)
                .allSatisfy(line -> assertThat(line).startsWith("\"theirs:").contains("NOPERM", "a rule such as ~*"));
    }

    @Test
    void aKeyThatALiveRunMayNotReadIsNotTakenForDeleted() {
        PAIR.atSource().set("mine", "value");
        PAIR.atSource().set("theirs", "value");
        PAIR.atTarget().set("theirs", "value");
        allow(PAIR.atSource(), "~mine", "+@all");

        CommandRun run = run(true, false, "--live", "--prune", "--until-lag=1s");

        assertThat(run.exitCode()).as(run.err()).isEqualTo(6);
        assertThat(PAIR.atTarget().mget("mine", "theirs")).containsExactly("value", "value");
    }

    @Test
    void keysThatTheUserMayNotWriteAreRefusedOneByOneWithTheReason() {
        // so few that the check, which tries keys at random, meets the other one
        SampleData.fillMixed(PAIR.atSource(), 5);
        PAIR.atSource().set("other", "value");
        allow(PAIR.atTarget(), "~mixed:*", "+@all");

        CommandRun run = run(false, true);
        CommandRun check = run(false, true, "check");

        assertThat(run.exitCode()).as(run.err()).isEqualTo(6);
        assertThat(run.out()).contains("restored 5", "refused 1", "refused \"other\": NOPERM", "a rule such as ~*");
        assertThat(check.out()).containsPattern("no +target key patterns +the user may not write 1 of the keys tried");
        assertThat(check.exitCode()).isEqualTo(4);
    }

    @Test
    void aBigKeyIsNotDumpedForAUserOfSomeKeysEither() {
        String[] elements = Collections.nCopies(3_000, "x".repeat(100)).toArray(String[]::new);
        PAIR.atSource().rpush("big:list", elements);
        allow(PAIR.atSource(), "~big:*", "+@all");

        CommandRun run = run(true, false, "--big-key=64kb");

        assertThat(run.exitCode()).as(run.err()).isZero();
        assertThat(PAIR.atSource().info("commandstats")).contains("cmdstat_lrange");
        assertThat(PAIR.atTarget().llen("big:list")).isEqualTo(3_000);
    }

    @ParameterizedTest
    @CsvSource({"watch", "multi", "exec"})
    void aCheckWarnsAUserWhoMayNotWatchAKeyAndItsValueIsCopied(String command) {
        String[] elements = Collections.nCopies(3_000, "x".repeat(100)).toArray(String[]::new);
        PAIR.atSource().rpush("list", elements);
        PAIR.atSource().set("string", "value");
        allow(PAIR.atSource(), "~*", "+@all", "-" + command);

        CommandRun run = run(true, false, "--big-key=64kb");
        CommandRun check = run(true, false, "check", "--big-key=64kb");

        assertThat(run.exitCode()).as(run.err()).isZero();
        assertThat(PAIR.atTarget().llen("list")).isEqualTo(3_000);
        assertThat(check.out())
                .containsPattern("note +source \\+" + command + " +the user may not: a value that goes in parts");
        assertThat(check.exitCode()).isZero();
    }
}
