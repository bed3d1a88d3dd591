package io.camelrump.live;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class GatheringPauseTest {
    private final GatheringPause pause = new GatheringPause();
    private long now = System.nanoTime();

    @Test
    void fewChangesAreGatheredForTheLongestTime() {
        assertThat(afterMillis(60_000, 1)).isEqualTo(15);
        assertThat(afterMillis(20, 10)).isEqualTo(15);
    }

    @Test
    void manyChangesAreGatheredForAsLongAsAHundredTake() {
        assertThat(afterMillis(20, 200)).isEqualTo(10);
        assertThat(afterMillis(10, 100)).isEqualTo(10);
        assertThat(afterMillis(10, 900)).isEqualTo(5);
    }

    @Test
    void aFloodIsReadWithoutPause() {
        assertThat(afterMillis(5, 1_000)).isZero();
    }

    @Test
    void readingsAtOneMomentLeaveTheShortestPause() {
        afterMillis(20, 10);

        assertThat(afterMillis(0, 1)).isEqualTo(5);
    }

    private long afterMillis(long millis, int keys) {
        now += TimeUnit.MILLISECONDS.toNanos(millis);
        return pause.after(keys, now);
    }
}
