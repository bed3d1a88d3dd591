package io.camelrump.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.camelrump.cli.demo.DemoData;
import io.camelrump.fixtures.RedisServer;
import io.camelrump.fixtures.RedisServers;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import redis.clients.jedis.Jedis;

/** A run that cannot succeed ends with one line that says why, and an exit code. */
class RumpFailuresIT {
    private static final String AT_ONCE = "--retry-for=0s";

    @RegisterExtension
    private final RedisServers servers = new RedisServers();

    @Test
    void unknownHost() {
        RedisServer target = servers.start();

        fails("Unknown host no-such-host.invalid", "redis://no-such-host.invalid", uri(target));
    }

    @Test
    void refusedConnection() throws Exception {
        RedisServer source = servers.start();
        int port;
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = socket.getLocalPort();
        }

        fails("Connection refused by 127.0.0.1:" + port, uri(source), "redis://127.0.0.1:" + port, AT_ONCE);
        fails("Connection refused by 127.0.0.1:" + port, "redis://127.0.0.1:" + port, uri(source), AT_ONCE);
    }

    @Test
    @Tag("long")
    void serverThatNeverAnswers() throws Exception {
        RedisServer target = servers.start();
        try (ServerSocket mute = new ServerSocket(0, 8, InetAddress.getByName("127.0.0.1"))) {
            fails("did not answer in time", "redis://127.0.0.1:" + mute.getLocalPort(), uri(target), AT_ONCE);
        }
    }

    @Test
    void serverThatIsNoRedis() throws Exception {
        RedisServer target = servers.start();
        try (ServerSocket web = new ServerSocket(0, 8, InetAddress.getByName("127.0.0.1"))) {
            Thread answers = new Thread(() -> {
                try {
                    while (true) {
                        try (var socket = web.accept()) {
                            socket.getInputStream().read(new byte[1000]);
                            socket.getOutputStream().write("HTTP/1.1 400 Bad Request\r\n\r\n".getBytes());
                        }
                    }
                } catch (java.io.IOException e) {
                    // the test is over
                }
            });
            answers.setDaemon(true);
            answers.start();

            fails("does not speak the Redis protocol", "redis://127.0.0.1:" + web.getLocalPort(), uri(target));
        }
    }

    @Test
    void wrongPasswordHintsAtHowItWasRead() {
        RedisServer source = servers.start(RedisServers.usual(), "--requirepass", "a%41b");
        RedisServer target = servers.start();

        CommandRun run = fails("WRONGPASS", withLogin(source, ":a%41b"), uri(target));

        assertThat(run.err()).contains("The password in --from was percent-decoded");
        assertThat(CommandRun.of("-from", withLogin(source, ":a%2541b"), "-to", uri(target))
                        .exitCode())
                .isZero();
        assertThat(CommandRun.with(Map.of("RUMP_FROM_PASSWORD", "a%41b"), "-from", uri(source), "-to", uri(target))
                        .exitCode())
                .isZero();
    }

    @Test
    void missingPassword() {
        RedisServer source = servers.start();
        RedisServer target = servers.start(RedisServers.usual(), "--requirepass", "secret");

        fails("Give a password", uri(source), uri(target));
    }

    @Test
    void aUserWithoutACommandGetsTheRuleToAdd() {
        RedisServer source = servers.start();
        DemoData.fill(source.port(), 10);
        try (Jedis jedis = source.jedis()) {
            jedis.aclSetUser("reader", "on", ">secret", "~*", "+@all", "-dump");
        }

        fails("+dump", withLogin(source, "reader:secret"), uri(servers.start()));
    }

    @Test
    void aTargetUserWithoutRestoreGetsTheRuleToAdd() {
        RedisServer source = servers.start();
        DemoData.fill(source.port(), 10);
        RedisServer target = servers.start();
        try (Jedis jedis = target.jedis()) {
            jedis.aclSetUser("writer", "on", ">secret", "~*", "+@all", "-restore");
        }

        fails("+restore", uri(source), withLogin(target, "writer:secret"));
    }

    @Test
    void databaseOutOfRange() {
        RedisServer source = servers.start();

        fails("no database 99", uri(source) + "/99", uri(servers.start()));
        fails("no database 99", uri(servers.start()), uri(source) + "/99");
    }

    @Test
    void sameDatabaseOnBothSides() {
        RedisServer source = servers.start();
        DemoData.fill(source.port(), 10);

        fails("same", uri(source), uri(source));
    }

    @Test
    void readOnlyTarget() {
        RedisServer source = servers.start();
        DemoData.fill(source.port(), 10);
        RedisServer target = servers.start();
        try (Jedis jedis = target.jedis()) {
            jedis.replicaof("127.0.0.1", servers.start().port());
        }

        fails("name its master", uri(source), uri(target), "--retry-for", "1s");
    }

    @Test
    void targetOutOfMemory() {
        RedisServer source = servers.start();
        DemoData.fill(source.port(), 100);
        RedisServer target =
                servers.start(RedisServers.usual(), "--maxmemory", "1", "--maxmemory-policy", "noeviction");

        fails("Raise its maxmemory", uri(source), uri(target), "--retry-for", "1s");
    }

    @Test
    void targetThatStaysLoading() {
        RedisServer source = servers.start();
        RedisServer target = servers.start();
        DemoData.fill(source.port(), 10);
        DemoData.fill(target.port(), 2_000);
        try (Jedis loads = target.jedis();
                Jedis jedis = target.jedis()) {
            // 40 s for all keys
            loads.configSet("key-load-delay", "20000");
            loads.configSet("loading-process-events-interval-bytes", "1024");
            CompletableFuture.runAsync(() -> loads.sendCommand(() -> "DEBUG".getBytes(), "RELOAD"));
            await().atMost(Duration.ofSeconds(10))
                    .until(() -> jedis.info("persistence").contains("loading:1"));

            fails("LOADING", uri(source), uri(target), "--retry-for", "1s");
        }
    }

    @Test
    void targetThatThrowsKeysAway() {
        RedisServer source = servers.start();
        DemoData.fill(source.port(), 30_000);
        RedisServer target =
                servers.start(RedisServers.usual(), "--maxmemory", "4mb", "--maxmemory-policy", "allkeys-random");

        CommandRun run = fails("keys during the run", uri(source), uri(target));

        assertThat(run.err()).containsPattern("evicted \\d+ keys during the run: it has 4194304 bytes");
    }

    @Test
    void sourceInClusterMode() {
        RedisServer source = servers.start(RedisServers.usual(), "--cluster-enabled", "yes");

        fails("names no master that has slots", uri(source), uri(servers.start()), AT_ONCE);
    }

    @Test
    void foreignKeyUnderFail() {
        RedisServer source = servers.start();
        RedisServer target = servers.start();
        try (Jedis left = source.jedis();
                Jedis right = target.jedis()) {
            left.set("k", "ours");
            right.set("k", "theirs");
        }

        fails("k", uri(source), uri(target), "--on-conflict=fail");
        CommandRun kept = CommandRun.of("-from", uri(source), "-to", uri(target), "--on-conflict=keep");

        assertThat(kept.exitCode()).isZero();
        assertThat(kept.out()).contains("kept 1");
    }

    @Test
    void optionThatTheRouteRefuses() {
        RedisServer source = servers.start();

        CommandRun run = CommandRun.of("-from", uri(source), "-to", uri(servers.start()), "--window-bytes", "1gb");

        assertThat(run.err()).startsWith("rump: windowBytes=1gb: it must be").hasLineCount(1);
        assertThat(run.exitCode()).isEqualTo(2);
    }

    /** Runs and expects exit code 1, with one line that tells why and no password in it. */
    private static CommandRun fails(String message, String from, String to, String... more) {
        String[] arguments = java.util.stream.Stream.concat(
                        java.util.stream.Stream.of("-from", from, "-to", to), java.util.stream.Stream.of(more))
                .toArray(String[]::new);
        CommandRun run = CommandRun.of(arguments);
        assertThat(run.err()).startsWith("rump: ").contains(message).hasLineCount(1);
        assertThat(run.out() + run.err()).doesNotContain("secret", "a%41b", "Exception", "\tat ");
        assertThat(run.out()).doesNotContain("COMPLETE:");
        assertThat(run.exitCode()).isEqualTo(1);
        return run;
    }

    private static String uri(RedisServer server) {
        return "redis://127.0.0.1:" + server.port();
    }

    private static String withLogin(RedisServer server, String login) {
        return "redis://" + login + "@127.0.0.1:" + server.port();
    }
}
