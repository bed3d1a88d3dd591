package io.camelrump.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.camelrump.fixtures.CommandStats;
import io.camelrump.fixtures.RedisServer;
import io.camelrump.fixtures.Reply;
import io.camelrump.fixtures.SampleData;
import io.camelrump.fixtures.ScriptedServer;
import io.camelrump.fixtures.ServerPair;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import redis.clients.jedis.Jedis;

/** No writer of the source stands still for a right that was forgotten, or for longer than was allowed. */
class CutoverRightsIT {
    @RegisterExtension
    private static final ServerPair PAIR = new ServerPair();

    @TempDir
    Path folder;

    private static void allow(Jedis server, String... rules) {
        List<String> all = new ArrayList<>(List.of("reset", "on", ">secret", "~*", "&*", "+@all"));
        all.addAll(List.of(rules));
        server.aclSetUser("limited", all.toArray(String[]::new));
    }

    private static CommandRun run(String... flags) {
        List<String> all = new ArrayList<>(List.of("--live", "--latency-guard=off"));
        all.add("-from=redis://limited@" + RedisServer.HOST + ":"
                + PAIR.source().port());
        all.add("-to=redis://limited@" + RedisServer.HOST + ":" + PAIR.target().port());
        all.addAll(List.of(flags));
        return CommandRun.with(
                Map.of("RUMP_FROM_PASSWORD", "secret", "RUMP_TO_PASSWORD", "secret"), all.toArray(String[]::new));
    }

    @ParameterizedTest
    @CsvSource({
        "target, scan, +scan",
        "target, dump, +dump",
        "source, type, +type",
        "source, client|pause, +client|pause",
        "source, ping, +ping",
        "source, sscan, +sscan",
        "source, scard, +scard",
        "target, scard, +scard",
        "target, sismember, +sismember",
        "target, scan -dump, +scan +dump"
    })
    void aRunThatLacksARightOfItsCutoverIsRefusedBeforeItsFirstKey(String side, String taken, String rules) {
        SampleData.fillMixed(PAIR.atSource(), 20);
        allow(PAIR.atSource());
        allow(PAIR.atTarget());
        allow(side.equals("source") ? PAIR.atSource() : PAIR.atTarget(), ("-" + taken).split(" "));

        CommandRun run = run("--until-lag=1s", "--pause-writes=3s", "--cutover-timeout=3s");

        assertThat(run.err())
                .contains("NOPERM", rules + " to the ACL of this user")
                .doesNotContain("are paused");
        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(PAIR.atTarget().dbSize()).isZero();
    }

    @ParameterizedTest
    @ValueSource(strings = {"OOM command not allowed", "MISCONF unable to persist", "READONLY replica", "LOADING data"})
    void aRightThatIsMissingIsNamedThoughTheTargetCannotTakeWritesNow(String error) {
        SampleData.fillMixed(PAIR.atSource(), 20);
        try (ScriptedServer target = new ScriptedServer(PAIR.target())) {
            target.on("RESTORE", Reply.error(error));
            target.on("PTTL", Reply.error("NOPERM this user has no permissions to run the 'pttl' command"));

            CommandRun run = CommandRun.of(
                    "-from=" + PAIR.from(), "-to=" + target.uri(), "--live", "--until-lag=1s", "--retry-for=1s");

            assertThat(run.err()).contains("NOPERM", "+pttl to the ACL of this user");
            assertThat(run.exitCode()).isEqualTo(1);
        }
    }

    @Test
    void aRightThatIsTakenAwayBeforeTheCutoverEndsItWithoutAPause() throws IOException {
        SampleData.fillMixed(PAIR.atSource(), 20);
        allow(PAIR.atSource());
        allow(PAIR.atTarget());
        Path go = folder.resolve("go");
        CompletableFuture<CommandRun> run = CompletableFuture.supplyAsync(
                () -> run("--cutover-file=" + go, "--pause-writes=60s", "--cutover-timeout=60s"));
        await().atMost(Duration.ofSeconds(30)).until(() -> PAIR.atTarget().dbSize() == 20);
        allow(PAIR.atTarget(), "-dump");
        Files.createFile(go);

        CommandRun ended = run.orTimeout(20, TimeUnit.SECONDS).join();

        assertThat(ended.err())
                .contains("the cutover is not begun: ", "Add the rule +dump")
                .doesNotContain("are paused");
        assertThat(ended.exitCode()).isEqualTo(7);
    }

    @Test
    void aRightThatIsTakenAwayDuringTheCutoverEndsItAndThePauseAtOnce() throws IOException {
        SampleData.fillMixed(PAIR.atSource(), 20);
        allow(PAIR.atSource());
        allow(PAIR.atTarget());
        Path go = folder.resolve("go");
        CompletableFuture<CommandRun> run = CompletableFuture.supplyAsync(() -> run(
                "--cutover-file=" + go,
                "--final-compare=full",
                "--pause-writes=60s",
                "--cutover-timeout=60s",
                "--max-keys-per-second=25",
                "--batch-keys=5"));
        await().atMost(Duration.ofSeconds(30)).until(() -> PAIR.atTarget().dbSize() == 20);
        long before = pauses();
        Files.createFile(go);
        // the first of them is that by which the right is tried
        await().atMost(Duration.ofSeconds(4)).until(() -> pauses() > before + 1);
        allow(PAIR.atTarget(), "-dump");

        CommandRun ended = run.orTimeout(20, TimeUnit.SECONDS).join();

        assertThat(ended.err()).contains("are paused", "the comparison failed: ", "Add the rule +dump");
        assertThat(ended.exitCode()).isEqualTo(7);
        try (Jedis writer = new Jedis(RedisServer.HOST, PAIR.source().port(), 2_000)) {
            assertThat(writer.set("written", "afterwards")).isEqualTo("OK");
        }
    }

    @Test
    void thePauseIsNotRenewedBeyondItsLengthAndTheRunFollowsOn() throws IOException {
        SampleData.fillMixed(PAIR.atSource(), 15);
        allow(PAIR.atSource());
        allow(PAIR.atTarget());
        Path go = folder.resolve("go");
        CompletableFuture<CommandRun> run = CompletableFuture.supplyAsync(() -> run(
                "--cutover-file=" + go,
                "--final-compare=full",
                "--pause-writes=300ms",
                "--max-keys-per-second=25",
                "--batch-keys=5"));
        await().atMost(Duration.ofSeconds(30)).until(() -> PAIR.atTarget().dbSize() == 15);
        long before = pauses();
        Files.createFile(go);
        await().atMost(Duration.ofSeconds(4)).until(() -> pauses() > before + 1);

        long begunAt = System.nanoTime();
        PAIR.atSource().set("written", "meanwhile");
        Duration waited = Duration.ofNanos(System.nanoTime() - begunAt);
        CommandRun ended = run.orTimeout(20, TimeUnit.SECONDS).join();

        assertThat(waited).isLessThan(Duration.ofMillis(800));
        assertThat(ended.err()).contains("The pause of the source's writes is over");
        assertThat(ended.out()).contains("converged as of");
        assertThat(ended.exitCode()).isZero();
        assertThat(PAIR.atTarget().get("written")).isEqualTo("meanwhile");
    }

    private static long pauses() {
        return CommandStats.calls(PAIR.atSource(), "client|pause");
    }
}
