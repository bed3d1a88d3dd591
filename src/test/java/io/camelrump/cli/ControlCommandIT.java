package io.camelrump.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.camelrump.fixtures.SampleData;
import io.camelrump.fixtures.ServerPair;
import io.camelrump.fixtures.StatusSchema;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A person steers a run from another terminal. */
class ControlCommandIT {
    private static final int KEYS = 2_000;
    private static final String TOKEN = "0123456789abcdef";

    @RegisterExtension
    private static final ServerPair PAIR = new ServerPair();

    @TempDir
    Path folder;

    private Path tokenFile;
    private String url;

    @BeforeEach
    void fill() throws IOException {
        SampleData.fillMixed(PAIR.atSource(), KEYS);
        tokenFile = Files.writeString(folder.resolve("token"), TOKEN + "\n");
        try (ServerSocket free = new ServerSocket(0)) {
            url = "http://127.0.0.1:" + free.getLocalPort();
        }
    }

    private RumpProcess start(String... flags) {
        String[] all = Stream.concat(
                        Stream.of(
                                "--control-port=" + url.substring(url.lastIndexOf(':') + 1),
                                "--control-token-file=" + tokenFile),
                        Stream.of(flags))
                .toArray(String[]::new);
        RumpProcess run = RumpProcess.between(PAIR.source(), PAIR.target(), List.of(), all);
        run.awaitOutput("Steer this run with: rump status --control " + url);
        return run;
    }

    private CommandRun ask(String operation, String... flags) {
        String[] all = Stream.concat(Stream.of(operation, "--control=" + url), Stream.of(flags))
                .toArray(String[]::new);
        return CommandRun.with(Map.of(ControlToken.VARIABLE, TOKEN), all);
    }

    @Test
    void aLiveRunIsWatchedAndSteeredToItsCutover() throws Exception {
        try (RumpProcess run = start("--live", "--max-keys-per-second=100")) {
            CommandRun copying = ask("status");
            CommandRun paused = ask("pause");
            CommandRun refused = ask("cutover");
            CommandRun faster = ask("limit", "--max-keys-per-second=0", "--max-bytes-per-second=10mb");
            CommandRun free = ask("limit", "--max-bytes-per-second=0");
            CommandRun resumed = ask("resume", "--json");

            assertThat(copying.exitCode()).as(copying.err()).isZero();
            assertThat(copying.out())
                    .startsWith("copying: ")
                    .contains(" of about 2,000: restored ", "limits: 100 keys/s, any bytes/s")
                    .contains("cutover: not now, as the first copy is not complete");
            assertThat(paused.out()).startsWith("copying, PAUSED: ");
            assertThat(refused.exitCode()).isEqualTo(1);
            assertThat(refused.err())
                    .isEqualToIgnoringNewLines("rump: The run cannot cut over: it is paused: resume it" + " first.");
            assertThat(faster.out()).contains("limits: any keys/s, 10,000,000 bytes/s");
            assertThat(free.out()).contains("limits: any keys/s, any bytes/s");
            assertThat(StatusSchema.valid(resumed.out()).path("paused").asBoolean())
                    .isFalse();
            await().atMost(Duration.ofSeconds(20))
                    .until(() -> ask("status").out().contains("cutover: can begin now"));

            assertThat(ask("cutover").out()).contains("cutover: ");

            assertThat(run.exitCode()).as(run.output()).isZero();
            assertThat(run.out()).contains("converged as of");
        }
    }

    @Test
    void aRunIsAbortedAndThenNobodyAnswers() throws Exception {
        try (RumpProcess run = start("--max-keys-per-second=100")) {
            assertThat(ask("abort").out()).contains(", stopping");
            assertThat(run.exitCode()).isEqualTo(1);

            CommandRun late = ask("status");

            assertThat(late.exitCode()).isEqualTo(1);
            assertThat(late.err()).contains("no run answers at " + url.substring("http://".length()));
        }
    }

    @Test
    void aWrongTokenIsSaid() throws Exception {
        try (RumpProcess run = start("--max-keys-per-second=100")) {
            CommandRun wrong =
                    CommandRun.with(Map.of(ControlToken.VARIABLE, "another-token-of-16"), "pause", "--control=" + url);

            assertThat(wrong.exitCode()).isEqualTo(1);
            assertThat(wrong.err()).contains("not the token").doesNotContain("another-token");
            assertThat(CommandRun.of("status", "--control=" + url, "--control-token-file=" + tokenFile)
                            .out())
                    .startsWith("copying: ");
            assertThat(run.output()).doesNotContain(TOKEN);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "status",
                "status --control=http://127.0.0.1",
                "status --control=http://example.com:80",
                "status --control=https://127.0.0.1:1",
                "status --control=nowhere",
                "limit --control=http://127.0.0.1:1",
                "limit --control=http://127.0.0.1:1 --max-keys-per-second=fast"
            })
    void aCallThatLacksSomethingIsWrongUsage(String words) {
        CommandRun run = CommandRun.with(Map.of(ControlToken.VARIABLE, TOKEN), words.split(" "));

        assertThat(run.exitCode()).as(run.err()).isEqualTo(2);
        assertThat(run.err()).startsWith("rump: ");
    }

    @Test
    void withoutATokenTheCallSaysWhereItComesFrom() {
        CommandRun run = CommandRun.of("status", "--control=" + url);

        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.err()).contains("--control-token-file", "RUMP_CONTROL_TOKEN");
    }

    /** Their names are those of commands too. */
    @Test
    void valuesOfFlagsMayBeCalledAsACommandIs() {
        PAIR.atSource().set("status", "value");

        CommandRun run = CommandRun.of("--from", PAIR.from(), "--to", PAIR.to(), "--match", "status");

        assertThat(run.exitCode()).as(run.err()).isZero();
        assertThat(PAIR.atTarget().keys("*")).containsExactly("status");
    }
}
