package io.camelrump.series;

import static org.assertj.core.api.Assertions.assertThat;

import io.camelrump.RunSeries;
import java.util.List;
import org.junit.jupiter.api.Test;

/** However long a run takes, its points are few, and what it did is in them. */
class JoinedSpansTest {
    private static final long TENTH = 100_000_000;

    private final JoinedSpans spans = new JoinedSpans(1_000, TENTH);
    private long now;

    /** Some keys more in some time. */
    private void pass(long nanos, int keys) {
        spans.add(new Span(now, now + nanos, keys, 5L * keys, keys, 7L * keys, keys, keys, keys, 0));
        now += nanos;
    }

    private static double keys(List<RunSeries.Point> points) {
        double keys = 0;
        double before = 0;
        for (RunSeries.Point point : points) {
            keys += point.keysRead() * (point.seconds() - before);
            before = point.seconds();
        }
        return keys;
    }

    @Test
    void aPointHasTheRatesOfTheTimeBeforeIt() {
        pass(TENTH, 30);
        pass(2 * TENTH, 40);

        assertThat(spans.points(false))
                .containsExactly(
                        new RunSeries.Point(0.1, 300, 1_500, 300, 2_100, 0.0, 30L, 0.0, null),
                        new RunSeries.Point(0.3, 200, 1_000, 200, 1_400, 0.0, 40L, 0.0, null));
    }

    @Test
    void aThousandPointsAreNeverPassedAndNoKeyIsLost() {
        for (int i = 0; i < 12_345; i++) {
            pass(TENTH, 100);
            assertThat(spans.points(true)).hasSizeLessThanOrEqualTo(1_000);
        }
        List<RunSeries.Point> points = spans.points(true);

        assertThat(points).hasSizeGreaterThan(499);
        assertThat(points.get(points.size() - 1).seconds()).isEqualTo(1_234.5);
        assertThat(keys(points)).isCloseTo(1_234_500, org.assertj.core.data.Offset.offset(1.0));
    }

    @Test
    void aPeakStaysVisibleHoweverOftenItsPointIsJoined() {
        for (int i = 0; i < 10_000; i++) {
            spans.add(new Span(
                    now,
                    now + TENTH,
                    1,
                    1,
                    1,
                    1,
                    i == 777 ? 9_000_000_000L : 1_000_000L,
                    i == 778 ? 4_321 : 1,
                    i == 779 ? 55_000_000 : 0,
                    i == 780 ? 66_000_000 : 0));
            now += TENTH;
        }
        List<RunSeries.Point> points = spans.points(true);

        assertThat(points).extracting(RunSeries.Point::lagSeconds).contains(9.0);
        assertThat(points).extracting(RunSeries.Point::waiting).contains(4_321L);
        assertThat(points).extracting(RunSeries.Point::sourceMillis).contains(55.0);
        assertThat(points).extracting(RunSeries.Point::targetMillis).contains(66.0);
    }

    @Test
    void aMomentAtTheEndIsPartOfTheLastPoint() {
        pass(TENTH, 100);
        pass(TENTH / 20, 50);

        assertThat(spans.points(false)).hasSize(1);
        List<RunSeries.Point> ended = spans.points(true);
        assertThat(ended).hasSize(1);
        assertThat(ended.get(0).seconds()).isEqualTo(0.105);
        assertThat(keys(ended)).isBetween(149.0, 151.0);
    }

    @Test
    void aRunThatIsOverAtOnceHasAPointAllTheSame() {
        pass(TENTH / 50, 10);

        assertThat(spans.points(true)).hasSize(1);
    }
}
