package io.camelrump.throttle;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class LatencySamplesTest {
    private static final long MILLI = TimeUnit.MILLISECONDS.toNanos(1);

    private long now;

    @Test
    void oneLongRoundTripOfTenIsAnAccident() {
        LatencySamples latencies = latencies(null);

        assertThat(verdicts(latencies, 0.1, 0.1, 90, 0.1, 0.1, 0.1, 0.1, 0.1, 0.1, 0.1))
                .isEqualTo(LatencySamples.Verdict.CALM);
    }

    @Test
    void twoLongOnesOfTenHurt() {
        LatencySamples latencies = latencies(null);

        assertThat(verdicts(latencies, 0.1, 0.1, 3, 0.1, 3)).isEqualTo(LatencySamples.Verdict.HURT);
    }

    @Test
    void aSourceFarAwayMayTakeThreeTimesItsShortestRoundTrip() {
        LatencySamples latencies = latencies(null);

        assertThat(verdicts(latencies, 20, 50, 59, 50, 50, 59, 50, 50, 50, 50)).isEqualTo(LatencySamples.Verdict.CALM);
        assertThat(verdicts(latencies, 61, 61)).isEqualTo(LatencySamples.Verdict.HURT);
    }

    @Test
    void theShortestRoundTripIsForgottenAfterAMinute() {
        LatencySamples latencies = latencies(null);
        verdicts(latencies, 1);
        assertThat(latencies.allowed()).isEqualTo(3 * MILLI);

        now += TimeUnit.SECONDS.toNanos(31);
        verdicts(latencies, 10);
        assertThat(latencies.allowed()).isEqualTo(3 * MILLI);

        now += TimeUnit.SECONDS.toNanos(31);
        verdicts(latencies, 10);
        assertThat(latencies.allowed()).isEqualTo(30 * MILLI);
    }

    @Test
    void theAllowedLatencyCanBePinned() {
        LatencySamples latencies = latencies(Duration.ofMillis(5));

        assertThat(verdicts(latencies, 4, 4, 4, 4, 4, 4, 4, 4, 4, 4)).isEqualTo(LatencySamples.Verdict.CALM);
        assertThat(verdicts(latencies, 6, 6)).isEqualTo(LatencySamples.Verdict.HURT);
    }

    private static LatencySamples latencies(@Nullable Duration pinned) {
        return new LatencySamples(pinned);
    }

    /** The last of them; those before it must be undecided. */
    private LatencySamples.Verdict verdicts(LatencySamples latencies, double... millis) {
        LatencySamples.Verdict verdict = LatencySamples.Verdict.UNDECIDED;
        for (double each : millis) {
            assertThat(verdict).isEqualTo(LatencySamples.Verdict.UNDECIDED);
            now += 50 * MILLI;
            verdict = latencies.add((long) (each * MILLI), now);
        }
        return verdict;
    }
}
