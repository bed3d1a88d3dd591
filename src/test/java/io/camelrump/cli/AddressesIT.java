package io.camelrump.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.camelrump.fixtures.RedisCluster;
import io.camelrump.fixtures.RedisSentinels;
import io.camelrump.fixtures.RedisServer;
import io.camelrump.fixtures.RedisServers;
import io.camelrump.fixtures.SampleData;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import redis.clients.jedis.Jedis;

/** Servers that are reached otherwise than by one IPv4 address. */
class AddressesIT {
    @RegisterExtension
    private final RedisServers servers = new RedisServers();

    @TempDir
    Path folder;

    private RedisServer filled(int keys, String... arguments) {
        RedisServer server = servers.start(RedisServers.usual(), arguments);
        try (Jedis jedis = server.jedis()) {
            SampleData.fillMixed(jedis, keys);
        }
        return server;
    }

    @Test
    void bothSidesMayBeUnixSockets() {
        Path from = folder.resolve("from.sock");
        Path to = folder.resolve("to.sock");
        filled(2_000, "--unixsocket", from.toString(), "--requirepass", "secret");
        RedisServer target = servers.start(RedisServers.usual(), "--unixsocket", to.toString());

        CommandRun run =
                CommandRun.of("-from=unix://:secret@" + from, "-to=redis-socket://" + to + "?database=2", "--verify");
        CommandRun live = CommandRun.of("-from=unix://:secret@" + from, "-to=unix://" + to, "--live", "--until-lag=1s");

        assertThat(run.exitCode()).as(run.err()).isZero();
        assertThat(run.out()).contains("EQUAL: 2,000 keys");
        assertThat(live.exitCode()).as(live.err()).isZero();
        try (Jedis jedis = target.jedis()) {
            assertThat(jedis.dbSize()).isEqualTo(2_000);
            jedis.select(2);
            assertThat(jedis.dbSize()).isEqualTo(2_000);
        }
    }

    @Test
    void aSocketThatIsNotThereIsNamed() {
        RedisServer target = servers.start();
        Path none = folder.resolve("none.sock");

        CommandRun run = CommandRun.of("-from=unix://" + none, "-to=redis://127.0.0.1:" + target.port());

        assertThat(run.err())
                .isEqualTo("rump: unix://" + none + " cannot be opened (No such file or directory): check its path and"
                        + " permissions, and that a Redis runs there.\n");
        assertThat(run.exitCode()).isEqualTo(1);
    }

    @Test
    void anAddressMayBeOneOfIpv6() {
        assumeTrue(hasIpv6(), "this machine has no IPv6");
        RedisServer source = filled(100, "--bind", "127.0.0.1", "::1");
        RedisServer target = servers.start(RedisServers.usual(), "--bind", "127.0.0.1", "::1");

        CommandRun run =
                CommandRun.of("-from=redis://[::1]:" + source.port(), "-to=redis://[0:0:0:0:0:0:0:1]:" + target.port());

        assertThat(run.exitCode()).as(run.err()).isZero();
        assertThat(run.out()).contains("restored 100");
    }

    @Test
    void sentinelsMayNameBothServers() {
        try (RedisSentinels from = RedisSentinels.start(servers, RedisServers.usual(), "sentinels-own-word");
                RedisSentinels to = RedisSentinels.start(servers, RedisServers.usual());
                Jedis jedis = from.master().jedis()) {
            SampleData.fillMixed(jedis, 2_000);
            Map<String, String> environment = Map.of("RUMP_FROM_SENTINEL_PASSWORD", "sentinels-own-word");
            String source = "-from=redis-sentinel://" + from.places() + "/" + RedisSentinels.MASTER_NAME;
            String target = "-to=redis-sentinel://" + to.places() + "/2#" + RedisSentinels.MASTER_NAME;

            CommandRun check = CommandRun.with(environment, "check", source, target);
            CommandRun run = CommandRun.with(environment, source, target, "--verify");
            CommandRun live = CommandRun.with(environment, source, target, "--live", "--until-lag=1s");
            CommandRun compare = CommandRun.with(environment, "compare", source, target);
            CommandRun refused = CommandRun.of(source, target);

            assertThat(check.exitCode()).as(check.out() + check.err()).isZero();
            assertThat(run.exitCode()).as(run.err()).isZero();
            assertThat(run.out()).contains("EQUAL: 2,000 keys");
            assertThat(live.exitCode()).as(live.err()).isZero();
            assertThat(compare.exitCode()).as(compare.err()).isZero();
            assertThat(refused.exitCode()).isEqualTo(1);
            assertThat(refused.err()).contains("NOAUTH", "--from-sentinel-password-file");
            assertThat(run.out() + run.err() + live.err() + refused.err()).doesNotContain("sentinels-own-word");
        }
    }

    @Test
    void aClusterIsFoundFromAnyOfItsNodes() {
        RedisServer server = filled(2_000);
        RedisCluster cluster = RedisCluster.start(servers, RedisServers.usual(), 3, 0);
        String source = "-from=redis://127.0.0.1:" + server.port();
        String target = "-to=redis://127.0.0.1:" + cluster.masters().get(2).port();

        CommandRun check = CommandRun.of("check", source, target);
        CommandRun verified = CommandRun.of(source, target, "--verify");
        CommandRun database = CommandRun.of(source, target + "/3");
        CommandRun alone = CommandRun.of(source, target, "--to-mode=standalone");
        CommandRun run = CommandRun.of(source, target);

        assertThat(check.exitCode()).as(check.out()).isZero();
        assertThat(check.out()).contains("a migration writes to all of them");
        assertThat(verified.exitCode()).as(verified.err()).isZero();
        assertThat(verified.out()).contains("EQUAL: 2,000 keys");
        assertThat(database.exitCode()).isEqualTo(1);
        assertThat(database.err()).contains("is a cluster, which has no database 3");
        assertThat(alone.exitCode()).isEqualTo(1);
        assertThat(alone.err()).contains("MOVED");
        assertThat(run.exitCode()).as(run.err()).isZero();
        assertThat(run.out()).contains("restored 2,000");
        assertThat(cluster.size()).isEqualTo(2_000);

        CommandRun backwards = CommandRun.of(
                target.replace("-to", "-from"),
                "-to=redis://127.0.0.1:" + servers.start().port());
        assertThat(backwards.exitCode()).as(backwards.err()).isZero();
        assertThat(backwards.out()).contains("restored 2,000");
    }

    private static boolean hasIpv6() {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getByName("::1"))) {
            return socket.isBound();
        } catch (IOException e) {
            return false;
        }
    }

    @Test
    void everyAddressOfANameIsTried() throws Exception {
        RedisServer source = filled(100);
        RedisServer target = servers.start();
        Path hosts = Files.writeString(
                folder.resolve("hosts"),
                "127.0.0.2 several.example\n127.0.0.1 several.example\n127.0.0.3 several.example\n");
        ProcessBuilder builder = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:TieredStopAtLevel=1",
                        "-Djdk.net.hosts.file=" + hosts,
                        "-cp",
                        System.getProperty("java.class.path"),
                        "io.camelrump.cli.Rump",
                        "-from=redis://several.example:" + source.port(),
                        "-to=redis://several.example:" + target.port())
                .redirectErrorStream(true);

        Process process = builder.start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

        assertThat(process.waitFor()).as(output).isZero();
        assertThat(output).contains("restored 100");
    }
}
