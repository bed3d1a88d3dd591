package io.camelrump.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.camelrump.fixtures.CommandStats;
import io.camelrump.fixtures.LiveWriter;
import io.camelrump.fixtures.SampleData;
import io.camelrump.fixtures.ServerPair;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import redis.clients.jedis.Jedis;

class LiveCommandIT {
    private static final int KEYS = 1_500;

    @RegisterExtension
    private static final ServerPair PAIR = new ServerPair();

    @TempDir
    Path folder;

    @BeforeEach
    void fill() {
        SampleData.fillMixed(PAIR.atSource(), KEYS);
    }

    private CommandRun run(String... flags) {
        return CommandRun.live(PAIR, flags);
    }

    private JsonNode json() throws IOException {
        return new ObjectMapper().readTree(folder.resolve("run.json").toFile());
    }

    @Test
    void convergesWhenTheWritersHaveStopped() throws IOException {
        Path go = folder.resolve("go");
        CompletableFuture<CommandRun> run;
        try (LiveWriter writer = LiveWriter.start(PAIR.source(), 300, 3)) {
            run = CompletableFuture.supplyAsync(() -> run(
                    "--cutover-file",
                    go.toString(),
                    "--json",
                    folder.resolve("run.json").toString()));
            await().atMost(Duration.ofSeconds(30)).until(() -> PAIR.atTarget().dbSize() >= KEYS / 2);
            long written = writer.written();
            await().atMost(Duration.ofSeconds(30)).until(() -> writer.written() > written + 3_000);
        }
        Files.createFile(go);

        CommandRun ended = run.join();

        assertThat(ended.err()).contains("Cutting over, as the file").doesNotContain("rump:");
        assertThat(ended.out()).contains("CONVERGED: ", "converged as of ").doesNotContain("Cutting over");
        assertThat(ended.exitCode()).isZero();
        assertThat(json().path("result").asText()).isEqualTo("CONVERGED");
        assertThat(json().path("live").path("gaps").asLong()).isZero();
        assertEqual();
    }

    @Test
    void reportsWhatIsMissingWhenWritesContinue() throws IOException {
        // so few writes that a round comes to its end soon
        ScheduledExecutorService writer = Executors.newSingleThreadScheduledExecutor();
        AtomicInteger written = new AtomicInteger();
        try (Jedis source = PAIR.source().jedis()) {
            writer.scheduleWithFixedDelay(
                    () -> source.incr("n:" + written.incrementAndGet() % 50), 0, 5, TimeUnit.MILLISECONDS);

            CommandRun run = run(
                    "--until-lag=10s",
                    "--cutover-timeout=4s",
                    "--json",
                    folder.resolve("run.json").toString());

            assertThat(run.err())
                    .contains("rump: not converged: ")
                    // a round came to its end, and what it found is told
                    .containsPattern("were written at the source while|keys differed, such as")
                    .containsPattern(
                            "\\d writes per second since the cutover began, lately to keys such as \".:\\d+\"");
            assertThat(run.out()).contains("NOT CONVERGED: ").doesNotContain("converged as of");
            assertThat(run.exitCode()).isEqualTo(7);
            assertThat(json().path("exitName").asText()).isEqualTo("NOT_CONVERGED");
        } finally {
            writer.shutdownNow();
        }
    }

    @Test
    void aPauseOfTheWritesLetsBothSidesConvergeUnderAWriter() {
        try (LiveWriter writer = LiveWriter.start(PAIR.source(), 300, 5);
                Jedis other = PAIR.source().jedis()) {
            await().atMost(Duration.ofSeconds(30)).until(() -> writer.written() > 1_000);

            CommandRun run = run("--until-lag=10s", "--pause-writes=10s");

            assertThat(run.err())
                    .contains(
                            "Writes at the source are paused", "1 client waits, and goes on then to write to the old");
            assertThat(run.out()).contains("converged");
            assertThat(run.exitCode()).isZero();
            assertEqual();
            other.clientUnpause();
        }
    }

    @Test
    void keyspaceNotificationsAreHeardWhereThereIsNoTracking() throws IOException {
        PAIR.atSource().configSet("notify-keyspace-events", "AE");
        PAIR.atSource().configResetStat();
        PAIR.atSource().aclSetUser("reader", "on", ">p@:#%w {{x}}", "~*", "&*", "+@all", "-client|tracking");
        Path go = folder.resolve("go");
        CompletableFuture<CommandRun> run = CompletableFuture.supplyAsync(() -> CommandRun.of(
                "-from=redis://reader:p@:#%w {{x}}@127.0.0.1:" + PAIR.source().port(),
                "-to=" + PAIR.to(),
                "--live",
                "--cutover-file=" + go,
                "--json=" + folder.resolve("run.json")));
        await().atMost(Duration.ofSeconds(30)).until(() -> PAIR.atTarget().dbSize() == KEYS);
        await().atMost(Duration.ofSeconds(5)).until(() -> {
            PAIR.atSource().set("heard", "of");
            return PAIR.atTarget().exists("heard");
        });
        Files.createFile(go);

        CommandRun ended = run.join();

        assertThat(ended.err()).doesNotContain("rump:");
        assertThat(ended.exitCode()).isZero();
        assertThat(json().path("live").path("reportedBy").asText()).isEqualTo("notifications");
        // each of two drains scans the source once, and a further round twice
        assertThat(CommandStats.calls(PAIR.atSource(), "scan")).isLessThan(60);
        PAIR.atSource().configSet("notify-keyspace-events", "");
        assertEqual();
    }

    @Test
    void convergesWhereTheSourceReportsNoChanges() throws IOException {
        PAIR.atSource().aclSetUser("reader", "on", ">secret", "~*", "&*", "+@all", "-client|tracking");
        PAIR.atSource().configResetStat();

        CommandRun run = CommandRun.of(
                "-from=redis://reader:secret@127.0.0.1:" + PAIR.source().port(),
                "-to=" + PAIR.to(),
                "--live",
                "--latency-guard=off",
                "--until-lag=1s",
                "--cutover-timeout=30s",
                "--json=" + folder.resolve("run.json"));

        assertThat(run.out()).as(run.err()).contains("converged as of");
        assertThat(run.exitCode()).isZero();
        assertThat(json().path("live").path("reportedBy").asText()).isEqualTo("scans");
        assertThat(CommandStats.calls(PAIR.atSource(), "scan")).isLessThan(40);
        assertEqual();
    }

    @Test
    void keysThatOnlyTheTargetHasAreLeftAloneWhereItWasNotEmpty() {
        PAIR.atTarget().set("of the target's own", "value");

        CommandRun run = run("--until-lag=1s");

        assertThat(run.exitCode()).isZero();
        assertThat(PAIR.atTarget().dbSize()).isEqualTo(KEYS + 1);
    }

    @Test
    void deletesAreFollowedAtATargetThatHoldsKeysOfItsOwn() throws IOException {
        PAIR.atTarget().set("of the target's own", "value");
        PAIR.atTarget().set("mixed:0", "of an earlier run");
        Path go = folder.resolve("go");
        CompletableFuture<CommandRun> run = CompletableFuture.supplyAsync(() -> run("--cutover-file", go.toString()));
        await().atMost(Duration.ofSeconds(30)).until(() -> PAIR.atTarget().dbSize() == KEYS + 1);
        PAIR.atSource().del("mixed:0", "mixed:1");
        PAIR.atSource().rename("mixed:2", "renamed");
        Files.createFile(go);

        CommandRun ended = run.join();

        assertThat(ended.exitCode()).isZero();
        assertThat(PAIR.atTarget().get("of the target's own")).isEqualTo("value");
        PAIR.atTarget().del("of the target's own");
        assertEqual();
    }

    @Test
    void deletesAreFollowedWhileAnotherDatabaseIsEmptied() throws IOException {
        Path go = folder.resolve("go");
        CompletableFuture<CommandRun> run = CompletableFuture.supplyAsync(() -> run("--cutover-file", go.toString()));
        await().atMost(Duration.ofSeconds(30)).until(() -> PAIR.atTarget().dbSize() == KEYS);
        // nothing comes between the reports of the deletes and that of the empty database
        PAIR.atSource().eval("""
                for i = 0, 299 do
                    redis.call('DEL', 'mixed:' .. i)
                    redis.call('SET', 'new:' .. i, i)
                end
                redis.call('SELECT', 5)
                redis.call('SET', 'scratch', 1)
                redis.call('FLUSHDB')
                """);
        Files.createFile(go);

        CommandRun ended = run.join();

        assertThat(ended.exitCode()).as(ended.err()).isZero();
        assertEqual();
    }

    @Test
    void convergesWithoutAKeyBesideKeysOfTheTargetsOwn() {
        PAIR.atSource().flushAll();
        PAIR.atTarget().set("of the target's own", "value");

        CommandRun run = run("--on-conflict=replace", "--until-lag=1s", "--cutover-timeout=20s");

        assertThat(run.exitCode()).as(run.out() + run.err()).isZero();
        assertThat(PAIR.atTarget().get("of the target's own")).isEqualTo("value");

        run = run("--on-conflict=replace", "--prune", "--allow-mass-delete", "--until-lag=1s", "--cutover-timeout=20s");

        assertThat(run.exitCode()).as(run.out() + run.err()).isZero();
        assertThat(PAIR.atTarget().dbSize()).isZero();
    }

    @Test
    void aDeleteThatIsWithheldKeepsItFromConverging() throws IOException {
        PAIR.atTarget().set("of both", "the target's");
        Path go = folder.resolve("go");
        CompletableFuture<CommandRun> run = CompletableFuture.supplyAsync(() -> run(
                "--cutover-file",
                go.toString(),
                "--json",
                folder.resolve("run.json").toString()));
        await().atMost(Duration.ofSeconds(30)).until(() -> PAIR.atTarget().dbSize() == KEYS + 1);
        // never seen there, so that the target's own value still stands
        PAIR.atSource().eval("redis.call('SET', 'of both', 'the source\\'s') redis.call('DEL', 'of both')");
        Files.createFile(go);

        CommandRun ended = run.join();

        assertThat(ended.err()).contains("1 keys are gone at the source, such as \"of both\"", "--prune");
        assertThat(ended.exitCode()).isEqualTo(7);
        assertThat(json().path("live").path("withheld").asLong()).isEqualTo(1);
        assertThat(PAIR.atTarget().get("of both")).isEqualTo("the target's");
    }

    @Tag("long")
    @Test
    void aTargetWithMoreKeysThanCanBeRememberedHasNoDeletesFollowed() throws Exception {
        PAIR.atTarget().sendCommand(() -> "DEBUG".getBytes(StandardCharsets.US_ASCII), "POPULATE", "200000");
        Path go = folder.resolve("go");
        try (RumpProcess run = RumpProcess.between(
                PAIR.source(),
                PAIR.target(),
                List.of("-Xmx64m"),
                "--live",
                "--on-conflict=replace",
                "--cutover-file=" + go)) {
            run.awaitOutput("deletes will not be followed; add prune=true (--prune)");
            await().atMost(Duration.ofSeconds(30)).until(() -> PAIR.atTarget().exists("mixed:" + (KEYS - 1)));
            PAIR.atSource().del("mixed:1");
            Files.createFile(go);

            assertThat(run.exitCode()).isEqualTo(7);
            assertThat(run.err()).contains("such as \"mixed:1\"");
        }
        assertThat(PAIR.atTarget().exists("mixed:1")).isTrue();
    }

    @Test
    void deletesWhatOnlyTheTargetHasIfAskedTo() {
        PAIR.atTarget().set("of the target's own", "value");

        CommandRun run = run("--until-lag=1s", "--prune");

        assertThat(run.exitCode()).isZero();
        assertEqual();
    }

    @Test
    void keysGoneAllAtOnceKeepItFromConverging() throws IOException {
        Path go = folder.resolve("go");
        CompletableFuture<CommandRun> run =
                CompletableFuture.supplyAsync(() -> run("--cutover-file", go.toString(), "--cutover-timeout=30s"));
        await().atMost(Duration.ofSeconds(30)).until(() -> PAIR.atTarget().dbSize() == KEYS);
        try (Jedis source = PAIR.source().jedis()) {
            source.flushAll();
        }
        Files.createFile(go);

        CommandRun ended = run.join();

        assertThat(ended.err()).contains("gone at the source all at once", "--allow-mass-delete");
        assertThat(ended.exitCode()).isEqualTo(7);
        assertThat(PAIR.atTarget().dbSize()).isEqualTo(KEYS);
    }

    @Test
    void refusesWhatDoesNotGoTogether() {
        assertThat(run("--until-lag=1s", "--until-after=1s").exitCode()).isEqualTo(2);
        assertThat(run("--verify").exitCode()).isEqualTo(2);
        assertThat(run("--dry-run").exitCode()).isEqualTo(2);
        assertThat(run("--sample=10").exitCode()).isEqualTo(2);
        assertThat(CommandRun.of("-from=" + PAIR.from(), "-to=" + PAIR.to(), "--until-lag=1s")
                        .exitCode())
                .isEqualTo(2);
        CommandRun oneServer =
                CommandRun.of("-from=" + PAIR.from(), "-to=" + PAIR.from() + "/1", "--live", "--pause-writes=1s");
        assertThat(oneServer.exitCode()).isEqualTo(2);
        assertThat(oneServer.err()).contains("are one server");
        PAIR.atTarget().set("key", "value");
        CommandRun keep = run("--on-conflict=keep");
        assertThat(keep.exitCode()).isEqualTo(2);
        assertThat(keep.err()).contains("must be empty for that");
    }

    private static void assertEqual() {
        EqualityProof.Result result = EqualityProof.compare(PAIR.atSource(), PAIR.atTarget(), Duration.ofMillis(50));
        assertThat(result.differences()).isEmpty();
    }
}
