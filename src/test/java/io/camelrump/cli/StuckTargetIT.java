package io.camelrump.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.camelrump.cli.demo.DemoData;
import io.camelrump.fixtures.RedisServer;
import io.camelrump.fixtures.RedisServers;
import io.camelrump.fixtures.SampleData;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Tag;
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

    private static void awaitKeys(RedisServer server, long keys) {
        try (Jedis jedis = server.jedis()) {
            await().atMost(Duration.ofSeconds(30))
                    .pollInterval(Duration.ofMillis(2))
                    .until(() -> jedis.dbSize() >= keys);
        }
    }

    private static void terminate(RumpProcess process) throws Exception {
        process.signal("TERM");
        assertThat(process.exitCode(20)).as(process.output()).isEqualTo(143);
        assertThat(process.out()).contains("INCOMPLETE");
    }

    @Test
    void signalWhileTheTargetIsSilent() throws Exception {
        RedisServer source = servers.start();
        RedisServer target = servers.start();
        DemoData.fill(source.port(), 10_000);
        try (RumpProcess process = RumpProcess.between(
                source,
                target,
                List.of(),
                "--scan-count",
                "10",
                "--batch-keys",
                "10",
                "--max-keys-per-second",
                "5000",
                "--drain-for",
                "2s")) {
            awaitKeys(target, 200);
            target.pause();
            terminate(process);
        }
    }

    @Test
    @Tag("long")
    void signalWhileAWriteIsStuck() throws Exception {
        RedisServer source = servers.start();
        RedisServer target = servers.start();
        try (Jedis jedis = source.jedis()) {
            SampleData.fillNoise(jedis, 8, 20 * 1024 * 1024);
        }
        try (RumpProcess process = RumpProcess.between(source, target, List.of("-Xmx256m"), "--drain-for", "2s")) {
            awaitKeys(target, 1);
            target.pause();
            await().pollDelay(Duration.ofSeconds(2)).until(() -> true);
            terminate(process);
        }
    }

    @Tag("long")
    @Test
    void aNameThatIsGoneForAMoment() throws Exception {
        RedisServer source = servers.start();
        RedisServer target = servers.start();
        DemoData.fill(source.port(), 10_000);
        Path hosts = folder.resolve("hosts");
        Files.writeString(hosts, "127.0.0.1 target.example\n");
        try (RumpProcess process = RumpProcess.between(
                source,
                "redis://target.example:" + target.port(),
                List.of(
                        "-Djdk.net.hosts.file=" + hosts,
                        "-Dsun.net.inetaddr.ttl=0",
                        "-Dsun.net.inetaddr.negative.ttl=0"),
                "--scan-count=10",
                "--batch-keys=10",
                "--max-keys-per-second=5000")) {
            awaitKeys(target, 200);
            Files.writeString(hosts, "127.0.0.1 other.example\n");
            target.kill9();
            await().pollDelay(Duration.ofSeconds(1)).until(() -> true);
            target.restart(false);
            Files.writeString(hosts, "127.0.0.1 target.example\n");
            assertThat(process.exitCode()).as(process.output()).isZero();
            assertThat(process.out()).contains("COMPLETE: ");
        }
        try (Jedis jedis = target.jedis()) {
            assertThat(jedis.dbSize()).isEqualTo(10_000);
        }
    }

    @Tag("long")
    @Test
    void outOfMemoryInTheCommand() throws Exception {
        RedisServer source = servers.start();
        RedisServer target = servers.start();
        try (Jedis jedis = target.jedis();
                Jedis from = source.jedis()) {
            SampleData.fillNoise(jedis, 100, 1024 * 1024);
            SampleData.fillNoise(from, 100, 3);
        }
        try (RumpProcess process = RumpProcess.between(
                source,
                target,
                List.of("-Xmx64m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"),
                "--on-conflict",
                "keep")) {
            assertThat(process.exitCode()).as(process.output()).isZero();
            assertThat(process.output())
                    .contains("COMPLETE: 100 keys", "read 100: restored 0, kept 100")
                    .doesNotContain("OutOfMemory");
        }
        try (Jedis jedis = target.jedis()) {
            assertThat(jedis.strlen(jedis.randomKey())).isEqualTo(1024 * 1024);
        }
    }
}
