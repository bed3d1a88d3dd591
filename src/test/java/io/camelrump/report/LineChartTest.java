package io.camelrump.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class LineChartTest {
    private static String svg(double[] seconds, double... values) {
        List<LineChart.Line> lines = List.of(new LineChart.Line("read", values));
        return new LineChart("Keys per second", seconds, lines, Texts::wholeOrPart)
                .picture()
                .svg();
    }

    @Test
    void aValueStandsForTheTimeBeforeIt() {
        // 10 s are 668 wide from 78 on, and 100 keys are 166 high from 176 up
        assertThat(svg(new double[] {5, 10}, 50, 100)).contains("d=\"M78.0 93.0H412.0V10.0H746.0\"");
    }

    @Test
    void aLineIsBrokenWhereNothingIsKnown() {
        assertThat(svg(new double[] {2, 4, 6, 10}, 100, Double.NaN, 50, 50))
                .contains("d=\"M78.0 10.0H211.6M345.2 93.0H478.8V93.0H746.0\"");
    }

    @Test
    void aChartSaysInWordsWhatItShows() {
        assertThat(svg(new double[] {5, 10}, 50, 1_234))
                .contains("role=\"img\" aria-label=\"Keys per second: read, at most 1,234\"");
    }

    @Test
    void aChartOfNothingIsStillOne() {
        assertThat(svg(new double[0])).startsWith("<svg ").endsWith("</svg>");
        assertThat(svg(new double[] {1, 2}, Double.NaN, Double.NaN)).doesNotContain("NaN", "Infinity");
    }
}
