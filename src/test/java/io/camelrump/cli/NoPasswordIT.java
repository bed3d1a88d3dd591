package io.camelrump.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.camelrump.fixtures.RedisServer;
import io.camelrump.fixtures.RedisServers;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import redis.clients.jedis.Jedis;

/** Whatever a run says, writes or is called, no password is in it; also not where a person asks for all there is. */
class NoPasswordIT {
    private static final String SECRET = "S3cret";
    private static final String OF_SOURCE = SECRET + "@source";
    private static final String OF_TARGET = SECRET + "%target";

    /** Log levels that the command does not set itself. */
    private static final String DEBUGGING = Stream.of(
                    "io.camelrump",
                    "redis.clients.jedis",
                    "org.apache.camel.component",
                    "org.apache.camel.dsl",
                    "org.apache.camel.impl",
                    "org.apache.camel.main",
                    "org.apache.camel.processor",
                    "org.apache.camel.support")
            .map(name -> "-Dorg.slf4j.simpleLogger.log." + name + "=trace")
            .collect(Collectors.joining(" "));

    @RegisterExtension
    private final RedisServers servers = new RedisServers();

    @TempDir
    Path folder;

    private final RedisServer source = servers.start(RedisServers.usual(), "--requirepass", OF_SOURCE);
    private final RedisServer target = servers.start();

    @BeforeEach
    void fill() {
        try (Jedis from = source.jedis();
                Jedis to = target.jedis();
                var pipeline = from.pipelined()) {
            for (int i = 0; i < 20_000; i++) {
                pipeline.setex((i % 2 == 0 ? "allowed:" : "refused:") + i, 3_600, "v");
            }
            to.set("allowed:there already", "v");
            to.aclSetUser("writer", "on", ">" + OF_TARGET, "~allowed:*", "~rump:*", "+@all");
        }
    }

    @Test
    void noPasswordAppearsInWarningsRefusalsAndAStop() throws Exception {
        Path passwordFile = Files.writeString(folder.resolve("password"), OF_TARGET);
        Path written = Files.createDirectory(folder.resolve("written"));
        try (RumpProcess run = launch(
                        Map.of(),
                        "-from",
                        "redis://:" + OF_SOURCE + "@127.0.0.1:" + source.port(),
                        "-to",
                        "redis://writer@127.0.0.1:" + target.port(),
                        "--to-password-file",
                        passwordFile.toString(),
                        "-ttl=false",
                        "--scan-count=10",
                        "--batch-keys=10",
                        "--json=" + written.resolve("json"),
                        "--report=" + written.resolve("report"),
                        "--failed-keys=" + written.resolve("failed-keys"),
                        "--checkpoint=" + written.resolve("checkpoint"));
                Jedis jedis = target.jedis()) {
            await().atMost(Duration.ofSeconds(60))
                    .pollInterval(Duration.ofMillis(5))
                    .until(() -> jedis.dbSize() > 100);
            String commandLine = Files.readString(Path.of("/proc", String.valueOf(run.pid()), "cmdline"));
            run.signal("TERM");

            assertThat(run.exitCode()).as(run.output()).isEqualTo(143);
            assertThat(commandLine).contains("io.camelrump.cli.Rump").doesNotContain(SECRET);
            assertThat(run.err())
                    .contains("TRACE", "holds 1 keys already", "Expiries are dropped", "stands in the command line");
            assertThat(run.out()).contains("INCOMPLETE", "refused \"refused:");
            assertThat(run.output()).doesNotContain(SECRET);
        }
        for (String file : List.of("json", "report", "failed-keys", "checkpoint")) {
            assertThat(written.resolve(file)).isNotEmptyFile();
        }
        try (Stream<Path> files = Files.list(written)) {
            assertThat(files).allSatisfy(file -> assertThat(file).content().doesNotContain(SECRET));
        }
    }

    @Test
    void aWrongPasswordIsNotShown() throws Exception {
        try (RumpProcess run = launch(
                Map.of("RUMP_FROM_PASSWORD", OF_SOURCE, "RUMP_TO_PASSWORD", SECRET + "-wrong"),
                "-from",
                "redis://127.0.0.1:" + source.port(),
                "-to",
                "redis://writer@127.0.0.1:" + target.port())) {
            assertThat(run.exitCode()).as(run.output()).isEqualTo(1);
            assertThat(run.err()).contains("WRONGPASS", "\tat ").doesNotContain(SECRET);
        }
    }

    @Test
    void thePasswordOfAMalformedAddressIsNotShown() throws Exception {
        for (String address : List.of(
                "redis://:" + OF_SOURCE + "@host:port",
                "redis:/:" + OF_SOURCE + "@host",
                ":" + OF_SOURCE + "@host/x")) {
            try (RumpProcess run = launch(Map.of(), "-from=" + address, "-to", RumpProcess.uri(target))) {
                assertThat(run.exitCode()).as(run.output()).isEqualTo(2);
                assertThat(run.err()).startsWith("rump: --from ").doesNotContain(SECRET, "@source");
            }
        }
    }

    private RumpProcess launch(Map<String, String> environment, String... arguments) throws IOException {
        Map<String, String> all = new HashMap<>(environment);
        all.put("RUMP_DEBUG", "1");
        all.put("RUMP_JAVA_OPTS", DEBUGGING);
        return RumpProcess.launched(folder, all, arguments);
    }
}
