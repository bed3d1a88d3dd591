package io.camelrump.throttle;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class AdaptiveStepTest {
    private final AdaptiveStep step = new AdaptiveStep();

    @Test
    void halvesDownToOneKeyAndThenPausesAfterEach() {
        step.hurt();
        assertThat(step.keys()).isEqualTo(128);
        step.hurt();
        assertThat(step.keys()).isEqualTo(64);
        for (int i = 0; i < 6; i++) {
            step.hurt();
        }
        assertThat(step.keys()).isEqualTo(1);
        assertThat(step.pauseNanos()).isZero();

        step.hurt();
        step.hurt();

        assertThat(step.pauseNanos()).isEqualTo(TimeUnit.MILLISECONDS.toNanos(2));
    }

    @Test
    void neverPausesLongerThanAFiftiethOfASecond() {
        for (int i = 0; i < 100; i++) {
            step.hurt();
        }

        assertThat(step.keys()).isEqualTo(1);
        assertThat(step.pauseNanos()).isEqualTo(TimeUnit.MILLISECONDS.toNanos(20));
    }

    @Test
    void givesUpThePauseFirstAndThenGrowsUntilItIsWhole() {
        for (int i = 0; i < 10; i++) {
            step.hurt();
        }
        int calms = 0;
        while (step.pauseNanos() > 0) {
            assertThat(step.keys()).isEqualTo(1);
            step.calm();
            calms++;
        }
        step.calm();
        assertThat(step.keys()).isEqualTo(17);
        while (!step.isWhole()) {
            step.calm();
            calms++;
        }
        assertThat(calms).isLessThan(30);
    }
}
