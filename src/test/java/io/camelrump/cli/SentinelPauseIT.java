package io.camelrump.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.camelrump.ServerMode;
import io.camelrump.cli.flags.RedisUri;
import io.camelrump.cutover.WritePause;
import io.camelrump.fixtures.LiveWriter;
import io.camelrump.fixtures.RedisSentinels;
import io.camelrump.fixtures.RedisServer;
import io.camelrump.fixtures.RedisServers;
import io.camelrump.fixtures.Reply;
import io.camelrump.fixtures.SampleData;
import io.camelrump.fixtures.ScriptedServer;
import io.camelrump.redis.ServerAddress;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.Protocol;
import redis.clients.jedis.exceptions.JedisConnectionException;

/** A pause of the writes at a source that sentinels watch: it holds up what they publish there too. */
class SentinelPauseIT {
    private static final String MASTER = "orders";

    @RegisterExtension
    private final RedisServers servers = new RedisServers();

    private final ScriptedServer sentinel = new ScriptedServer();

    @AfterEach
    void end() {
        sentinel.close();
    }

    private void names(RedisServer master, Reply about) {
        sentinel.on("SENTINEL GET-MASTER-ADDR-BY-NAME", Reply.bulks(RedisServer.HOST, "" + master.port()));
        sentinel.on("SENTINEL MASTER", about);
    }

    private static Reply downAfter(String millis) {
        return Reply.bulks("name", MASTER, "down-after-milliseconds", millis, "quorum", "2");
    }

    private String uri() {
        return "redis-sentinel://" + RedisServer.HOST + ":" + sentinel.port() + "/" + MASTER;
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "check"})
    void aPauseIsRefusedThatTheSentinelsWouldTakeForADeadMaster(String command) {
        RedisServer source = servers.start();
        names(source, downAfter("2000"));
        String target = "redis://" + RedisServer.HOST + ":" + servers.start().port();
        String[] flags = {"-from", uri(), "-to", target, "--live", "--until-lag=1s", "--pause-writes=2s"};

        CommandRun run = CommandRun.of(command.isEmpty() ? flags : CheckFixture.withCheck(flags));

        assertThat(run.out() + run.err()).contains("2000 ms", "down-after-milliseconds", "--pause-writes");
        assertThat(run.exitCode()).isEqualTo(command.isEmpty() ? 2 : 4);
    }

    @Test
    void aPauseIsRefusedWhereSentinelsWatchASourceThatIsNotNamedByThem() {
        RedisServer source = servers.start();
        RedisServer target = servers.start();
        try (Jedis jedis = source.jedis()) {
            jedis.sendCommand(Protocol.Command.SUBSCRIBE, "__sentinel__:hello");

            CommandRun run = CommandRun.of(
                    "-from=redis://" + RedisServer.HOST + ":" + source.port(),
                    "-to=redis://" + RedisServer.HOST + ":" + target.port(),
                    "--live",
                    "--pause-writes=1s",
                    "--until-lag=1s");

            assertThat(run.err()).contains("sentinels watch the source", "redis-sentinel://");
            assertThat(run.exitCode()).isEqualTo(2);
        }
    }

    private WritePause pause(long millis) {
        return new WritePause(this::source, ServerMode.AUTO, Duration.ofMillis(millis), false, held -> {});
    }

    @Test
    void aPauseIsNotBegunWhereItIsUnknownHowLongTheSentinelsWait() {
        names(servers.start(), Reply.error("NOPERM this user has no permissions to run the 'sentinel|master' command"));

        assertThatThrownBy(() -> pause(1_000).look()).hasMessageContaining("Add the rule +sentinel|master");
    }

    @Test
    void afterAFailoverThePauseIsTakenOnTheNewMasterForWhatIsLeft() throws IOException {
        RedisServer former = servers.start();
        RedisServer successor = servers.start();
        names(former, downAfter("60000"));

        try (WritePause pause = pause(50_000)) {
            pause.look();
            assertThat(isPaused(former)).isTrue();
            names(successor, downAfter("60000"));
            assertThat(isPaused(successor)).isFalse();

            pause.look();

            assertThat(isPaused(successor)).isTrue();
            assertThat(pause.gaps()).isEqualTo(1);
            pause.look();
            assertThat(pause.gaps()).as("of the round after it").isEqualTo(1);
            assertThat(pause.millisLeft()).isLessThan(50_000);
        }

        assertThat(isPaused(successor)).isFalse();
    }

    @Tag("long")
    @Test
    void aFailoverDuringACutoverIsFollowedByAnotherRound(@TempDir Path folder) throws IOException {
        RedisServer target = servers.start();
        try (RedisSentinels source = RedisSentinels.start(servers, RedisServers.usual())) {
            SampleData.fillMixed(source.master().jedis(), 200);
            Path go = folder.resolve("go");
            CompletableFuture<CommandRun> run;
            try (LiveWriter writer = LiveWriter.start(source::master, 20, 7)) {
                run = CompletableFuture.supplyAsync(() -> CommandRun.of(
                        "-from=redis-sentinel://" + source.places() + "/" + RedisSentinels.MASTER_NAME,
                        "-to=redis://" + RedisServer.HOST + ":" + target.port(),
                        "--live",
                        "--latency-guard=off",
                        "--max-keys-per-second=500",
                        "--cutover-file=" + go,
                        "--pause-writes=400ms",
                        "--cutover-timeout=60s"));
                await().atMost(Duration.ofSeconds(30))
                        .until(() -> target.jedis().dbSize() >= 200);
                Files.createFile(go);
                source.killMaster();
                long written = writer.written();
                await().atMost(Duration.ofSeconds(30)).until(() -> run.isDone() || writer.written() > written);
            }

            assertThat(run.join().out()).as(run.join().err()).contains("converged as of");
            try (Jedis from = source.master().jedis();
                    Jedis to = target.jedis()) {
                assertThat(EqualityProof.compare(from, to, Duration.ofMillis(200))
                                .differences())
                        .isEmpty();
            }
        }
    }

    private ServerAddress source() {
        return RedisUri.parse(uri()).address();
    }

    private static boolean isPaused(RedisServer server) {
        try (Jedis jedis = new Jedis(RedisServer.HOST, server.port(), 300)) {
            jedis.set("key", "value");
            return false;
        } catch (JedisConnectionException e) {
            return true;
        }
    }
}
