package io.camelrump.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.camelrump.Counts;
import io.camelrump.Difference;
import io.camelrump.Refusal;
import io.camelrump.RunSeries;
import io.camelrump.cli.process.ExitCode;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class SummaryTest {
    private static final byte[] LONG_NAME = "n".repeat(5_000).getBytes();

    private static Summary summary(Counts counts, Counts earlier, List<Refusal> refusals) {
        return new Summary(
                ExitCode.FAILED,
                "INCOMPLETE",
                "cut",
                counts,
                earlier,
                refusals,
                List.of(),
                null,
                null,
                null,
                RunSeries.NONE,
                false,
                Instant.EPOCH,
                Duration.ofSeconds(10));
    }

    @Test
    void theSpeedOfAResumedRunIsThatOfItsOwnKeys() {
        Counts earlier = new Counts(900, 900, 0, 0, 0, 0, 0, 0, 90_000, 0, 0);
        Counts counts = new Counts(1_000, 1_000, 0, 0, 0, 0, 0, 0, 100_000, 0, 0);

        Summary resumed = summary(counts, earlier, List.of());

        assertThat(resumed.keysPerSecond()).isEqualTo(10);
        assertThat(resumed.bytesPerSecond()).isEqualTo(1_000);
        assertThat(resumed.text())
                .startsWith("INCOMPLETE: 1,000 keys, 100.0 kB; since it was resumed 100 keys, 10.0 kB in 10.0 s"
                        + " (10 keys/s, 1,000 B/s)");
        assertThat(summary(counts, Counts.NONE, List.of()).text())
                .startsWith("INCOMPLETE: 1,000 keys, 100.0 kB in 10.0 s (100 keys/s, 10.0 kB/s)");
    }

    @Test
    void theCountsAddUpWithTheKeysInFlight() {
        Counts counts = new Counts(100, 20, 10, 5, 5, 10, 0, 10, 1_000, 0, 0);

        assertThat(counts.inFlight()).isEqualTo(40);
        assertThat(summary(counts, Counts.NONE, List.of()).text()).contains("refused 10, in flight 40");
    }

    @Test
    void aLongNameIsShortenedInTextsAndWholeInFiles() {
        Refusal refusal = new Refusal(LONG_NAME, "too long");
        Difference difference = new Difference(LONG_NAME, 0, Difference.Cause.VALUE, "holds another set");
        String start = "\"" + "n".repeat(100) + "\"... of 5,000 bytes";

        assertThat(refusal).hasToString(start + ": too long");
        assertThat(difference).hasToString(start + ": holds another set");
        assertThat(refusal.quotedKey()).hasSize(5_002).isEqualTo(difference.quotedKey());
        assertThat(new Refusal("n".repeat(100).getBytes(), "x")).hasToString("\"" + "n".repeat(100) + "\": x");
    }
}
