package io.camelrump.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.camelrump.fixtures.FaultyProxy;
import io.camelrump.fixtures.SampleData;
import io.camelrump.fixtures.ServerPair;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** Lists of keys that can be read only once. */
class PipedKeysIT {
    @RegisterExtension
    private static final ServerPair PAIR = new ServerPair();

    @TempDir
    Path folder;

    private Path pipe;

    @BeforeEach
    void fill() throws Exception {
        SampleData.fillStrings(PAIR.atSource(), 10, 10);
        PAIR.atSource().select(1);
        SampleData.fillStrings(PAIR.atSource(), 5, 10);
        PAIR.atSource().select(0);
        pipe = folder.resolve("pipe");
        assertThat(new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor())
                .isZero();
    }

    @Test
    void aPipeGivesItsKeysForEachDatabaseAndTheComparison() throws Exception {
        CompletableFuture<Void> writer = CompletableFuture.runAsync(() -> write("string:1\nstring:2\nstring:9\n"));

        CommandRun run = run("--keys-from=" + pipe, "--db=0,1", "--verify");

        writer.join();
        assertThat(run.out())
                .startsWith("COMPLETE: 6 keys")
                .contains("restored 5, kept 0, vanished 1", "EQUAL: 6 keys");
        assertThat(PAIR.atTarget().keys("*")).containsExactlyInAnyOrder("string:1", "string:2", "string:9");
    }

    @Test
    void aDashIsStandardInput() {
        InputStream usual = System.in;
        System.setIn(new ByteArrayInputStream("string:3\n".getBytes(StandardCharsets.UTF_8)));
        try {
            CommandRun run = run("--keys-from", "-");

            assertThat(run.exitCode()).as(run.err()).isZero();
        } finally {
            System.setIn(usual);
        }
        assertThat(PAIR.atTarget().keys("*")).containsExactly("string:3");
    }

    @Test
    void aSignalEndsTheWaitForAPipeThatNobodyWritesTo() throws Exception {
        try (RumpProcess run = RumpProcess.between(PAIR.source(), PAIR.target(), List.of(), "--keys-from=" + pipe)) {
            // it opens for both, so there is a reader by then, and nothing comes
            try (var writer = Files.newOutputStream(pipe)) {
                run.signal("TERM");

                assertThat(run.exitCode()).isEqualTo(143);
                assertThat(run.err()).contains("rump: stopped by SIGTERM while --keys-from was read");
            }
        }
        assertThat(PAIR.atTarget().dbSize()).isZero();
    }

    @Test
    void aSignalBeforeTheFirstKeyLeavesNoListBehind() throws Exception {
        CompletableFuture<Void> writer = CompletableFuture.runAsync(() -> write("string:1\n"));
        try (FaultyProxy proxy = new FaultyProxy(PAIR.target()).delay(60_000);
                RumpProcess run = RumpProcess.between(
                        PAIR.source(),
                        "redis://127.0.0.1:" + proxy.port(),
                        List.of("-Djava.io.tmpdir=" + folder),
                        "--keys-from=" + pipe,
                        "--on-conflict=replace")) {
            await().atMost(Duration.ofSeconds(30)).until(() -> proxy.accepted() > 0);
            writer.join();
            assertThat(files()).anyMatch(name -> name.startsWith("rump-keys-from-"));

            run.signal("TERM");

            assertThat(run.exitCode()).as(run.output()).isEqualTo(143);
        }
        assertThat(files()).containsExactly("pipe");
    }

    private List<String> files() throws IOException {
        try (Stream<Path> all = Files.list(folder)) {
            return all.map(path -> path.getFileName().toString())
                    .filter(name -> !name.startsWith("hsperfdata"))
                    .toList();
        }
    }

    private void write(String text) {
        try {
            Files.writeString(pipe, text);
        } catch (java.io.IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private static CommandRun run(String... flags) {
        List<String> arguments = new ArrayList<>(List.of("-from", PAIR.from(), "-to", PAIR.to()));
        arguments.addAll(List.of(flags));
        return CommandRun.of(arguments.toArray(String[]::new));
    }
}
