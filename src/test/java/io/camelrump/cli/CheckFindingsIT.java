package io.camelrump.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.camelrump.fixtures.RedisServer;
import io.camelrump.fixtures.RedisServers;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import redis.clients.jedis.Jedis;

/** What check says of payloads, modules and commands that are not what their names promise. */
class CheckFindingsIT {
    @RegisterExtension
    private final RedisServers servers = new RedisServers();

    @Test
    void streamsOfTheNewestVersionAreStreams() {
        RedisServers.Version newest = RedisServers.find("redis-8.6").orElse(null);
        assumeThat(newest)
                .as("a version that writes streams in a form of its own")
                .isNotNull();
        RedisServer source = servers.start(newest);
        try (Jedis jedis = source.jedis()) {
            jedis.xadd("stream", Map.of("f", "v"), new redis.clients.jedis.params.XAddParams());
        }

        CommandRun run = check(source, servers.start());

        assertThat(line(run, "payload stream")).startsWith("yes ").contains("is rebuilt");
        assertThat(run.out()).contains("\nREADY").doesNotContain("unknown");
        assertThat(run.exitCode()).isZero();
    }

    @Test
    void aModuleIsJudgedByAValueOfItAndNotByItsName() {
        RedisServer newer = serverWithVectorSets("redis-8.6");
        RedisServer older = serverWithVectorSets("redis-8.0");
        addVectorSet(newer);
        addVectorSet(older);

        CommandRun down = check(newer, older);
        CommandRun up = check(older, newer);
        CommandRun away = check(older, servers.start());

        // both sides name the same module in the same version
        assertThat(line(down, "payload module vectorset")).startsWith("no ");
        assertThat(line(down, "modules")).startsWith("no ");
        assertThat(down.exitCode()).isEqualTo(4);
        assertThat(line(up, "modules")).startsWith("yes ").contains("took a value of vectorset");
        assertThat(up.exitCode()).isZero();
        assertThat(line(away, "payload module vectorset")).startsWith("no ");
        assertThat(away.exitCode()).isEqualTo(4);
    }

    private RedisServer serverWithVectorSets(String version) {
        RedisServers.Version found = RedisServers.find(version).orElse(null);
        assumeThat(found).as("a version that comes with a module").isNotNull();
        return servers.start(found);
    }

    private static void addVectorSet(RedisServer server) {
        try (Jedis jedis = server.jedis()) {
            jedis.sendCommand(() -> "VADD".getBytes(), "vectors", "VALUES", "3", "1", "2", "3", "element");
        }
    }

    @Test
    void aCommandThatIsRenamedIsNotAskedForInTheAcl() {
        RedisServer source = servers.start(RedisServers.usual(), "--rename-command", "DUMP", "hidden");
        RedisServer target = servers.start(RedisServers.version("redis-2.8"), "--rename-command", "RESTORE", "hidden");
        try (Jedis jedis = source.jedis()) {
            jedis.set("k", "v");
        }

        CommandRun check = check(source, target);
        CommandRun run = CommandRun.of("-from", uri(source), "-to", uri(servers.start()));

        assertThat(line(check, "source +dump")).startsWith("no ").contains("unknown command");
        assertThat(line(check, "target +restore")).startsWith("no ").contains("unknown command");
        assertThat(check.out())
                .contains("-> give DUMP its name back (rename-command)")
                .contains("-> give RESTORE its name back (rename-command)")
                .doesNotContain("add the rule +dump");
        assertThat(check.exitCode()).isEqualTo(4);
        assertThat(run.err()).contains("give DUMP its name back (rename-command)");
        assertThat(run.exitCode()).isEqualTo(1);
    }

    @Test
    void aRepairNeedsTheRightsOfAComparisonAndOfWriting() {
        RedisServer source = servers.start();
        RedisServer target = servers.start();
        try (Jedis jedis = target.jedis()) {
            jedis.aclSetUser("few", "on", ">pw", "~*", "+@all", "-dump");
        }
        String few = "redis://few:pw@127.0.0.1:" + target.port();

        CommandRun repair = CommandRun.of("check", "-from", uri(source), "-to", few, "--repair");
        CommandRun verify =
                CommandRun.of("check", "-from", uri(source), "-to", uri(target), "--verify", "--big-key=off");
        CommandRun both = CommandRun.of(
                "check", "-from", uri(source), "-to", uri(target), "--verify", "--repair", "--big-key=off");

        assertThat(line(repair, "target +dump")).startsWith("no ");
        assertThat(repair.exitCode()).isEqualTo(4);
        // what no payload can bring is repaired by the commands of its type
        assertThat(verify.out()).doesNotContain("+rpush");
        assertThat(both.out()).contains("+rpush", "+rename");
    }

    private static String line(CommandRun run, String need) {
        return run.out()
                .lines()
                .filter(line -> line.matches("(yes|no|note) +" + java.util.regex.Pattern.quote(need) + "\\b.*"))
                .findFirst()
                .orElseThrow(() -> new AssertionError(run.out() + run.err()));
    }

    private static CommandRun check(RedisServer source, RedisServer target, String... more) {
        List<String> words = new ArrayList<>(List.of("check", "-from", uri(source), "-to", uri(target)));
        words.addAll(List.of(more));
        return CommandRun.of(words.toArray(String[]::new));
    }

    private static String uri(RedisServer server) {
        return "redis://127.0.0.1:" + server.port();
    }
}
