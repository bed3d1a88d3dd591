package io.camelrump.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.camelrump.fixtures.CommandStats;
import io.camelrump.fixtures.LiveWriter;
import io.camelrump.fixtures.RedisServers;
import io.camelrump.fixtures.SampleData;
import io.camelrump.fixtures.ServerPair;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.StreamEntryID;
import redis.clients.jedis.params.XReadGroupParams;

/** A cutover that compares what waits, as the other keys were verified beside the writers. */
class VerifiedCutoverIT {
    private static final int KEYS = 1_500;
    private static final String VERIFIED = "Verified beside the writers: ";
    private static final Pattern TRACKING_CLIENT = Pattern.compile("(?m)^id=(\\d+) .* flags=\\w*[tB]");

    @RegisterExtension
    private static final ServerPair PAIR = new ServerPair();

    @TempDir
    Path folder;

    @BeforeEach
    void fill() {
        SampleData.fillMixed(PAIR.atSource(), KEYS);
    }

    private LiveCommand start(String... flags) {
        String[] all = Arrays.copyOf(flags, flags.length + 1);
        all[flags.length] = "--final-compare=waiting";
        return LiveCommand.start(PAIR, folder, all);
    }

    /** As a user of the source who may do all but this. */
    private LiveCommand startWithout(String command) {
        PAIR.atSource().aclSetUser("limited", "reset", "on", ">secret", "~*", "&*", "+@all", "-" + command);
        return LiveCommand.start(
                folder,
                "-from=redis://limited:secret@127.0.0.1:" + PAIR.source().port(),
                "-to=" + PAIR.to(),
                "--latency-guard=off",
                "--final-compare=waiting");
    }

    private static void assertEqual() {
        EqualityProof.Result result = EqualityProof.compare(PAIR.atSource(), PAIR.atTarget(), Duration.ofMillis(50));
        assertThat(result.differences()).isEmpty();
    }

    private void assertConverged(CommandRun ended) {
        assertThat(ended.out()).as(ended.err()).contains("CONVERGED: ");
        assertThat(ended.exitCode()).isZero();
        assertEqual();
    }

    @Test
    void keysThatNobodyWritesAreNotComparedAgain() throws IOException {
        LiveCommand run = start("--pause-writes=10s");
        run.awaitSaid(VERIFIED);
        PAIR.atSource().configResetStat();

        CommandRun ended = run.cutOver();

        assertConverged(ended);
        assertThat(ended.err())
                .containsSubsequence(
                        "First copy complete, following.",
                        "Verifying the copy beside the writers.",
                        "Verified beside the writers: 1,500 keys; cut over with: kill -USR1 "
                                + ProcessHandle.current().pid(),
                        "Cutting over, as the file")
                .doesNotContain("All keys are compared now");
        assertThat(ended.out()).contains("verified 1,500 keys beside the writers, compared 0 at the cutover");
        assertThat(run.live().path("verifiedKeys").asLong()).isEqualTo(KEYS);
        assertThat(run.live().path("comparedAtCutover").asLong(-1)).isZero();
        assertThat(run.live().path("pauseToConvergedSeconds").asDouble()).isLessThan(1);
        // by the connection that compares to the one that looks at keys again; but streams are read at each barrier
        assertThat(CommandStats.calls(PAIR.atSource(), "scan")).isLessThan(5);
        PAIR.atSource().clientUnpause();
    }

    @Test
    void aWriterThatNeverRestsIsPausedForAMoment() throws IOException {
        try (LiveWriter writer = LiveWriter.start(PAIR.source(), 300, 5);
                Jedis other = PAIR.source().jedis()) {
            LiveCommand run = start("--pause-writes=20s", "--allow-mass-delete");
            run.awaitSaid(VERIFIED);
            long written = writer.written();
            await().atMost(Duration.ofSeconds(30)).until(() -> writer.written() > written + 2_000);

            CommandRun ended = run.cutOver();

            assertThat(ended.err()).contains("1 client waits, and goes on then to write to the old");
            assertConverged(ended);
            assertThat(run.live().path("verifiedKeys").asLong()).isGreaterThan(KEYS);
            other.clientUnpause();
        }
    }

    @Test
    void aCutoverThatIsAskedForDuringTheSweepStartsAfterIt() throws IOException {
        LiveCommand run = start("--pause-writes=10s", "--max-keys-per-second=2000", "--batch-keys=20");
        run.awaitSaid("Verifying the copy beside the writers");

        CommandRun ended = run.cutOver();

        assertThat(ended.err())
                .containsSubsequence(
                        "The cutover is asked for, as the file",
                        "it starts when the copy is verified",
                        VERIFIED,
                        "Cutting over, as the file",
                        "Writes at the source are paused");
        assertConverged(ended);
        PAIR.atSource().clientUnpause();
    }

    @Test
    void aKeyThatSomebodyAltersAtTheTargetAfterTheSweepIsFound() throws IOException {
        LiveCommand run = start();
        run.awaitSaid(VERIFIED);
        PAIR.atTarget().set("mixed:0", "of somebody else");
        PAIR.atTarget().del("mixed:1");
        PAIR.atTarget().set("mixed:new", "of somebody else");

        CommandRun ended = run.cutOver();

        assertConverged(ended);
        assertThat(ended.err()).contains("keys differed, such as ");
    }

    @Test
    void othersThatWriteTheirOwnKeysAtTheTargetDelayNoCutover() throws IOException {
        PAIR.atTarget().set("own", "0");
        ScheduledExecutorService others = Executors.newSingleThreadScheduledExecutor();
        try (Jedis other = PAIR.target().jedis()) {
            LiveCommand run = start("--pause-writes=20s");
            run.awaitSaid(VERIFIED);
            others.scheduleWithFixedDelay(() -> other.incr("own"), 0, 1, TimeUnit.MILLISECONDS);

            CommandRun ended = run.cutOver();

            assertThat(ended.out()).as(ended.err()).contains("CONVERGED: ");
            assertThat(run.live().path("pauseToConvergedSeconds").asDouble()).isLessThan(5);
            PAIR.atSource().clientUnpause();
        } finally {
            others.shutdownNow();
        }
    }

    @Test
    void changesThatMayHaveBeenMissedLeadToANewSweep() throws IOException {
        LiveCommand run = start();
        run.awaitSaid(VERIFIED);
        killTracking(PAIR.atSource());
        run.awaitSaid("The verification is void, because ");
        run.awaitSaid(VERIFIED, 2);

        CommandRun ended = run.cutOver();

        assertConverged(ended);
        assertThat(ended.err()).doesNotContain("All keys are compared now");
        assertThat(run.live().path("gaps").asLong()).isPositive();
    }

    @Test
    void changesThatAreMissedJustBeforeTheCutoverAreFound() throws IOException {
        LiveCommand run = start();
        run.awaitSaid(VERIFIED);
        // nobody hears of it, as both happen at once
        PAIR.atSource().eval("redis.call('SET', 'mixed:0', 'unreported')");
        killTracking(PAIR.atSource());
        PAIR.atSource().set("mixed:1", "unreported, too");

        assertConverged(run.cutOver());
    }

    private static void killTracking(Jedis source) {
        Matcher tracking = TRACKING_CLIENT.matcher(source.clientList());
        assertThat(tracking.find()).isTrue();
        source.clientKill(
                redis.clients.jedis.params.ClientKillParams.clientKillParams().id(tracking.group(1)));
    }

    @Test
    void groupsThatNoServerReportsAreComparedAtTheCutover() throws IOException {
        Jedis source = PAIR.atSource();
        for (int i = 0; i < 20; i++) {
            source.xadd("stream:" + i, StreamEntryID.NEW_ENTRY, Map.of("field", "value"));
            source.xadd("stream:" + i, StreamEntryID.NEW_ENTRY, Map.of("field", "more"));
            source.xgroupCreate("stream:" + i, "group", new StreamEntryID(), false);
        }
        LiveCommand run = start("--pause-writes=10s");
        run.awaitSaid(VERIFIED);
        for (int i = 0; i < 20; i++) {
            var read = source.xreadGroup(
                    "group",
                    "consumer",
                    XReadGroupParams.xReadGroupParams().count(1),
                    Map.of("stream:" + i, StreamEntryID.XREADGROUP_UNDELIVERED_ENTRY));
            if (i % 2 == 0) {
                source.xack(
                        "stream:" + i, "group", read.get(0).getValue().get(0).getID());
            }
            source.xgroupCreate("stream:" + i, "another", new StreamEntryID(), false);
        }

        CommandRun ended = run.cutOver();

        assertConverged(ended);
        assertThat(ended.err()).doesNotContain("All keys are compared now");
        source.clientUnpause();
    }

    @Test
    void functionsThatAreLoadedAfterTheSweepArriveBeforeTheEnd() throws IOException {
        String body = "\nredis.register_function('f%d', function() return %d end)";
        PAIR.atSource().functionLoad("#!lua name=before" + body.formatted(1, 1));
        LiveCommand run = start("--functions", "--pause-writes=10s");
        run.awaitSaid(VERIFIED);
        PAIR.atSource().functionLoad("#!lua name=after" + body.formatted(2, 2));

        assertConverged(run.cutOver());

        assertThat(PAIR.atTarget().functionList()).hasSize(2);
        PAIR.atSource().clientUnpause();
    }

    @Test
    void databasesThatAreSwappedAfterTheSweepAreFound() throws IOException {
        PAIR.atSource().select(1);
        SampleData.fillMixed(PAIR.atSource(), 50);
        PAIR.atSource().set("in the other", "value");
        PAIR.atSource().select(0);
        LiveCommand run = start("--pause-writes=10s", "--allow-mass-delete");
        run.awaitSaid(VERIFIED);
        PAIR.atSource().swapDB(0, 1);

        assertConverged(run.cutOver());

        assertThat(PAIR.atTarget().get("in the other")).isEqualTo("value");
        PAIR.atSource().clientUnpause();
    }

    @Test
    void allKeysAreComparedAtTheCutoverWhereTheSourceReportsNoChanges() throws IOException {
        LiveCommand run = startWithout("client|tracking");
        run.awaitSaid("The cutover will compare all keys again (about ");

        CommandRun ended = run.cutOver();

        assertThat(ended.err())
                .containsSubsequence(
                        "The source does not report every change, so the cutover will compare all keys while the writers"
                                + " stand still: 1,500 are there now, which takes about 1 s at 100,000 keys per second.",
                        "The cutover will compare all keys again (about ",
                        "as the source does not report every change; cut over with: kill -USR1 ");
        assertThat(run.live().path("verifiedKeys").isNull()).isTrue();
        assertThat(run.live().path("comparedAtCutover").asLong()).isEqualTo(KEYS);
        assertConverged(ended);
    }

    @Test
    void allKeysAreComparedAtTheCutoverWhereASwapWouldNotBeSeen() throws IOException {
        LiveCommand run = startWithout("info");
        run.awaitSaid("as the source refuses INFO, so that a SWAPDB there would not be seen");

        assertConverged(run.cutOver());

        assertThat(run.live().path("comparedAtCutover").asLong()).isEqualTo(KEYS);
    }

    @Test
    void keysThatGetOtherNamesAreVerifiedByThose() throws IOException {
        LiveCommand run = start("--rename=mixed:*=renamed:*", "--pause-writes=10s");
        run.awaitSaid(VERIFIED);
        PAIR.atSource().set("mixed:0", "changed");
        PAIR.atSource().del("mixed:1");
        PAIR.atTarget().set("renamed:2", "of somebody else");

        CommandRun ended = run.cutOver();

        assertThat(ended.out()).as(ended.err()).contains("CONVERGED: ");
        assertThat(PAIR.atTarget().dbSize()).isEqualTo(KEYS - 1);
        assertThat(PAIR.atTarget().get("renamed:0")).isEqualTo("changed");
        assertThat(PAIR.atTarget().type("renamed:2")).isEqualTo(PAIR.atSource().type("mixed:2"));
        PAIR.atSource().clientUnpause();
    }

    @Test
    void roundsFollowEachOtherUntilTheWritersHaveStopped() throws IOException {
        ScheduledExecutorService writer = Executors.newSingleThreadScheduledExecutor();
        AtomicInteger written = new AtomicInteger();
        try (Jedis source = PAIR.source().jedis()) {
            LiveCommand run = start();
            run.awaitSaid(VERIFIED);
            writer.scheduleWithFixedDelay(
                    () -> source.incr("n:" + written.incrementAndGet() % 50), 0, 2, TimeUnit.MILLISECONDS);
            CompletableFuture.delayedExecutor(2, TimeUnit.SECONDS).execute(writer::shutdown);

            CommandRun ended = run.cutOver();

            assertThat(ended.err()).contains("Round 1: ", "were written at the source while");
            assertConverged(ended);
        } finally {
            writer.shutdownNow();
        }
    }

    @Tag("long")
    @Test
    void bigKeysThatChangedAreComparedAtTheCutover() throws IOException {
        Jedis source = PAIR.atSource();
        for (int i = 0; i < 20_000; i++) {
            source.rpush("big", "element " + i);
            source.xadd("big stream", StreamEntryID.NEW_ENTRY, Map.of("field", "value " + i));
        }
        LiveCommand run = start("--big-key=64kb", "--pause-writes=20s");
        run.awaitSaid(VERIFIED);
        source.rpush("big", "one more");
        source.xgroupCreate("big stream", "group", new StreamEntryID(), false);

        CommandRun ended = run.cutOver();

        assertConverged(ended);
        assertThat(run.live().path("comparedAtCutover").asLong()).isGreaterThanOrEqualTo(2);
        source.clientUnpause();
    }

    @Test
    void aValueOfAnotherFormIsFoundEqualAtANewerTarget() throws IOException {
        RedisServers.Version newest =
                RedisServers.versions().get(RedisServers.versions().size() - 1);
        PAIR.use(RedisServers.usual(), newest);
        SampleData.fillMixed(PAIR.atSource(), KEYS);
        LiveCommand run = start("--pause-writes=10s");
        run.awaitSaid(VERIFIED);
        for (String key : List.of("mixed:3", "mixed:4", "mixed:5", "mixed:6")) {
            byte[] name = key.getBytes(StandardCharsets.UTF_8);
            PAIR.atSource().pexpire(name, 600_000);
        }

        CommandRun ended = run.cutOver();

        assertConverged(ended);
        assertThat(ended.err()).doesNotContain("All keys are compared now");
        PAIR.atSource().clientUnpause();
    }
}
