package io.camelrump.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.camelrump.fixtures.LiveWriter;
import io.camelrump.fixtures.RedisServer;
import io.camelrump.fixtures.SampleData;
import io.camelrump.fixtures.ServerPair;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.JedisPubSub;

/** A cutover is rehearsed while the writers write, and names what it would leave behind. */
class RehearsalIT {
    private static final Pattern ANNOUNCED =
            Pattern.compile("rump status (--control) (http://127\\.0\\.0\\.1:\\d+) (--control-token-file) (\\S+)");

    @RegisterExtension
    private static final ServerPair PAIR = new ServerPair();

    @TempDir
    Path folder;

    @BeforeEach
    void fill() {
        SampleData.fillMixed(PAIR.atSource(), 1_500);
    }

    private RumpProcess start(String... more) {
        String[] flags = {"--live", "--latency-guard=off", "--control-port=0", "--pause-writes=2s"};
        return RumpProcess.between(
                PAIR.source(),
                PAIR.target(),
                List.of("-Djava.io.tmpdir=" + folder),
                Stream.concat(Arrays.stream(flags), Arrays.stream(more)).toArray(String[]::new));
    }

    private static CommandRun ask(RumpProcess run, String operation, String... more) {
        Matcher announced = ANNOUNCED.matcher(run.err());
        assertThat(announced.find()).isTrue();
        List<String> words = new ArrayList<>(
                List.of(operation, announced.group(1), announced.group(2), announced.group(3), announced.group(4)));
        words.addAll(List.of(more));
        return CommandRun.of(words.toArray(String[]::new));
    }

    @Test
    @Tag("long")
    void aRehearsalSaysHowLongACutoverWouldTakeAndTheRunFollowsOn() throws Exception {
        Path hook = folder.resolve("hook");
        try (RumpProcess run = start("--on-cutover=touch " + hook);
                LiveWriter writer = LiveWriter.start(PAIR.source(), 300, 3)) {
            run.awaitOutput("cut over with: kill -USR1");
            await().until(() -> ANNOUNCED.matcher(run.err()).find());

            CommandRun rehearsed = ask(run, "cutover", "--rehearse");

            assertThat(rehearsed.exitCode()).as(rehearsed.err()).isZero();
            assertThat(rehearsed.out()).contains("following", "Rehearsal: a cutover would have taken ");
            assertThat(run.output()).contains("Rehearsal: ").doesNotContain("are paused", "Cutting over");
            assertThat(hook).doesNotExist();
            long written = writer.written();
            await().until(() -> writer.written() > written);
            assertThat(ask(run, "status").out()).contains("Rehearsal: ");
            assertThat(ask(run, "abort").exitCode()).isZero();
            assertThat(run.exitCode()).isEqualTo(1);
        }
    }

    @Test
    void aCutoverNamesTheClientsAndScriptsThatItLeavesAtTheSource() throws Exception {
        Path json = folder.resolve("run.json");
        PAIR.atSource().scriptFlush();
        PAIR.atSource().scriptLoad("return 'left behind'");
        try (Jedis subscriber = PAIR.source().jedis();
                RumpProcess run = start("--json=" + json)) {
            CompletableFuture.runAsync(() -> subscriber.subscribe(new JedisPubSub() {}, "news"));
            await().until(() -> PAIR.atSource().pubsubChannels().contains("news"));
            run.awaitOutput("cut over with: kill -USR1");
            run.signal("USR1");

            assertThat(run.exitCode()).as(run.output()).isZero();
            assertThat(run.err())
                    .contains("No copy carries what is left at the source: 1 client subscribes at the source");
            assertThat(run.out())
                    .contains("1 client subscribes at the source, 1 cached script is missing at the target");
            assertThat(Files.readString(json))
                    .contains("\"leftBehind\"", "\"subscribers\" : 1", "\"missingScripts\" : 1");
        } finally {
            PAIR.atSource().clientUnpause();
            PAIR.atSource().scriptFlush();
        }
    }

    @Test
    void aRehearsalBeforeTheFirstCopyIsCompleteIsRefused() throws Exception {
        try (RumpProcess run = start("--max-keys-per-second=100")) {
            run.awaitOutput("Steer this run with");
            await().atMost(Duration.ofSeconds(5))
                    .until(() -> ANNOUNCED.matcher(run.err()).find());

            CommandRun refused = ask(run, "cutover", "--rehearse");

            assertThat(refused.exitCode()).isEqualTo(1);
            assertThat(refused.err()).contains("the first copy is not complete");
            assertThat(isWritable()).isTrue();
        }
    }

    private static boolean isWritable() {
        try (Jedis writer = new Jedis(RedisServer.HOST, PAIR.source().port(), 1_000)) {
            return "OK".equals(writer.set("written", "a"));
        }
    }
}
