package io.camelrump.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.camelrump.redis.RedisException;
import io.camelrump.redis.ServerClock;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class ClockStepsTest {
    private static final long MINUTE = Duration.ofMinutes(1).toNanos();
    private final ClockSteps steps = new ClockSteps();

    @Test
    void aStepReachesBackToTheMeasurementBefore() {
        assertThat(measured(clock(0, 1), clock(40_000, 2))).isFalse();
        assertThat(measured(clock(0, 2), clock(-60_000, 3))).isTrue();
        assertThat(measured(clock(0, 1), clock(9_000_000, 4))).isTrue();

        assertThat(steps.count()).isEqualTo(2);
        assertThat(steps.since(0)).isEqualTo(MINUTE);
        steps.clear();
        assertThat(steps.count()).isZero();
    }

    @Test
    void anOffsetWithinTheRoundTripIsNoClockStep() {
        // over a distance of 200 ms each of the two may be off by 100 ms
        ServerClock before = new ServerClock(0, 0, true, 100_000);

        assertThat(measured(before, new ServerClock(240_000, MINUTE, true, 100_000)))
                .isFalse();
        assertThat(measured(before, new ServerClock(260_000, MINUTE, true, 100_000)))
                .isTrue();
    }

    @Test
    void aClockThatIsNotKnownIsNotSet() {
        assertThat(measured(new ServerClock(0, 0, false), clock(9_000_000, 1))).isFalse();
        assertThat(measured(clock(9_000_000, 1), new ServerClock(0, MINUTE, false)))
                .isFalse();
    }

    @Test
    void theToleranceIsAsGiven() {
        steps.tolerance(Duration.ofSeconds(1));

        assertThat(measured(clock(0, 1), clock(900_000, 2))).isFalse();
        assertThat(measured(clock(0, 1), clock(1_100_000, 2))).isTrue();
    }

    @Test
    void rareClockStepsDoNotEndARunOfManyDays() {
        for (int day = 1; day < 100; day++) {
            assertThat(measured(clock(0, 1_440 * day - 1), clock(1_000_000, 1_440 * day)))
                    .isTrue();
        }
        int last = 1_440 * 100;
        assertThatThrownBy(() -> {
                    for (int i = 0; i < 20; i++) {
                        measured(clock(0, last + i), clock(1_000_000, last + i + 1));
                    }
                })
                .isInstanceOf(RedisException.class)
                .hasMessageContaining("The clock of source was set 20 times");
    }

    private boolean measured(ServerClock before, ServerClock now) {
        return steps.measured("source", before, now);
    }

    private static ServerClock clock(long offsetMicros, long minute) {
        return new ServerClock(offsetMicros, minute * MINUTE, true);
    }
}
