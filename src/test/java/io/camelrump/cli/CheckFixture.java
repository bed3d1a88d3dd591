package io.camelrump.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.camelrump.fixtures.RedisServer;
import io.camelrump.fixtures.RedisServers;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.Protocol.Command;

/** Two servers to be checked, and users with the rights that a check prints. */
abstract class CheckFixture {
    static final String PASSWORD = "s3cret-of-the-test";

    @RegisterExtension
    final RedisServers servers = new RedisServers();

    @TempDir
    Path folder;

    /** The line about one need. */
    static String line(CommandRun run, String need) {
        return run.out()
                .lines()
                .filter(line -> line.matches("(yes|no|note) +" + java.util.regex.Pattern.quote(need) + " .*"))
                .findFirst()
                .orElseThrow(() -> new AssertionError(run.out() + run.err()));
    }

    JsonNode findings(String[] arguments, int exitCode) throws IOException {
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
    static String rules(JsonNode findings, String side) {
        for (JsonNode finding : findings) {
            if (finding.path("name").asText().equals(side + " permissions")) {
                return finding.path("toDo").asText();
            }
        }
        throw new AssertionError("no permissions of the " + side);
    }

    /** Types it, for a user who had no rights before. */
    static void makeUser(RedisServer server, String line) {
        String[] words = line.replace(">PASSWORD", "reset on >" + PASSWORD).split(" ");
        try (Jedis jedis = server.jedis()) {
            jedis.sendCommand(Command.ACL, Arrays.copyOfRange(words, 1, words.length));
        }
    }

    CommandRun check(RedisServer source, RedisServer target, String... more) {
        List<String> words = new ArrayList<>(List.of("check", "-from", uri(source), "-to", uri(target)));
        words.addAll(List.of(more));
        return CommandRun.of(words.toArray(String[]::new));
    }

    static String[] withCheck(String[] arguments) {
        List<String> words = new ArrayList<>(List.of("check"));
        words.addAll(List.of(arguments));
        return words.toArray(String[]::new);
    }

    static String uri(RedisServer server) {
        return "redis://127.0.0.1:" + server.port();
    }

    static String user(RedisServer server, String name) {
        return "redis://" + name + ":" + PASSWORD + "@127.0.0.1:" + server.port();
    }
}
