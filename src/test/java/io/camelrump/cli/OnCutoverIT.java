package io.camelrump.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.camelrump.fixtures.EventSchema;
import io.camelrump.fixtures.RedisServer;
import io.camelrump.fixtures.SampleData;
import io.camelrump.fixtures.ServerPair;
import io.camelrump.fixtures.StatusSchema;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import redis.clients.jedis.Jedis;

/** A command of the operator's switches the clients at the barrier of a cutover, or leaves open whether it has. */
class OnCutoverIT {
    private static final int KEYS = 1_500;
    private static final Pattern ANNOUNCED =
            Pattern.compile("rump status --control (http://127\\.0\\.0\\.1:\\d+) --control-token-file (\\S+)");

    @RegisterExtension
    private static final ServerPair PAIR = new ServerPair();

    @TempDir
    Path folder;

    @BeforeEach
    void fill() {
        SampleData.fillMixed(PAIR.atSource(), KEYS);
    }

    @AfterEach
    void resumeWrites() {
        PAIR.atSource().clientUnpause();
    }

    private RumpProcess start(String command, String... flags) {
        return RumpProcess.between(
                PAIR.source(),
                PAIR.target(),
                List.of("-Djava.io.tmpdir=" + folder),
                Stream.concat(Stream.of("--live", "--latency-guard=off", "--on-cutover=" + command), Stream.of(flags))
                        .toArray(String[]::new));
    }

    private static void awaitVerified(RumpProcess run) {
        run.awaitOutput("cut over with: kill -USR1");
    }

    private static HttpResponse<String> ask(RumpProcess run, String operation) throws Exception {
        run.awaitOutput("Steer this run with");
        await().until(() -> ANNOUNCED.matcher(run.err()).find());
        Matcher announced = ANNOUNCED.matcher(run.err());
        assertThat(announced.find()).as(run.output()).isTrue();
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(announced.group(1) + "/" + operation))
                .header(
                        "Authorization",
                        "Bearer "
                                + Files.readString(Path.of(announced.group(2))).strip())
                .header("Content-Type", "application/json");
        return HttpClient.newHttpClient()
                .send(
                        operation.equals("status")
                                ? request.build()
                                : request.POST(HttpRequest.BodyPublishers.noBody())
                                        .build(),
                        HttpResponse.BodyHandlers.ofString());
    }

    private static JsonNode status(RumpProcess run) throws Exception {
        return StatusSchema.valid(ask(run, "status").body());
    }

    private static String phase(RumpProcess run) throws Exception {
        return status(run).path("phase").asText();
    }

    private static boolean isWritable(RedisServer server) {
        try (Jedis writer = new Jedis(RedisServer.HOST, server.port(), 300)) {
            return "OK".equals(writer.set("written by another", "a"));
        } catch (RuntimeException e) {
            return false;
        }
    }

    @Test
    void theCommandRunsWhileNobodyWritesAndBeforeTheRunSaysConverged() throws Exception {
        Path script = script("cat > " + folder + "/event; env > " + folder + "/env; echo switched; touch " + folder
                + "/begun; while [ ! -e " + folder + "/go ]; do sleep 0.05; done");
        try (RumpProcess run = start(script.toString(), "--pause-writes=20s")) {
            awaitVerified(run);
            PAIR.atSource().set("late", "a");
            run.signal("USR1");
            await().atMost(Duration.ofSeconds(20)).until(() -> Files.exists(folder.resolve("begun")));

            assertThat(isWritable(PAIR.source())).isFalse();
            assertThat(PAIR.atTarget().get("late")).isEqualTo("a");
            assertThat(run.output()).contains("At the barrier").doesNotContain("onverged");
            Files.createFile(folder.resolve("go"));

            run.awaitOutput("switch the clients to the new server before");
            assertThat(run.exitCode()).as(run.output()).isZero();
            assertThat(run.out()).contains("CONVERGED: ");
            assertThat(run.err()).contains("--on-cutover printed: switched");
        }
        JsonNode event = EventSchema.valid(Files.readString(folder.resolve("event")));
        assertThat(event.path("event").asText()).isEqualTo("at-the-barrier");
        assertThat(event.path("pauseLeftMillis").asLong()).isBetween(1L, 20_000L);
        assertThat(Files.readString(folder.resolve("env")))
                .contains("RUMP_SOURCE=127.0.0.1:" + PAIR.source().port(), "RUMP_TARGET=127.0.0.1:")
                .doesNotContain("redis://", "RUMP_FROM", "RUMP_CONTROL");
    }

    @Test
    void aCommandThatFailsLeavesTheTargetAloneUntilTheRunIsAbortedAndAnotherCutoverFollows() throws Exception {
        Path script = script("[ -e " + folder + "/fixed ] || { echo no such zone >&2; exit 3; }");
        try (RumpProcess run = start(script.toString(), "--pause-writes=30s", "--control-port=0")) {
            awaitVerified(run);
            ask(run, "cutover");
            run.awaitOutput(
                    "The clients may be half switched: it failed (route switch-by-command: its exit code was 3)");
            assertThat(run.err()).contains("its exit code was 3", "no such zone", "rump abort --control http");

            assertThat(isWritable(PAIR.source())).isTrue();
            assertThat(phase(run)).isEqualTo("undecided");
            assertThat(status(run).path("warnings").toString()).contains("nothing more is written to the target");
            assertThat(status(run).path("canCutOver").path("reason").asText()).contains("half switched");
            assertThat(ask(run, "pause").statusCode()).isEqualTo(409);
            PAIR.atSource().del("mixed:1");
            await().during(Duration.ofSeconds(2))
                    .atMost(Duration.ofSeconds(4))
                    .until(() -> PAIR.atTarget().exists("mixed:1")
                            && !PAIR.atTarget().exists("written by another"));

            assertThat(ask(run, "abort").statusCode()).isEqualTo(200);
            await().atMost(Duration.ofSeconds(10))
                    .until(() -> PAIR.atTarget().exists("written by another")
                            && !PAIR.atTarget().exists("mixed:1"));
            await().until(() -> phase(run).equals("following"));
            Files.createFile(folder.resolve("fixed"));
            ask(run, "cutover");

            await().atMost(Duration.ofSeconds(20)).until(() -> run.output().contains("stay paused"));
            PAIR.atSource().clientUnpause();
            assertThat(run.exitCode()).as(run.output()).isZero();
            assertThat(run.out()).contains("CONVERGED: ");
        }
    }

    @Test
    void aCommandThatHangsLongerThanThePauseLeavesThatOpenUntilAPersonSaysThatItDidSwitch() throws Exception {
        try (RumpProcess run = start("sleep 600", "--pause-writes=2s", "--control-port=0")) {
            awaitVerified(run);
            ask(run, "cutover");
            run.awaitOutput("it took longer than the pause of the source's writes");
            assertThat(isWritable(PAIR.source())).isTrue();
            assertThat(phase(run)).isEqualTo("undecided");
            PAIR.atTarget().set("of a client that was switched", "a");
            PAIR.atSource().set("mixed:1", "too late");

            ask(run, "cutover");

            assertThat(run.exitCode(20)).as(run.output()).isZero();
            assertThat(run.out()).contains("CONVERGED: ");
            assertThat(run.err()).contains("have changed at the source since the barrier, and are not copied");
            assertThat(PAIR.atTarget().get("of a client that was switched")).isEqualTo("a");
            assertThat(PAIR.atTarget().type("mixed:1")).isNotEqualTo("none");
            assertThat(PAIR.atTarget().exists("written by another")).isFalse();
        }
    }

    @Test
    void aRunThatIsKilledInItsCutoverCutsOverAgainOnlyWhenItIsAskedTo() throws Exception {
        String[] flags = {
            "--pause-writes=3s", "--until-lag=1s", "--checkpoint=" + folder.resolve("checkpoint"), "--control-port=0"
        };
        try (RumpProcess run = start("touch " + folder + "/begun; exec sleep 20", flags)) {
            await().atMost(Duration.ofSeconds(30)).until(() -> Files.exists(folder.resolve("begun")));
            run.signal("KILL");
            run.exitCode();
        }
        await().atMost(Duration.ofSeconds(10)).until(() -> isWritable(PAIR.source()));

        try (RumpProcess run = start(
                "true", Stream.concat(Stream.of(flags), Stream.of("--resume")).toArray(String[]::new))) {
            run.awaitOutput("this one cuts over only when a person says so");
            await().atMost(Duration.ofSeconds(20))
                    .until(() -> status(run).path("canCutOver").path("now").asBoolean());
            await().during(Duration.ofSeconds(2)).atMost(Duration.ofSeconds(4)).until(() -> phase(run)
                    .equals("following"));
            run.signal("USR1");

            assertThat(run.exitCode()).as(run.output()).isZero();
            assertThat(PAIR.atTarget().get("written by another")).isEqualTo("a");
            assertThat(run.out()).contains("CONVERGED: ");
        }
    }

    @Test
    void aRunThatIsStoppedDuringTheCommandHoldsNoWriterUpAnyLonger() throws Exception {
        try (RumpProcess run = start("touch " + folder + "/begun; sleep 600", "--pause-writes=60s", "--drain-for=2s")) {
            awaitVerified(run);
            run.signal("USR1");
            await().atMost(Duration.ofSeconds(20)).until(() -> Files.exists(folder.resolve("begun")));
            run.signal("TERM");

            assertThat(run.exitCode(20)).as(run.output()).isEqualTo(143);
            assertThat(run.err()).contains("The run was stopped while the clients were being switched");
            assertThat(run.out()).doesNotContain("CONVERGED");
            assertThat(isWritable(PAIR.source())).isTrue();
        }
    }

    @Test
    void aCommandWithoutALiveRunIsRefused() {
        CommandRun run = CommandRun.of(RumpProcess.fromTo(PAIR.source(), PAIR.target(), "--on-cutover=true")
                .toArray(String[]::new));

        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.err()).contains("--on-cutover is about the cutover of a live run: add --live");
    }

    private Path script(String text) throws IOException {
        Path script = Files.writeString(folder.resolve("switch.sh"), "#!/bin/sh\n" + text + "\n");
        assertThat(script.toFile().setExecutable(true)).isTrue();
        return script;
    }
}
