package io.camelrump.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.camelrump.cli.demo.DemoData;
import io.camelrump.fixtures.RedisServer;
import io.camelrump.fixtures.RedisServers;
import io.camelrump.fixtures.SampleData;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.Pipeline;

/** Files of keys that a run reads, and files that it writes. */
class RumpFilesIT {
    @RegisterExtension
    private final RedisServers servers = new RedisServers();

    @TempDir
    Path folder;

    @Test
    void readsTheKeysThatFailedBefore() throws Exception {
        RedisServer source = servers.start();
        RedisServer target = servers.start();
        byte[] odd = {'"', '\\', '\n', 0, (byte) 0xff};
        try (Jedis left = source.jedis();
                Jedis right = target.jedis()) {
            DemoData.fill(source.port(), 100);
            left.set(odd, odd);
            right.aclSetUser("writer", "on", ">secret", "~text:*", "+@all");
        }
        Path failedKeys = folder.resolve("failed.txt");
        CommandRun first = CommandRun.of(
                "-from",
                uri(source),
                "-to",
                withLogin(target, "writer:secret"),
                "--failed-keys",
                failedKeys.toString());
        assertThat(first.exitCode()).as(first.err()).isEqualTo(6);
        long failed = Files.lines(failedKeys).count();

        CommandRun second =
                CommandRun.of("-from", uri(source), "-to", uri(target), "--keys-from", failedKeys.toString());

        assertThat(second.exitCode()).as(second.err()).isZero();
        assertThat(second.out()).contains("read " + failed + ": restored " + failed);
        try (Jedis left = source.jedis();
                Jedis right = target.jedis()) {
            assertThat(EqualityProof.compare(left, right, Duration.ofMillis(5)).differences())
                    .isEmpty();
        }
    }

    @Test
    void aFileOfKeysThatIsNoneIsWrongUsage() throws Exception {
        RedisServer source = servers.start();
        RedisServer target = servers.start();
        Path file = Files.writeString(folder.resolve("keys"), "\"open");

        CommandRun run = CommandRun.of("-from", uri(source), "-to", uri(target), "--keys-from", file.toString());

        assertThat(run.err()).startsWith("rump: keysFrom=" + file + ": line 1 ").hasLineCount(1);
        assertThat(run.exitCode()).isEqualTo(2);
        run = CommandRun.of("-from", uri(source), "-to", uri(target), "--keys-from", "/no/such/file");
        assertThat(run.err())
                .isEqualTo("rump: keysFrom=/no/such/file cannot be read: no such file" + System.lineSeparator());
        assertThat(run.exitCode()).isEqualTo(2);
    }

    @Test
    void refusedKeysAreShownAndWrittenAndExitIs6() throws Exception {
        RedisServer source = servers.start();
        RedisServer target = servers.start();
        try (Jedis jedis = source.jedis();
                Pipeline pipeline = jedis.pipelined()) {
            for (int i = 0; i < 30; i++) {
                pipeline.set("allowed:" + i, "v");
                pipeline.set("other " + i, "v");
            }
        }
        try (Jedis jedis = target.jedis()) {
            jedis.aclSetUser("writer", "on", ">secret", "~allowed:*", "+@all");
        }
        Path failedKeys = folder.resolve("failed.txt");
        Path json = folder.resolve("run.json");

        CommandRun run = CommandRun.of(
                "-from",
                uri(source),
                "-to",
                withLogin(target, "writer:secret"),
                "--failed-keys",
                failedKeys.toString(),
                "--json",
                json.toString());

        assertThat(run.exitCode()).as(run.err()).isEqualTo(6);
        assertThat(run.out())
                .startsWith("FINISHED, BUT NOT WITH EVERY KEY")
                .contains("restored 30", "refused 30", "refused \"other ", "and 20 more")
                .doesNotContain("COMPLETE");
        assertThat(run.out() + run.err() + Files.readString(failedKeys) + Files.readString(json))
                .doesNotContain("secret");
        assertThat(Files.readAllLines(failedKeys)).hasSize(30).allSatisfy(line -> assertThat(line)
                .matches("\"other \\d+\"\tNOPERM .*"));
        JsonNode summary = new ObjectMapper().readTree(json.toFile());
        assertThat(summary.path("exitCode").asInt()).isEqualTo(6);
        assertThat(summary.path("exitName").asText()).isEqualTo("REFUSED");
        assertThat(summary.path("refusals")).hasSize(10);
    }

    @Test
    void failedRunWritesJsonToo() throws Exception {
        Path json = folder.resolve("run.json");

        CommandRun.of("-from", "redis://no-such-host.invalid", "-to", "redis://h", "--json", json.toString());

        JsonNode summary = new ObjectMapper().readTree(json.toFile());
        assertThat(summary.path("result").asText()).isEqualTo("FAILED");
        assertThat(summary.path("exitCode").asInt()).isEqualTo(1);
        assertThat(summary.path("error").asText()).contains("nknown host");
    }

    @Test
    void aFileThatCannotBeWrittenIsReportedBeforeTheRun() {
        RedisServer source = servers.start();
        RedisServer target = servers.start();
        DemoData.fill(source.port(), 10);
        for (String flag : new String[] {"--json", "--failed-keys"}) {
            CommandRun run = CommandRun.of("-from", uri(source), "-to", uri(target), flag, "/no/such/folder/file");

            assertThat(run.err()).startsWith("rump: " + flag + " /no/such/folder/file cannot be written");
            assertThat(run.exitCode()).isEqualTo(2);
            try (Jedis jedis = target.jedis()) {
                assertThat(jedis.dbSize()).isZero();
            }
        }
    }

    private static String uri(RedisServer server) {
        return "redis://127.0.0.1:" + server.port();
    }

    private static String withLogin(RedisServer server, String login) {
        return "redis://" + login + "@127.0.0.1:" + server.port();
    }

    @Test
    void fullDiskUnderTheFailedKeysLeavesTheExitCode() {
        RedisServer source = servers.start();
        RedisServer target = servers.start(RedisServers.usual(), "--proto-max-bulk-len", "1mb");
        try (Jedis jedis = source.jedis()) {
            jedis.set("large".getBytes(), SampleData.noise(2 * 1024 * 1024));
            jedis.set("a", "b");
        }
        CommandRun run = CommandRun.of(
                "--from", "redis://127.0.0.1:" + source.port(),
                "--to", "redis://127.0.0.1:" + target.port(),
                "--failed-keys", "/dev/full");
        assertThat(run.exitCode()).isEqualTo(6);
    }
}
