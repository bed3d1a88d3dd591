package io.camelrump.source;

import static org.assertj.core.api.Assertions.assertThat;

import io.camelrump.checkpoint.ScanPosition;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class ScanHistoryTest {
    private static final long BEGIN = System.nanoTime();
    private final ScanHistory marks = new ScanHistory();

    @Test
    void aMomentBetweenTwoMarksIsThatOfTheEarlierOne() {
        mark(0);
        mark(5);
        mark(10);

        assertThat(marks.at(seconds(7))).isEqualTo(position(5));
        assertThat(marks.at(seconds(10))).isEqualTo(position(10));
        assertThat(marks.at(seconds(99))).isEqualTo(position(10));
    }

    @Test
    void aMomentBeforeTheFirstMarkIsTheBeginning() {
        assertThat(marks.at(seconds(0))).isNull();
        for (int second = 0; second < 5_000; second += 5) {
            mark(second);
        }

        assertThat(marks.at(seconds(-1))).isEqualTo(position(0));
        // of an hour and a half the last ten minutes are known
        assertThat(marks.at(seconds(2_000))).isEqualTo(position(0));
        assertThat(marks.at(seconds(4_800))).isEqualTo(position(4_800));
    }

    @Test
    void aScanOfAPartLeadsToNothingBeforeIt() {
        mark(0);
        marks.beginPart();
        mark(5);

        assertThat(marks.at(seconds(3))).isNull();
        assertThat(marks.at(seconds(6))).isEqualTo(position(5));
        marks.begin();
        mark(10);
        assertThat(marks.at(seconds(3))).isEqualTo(position(10));
    }

    @Test
    void oneIsDueAtOnceAndThenEachFewSeconds() {
        assertThat(marks.isDue(seconds(0))).isTrue();
        mark(0);
        assertThat(marks.isDue(seconds(4))).isFalse();
        assertThat(marks.isDue(seconds(5))).isTrue();
    }

    /** What is read after a rewind is read where it went to, and a second step applies to that too. */
    @Test
    void marksBehindARewindAreVoid() {
        mark(0);
        mark(5);
        mark(10);

        assertThat(marks.rewind(seconds(7))).isEqualTo(position(5));
        assertThat(marks.at(seconds(12))).isEqualTo(position(5));
        assertThat(marks.isDue(seconds(12))).isTrue();
        assertThat(marks.rewind(seconds(-1))).isEqualTo(position(0));
        assertThat(marks.isDue(seconds(12))).isTrue();
        assertThat(marks.at(seconds(12))).isEqualTo(position(0));
    }

    private void mark(int second) {
        marks.add(seconds(second), position(second));
    }

    private static ScanPosition position(int second) {
        return new ScanPosition(0, second, false);
    }

    private static long seconds(int seconds) {
        return BEGIN + TimeUnit.SECONDS.toNanos(seconds);
    }
}
