package io.camelrump.throttle;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class LatencySamplesTest {
    private static final long MILLI = TimeUnit.MILLISECONDS.toNanos(1);

    private final LatencySamples latencies = new LatencySamples(MILLI / 2);
    private long now;

    @Test
    void oneLongRoundTripOfTenIsAnAccident() {
        assertThat(verdicts(0.1, 0.1, 90, 0.1, 0.1, 0.1, 0.1, 0.1, 0.1, 0.1)).isEqualTo(LatencySamples.Verdict.CALM);
    }

    @Test
    void twoLongOnesOfTenAreSlow() {
        assertThat(verdicts(0.1, 0.1, 3, 0.1, 3)).isEqualTo(LatencySamples.Verdict.SLOW);
    }

    @Test
    void aSourceFarAwayMayBeLateByTheSame() {
        assertThat(verdicts(20, 21, 21.9, 20, 20, 20, 20, 21.9, 20, 20)).isEqualTo(LatencySamples.Verdict.CALM);
        assertThat(verdicts(22.1, 22.1)).isEqualTo(LatencySamples.Verdict.SLOW);
    }

    @Test
    void longerTurnsMayMakeItLateByMore() {
        LatencySamples patient = new LatencySamples(5 * MILLI);
        patient.add(MILLI, 0);

        assertThat(patient.isAbove(11 * MILLI)).isFalse();
        assertThat(patient.isAbove(13 * MILLI)).isTrue();
    }

    @Test
    void theShortestRoundTripIsForgottenAfterAMinute() {
        verdicts(1);
        assertThat(latencies.shortest()).isEqualTo(MILLI);

        now += TimeUnit.SECONDS.toNanos(31);
        verdicts(10);
        assertThat(latencies.shortest()).isEqualTo(MILLI);

        now += TimeUnit.SECONDS.toNanos(31);
        verdicts(10);
        assertThat(latencies.shortest()).isEqualTo(10 * MILLI);
    }

    /** The last of them; those before it must be undecided. */
    private LatencySamples.Verdict verdicts(double... millis) {
        LatencySamples.Verdict verdict = LatencySamples.Verdict.UNDECIDED;
        for (double each : millis) {
            assertThat(verdict).isEqualTo(LatencySamples.Verdict.UNDECIDED);
            now += 50 * MILLI;
            verdict = latencies.add((long) (each * MILLI), now);
        }
        return verdict;
    }
}
