package io.camelrump.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.camelrump.RedisServer;
import io.camelrump.RedisServers;
import io.camelrump.SampleData;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import redis.clients.jedis.Jedis;

/** The command against a target that takes nothing, is full of large values, or has no address for a while. */
class StuckTargetIT {
    @RegisterExtension
    private final RedisServers servers = new RedisServers();

    @TempDir
    Path folder;

    private Process start(String to, RedisServer source, List<String> java, String... more) throws Exception {
        List<String> command = new ArrayList<>(
                List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString()));
        command.addAll(java);
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), "io.camelrump.cli.Rump"));
        command.addAll(List.of(more));
        ProcessBuilder builder = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("output").toFile());
        builder.environment().put("RUMP_FROM", "redis://127.0.0.1:" + source.port());
        builder.environment().put("RUMP_TO", to);
        return builder.start();
    }

    private static void awaitKeys(RedisServer server, long keys) {
        try (Jedis jedis = server.jedis()) {
            await().atMost(Duration.ofSeconds(30))
                    .pollInterval(Duration.ofMillis(2))
                    .until(() -> jedis.dbSize() >= keys);
        }
    }

    private String output() throws Exception {
        return Files.readString(folder.resolve("output")).replace("\n", " | ");
    }

    private void terminate(Process process, int patience) throws Exception {
        long begin = System.nanoTime();
        new ProcessBuilder("kill", "-TERM", String.valueOf(process.pid()))
                .start()
                .waitFor();
        boolean ended = process.waitFor(patience, TimeUnit.SECONDS);
        process.destroyForcibly();
        assertThat(ended).isTrue();
        assertThat(output()).contains("INCOMPLETE");
    }

    @Test
    void signalWhileTheTargetIsSilent() throws Exception {
        RedisServer source = servers.start();
        RedisServer target = servers.start();
        DemoData.fill(source.port(), 40_000);
        Process process = start(
                "redis://127.0.0.1:" + target.port(),
                source,
                List.of(),
                "--scan-count",
                "10",
                "--batch-keys",
                "10",
                "--drain-for",
                "2s");
        awaitKeys(target, 200);
        target.pause();
        terminate(process, 20);
    }

    @Test
    void signalWhileAWriteIsStuck() throws Exception {
        RedisServer source = servers.start();
        RedisServer target = servers.start();
        try (Jedis jedis = source.jedis()) {
            SampleData.fillNoise(jedis, 15, 20 * 1024 * 1024);
        }
        Process process = start("redis://127.0.0.1:" + target.port(), source, List.of("-Xmx256m"), "--drain-for", "2s");
        awaitKeys(target, 1);
        target.pause();
        await().pollDelay(Duration.ofSeconds(2)).until(() -> true);
        terminate(process, 20);
    }

    @Test
    void aNameThatIsGoneForAMoment() throws Exception {
        RedisServer source = servers.start();
        RedisServer target = servers.start();
        DemoData.fill(source.port(), 40_000);
        Path hosts = folder.resolve("hosts");
        Files.writeString(hosts, "127.0.0.1 target.example\n");
        Process process = start(
                "redis://target.example:" + target.port(),
                source,
                List.of(
                        "-Djdk.net.hosts.file=" + hosts,
                        "-Dsun.net.inetaddr.ttl=0",
                        "-Dsun.net.inetaddr.negative.ttl=0"),
                "--scan-count",
                "10",
                "--batch-keys",
                "10");
        awaitKeys(target, 200);
        Files.writeString(hosts, "127.0.0.1 other.example\n");
        target.kill9();
        await().pollDelay(Duration.ofSeconds(1)).until(() -> true);
        target.restart(false);
        Files.writeString(hosts, "127.0.0.1 target.example\n");
        process.waitFor(60, TimeUnit.SECONDS);
        process.destroyForcibly();
        assertThat(process.exitValue()).isZero();
    }

    @Test
    void outOfMemoryInTheCommand() throws Exception {
        RedisServer source = servers.start();
        RedisServer target = servers.start();
        try (Jedis jedis = target.jedis();
                Jedis from = source.jedis()) {
            SampleData.fillNoise(jedis, 100, 1024 * 1024);
            SampleData.fillNoise(from, 100, 3);
        }
        Process process = start(
                "redis://127.0.0.1:" + target.port(),
                source,
                List.of("-Xmx64m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"),
                "--on-conflict",
                "keep");
        process.waitFor(90, TimeUnit.SECONDS);
        process.destroyForcibly();
        assertThat(process.exitValue()).isZero();
    }
}
