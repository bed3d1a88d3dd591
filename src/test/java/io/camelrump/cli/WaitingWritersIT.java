package io.camelrump.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.camelrump.fixtures.RedisServer;
import io.camelrump.fixtures.RedisServers;
import io.camelrump.fixtures.SampleData;
import io.camelrump.fixtures.ServerPair;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.JedisPubSub;
import redis.clients.jedis.exceptions.JedisConnectionException;

/** Writes that wait for the end of a pause fail once the run has converged; nobody else loses a connection. */
class WaitingWritersIT {
    private static final int KEYS = 200;

    @RegisterExtension
    private static final ServerPair PAIR = new ServerPair();

    @TempDir
    Path folder;

    private static Jedis client() {
        return new Jedis(RedisServer.HOST, PAIR.source().port(), 30_000);
    }

    private static CompletableFuture<List<String>> pop(Jedis worker, int seconds, String list) {
        return CompletableFuture.supplyAsync(() -> worker.blpop(seconds, list));
    }

    private static void awaitBlocked(int clients) {
        await().atMost(Duration.ofSeconds(10))
                .until(() -> PAIR.atSource().info("clients").contains("blocked_clients:" + clients));
    }

    private CompletableFuture<CommandRun> startAndAwaitCopy(Path go) {
        CompletableFuture<CommandRun> run = CompletableFuture.supplyAsync(() -> CommandRun.live(
                PAIR,
                "--cutover-file=" + go,
                "--pause-writes=6s",
                "--fail-waiting-writes",
                "--json=" + folder.resolve("run.json")));
        await().atMost(Duration.ofSeconds(30)).until(() -> PAIR.atTarget().dbSize() >= KEYS);
        return run;
    }

    private static void assertWritesFail(Jedis writer) {
        assertThatThrownBy(() -> {
                    while (true) {
                        writer.set("written", "before");
                    }
                })
                .isInstanceOf(JedisConnectionException.class);
    }

    private void assertReported(CommandRun ended) throws IOException {
        assertThat(ended.exitCode()).as(ended.out() + ended.err()).isZero();
        assertThat(ended.err())
                .contains("Converged. Writes at the source stay paused for another ", "is not copied.")
                .doesNotContain("go on then");
        assertThat(ended.out()).contains("; connections closed that waited to write: 3");
        JsonNode live =
                new ObjectMapper().readTree(folder.resolve("run.json").toFile()).path("live");
        assertThat(live.path("closedClients").asLong(-1)).isEqualTo(3);
        assertThat(live.path("pauseSeconds").asDouble()).isEqualTo(6);
    }

    @ParameterizedTest
    @ValueSource(strings = {"redis-6.2", "redis-7.0", "redis-8.0", "redis-8.6", "valkey-8.1", "valkey-9"})
    void writesThatWaitFailUntilThePauseIsOver(String version) throws Exception {
        assumeTrue(RedisServers.find(version).isPresent());
        PAIR.use(RedisServers.version(version), RedisServers.version(version));
        SampleData.fillMixed(PAIR.atSource(), KEYS);
        Path go = folder.resolve("go");
        try (Jedis before = client();
                Jedis worker = client();
                Jedis subscriber = client();
                Jedis reader = client();
                Jedis writer = client()) {
            CompletableFuture<List<String>> waiting = pop(before, 0, "queue");
            CompletableFuture<Void> subscribed =
                    CompletableFuture.runAsync(() -> subscriber.subscribe(new JedisPubSub() {}, "channel"));
            awaitBlocked(1);
            CompletableFuture<CommandRun> run = startAndAwaitCopy(go);
            // one whose wait ends during the pause, and who then waits for the pause
            CompletableFuture<List<String>> timedOut = pop(worker, 3, "other");
            awaitBlocked(2);
            Files.createFile(go);

            assertWritesFail(writer);
            try (Jedis again = client()) {
                assertThatThrownBy(() -> again.set("written", "again")).isInstanceOf(JedisConnectionException.class);
            }
            assertThat(timedOut.orTimeout(10, TimeUnit.SECONDS).join()).isNull();
            assertThatThrownBy(() -> worker.blpop(0, "other")).isInstanceOf(JedisConnectionException.class);
            assertThat(reader.get("written")).isNotEqualTo("again");

            CommandRun ended = run.orTimeout(30, TimeUnit.SECONDS).join();

            assertReported(ended);
            // the pause is over: those who were left alone go on
            assertThat(reader.set("written", "afterwards")).isEqualTo("OK");
            assertThat(PAIR.atSource().rpush("queue", "job")).isEqualTo(1);
            assertThat(waiting.orTimeout(10, TimeUnit.SECONDS).join()).containsExactly("queue", "job");
            assertThat(subscribed).isNotDone();
        }
    }

    @Test
    void aMissingRightToCloseConnectionsEndsTheRunBeforeItsFirstKey() {
        SampleData.fillMixed(PAIR.atSource(), KEYS);
        PAIR.atSource().aclSetUser("limited", "reset", "on", ">secret", "~*", "&*", "+@all", "-client|kill");
        String[] flags = {
            "-from=redis://limited@" + RedisServer.HOST + ":" + PAIR.source().port(),
            "-to=" + PAIR.to(),
            "--live",
            "--until-lag=1s",
            "--pause-writes=2s",
            "--fail-waiting-writes"
        };

        CommandRun run = CommandRun.with(Map.of("RUMP_FROM_PASSWORD", "secret"), flags);

        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.err()).contains("NOPERM", "Add the rule +client|kill to the ACL of this user");
        assertThat(PAIR.atTarget().dbSize()).isZero();
    }

    @Test
    void withoutAPauseThereAreNoWritesToFail() {
        CommandRun run = CommandRun.live(PAIR, "--until-lag=1s", "--fail-waiting-writes");

        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.err()).contains("add --pause-writes TIME");
    }
}
