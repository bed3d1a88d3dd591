package io.camelrump.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.camelrump.fixtures.LiveWriter;
import io.camelrump.fixtures.SampleData;
import io.camelrump.fixtures.ServerPair;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** The report of a run at each of its ends. */
class ReportIT {
    private static final int KEYS = 2_000;

    @RegisterExtension
    private static final ServerPair PAIR = new ServerPair();

    @TempDir
    Path folder;

    private Path json;
    private Path report;

    @BeforeEach
    void fill() {
        json = folder.resolve("run.json");
        report = folder.resolve("report.html");
        SampleData.fillStrings(PAIR.atSource(), KEYS, 100);
    }

    private CommandRun run(String... flags) {
        return CommandRun.of(Stream.concat(
                        Stream.of("-from", PAIR.from(), "-to", PAIR.to(), "--report=" + report, "--json=" + json),
                        Stream.of(flags))
                .toArray(String[]::new));
    }

    /** The report, which is the one that its JSON gives. */
    private String report() throws IOException {
        SummarySchema.valid(Files.readString(json));
        String page = Files.readString(report);
        CommandRun made = CommandRun.of("report", json.toString());
        assertThat(made.exitCode()).as(made.err()).isZero();
        assertThat(made.out()).isEqualTo(page);
        return page;
    }

    /** The texts of the page, one after the other. */
    private String text() throws IOException {
        return report().replaceAll("(?s)<style>.*?</style>", "")
                .replaceAll("<[^>]*>", " ")
                .replaceAll("\\s+", " ");
    }

    @Test
    void theReportOfACopyHasItsOutcomesItsCourseAndItsServers() throws Exception {
        CommandRun run = run("--max-keys-per-second=4000", "--exclude-key=nothing:*");

        assertThat(run.exitCode()).as(run.err()).isZero();
        assertThat(text())
                .contains(
                        "COMPLETE",
                        "Exit code 0 (COMPLETE).",
                        "restored 2,000 100.0 %",
                        "copying",
                        "Keys per second",
                        "Bytes per second",
                        "Latency",
                        "source 127.0.0.1:" + PAIR.source().port() + " Redis 7.0",
                        "--max-keys-per-second 4000",
                        "--exclude-key nothing:*")
                .doesNotContain("Lag", "Refused keys", "null", "NaN");
        assertThat(report()).contains("<path class=\"line line1\" d=\"M").contains("<rect class=\"phase1\"");
    }

    @Test
    void theReportOfALiveRunHasItsCutoverAndThePauseOfItsWriters() throws Exception {
        LiveCommand run;
        try (LiveWriter writer = LiveWriter.start(PAIR.source(), 300, 3)) {
            run = LiveCommand.start(PAIR, folder, "--allow-mass-delete", "--pause-writes=10s", "--report=" + report);
            run.awaitSaid("Verified beside the writers");
            long written = writer.written();
            await().atMost(Duration.ofSeconds(30)).until(() -> writer.written() > written + 2_000);
            CommandRun ended = run.cutOver();
            assertThat(ended.exitCode()).as(ended.err()).isZero();
        }

        assertThat(text())
                .contains(
                        "Live migration",
                        "CONVERGED",
                        "Converged as of 20",
                        "Writes paused for",
                        "Lag",
                        "Keys that wait")
                .containsPattern("Writes at the source paused for [\\d.]+ s")
                .containsPattern("copying .* verifying .* following .* cutting-over ")
                .containsPattern("Verified beside the writers [\\d,]+ keys");
    }

    @Test
    void aComparisonThatFindsDifferencesNamesThem() throws Exception {
        PAIR.atTarget().set("only here", "v");
        PAIR.atTarget().set("<script>alert(1)</script>", "v");
        CommandRun run = run("--verify");

        assertThat(run.exitCode()).as(run.err()).isEqualTo(5);
        assertThat(text())
                .contains("DIFFERENT", "Some keys differ", "extra 2 The target alone has them.", "only here")
                .contains("Keys of the source compared 2,000");
        assertThat(report()).doesNotContain("<script").contains("&lt;script&gt;alert(1)&lt;/script&gt;");
    }

    @Test
    void aComparisonByItselfHasAReportToo() throws Exception {
        CommandRun run = CommandRun.of(
                "compare", "-from", PAIR.from(), "-to", PAIR.to(), "--report=" + report, "--json=" + json);

        assertThat(run.exitCode()).as(run.err()).isEqualTo(5);
        assertThat(text()).contains("Comparison by rump", "missing 2,000", "And 1,800 more", "target 127.0.0.1:");
    }

    @Test
    void refusedKeysStandThereWithTheirCauses() throws Exception {
        PAIR.atSource().set("<script>alert('key')</script>", "v");
        PAIR.atTarget().aclSetUser("writer", "on", ">secret", "~text:*", "~key:*", "~k*", "~s*", "+@all");
        CommandRun run = CommandRun.of(
                "-from",
                PAIR.from(),
                "-to",
                PAIR.to().replace("redis://", "redis://writer:secret@"),
                "--report=" + report,
                "--json=" + json);

        assertThat(run.exitCode()).as(run.err()).isEqualTo(6);
        assertThat(text())
                .contains("REFUSED", "Refused keys", "NOPERM")
                .contains("&lt;script&gt;alert(&#39;key&#39;)&lt;/script&gt;");
        assertThat(report()).doesNotContain("secret", "<script");
    }

    @Test
    void aRunThatCannotBeginHasAReportThatSaysWhy() throws Exception {
        CommandRun run = CommandRun.of(
                "-from",
                "redis://user:secret@127.0.0.1:1",
                "-to",
                PAIR.to(),
                "--retry-for=0s",
                "--report=" + report,
                "--json=" + json);

        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(text()).contains("FAILED", "The run failed", "127.0.0.1:1").doesNotContain("secret", "null");

        CommandRun wrong = run("--no-such-flag");

        assertThat(wrong.exitCode()).isEqualTo(2);
        assertThat(text()).contains("FAILED", "--no-such-flag", "Exit code 2 (USAGE)");
    }

    @Test
    void aCheckHasAReportOfItsFindings() throws Exception {
        CommandRun run =
                CommandRun.of("check", "-from", PAIR.from(), "-to", PAIR.to(), "--report=" + report, "--json=" + json);

        assertThat(run.exitCode()).as(run.err()).isZero();
        assertThat(text()).contains("Check by rump", "READY", "Findings");
    }

    @Test
    void aRunThatIsInterruptedHasAReportOfHowFarItCame() throws Exception {
        String[] flags = {"--report", "" + report, "--json", "" + json, "--max-keys-per-second=500", "--scan-count=50"};
        try (RumpProcess process = RumpProcess.between(PAIR.source(), PAIR.target(), List.of(), flags)) {
            await().atMost(Duration.ofSeconds(30)).until(() -> PAIR.atTarget().dbSize() > 300);
            assertThat(report).content().contains("INCOMPLETE", "it is still in progress");
            process.signal("INT");
            assertThat(process.exitCode(30)).as(process.output()).isEqualTo(130);
        }

        assertThat(text()).contains("INCOMPLETE", "stopped by SIGINT", "Exit code 130 (SIGINT)", "copying");
    }

    @Test
    void aReportThatCannotBeWrittenIsRefusedBeforeTheFirstKey() {
        CommandRun run = CommandRun.of("-from", PAIR.from(), "-to", PAIR.to(), "--report=" + folder + "/none/report");

        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.err()).startsWith("rump: --report " + folder + "/none/report cannot be written: ");
        assertThat(PAIR.atTarget().dbSize()).isZero();

        CommandRun both = CommandRun.of("-from", PAIR.from(), "-to", PAIR.to(), "--report=" + json, "--json=" + json);

        assertThat(both.exitCode()).isEqualTo(2);
        assertThat(both.err()).startsWith("rump: --json and --report name the same file ");
    }

    @Test
    void aReportIsMadeOfDocumentsAlone() throws Exception {
        Path other = Files.writeString(folder.resolve("other.json"), "{\"a\": 1}");
        Path none = Files.writeString(folder.resolve("none.json"), "{");

        assertThat(CommandRun.of("report", other.toString()).err())
                .startsWith("rump: " + other + ": it is no document that --json has written");
        assertThat(CommandRun.of("report", none.toString()).err()).startsWith("rump: " + none + ": it is no JSON");
        assertThat(CommandRun.of("report", folder + "/missing").err())
                .startsWith("rump: " + folder + "/missing cannot be read: no such file");
        assertThat(CommandRun.of("report").exitCode()).isEqualTo(2);
    }

    @Test
    void theReportOfADocumentGoesToTheFileThatIsNamed() throws Exception {
        run();
        Path written = folder.resolve("written.html");

        CommandRun made = CommandRun.of("report", json.toString(), "-o", written.toString());

        assertThat(made.exitCode()).as(made.err()).isZero();
        assertThat(made.out()).isEmpty();
        assertThat(written).hasSameTextualContentAs(report);
    }
}
