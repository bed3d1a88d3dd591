package io.camelrump.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.camelrump.cli.demo.DemoData;
import io.camelrump.fixtures.RedisServer;
import io.camelrump.fixtures.RedisServers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.Protocol;

/** A run copies what its flags ask for. */
class RumpCommandIT {
    @RegisterExtension
    private final RedisServers servers = new RedisServers();

    @TempDir
    Path folder;

    @Test
    void copiesEverythingAndExitsWith0() throws Exception {
        RedisServer source = servers.start();
        RedisServer target = servers.start();
        DemoData.fill(source.port(), 5_000);
        Path json = folder.resolve("run.json");

        CommandRun run = CommandRun.of("-from", uri(source), "-to", uri(target), "--json", json.toString());

        assertThat(run.err()).isEmpty();
        assertThat(run.out()).startsWith("COMPLETE: 5,000 keys").contains("read 5,000: restored 5,000, kept 0");
        assertThat(run.exitCode()).isZero();
        try (Jedis left = source.jedis();
                Jedis right = target.jedis()) {
            assertThat(EqualityProof.compare(left, right, Duration.ofMillis(5)).differences())
                    .isEmpty();
        }
        JsonNode summary = new ObjectMapper().readTree(json.toFile());
        assertThat(summary.path("result").asText()).isEqualTo("COMPLETE");
        assertThat(summary.path("exitCode").asInt()).isZero();
        assertThat(summary.path("exitName").asText()).isEqualTo("COMPLETE");
        assertThat(summary.path("counts").path("read").asLong()).isEqualTo(5_000);
        assertThat(summary.path("counts").path("restored").asLong()).isEqualTo(5_000);
        try (var files = Files.list(folder)) {
            assertThat(files).containsExactly(json);
        }
    }

    @Test
    void silentRunSaysNothing() {
        RedisServer source = servers.start();
        RedisServer target = servers.start();
        DemoData.fill(source.port(), 10);

        CommandRun run = CommandRun.of("-from", uri(source), "-to", uri(target), "-silent");

        assertThat(run).isEqualTo(new CommandRun(0, "", ""));
    }

    @Test
    void copiesOnlyWhatTheFlagsAskFor() {
        RedisServer source = servers.start();
        RedisServer target = servers.start();
        DemoData.fill(source.port(), 900);

        CommandRun run = CommandRun.of(
                "-from", uri(source), "-to", uri(target) + "/3", "--match", "text:*", "--type", "string", "-ttl=false");

        assertThat(run.exitCode()).as(run.err()).isZero();
        try (Jedis jedis = target.jedis()) {
            jedis.select(3);
            assertThat(jedis.dbSize()).isEqualTo(100);
            assertThat(jedis.keys("*"))
                    .allSatisfy(key -> assertThat(jedis.ttl(key)).isEqualTo(-1));
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "p@:/#%&?=+ {{x}}RAW(y)${z}", "{{x:y}}", "RAW(a&b)c)", "RAW{a}", "#bean:x", "#property:y", "a%25b%",
                        "&host=x",
                "a\\b\"c'", "naïve€😀", "  spaces  ", "a+b", ")", "}}", "{{?x}}", "{{env:HOME}}"
            })
    void logsInWithAnyUserAndPassword(String password) {
        RedisServer source = servers.start(RedisServers.usual(), "--requirepass", password);
        RedisServer target = servers.start();
        try (Jedis jedis = target.jedis()) {
            jedis.sendCommand(Protocol.Command.ACL, "SETUSER", "wr%iter{{x}}", "on", ">x%y" + password, "~*", "+@all");
        }

        CommandRun run = CommandRun.of(
                "-from", withLogin(source, ":" + password + "%"),
                "-to", withLogin(target, "wr%iter{{x}}:x%y" + password));
        assertThat(run.exitCode()).as(run.err()).isEqualTo(1);
        assertThat(run.err()).contains("WRONGPASS").doesNotContain(password);

        run = CommandRun.with(
                Map.of("RUMP_FROM_PASSWORD", password),
                "-from",
                uri(source),
                "-to",
                withLogin(target, "wr%iter{{x}}:x%y" + password));
        assertThat(run.exitCode()).as(run.err()).isZero();
        assertThat(run.err()).isEmpty();
    }

    @Test
    void globMayHoldBracesAndPercentSigns() {
        RedisServer source = servers.start();
        RedisServer target = servers.start();
        try (Jedis jedis = source.jedis()) {
            jedis.mset("a{{x}}%25+b", "1", "other", "2");
        }

        CommandRun run = CommandRun.of("-from", uri(source), "-to", uri(target), "--match", "a{{x}}%25+*");

        assertThat(run.exitCode()).as(run.err()).isZero();
        try (Jedis jedis = target.jedis()) {
            assertThat(jedis.keys("*")).containsExactly("a{{x}}%25+b");
        }
    }

    @Test
    void leavesOutKeysByName() {
        RedisServer source = servers.start();
        RedisServer target = servers.start();
        try (Jedis jedis = source.jedis()) {
            jedis.mset("user:1", "1", "user:12", "2", "order:1", "3", "rest", "4");
        }

        CommandRun run = CommandRun.of(
                "-from",
                uri(source),
                "-to",
                uri(target),
                "--include-regex",
                "user:\\d+",
                "--include-key",
                "order:*",
                "--exclude-key=*2");

        assertThat(run.exitCode()).as(run.err()).isZero();
        assertThat(run.out()).contains("read 4: restored 2, kept 0, vanished 0, filtered 2");
        try (Jedis jedis = target.jedis()) {
            assertThat(jedis.keys("*")).containsExactlyInAnyOrder("user:1", "order:1");
        }
    }

    @Test
    void copiesAllDatabasesUnderOtherNumbersAndNames() {
        RedisServer source = servers.start();
        RedisServer target = servers.start();
        try (Jedis jedis = source.jedis()) {
            for (int database = 0; database < 3; database++) {
                jedis.select(database);
                jedis.mset("user:{{1}}+", "of " + database, "order:1", "v");
            }
            jedis.set("u:{{1}}+", "keeps its name");
            jedis.select(0);
        }

        CommandRun run = CommandRun.of(
                "-from", uri(source), "-to", uri(target), "--db=all", "--map-db", "0=5", "--rename", "user:*=u:*");

        assertThat(run.exitCode()).as(run.err()).isEqualTo(6);
        assertThat(run.out())
                .contains("read 7: restored 6, kept 0, vanished 0, filtered 0, deleted 0, refused 1")
                .contains("refused \"user:{{1}}+\": it would be called \"u:{{1}}+\" at the target,"
                        + " as the key \"u:{{1}}+\" is (database 2)");
        try (Jedis jedis = target.jedis()) {
            jedis.select(5);
            assertThat(jedis.get("u:{{1}}+")).isEqualTo("of 0");
            jedis.select(1);
            assertThat(jedis.get("u:{{1}}+")).isEqualTo("of 1");
            jedis.select(2);
            assertThat(jedis.get("u:{{1}}+")).isEqualTo("keeps its name");
        }
    }

    private static String uri(RedisServer server) {
        return "redis://127.0.0.1:" + server.port();
    }

    private static String withLogin(RedisServer server, String login) {
        return "redis://" + login + "@127.0.0.1:" + server.port();
    }

    @Test
    void demoTakesNoPasswordFromTheEnvironment() {
        CommandRun run = CommandRun.with(Map.of("RUMP_TO_PASSWORD", "x"), "demo", "--keys", "100");
        assertThat(run.exitCode()).isZero();
    }
}
