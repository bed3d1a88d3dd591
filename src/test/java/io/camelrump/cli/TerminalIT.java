package io.camelrump.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.camelrump.fixtures.LiveWriter;
import io.camelrump.fixtures.SampleData;
import io.camelrump.fixtures.ServerPair;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The command on a terminal of its own, as {@code script} gives it one. */
class TerminalIT {
    private static final String ERASE = "\r\u001B[2K";

    @RegisterExtension
    private static final ServerPair PAIR = new ServerPair();

    @TempDir
    Path folder;

    /** Begins a run on a terminal of so many columns. */
    private Process start(int columns, String... flags) throws IOException {
        List<String> words = new ArrayList<>(List.of(
                RumpProcess.DISTRIBUTION.resolve("bin/rump").toString(), "-from", PAIR.from(), "-to", PAIR.to()));
        words.addAll(Arrays.asList(flags));
        ProcessBuilder builder = new ProcessBuilder(
                        "script", "-qec", "stty cols " + columns + "; exec " + String.join(" ", words), "/dev/null")
                .redirectErrorStream(true)
                .redirectInput(ProcessBuilder.Redirect.PIPE)
                .redirectOutput(typescript().toFile());
        builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
        builder.environment().put("TERM", "xterm");
        builder.environment().remove("COLUMNS");
        return builder.start();
    }

    private Path typescript() {
        return folder.resolve("typescript");
    }

    private String typed() {
        try {
            return Files.readString(typescript());
        } catch (IOException e) {
            return "";
        }
    }

    /** All that is ever shown at the end of the terminal, in its order, and the lines above it. */
    private record Shown(List<String> statuses, List<String> lines) {
        static Shown of(String typed) {
            List<String> statuses = new ArrayList<>();
            List<String> lines = new ArrayList<>();
            for (String line : typed.replace("\r\n", "\n").split("\n")) {
                String[] drawn = line.split(java.util.regex.Pattern.quote(ERASE), -1);
                statuses.addAll(Arrays.asList(drawn).subList(0, drawn.length - 1));
                lines.add(drawn[drawn.length - 1]);
            }
            statuses.removeIf(String::isEmpty);
            return new Shown(statuses, lines);
        }
    }

    private Shown end(Process process, int exitCode) throws InterruptedException {
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).as(typed()).isTrue();
        assertThat(process.exitValue()).as(typed()).isEqualTo(exitCode);
        return Shown.of(typed());
    }

    @ParameterizedTest
    @ValueSource(ints = {60, 80, 200})
    void aCopyHasALineThatFitsItsTerminal(int columns) throws Exception {
        SampleData.fillStrings(PAIR.atSource(), 4_000, 100);

        Shown shown = end(start(columns, "--max-keys-per-second=2000", "--scan-count=100"), 0);

        assertThat(shown.statuses())
                .hasSizeGreaterThan(3)
                .allMatch(status -> status.length() < columns)
                .allMatch(status -> status.startsWith("copying  [") && status.contains(" keys/s"))
                .anyMatch(status -> status.contains("left 0:0"));
        String last = shown.statuses().get(shown.statuses().size() - 1);
        if (columns >= 80) {
            assertThat(last).contains("elapsed 0:0");
        }
        if (columns == 200) {
            assertThat(last).contains(" of 4,000 keys", "B/s");
        }
        assertThat(shown.lines()).anyMatch(line -> line.startsWith("COMPLETE: 4,000 keys"));
    }

    @ParameterizedTest
    @ValueSource(ints = {60, 80, 200})
    void aLiveRunHasOneLineThatSaysWhereItIs(int columns) throws Exception {
        SampleData.fillStrings(PAIR.atSource(), 2_000, 100);
        Path go = folder.resolve("go");
        Process process;
        try (LiveWriter writer = LiveWriter.start(PAIR.source(), 300, 2)) {
            process = start(columns, "--live", "--allow-mass-delete", "--cutover-file=" + go, "--latency-guard=off");
            await().atMost(Duration.ofSeconds(60)).until(() -> typed().contains("following: lag "));
            long written = writer.written();
            await().atMost(Duration.ofSeconds(30)).until(() -> writer.written() > written + 1_000);
        }
        Files.createFile(go);
        Shown shown = end(process, 0);

        assertThat(shown.statuses()).allMatch(status -> status.length() < columns);
        assertThat(shown.statuses())
                .anyMatch(status -> status.matches("following: lag \\d+\\.\\d s, [\\d,]+ waiting, verified \\d+ %.*"));
        if (columns > 80) {
            assertThat(shown.statuses()).anyMatch(status -> status.contains(", cut over with kill -USR1 "));
        }
        // lines of the log stand by themselves
        assertThat(shown.lines())
                .filteredOn(line -> line.contains("Verified beside the writers") || line.contains("Cutting over"))
                .hasSize(2)
                .allMatch(line -> line.matches("\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d(Z|[+-]\\d\\d:\\d\\d) .*"));
    }

    @Test
    void aTerminalThatIsMadeWiderGetsALongerLine() throws Exception {
        SampleData.fillStrings(PAIR.atSource(), 3_000, 100);
        Process process = start(60, "--max-keys-per-second=500", "--scan-count=50");
        await().atMost(Duration.ofSeconds(30)).until(() -> typed().contains("copying  ["));
        assertThat(Shown.of(typed()).statuses()).allMatch(status -> status.length() < 60);
        ProcessHandle command = process.descendants()
                .filter(child -> child.info().command().orElse("").endsWith("java"))
                .findFirst()
                .orElseThrow();

        String terminal = Files.readSymbolicLink(Path.of("/proc/" + command.pid() + "/fd/2"))
                .toString();
        assertThat(new ProcessBuilder("stty", "-F", terminal, "cols", "150")
                        .start()
                        .waitFor())
                .isZero();

        await().atMost(Duration.ofSeconds(30))
                .until(() -> Shown.of(typed()).statuses().stream().anyMatch(status -> status.length() > 80));
        process.descendants().forEach(ProcessHandle::destroy);
        assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void noControlCharacterIsWrittenWhereNobodySeesIt() throws Exception {
        SampleData.fillStrings(PAIR.atSource(), 1_000, 10);
        try (RumpProcess process = RumpProcess.between(PAIR.source(), PAIR.target(), List.of())) {
            assertThat(process.exitCode(60)).isZero();
            assertThat(process.output().getBytes(StandardCharsets.UTF_8)).doesNotContain((byte) '\r', (byte) 0x1B);
        }
    }
}
