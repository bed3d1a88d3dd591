package io.camelrump.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class RatioTest {
    private static final Figures STEADY = figures(2.00, 2.02, 1.99, 2.01, 2.03);
    private static final Figures SCATTERED = figures(1.6, 2.4, 2.0, 1.7, 2.6);

    @Test
    void namesWhatIsSlowerByMoreThanFivePercent() {
        Ratio ratio = Ratio.of(STEADY, figures(2.20, 2.19, 2.22, 2.25, 2.21));

        assertThat(ratio.verdict()).isEqualTo(Ratio.Verdict.SLOWER);
        assertThat(ratio.value()).isEqualTo(1.10, within(0.01));
    }

    @Test
    void doesNotNameWhatIsWithinFivePercent() {
        assertThat(Ratio.of(STEADY, figures(2.05, 2.06, 2.07, 2.08, 2.05)).verdict())
                .isEqualTo(Ratio.Verdict.SAME);
    }

    @Test
    void aDifferenceBelowTheScatterOfTheOldBuildIsNotResolved() {
        Ratio ratio = Ratio.of(SCATTERED, figures(1.9, 2.5, 2.2, 1.8, 2.6));

        assertThat(ratio.verdict()).isEqualTo(Ratio.Verdict.NOT_RESOLVED);
        assertThat(ratio.spread()).isGreaterThan(ratio.value() - 1);
    }

    @Test
    void aFasterBuildIsNotReportedAsSlower() {
        assertThat(Ratio.of(STEADY, figures(1.2, 1.21, 1.19, 1.2, 1.22)).verdict())
                .isEqualTo(Ratio.Verdict.FASTER);
    }

    /** One run that something else disturbed does not count. */
    @Test
    void ignoresASingleDisturbedRun() {
        assertThat(Ratio.of(STEADY, figures(2.01, 2.00, 2.02, 3.90, 2.03)).verdict())
                .isEqualTo(Ratio.Verdict.SAME);
    }

    private static Figures figures(double... values) {
        Figures figures = new Figures();
        for (double value : values) {
            figures.add(value);
        }
        return figures;
    }
}
