package io.camelrump.throttle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.concurrent.TimeUnit;
import org.assertj.core.data.Percentage;
import org.junit.jupiter.api.Test;

class CommandCostsTest {
    private static final long MICRO = TimeUnit.MICROSECONDS.toNanos(1);

    private final CommandCosts costs = new CommandCosts();

    @Test
    void learnsFromTheTimesBetweenReplies() {
        serve(500, 20);

        assertThat(costs.key(0)).isCloseTo(20 * MICRO, Percentage.withPercentage(1));
    }

    @Test
    void repliesThatWaitedForOtherClientsTeachNothing() {
        for (int i = 0; i < 500; i++) {
            costs.served(50, 50 * (i % 40 == 0 ? 400 : 20) * MICRO);
        }

        assertThat(costs.key(0)).isCloseTo(20 * MICRO, Percentage.withPercentage(1));
    }

    @Test
    void repliesThatCameTogetherAreTakenTogether() {
        for (int i = 0; i < 500; i++) {
            costs.served(50, 50 * (i % 8 == 0 ? 8 * 20 : 0) * MICRO);
        }

        assertThat(costs.key(0)).isCloseTo(20 * MICRO, Percentage.withPercentage(1));
    }

    @Test
    void theServersOwnStatisticsAreBetter() {
        costs.reported(5 * MICRO, 2 * MICRO, MICRO);
        serve(500, 20);

        assertThat(costs.key(0)).isEqualTo(5 * MICRO);
        assertThat(costs.query()).isEqualTo(2 * MICRO);
        assertThat(costs.scan(1_000)).isEqualTo(1_000 * MICRO);
    }

    @Test
    void costsThatAreNotReportedStayAsTheyWere() {
        costs.reported(5 * MICRO, 2 * MICRO, MICRO);
        costs.reported(0, 0, 3 * MICRO);

        assertThat(costs.key(0)).isEqualTo(5 * MICRO);
        assertThat(costs.query()).isEqualTo(2 * MICRO);
        assertThat(costs.scan(10)).isEqualTo(30 * MICRO);
    }

    @Test
    void aPayloadCostsByItsSize() {
        costs.reported(5 * MICRO, 2 * MICRO, MICRO);

        assertThat(costs.key(10 * CommandCosts.BYTES_PER_UNIT)).isEqualTo(55 * MICRO);
        assertThat(CommandCosts.units(3, CommandCosts.BYTES_PER_UNIT)).isEqualTo(4, within(1e-9));
    }

    @Test
    void aScanFillsATurnOrTheDistance() {
        costs.reported(5 * MICRO, 2 * MICRO, MICRO);

        assertThat(costs.scanCount(500 * MICRO, 0)).isEqualTo(500);
        assertThat(costs.scanCount(500 * MICRO, 8_000 * MICRO)).isEqualTo(1_000);
        assertThat(costs.scanCount(0, 0)).isEqualTo(1);
    }

    private void serve(int turns, long microsPerKey) {
        for (int i = 0; i < turns; i++) {
            costs.served(50, 50 * microsPerKey * MICRO);
        }
    }
}
