package io.camelrump.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.camelrump.fixtures.RedisServer;
import io.camelrump.fixtures.RedisServers;
import io.camelrump.fixtures.SampleData;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.Pipeline;
import redis.clients.jedis.Protocol;

class RumpCommandIT {
    @RegisterExtension
    private final RedisServers servers = new RedisServers();

    @TempDir
    Path folder;

    @Test
    void copiesEverythingAndExitsWith0() throws Exception {
        RedisServer source = servers.start();
        RedisServer target = servers.start();
        DemoData.fill(source.port(), 5_000);
        Path json = folder.resolve("run.json");

        CommandRun run = CommandRun.of("-from", uri(source), "-to", uri(target), "--json", json.toString());

        assertThat(run.err()).isEmpty();
        assertThat(run.out()).startsWith("COMPLETE: 5,000 keys").contains("read 5,000: restored 5,000, kept 0");
        assertThat(run.exitCode()).isZero();
        try (Jedis left = source.jedis();
                Jedis right = target.jedis()) {
            assertThat(EqualityProof.compare(left, right, Duration.ofMillis(5)).differences())
                    .isEmpty();
        }
        JsonNode summary = new ObjectMapper().readTree(json.toFile());
        assertThat(summary.path("result").asText()).isEqualTo("COMPLETE");
        assertThat(summary.path("exitCode").asInt()).isZero();
        assertThat(summary.path("exitName").asText()).isEqualTo("COMPLETE");
        assertThat(summary.path("counts").path("read").asLong()).isEqualTo(5_000);
        assertThat(summary.path("counts").path("restored").asLong()).isEqualTo(5_000);
        try (var files = Files.list(folder)) {
            assertThat(files).containsExactly(json);
        }
    }

    @Test
    void silentRunSaysNothing() {
        RedisServer source = servers.start();
        RedisServer target = servers.start();
        DemoData.fill(source.port(), 10);

        CommandRun run = CommandRun.of("-from", uri(source), "-to", uri(target), "-silent");

        assertThat(run).isEqualTo(new CommandRun(0, "", ""));
    }

    @Test
    void copiesOnlyWhatTheFlagsAskFor() {
        RedisServer source = servers.start();
        RedisServer target = servers.start();
        DemoData.fill(source.port(), 900);

        CommandRun run = CommandRun.of(
                "-from", uri(source), "-to", uri(target) + "/3", "--match", "text:*", "--type", "string", "-ttl=false");

        assertThat(run.exitCode()).as(run.err()).isZero();
        try (Jedis jedis = target.jedis()) {
            jedis.select(3);
            assertThat(jedis.dbSize()).isEqualTo(100);
            assertThat(jedis.keys("*"))
                    .allSatisfy(key -> assertThat(jedis.ttl(key)).isEqualTo(-1));
        }
    }

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

        fails("Connection refused by 127.0.0.1:" + port, uri(source), "redis://127.0.0.1:" + port);
        fails("Connection refused by 127.0.0.1:" + port, "redis://127.0.0.1:" + port, uri(source));
    }

    @Test
    void serverThatNeverAnswers() throws Exception {
        RedisServer target = servers.start();
        try (ServerSocket mute = new ServerSocket(0, 8, InetAddress.getByName("127.0.0.1"))) {
            fails("does not answer in time", "redis://127.0.0.1:" + mute.getLocalPort(), uri(target));
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

    @ParameterizedTest
    @ValueSource(
            strings = {
                "p@:/#%&?=+ {{x}}RAW(y)${z}", "{{x:y}}", "RAW(a&b)c)", "RAW{a}", "#bean:x", "#property:y", "a%25b%",
                        "&host=x",
                "a\\b\"c'", "naïve€😀", "  spaces  ", "a+b", ")", "}}", "{{?x}}", "{{env:HOME}}"
            })
    void logsInWithAnyUserAndPassword(String password) {
        RedisServer source = servers.start(RedisServers.usual(), "--requirepass", password);
        RedisServer target = servers.start();
        try (Jedis jedis = target.jedis()) {
            jedis.sendCommand(Protocol.Command.ACL, "SETUSER", "wr%iter{{x}}", "on", ">x%y" + password, "~*", "+@all");
        }

        CommandRun run = CommandRun.of(
                "-from", withLogin(source, ":" + password + "%"),
                "-to", withLogin(target, "wr%iter{{x}}:x%y" + password));
        assertThat(run.exitCode()).as(run.err()).isEqualTo(1);
        assertThat(run.err()).contains("WRONGPASS").doesNotContain(password);

        run = CommandRun.with(
                Map.of("RUMP_FROM_PASSWORD", password),
                "-from",
                uri(source),
                "-to",
                withLogin(target, "wr%iter{{x}}:x%y" + password));
        assertThat(run.exitCode()).as(run.err()).isZero();
        assertThat(run.err()).isEmpty();
    }

    @Test
    void globMayHoldBracesAndPercentSigns() {
        RedisServer source = servers.start();
        RedisServer target = servers.start();
        try (Jedis jedis = source.jedis()) {
            jedis.mset("a{{x}}%25+b", "1", "other", "2");
        }

        CommandRun run = CommandRun.of("-from", uri(source), "-to", uri(target), "--match", "a{{x}}%25+*");

        assertThat(run.exitCode()).as(run.err()).isZero();
        try (Jedis jedis = target.jedis()) {
            assertThat(jedis.keys("*")).containsExactly("a{{x}}%25+b");
        }
    }

    @Test
    void leavesOutKeysByName() {
        RedisServer source = servers.start();
        RedisServer target = servers.start();
        try (Jedis jedis = source.jedis()) {
            jedis.mset("user:1", "1", "user:12", "2", "order:1", "3", "rest", "4");
        }

        CommandRun run = CommandRun.of(
                "-from",
                uri(source),
                "-to",
                uri(target),
                "--include-regex",
                "user:\\d+",
                "--include-key",
                "order:*",
                "--exclude-key=*2");

        assertThat(run.exitCode()).as(run.err()).isZero();
        assertThat(run.out()).contains("read 4: restored 2, kept 0, vanished 0, filtered 2");
        try (Jedis jedis = target.jedis()) {
            assertThat(jedis.keys("*")).containsExactlyInAnyOrder("user:1", "order:1");
        }
    }

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
    void copiesAllDatabasesUnderOtherNumbersAndNames() {
        RedisServer source = servers.start();
        RedisServer target = servers.start();
        try (Jedis jedis = source.jedis()) {
            for (int database = 0; database < 3; database++) {
                jedis.select(database);
                jedis.mset("user:{{1}}+", "of " + database, "order:1", "v");
            }
            jedis.set("u:{{1}}+", "keeps its name");
            jedis.select(0);
        }

        CommandRun run = CommandRun.of(
                "-from", uri(source), "-to", uri(target), "--db=all", "--map-db", "0=5", "--rename", "user:*=u:*");

        assertThat(run.exitCode()).as(run.err()).isEqualTo(6);
        assertThat(run.out())
                .contains("read 7: restored 6, kept 0, vanished 0, filtered 0, deleted 0, refused 1")
                .contains("refused \"user:{{1}}+\": it would be called \"u:{{1}}+\" at the target,"
                        + " as the key \"u:{{1}}+\" is (database 2)");
        try (Jedis jedis = target.jedis()) {
            jedis.select(5);
            assertThat(jedis.get("u:{{1}}+")).isEqualTo("of 0");
            jedis.select(1);
            assertThat(jedis.get("u:{{1}}+")).isEqualTo("of 1");
            jedis.select(2);
            assertThat(jedis.get("u:{{1}}+")).isEqualTo("keeps its name");
        }
    }

    @Test
    void missingPassword() {
        RedisServer source = servers.start();
        RedisServer target = servers.start(RedisServers.usual(), "--requirepass", "secret");

        fails("Give a password", uri(source), uri(target));
    }

    @Test
    void userWithoutACommandIsToldTheRule() {
        RedisServer source = servers.start();
        DemoData.fill(source.port(), 10);
        try (Jedis jedis = source.jedis()) {
            jedis.aclSetUser("reader", "on", ">secret", "~*", "+@all", "-dump");
        }

        fails("+dump", withLogin(source, "reader:secret"), uri(servers.start()));
    }

    @Test
    void targetUserWithoutRestoreIsToldTheRule() {
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

        fails("names no master that has slots", uri(source), uri(servers.start()));
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
    void fileThatCanNotBeWrittenIsToldBeforeTheRun() {
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

    @Test
    void demoTakesNoPasswordFromTheEnvironment() {
        CommandRun run = CommandRun.with(Map.of("RUMP_TO_PASSWORD", "x"), "demo", "--keys", "100");
        assertThat(run.exitCode()).isZero();
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
