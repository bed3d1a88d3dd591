package io.camelrump.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.camelrump.fixtures.LiveWriter;
import io.camelrump.fixtures.RedisServer;
import io.camelrump.fixtures.RedisServers;
import io.camelrump.fixtures.SampleData;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import redis.clients.jedis.Jedis;

/** The tool itself is killed, at any instant, and goes on. */
class ResumeIT {
    private static final int KEYS = 20_000;

    @RegisterExtension
    private final RedisServers servers = new RedisServers();

    @TempDir
    Path folder;

    private RedisServer source;
    private RedisServer target;
    private Process process;

    @BeforeEach
    void startServers() {
        source = servers.start();
        target = servers.start();
        try (Jedis jedis = source.jedis()) {
            SampleData.fillMixed(jedis, KEYS);
        }
    }

    @AfterEach
    void endProcess() {
        if (process != null) {
            process.destroyForcibly();
        }
    }

    @Test
    @Tag("long")
    void nothingIsMissingThoughItIsKilledTwice() throws Exception {
        nothingIsMissingHoweverOftenItIsKilled(2);
    }

    @Tag("long")
    @ParameterizedTest
    @ValueSource(ints = 10)
    void nothingIsMissingHoweverOftenItIsKilled(int kills) throws Exception {
        Random random = new Random(11);
        for (int kill = 0; kill < kills; kill++) {
            start("--max-keys-per-second", "3500");
            awaitReading();
            process.waitFor(random.nextInt(1_300), TimeUnit.MILLISECONDS);
            process.destroyForcibly().waitFor();
        }
        start();
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();

        assertThat(process.exitValue()).as(output()).isZero();
        assertThat(output()).contains("Resuming at ", "COMPLETE: ");
        assertThat(folder.resolve("checkpoint")).doesNotExist();
        assertEqual();
    }

    @Tag("long")
    @Test
    void aKilledLiveRunConvergesAfterItWentOnUnderWrites() throws Exception {
        try (LiveWriter writer = LiveWriter.start(source, 300, 21)) {
            for (int kill = 0; kill < 2; kill++) {
                long written = writer.written();
                start("--max-keys-per-second", "10000", "--live");
                awaitReading();
                await().atMost(Duration.ofSeconds(20)).until(() -> writer.written() > written + 2_000);
                process.destroyForcibly().waitFor();
            }
        }
        start("--live", "--until-lag", "1s");
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();

        assertThat(process.exitValue()).as(output()).isZero();
        assertThat(output()).contains("converged as of ");
        assertEqual();
    }

    @Tag("long")
    @Test
    void keysRefusedBeforeAStopAreNotForgotten() throws Exception {
        int denied = 300;
        try (Jedis left = source.jedis();
                Jedis right = target.jedis()) {
            for (int i = 0; i < denied; i++) {
                left.set("denied:" + i, "x");
            }
            right.aclSetUser("default", "resetkeys", "~mixed:*");
        }
        Path failed = folder.resolve("failed");
        Path json = folder.resolve("json");
        String[] flags = {"--max-keys-per-second", "7000", "--failed-keys", failed.toString(), "--json", json.toString()
        };
        start(flags);
        await().atMost(Duration.ofSeconds(30)).ignoreExceptions().until(() -> !Files.readAllLines(
                        folder.resolve("failed.rump-part"))
                .isEmpty());
        process.destroy();
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(output()).contains("INCOMPLETE: ", "resume later with the same flags, --checkpoint ");
        assertThat(summary(json).path("checkpoint").asText())
                .isEqualTo(folder.resolve("checkpoint").toString());
        assertThat(Files.readAllLines(failed)).hasSizeLessThan(denied);

        start(flags);
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();

        assertThat(process.exitValue()).as(output()).isEqualTo(6);
        assertThat(output()).contains("run a comparison afterwards").doesNotContain("resume later");
        assertThat(Set.copyOf(Files.readAllLines(failed))).hasSize(denied);
        assertThat(summary(json).path("counts").path("refused").asInt()).isGreaterThanOrEqualTo(denied);
        assertThat(summary(json).path("checkpoint").isNull()).isTrue();
    }

    private static JsonNode summary(Path json) throws Exception {
        return new ObjectMapper().readTree(json.toFile());
    }

    private void start(String... more) throws Exception {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-cp",
                System.getProperty("java.class.path"),
                "io.camelrump.cli.Rump",
                "--scan-count=200",
                "--checkpoint=" + folder.resolve("checkpoint"),
                "--resume"));
        command.addAll(List.of(more));
        ProcessBuilder builder = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("output").toFile());
        builder.environment().put("RUMP_FROM", "redis://127.0.0.1:" + source.port());
        builder.environment().put("RUMP_TO", "redis://127.0.0.1:" + target.port());
        process = builder.start();
    }

    /** Waits until the process has begun to read. */
    private void awaitReading() {
        try (Jedis jedis = source.jedis()) {
            long before = dumps(jedis);
            await().atMost(Duration.ofSeconds(30))
                    .pollInterval(Duration.ofMillis(5))
                    .until(() -> !process.isAlive() || dumps(jedis) > before + 100);
        }
    }

    private static long dumps(Jedis jedis) {
        String stats = jedis.info("commandstats");
        return stats.contains("cmdstat_dump:")
                ? Long.parseLong(stats.replaceAll("(?s).*cmdstat_dump:calls=(\\d+).*", "$1"))
                : 0;
    }

    private void assertEqual() {
        try (Jedis left = source.jedis();
                Jedis right = target.jedis()) {
            assertThat(EqualityProof.compare(left, right, Duration.ofMillis(50)).differences())
                    .isEmpty();
        }
    }

    private String output() throws Exception {
        return Files.readString(folder.resolve("output"));
    }
}
