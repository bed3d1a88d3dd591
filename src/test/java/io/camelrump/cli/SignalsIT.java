package io.camelrump.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.camelrump.cli.demo.DemoData;
import io.camelrump.fixtures.CommandStats;
import io.camelrump.fixtures.RedisServer;
import io.camelrump.fixtures.RedisServers;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import redis.clients.jedis.Jedis;

/** Runs the command as a process of its own and sends it signals. */
class SignalsIT {
    /** So many that a run takes ten seconds. */
    private static final int KEYS = 20_000;

    private static final String SLOWLY = "2000";

    @RegisterExtension
    private final RedisServers servers = new RedisServers();

    @TempDir
    Path folder;

    private RumpProcess process;

    @AfterEach
    void endProcess() {
        if (process != null) {
            process.close();
        }
    }

    @ParameterizedTest
    @CsvSource({"HUP, 129", "INT, 130", "TERM, 143"})
    void signalMidwayLetsArriveWhatWasReadAndPrintsIncomplete(String signal, int exitCode) throws Exception {
        RedisServer source = servers.start();
        RedisServer target = servers.start();
        DemoData.fill(source.port(), KEYS);
        Path json = folder.resolve("run.json");
        start(
                source,
                target,
                "--scan-count",
                "10",
                "--batch-keys",
                "10",
                "--max-keys-per-second",
                SLOWLY,
                "--json",
                json.toString());
        awaitKeys(target, 200);

        process.signal(signal);

        assertThat(process.exitCode(30)).as(output()).isEqualTo(exitCode);
        assertThat(output()).contains("INCOMPLETE: ", "stopped by SIG" + signal).doesNotContain("Exception");
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
                    .isLessThan(KEYS);
        }
    }

    @Test
    void secondSignalEndsAtOnce() throws Exception {
        RedisServer source = servers.start();
        RedisServer target = servers.start();
        DemoData.fill(source.port(), KEYS);
        start(source, target, "--scan-count", "10", "--batch-keys", "10", "--max-keys-per-second", SLOWLY);
        awaitKeys(target, 200);
        target.pause();
        // so that keys are in flight, which the first signal waits for
        awaitDumps(source, 50);
        process.signal("TERM");
        await().atMost(Duration.ofSeconds(10)).until(() -> output().contains("Stopping"));

        process.signal("INT");

        assertThat(process.exitCode(3)).isEqualTo(130);
    }

    @Test
    @Tag("long")
    void signalMidwayOfAComparisonSaysNothingOfEquality() throws Exception {
        RedisServer source = servers.start();
        RedisServer target = servers.start();
        DemoData.fill(source.port(), 10 * KEYS);
        Path json = folder.resolve("report.json");
        start(source, target, "compare", "--scan-count", "10", "--json", json.toString());
        await().atMost(Duration.ofSeconds(30)).until(() -> hasDumped(source));

        process.signal("TERM");

        assertThat(process.exitCode(30)).as(output()).isEqualTo(143);
        assertThat(output()).contains("INCOMPLETE: ", "stopped by SIGTERM").doesNotContain("EQUAL", "Exception");
        JsonNode report = new ObjectMapper().readTree(json.toFile());
        assertThat(report.path("result").asText()).isEqualTo("INCOMPLETE");
        assertThat(report.path("exitCode").asInt()).isEqualTo(143);
    }

    @ParameterizedTest
    @ValueSource(strings = {"check", "--silent"})
    void theFirstSignalEndsAtOnceWhatWritesNothing(String first) throws Exception {
        RedisServer source = servers.start();
        RedisServer target = servers.start();
        target.pause();
        Path json = folder.resolve("early.json");
        start(source, target, first, "--json", json.toString());
        try (Jedis jedis = source.jedis()) {
            await().atMost(Duration.ofSeconds(30))
                    .pollInterval(Duration.ofMillis(5))
                    .until(() -> jedis.info("clients").contains("connected_clients:2"));
        }

        process.signal("INT");

        assertThat(process.exitCode(20)).as(output()).isEqualTo(130);
        assertThat(output()).contains("rump: stopped by SIGINT, nothing was written");
        JsonNode summary = new ObjectMapper().readTree(json.toFile());
        assertThat(summary.path("result").asText()).isEqualTo("INCOMPLETE");
        assertThat(summary.path("exitCode").asInt()).isEqualTo(130);
    }

    private static boolean hasDumped(RedisServer server) {
        try (Jedis jedis = server.jedis()) {
            // a user's right to it is tried before the first key
            return CommandStats.calls(jedis, "dump") > 10;
        }
    }

    @ParameterizedTest
    @CsvSource({"HUP, HUP, 129", "TERM, HUP, 143"})
    void theSignalsOfAClosingTerminalCountAsOne(String one, String other, int exitCode) throws Exception {
        RedisServer source = servers.start();
        RedisServer target = servers.start();
        DemoData.fill(source.port(), KEYS);
        start(source, target, "--scan-count", "10", "--batch-keys", "10", "--max-keys-per-second", SLOWLY);
        awaitKeys(target, 200);
        target.pause();

        process.signal(one);
        await().atMost(Duration.ofSeconds(10)).until(() -> output().contains("Stopping"));
        process.signal(other);
        target.resume();

        assertThat(process.exitCode(30)).as(output()).isEqualTo(exitCode);
        assertThat(output()).contains("INCOMPLETE: ");
    }

    @ParameterizedTest
    @CsvSource({"USR1, nothing to cut over", "USR2, SIGUSR2 does nothing"})
    void userSignalEndsNothing(String signal, String answer) throws Exception {
        RedisServer source = servers.start();
        RedisServer target = servers.start();
        DemoData.fill(source.port(), 10_000);
        start(source, target, "--scan-count", "100", "--max-keys-per-second", "5000");
        awaitKeys(target, 100);

        process.signal(signal);

        assertThat(process.exitCode(60)).as(output()).isZero();
        assertThat(output()).contains(answer);
        assertThat(process.err().lines().filter(line -> line.contains("WARN") || line.contains("INFO")))
                .allMatch(line -> line.matches("\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\S+ .*"));
    }

    /** Whatever the signal meets: the start of Java, the first look, the files, the routes, the first page. */
    @Test
    @Tag("long")
    void aSignalAtAnyInstantOfTheStartGivesOneEndAndWholeFiles() throws Exception {
        RedisServer source = servers.start();
        RedisServer target = servers.start();
        DemoData.fill(source.port(), 500);
        Path json = folder.resolve("run.json");
        for (int millis = 200; millis <= 1_800; millis += 80) {
            long until = System.nanoTime() + Duration.ofMillis(millis).toNanos();
            start(source, target, "--on-conflict=replace", "--json", json.toString());
            while (System.nanoTime() < until) {
                LockSupport.parkNanos(until - System.nanoTime());
            }
            boolean reached = process.signalIfRunning("TERM");

            int exitCode = process.exitCode(30);
            String run = (reached ? "signalled after " : "ended before ") + millis + " ms: " + output();
            if (output().startsWith("Error occurred during initialization of VM")) {
                // Java itself takes no signal yet
                continue;
            }
            assertThat(exitCode).as(run).isIn(0, reached ? 143 : 0);
            assertThat(process.out().lines().filter(line -> line.contains("COMPLETE: ")))
                    .as(run)
                    .hasSizeLessThanOrEqualTo(1);
            assertThat(process.err().lines().filter(line -> line.startsWith("rump: ")))
                    .as(run)
                    .hasSizeLessThanOrEqualTo(1);
            assertThat(files()).as(run).isSubsetOf("run.json");
            if (Files.exists(json)) {
                assertThat(new ObjectMapper()
                                .readTree(json.toFile())
                                .path("exitCode")
                                .asInt())
                        .as(run)
                        .isEqualTo(exitCode);
            }
            Files.deleteIfExists(json);
            process.close();
        }
    }

    private List<String> files() throws IOException {
        try (Stream<Path> all = Files.list(folder)) {
            return all.map(path -> path.getFileName().toString()).toList();
        }
    }

    private void start(RedisServer source, RedisServer target, String... more) {
        process = RumpProcess.between(source, target, List.of(), more);
    }

    private static void awaitKeys(RedisServer server, long keys) {
        try (Jedis jedis = server.jedis()) {
            await().atMost(Duration.ofSeconds(30))
                    .pollInterval(Duration.ofMillis(5))
                    .until(() -> jedis.dbSize() >= keys);
        }
    }

    private String output() {
        return process.output();
    }

    /** Waits until the source was asked for so many more keys. */
    private static void awaitDumps(RedisServer source, int more) {
        try (Jedis jedis = source.jedis()) {
            long before = CommandStats.calls(jedis, "dump");
            await().atMost(Duration.ofSeconds(10)).until(() -> CommandStats.calls(jedis, "dump") >= before + more);
        }
    }
}
