package io.camelrump.report;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AxisTest {
    @ParameterizedTest
    @CsvSource({"93180, 100000, 50000", "4, 4, 1", "0.2, 0.2, 0.05", "7, 8, 2", "1000, 1000, 500", "11, 15, 5"})
    void anAxisEndsAtTheNextRoundValue(double most, double end, double step) {
        Axis axis = Axis.upTo(most, 4);

        assertThat(axis.end()).isCloseTo(end, within(end));
        assertThat(axis.step()).isCloseTo(step, within(step));
        assertThat(axis.marks()).hasSizeBetween(3, 6);
    }

    private static org.assertj.core.data.Offset<Double> within(double value) {
        return org.assertj.core.data.Offset.offset(value * 1e-9);
    }

    @ParameterizedTest
    @ValueSource(doubles = {0, 0.003, 0.7, 9, 59, 61, 3_599, 7_300, 90_000, 700_000, 1e8})
    void anAxisOfTimeHasFewMarksHoweverLongItIs(double seconds) {
        Axis axis = Axis.ofTime(seconds);

        assertThat(axis.marks()).hasSizeBetween(1, 9);
        assertThat(axis.marks()).allMatch(mark -> !axis.time(mark).isEmpty());
    }

    @Test
    void marksOfTimeAreAsExactAsTheAxis() {
        assertThat(Axis.ofTime(0.9).time(0.2)).isEqualTo("0.2 s");
        assertThat(Axis.ofTime(40).time(10)).isEqualTo("10 s");
        assertThat(Axis.ofTime(600).time(90)).isEqualTo("1:30");
        assertThat(Axis.ofTime(20_000).time(5_400)).isEqualTo("1:30 h");
    }

    @Test
    void nothingButZerosHaveAnAxisToo() {
        assertThat(Axis.upTo(0, 4).share(0)).isZero();
    }
}
