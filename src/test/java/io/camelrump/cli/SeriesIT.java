package io.camelrump.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.camelrump.fixtures.LiveWriter;
import io.camelrump.fixtures.SampleData;
import io.camelrump.fixtures.ServerPair;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.assertj.core.data.Percentage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** What a run did over time, as its JSON has it. */
class SeriesIT {
    @RegisterExtension
    private static final ServerPair PAIR = new ServerPair();

    @TempDir
    Path folder;

    private JsonNode json() throws IOException {
        return SummarySchema.valid(Files.readString(folder.resolve("run.json")));
    }

    /** What the rates of a column come to over the whole run. */
    private static double total(JsonNode series, String column) {
        double total = 0;
        double before = 0;
        for (int i = 0; i < series.path("seconds").size(); i++) {
            double now = series.path("seconds").path(i).asDouble();
            total += series.path(column).path(i).asDouble() * (now - before);
            before = now;
        }
        return total;
    }

    private static double most(JsonNode column) {
        double most = 0;
        for (JsonNode value : column) {
            most = Math.max(most, value.asDouble());
        }
        return most;
    }

    @Test
    void theRatesOfACopyComeToItsKeysAndBytes() throws Exception {
        SampleData.fillStrings(PAIR.atSource(), 4_000, 100);
        CommandRun run = CommandRun.of(
                "-from", PAIR.from(), "-to", PAIR.to(), "--max-keys-per-second=4000", "--json", folder + "/run.json");

        assertThat(run.exitCode()).as(run.err()).isZero();
        JsonNode series = json().path("series");
        // times are told in thousandths of a second
        Percentage close = Percentage.withPercentage(5);
        assertThat(total(series, "keysReadPerSecond")).isCloseTo(4_000, close);
        assertThat(total(series, "keysWrittenPerSecond")).isCloseTo(4_000, close);
        assertThat(total(series, "bytesReadPerSecond"))
                .isCloseTo(json().path("counts").path("bytes").asDouble(), close);
        assertThat(total(series, "bytesWrittenPerSecond")).isGreaterThan(4_000 * 100);
        assertThat(series.path("seconds").size()).isGreaterThan(2);
        assertThat(most(series.path("sourceMillis"))).isPositive();
        assertThat(most(series.path("targetMillis"))).isPositive();
        assertThat(series.path("lagSeconds")).allMatch(JsonNode::isNull);
        assertThat(series.path("phases").findValuesAsText("phase")).containsExactly("copying", "ended");
    }

    @Test
    void theSeriesOfALiveRunHasItsLagAndItsPhases() throws Exception {
        SampleData.fillStrings(PAIR.atSource(), 2_000, 100);
        LiveCommand run;
        try (LiveWriter writer = LiveWriter.start(PAIR.source(), 300, 3)) {
            run = LiveCommand.start(PAIR, folder, "--allow-mass-delete");
            run.awaitSaid("Verified beside the writers");
            long written = writer.written();
            await().atMost(Duration.ofSeconds(30)).until(() -> writer.written() > written + 3_000);
        }
        CommandRun ended = run.cutOver();

        assertThat(ended.exitCode()).as(ended.err()).isZero();
        JsonNode series = json().path("series");
        assertThat(series.path("lagSeconds")).noneMatch(JsonNode::isNull);
        assertThat(most(series.path("waiting"))).isPositive();
        assertThat(series.path("phases").findValuesAsText("phase"))
                .containsSubsequence("copying", "verifying", "following", "cutting-over", "ended");
        assertThat(series.path("phases").path(0).path("fromSeconds").asDouble()).isZero();
    }

    @Test
    void aComparisonHasASeriesToo() throws Exception {
        SampleData.fillStrings(PAIR.atSource(), 500, 100);
        CommandRun run =
                CommandRun.of("-from", PAIR.from(), "-to", PAIR.to(), "--verify", "--json", folder + "/run.json");

        assertThat(run.exitCode()).as(run.err()).isZero();
        assertThat(total(json().path("comparison").path("series"), "keysReadPerSecond"))
                .isCloseTo(500, Percentage.withPercentage(10));
    }

    @Test
    void aRunThatCannotBeginHasNoPoints() throws Exception {
        CommandRun run = CommandRun.of(
                "-from",
                "redis://127.0.0.1:1",
                "-to",
                "redis://127.0.0.1:1",
                "--retry-for=0s",
                "--json",
                folder + "/run.json");

        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(json().path("series").path("seconds")).isEmpty();
    }
}
