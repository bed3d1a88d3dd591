package io.camelrump.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.camelrump.RedisServer;
import io.camelrump.RedisServers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import redis.clients.jedis.Jedis;

/** Runs the command as a process of its own and sends it signals. */
class SignalsIT {
    @RegisterExtension
    private final RedisServers servers = new RedisServers();

    @TempDir
    Path folder;

    private Process process;

    @AfterEach
    void endProcess() {
        if (process != null) {
            process.destroyForcibly();
        }
    }

    @ParameterizedTest
    @CsvSource({"HUP, 129", "INT, 130", "TERM, 143"})
    void signalMidwayLetsArriveWhatWasReadAndPrintsIncomplete(String signal, int exitCode) throws Exception {
        RedisServer source = servers.start();
        RedisServer target = servers.start();
        DemoData.fill(source.port(), 200_000);
        Path json = folder.resolve("run.json");
        start(source, target, "--scan-count", "10", "--batch-keys", "10", "--json", json.toString());
        awaitKeys(target, 200);

        kill(signal);

        assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).as(output()).isEqualTo(exitCode);
        assertThat(output()).contains("INCOMPLETE: ", "stopped by SIG" + signal).doesNotContain("secret", "Exception");
        assertThat(output().lines()).noneMatch(line -> line.startsWith("COMPLETE"));
        JsonNode summary = new ObjectMapper().readTree(json.toFile());
        assertThat(summary.path("result").asText()).isEqualTo("INCOMPLETE");
        assertThat(summary.path("exitName").asText()).isEqualTo("SIG" + signal);
        JsonNode counts = summary.path("counts");
        try (Jedis jedis = target.jedis()) {
            assertThat(counts.path("restored").asLong())
                    .isEqualTo(counts.path("read").asLong());
            assertThat(jedis.dbSize())
                    .isLessThanOrEqualTo(counts.path("restored").asLong())
                    .isLessThan(200_000);
        }
    }

    @Test
    void secondSignalEndsAtOnce() throws Exception {
        RedisServer source = servers.start();
        RedisServer target = servers.start();
        DemoData.fill(source.port(), 200_000);
        start(source, target, "--scan-count", "10", "--batch-keys", "10");
        awaitKeys(target, 200);
        target.pause();
        kill("TERM");
        await().atMost(Duration.ofSeconds(10)).until(() -> output().contains("Stopping"));

        kill("INT");

        assertThat(process.waitFor(3, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).isEqualTo(130);
    }

    @Test
    void signalMidwayOfAComparisonSaysNothingOfEquality() throws Exception {
        RedisServer source = servers.start();
        RedisServer target = servers.start();
        DemoData.fill(source.port(), 200_000);
        Path json = folder.resolve("report.json");
        start(source, target, "compare", "--scan-count", "10", "--json", json.toString());
        await().atMost(Duration.ofSeconds(30)).until(() -> hasDumped(source));

        kill("TERM");

        assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).as(output()).isEqualTo(143);
        assertThat(output()).contains("INCOMPLETE: ", "stopped by SIGTERM").doesNotContain("EQUAL", "Exception");
        JsonNode report = new ObjectMapper().readTree(json.toFile());
        assertThat(report.path("result").asText()).isEqualTo("INCOMPLETE");
        assertThat(report.path("exitCode").asInt()).isEqualTo(143);
    }

    private static boolean hasDumped(RedisServer server) {
        try (Jedis jedis = server.jedis()) {
            return jedis.info("commandstats").contains("cmdstat_dump:");
        }
    }

    @Test
    void userSignalEndsNothing() throws Exception {
        RedisServer source = servers.start();
        RedisServer target = servers.start();
        DemoData.fill(source.port(), 100_000);
        start(source, target, "--scan-count", "100");
        awaitKeys(target, 100);

        kill("USR1");

        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).as(output()).isZero();
        assertThat(output()).contains("nothing to cut over");
    }

    private void start(RedisServer source, RedisServer target, String... more) throws Exception {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-cp",
                System.getProperty("java.class.path"), "io.camelrump.cli.Rump"));
        command.addAll(List.of(more));
        ProcessBuilder builder = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("output").toFile());
        builder.environment().put("RUMP_FROM", "redis://127.0.0.1:" + source.port());
        builder.environment().put("RUMP_TO", "redis://127.0.0.1:" + target.port());
        process = builder.start();
    }

    private static void awaitKeys(RedisServer server, long keys) {
        try (Jedis jedis = server.jedis()) {
            await().atMost(Duration.ofSeconds(30))
                    .pollInterval(Duration.ofMillis(5))
                    .until(() -> jedis.dbSize() >= keys);
        }
    }

    private void kill(String signal) throws Exception {
        Process kill = new ProcessBuilder("kill", "-" + signal, String.valueOf(process.pid())).start();
        assertThat(kill.waitFor()).isZero();
    }

    private String output() throws Exception {
        return Files.readString(folder.resolve("output"));
    }
}
