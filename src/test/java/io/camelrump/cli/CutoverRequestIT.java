package io.camelrump.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.camelrump.fixtures.CommandStats;
import io.camelrump.fixtures.RedisServer;
import io.camelrump.fixtures.SampleData;
import io.camelrump.fixtures.ServerPair;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import redis.clients.jedis.Jedis;

/** A cutover begins when the first copy is complete, and holds writers up no longer than it was allowed to. */
class CutoverRequestIT {
    private static final int KEYS = 400;

    @RegisterExtension
    private static final ServerPair PAIR = new ServerPair();

    @TempDir
    Path folder;

    @BeforeEach
    void fill() {
        SampleData.fillMixed(PAIR.atSource(), KEYS);
    }

    private CompletableFuture<CommandRun> start(String... flags) {
        String[] all = Arrays.copyOf(flags, flags.length + 1);
        all[flags.length] = "--json=" + folder.resolve("run.json");
        return CompletableFuture.supplyAsync(() -> CommandRun.live(PAIR, all));
    }

    private JsonNode live() throws IOException {
        return new ObjectMapper().readTree(folder.resolve("run.json").toFile()).path("live");
    }

    private static long pauses() {
        return CommandStats.calls(PAIR.atSource(), "client|pause");
    }

    private static void awaitKeys(int keys) {
        await().atMost(Duration.ofSeconds(30))
                .pollInterval(Duration.ofMillis(5))
                .until(() -> PAIR.atTarget().dbSize() >= keys);
    }

    @Test
    void aCutoverThatIsAskedForDuringTheCopyStartsAfterIt() throws Exception {
        Path go = folder.resolve("go");
        CompletableFuture<CommandRun> run =
                start("--cutover-file=" + go, "--pause-writes=30s", "--max-keys-per-second=400", "--batch-keys=20");
        awaitKeys(KEYS / 10);
        Files.createFile(go);

        CommandRun ended = run.orTimeout(30, TimeUnit.SECONDS).join();

        assertThat(ended.err())
                .containsSubsequence(
                        "The cutover is asked for, as the file",
                        "it starts when the first copy is through, in about ",
                        "First copy complete, following.",
                        "; cut over with: kill -USR1 " + ProcessHandle.current().pid(),
                        "Cutting over, as the file",
                        "Writes at the source are paused",
                        "Writes at the source stay paused for another ",
                        "to write to the old server");
        assertThat(ended.out()).containsPattern("writes at the source paused for 30.0 s, of which \\d+\\.\\d s until");
        assertThat(ended.exitCode()).isZero();
        assertThat(live().path("pauseToConvergedSeconds").asDouble()).isBetween(0.001, 29.0);
        assertThat(live().path("pauseSeconds").asDouble()).isEqualTo(30);
        assertThat(live().path("waitingClients").asLong(-1)).isZero();
        PAIR.atSource().clientUnpause();
    }

    @Tag("long")
    @Test
    void aTargetThatFreezesHoldsNoWriterUpBeyondThePause() throws Exception {
        Path go = folder.resolve("go");
        CompletableFuture<CommandRun> run = start(
                "--cutover-file=" + go,
                "--final-compare=full",
                "--pause-writes=500ms",
                "--cutover-timeout=20s",
                "--retry-for=20s");
        awaitKeys(KEYS);
        long before = pauses();
        Files.createFile(go);
        // the first of them is that by which the right is tried
        await().atMost(Duration.ofSeconds(10))
                .pollInterval(Duration.ofMillis(2))
                .until(() -> pauses() > before + 1);
        PAIR.target().pause();
        Duration waited;
        try {
            long begunAt = System.nanoTime();
            try (Jedis writer = new Jedis(RedisServer.HOST, PAIR.source().port(), 10_000)) {
                writer.set("written", "meanwhile");
                waited = Duration.ofNanos(System.nanoTime() - begunAt);
                writer.set("written", "afterwards");
            }
        } finally {
            PAIR.target().resume();
        }

        CommandRun ended = run.orTimeout(30, TimeUnit.SECONDS).join();

        assertThat(waited).isLessThan(Duration.ofMillis(900));
        assertThat(ended.err()).contains("The pause of the source's writes is over: they go on");
        assertThat(ended.exitCode()).isZero();
        assertThat(live().path("pauseSeconds").asDouble()).isEqualTo(0.5);
        assertThat(PAIR.atTarget().get("written")).isEqualTo("afterwards");
    }

    @Tag("long")
    @Test
    void aTargetThatFreezesAroundTheLastBarrierEndsInNoFalseConverged() throws Exception {
        Path go = folder.resolve("go");
        CompletableFuture<CommandRun> run =
                start("--cutover-file=" + go, "--pause-writes=500ms", "--cutover-timeout=20s", "--retry-for=20s");
        awaitKeys(KEYS);
        long before = pauses();
        Files.createFile(go);
        await().atMost(Duration.ofSeconds(10))
                .pollInterval(Duration.ofMillis(2))
                .until(() -> pauses() > before + 1);
        PAIR.target().pause();
        try (Jedis writer = new Jedis(RedisServer.HOST, PAIR.source().port(), 10_000)) {
            writer.set("written", "after the pause");
        } finally {
            PAIR.target().resume();
        }

        CommandRun ended = run.orTimeout(30, TimeUnit.SECONDS).join();

        boolean arrived = "after the pause".equals(PAIR.atTarget().get("written"));
        assertThat(ended.exitCode()).as(ended.err()).isEqualTo(arrived ? 0 : 7);
    }

    @Test
    void aCutoverThatRunsOutOfTimeSaysHowFarItsComparisonCame() {
        CommandRun ended = start(
                        "--until-lag=1s",
                        "--final-compare=full",
                        "--cutover-timeout=1200ms",
                        "--max-keys-per-second=200",
                        "--batch-keys=20")
                .orTimeout(30, TimeUnit.SECONDS)
                .join();

        assertThat(ended.exitCode()).isEqualTo(7);
        assertThat(ended.err())
                .containsPattern("the comparison of both sides was not through: \\d+ of about \\d+ keys were compared")
                .contains("not converged: after ");
    }

    @Test
    void aCutoverFileThatIsThereOrCannotBeIsRefused() throws IOException {
        Path there = Files.createFile(folder.resolve("there"));
        Path nowhere = folder.resolve("none").resolve("go");

        CommandRun early = start("--cutover-file=" + there).join();
        CommandRun never = start("--cutover-file=" + nowhere).join();

        assertThat(early.exitCode()).isEqualTo(2);
        assertThat(early.err()).contains("--cutover-file " + there + " is there already");
        assertThat(never.exitCode()).isEqualTo(2);
        assertThat(never.err()).contains(nowhere.getParent() + " is no folder");
        assertThat(PAIR.atTarget().dbSize()).isZero();
    }
}
