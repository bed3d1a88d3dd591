package io.camelrump;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class PayloadWindowTest {

    private static final long BYTES = 8 << 20;

    @Test
    void startsWithFewKeysAsTheirSizesAreNotKnown() {
        assertThat(due(new PayloadWindow(BYTES))).isEqualTo(8);
    }

    @Test
    void aLargePayloadCountsAtOnce() {
        PayloadWindow window = new PayloadWindow(BYTES);
        IntStream.range(0, 1000).forEach(i -> window.seen(100));
        assertThat(due(window)).isGreaterThan(1000);

        window.seen(4 << 20);

        assertThat(due(window)).isEqualTo(2);
    }

    @Test
    void onePayloadMayBeLargerThanTheWindow() {
        PayloadWindow window = new PayloadWindow(BYTES);
        window.seen(500L << 20);

        assertThat(due(window)).isEqualTo(1);
    }

    @Property(tries = 200)
    void asManyAsAreDueOfTheLargestLatelySeenFit(
            @ForAll @Size(min = 1, max = 200) List<@IntRange(min = 0, max = 1 << 20) Integer> lengths) {
        PayloadWindow window = new PayloadWindow(BYTES);
        for (int length : lengths) {
            window.seen(length);

            assertThat((long) due(window) * length).isLessThanOrEqualTo(BYTES);
            assertThat(window.expected()).isGreaterThanOrEqualTo(length);
        }
    }

    @Test
    void isHalvedWhenCutTwiceAtOnePageAndOpensAgain() {
        PayloadWindow window = new PayloadWindow(BYTES);
        Segment segment = segment(100);
        assertThat(window.cut(segment)).isFalse();
        assertThat(due(window)).isEqualTo(8);

        assertThat(window.cut(segment)).isFalse();
        assertThat(due(window)).isEqualTo(4);

        window.calm();
        assertThat(due(window)).isEqualTo(8);
    }

    @Test
    void namesTheKeyAtWhichItIsCutAgainAndAgain() {
        PayloadWindow window = new PayloadWindow(BYTES);
        Segment segment = segment(100);
        int cuts = 1;
        while (!window.cut(segment)) {
            cuts++;
            assertThat(cuts).isLessThan(10);
        }
        assertThat(due(window)).isEqualTo(8);
    }

    @Test
    void cutsAtDifferentPagesAreBadLuckOnly() {
        PayloadWindow window = new PayloadWindow(BYTES);
        for (int i = 0; i < 20; i++) {
            assertThat(window.cut(segment(100))).isFalse();
        }
        assertThat(due(window)).isEqualTo(8);
    }

    private static int due(PayloadWindow window) {
        return window.room(0);
    }

    private static Segment segment(int keys) {
        byte[][] names = new byte[keys][1];
        return new Segment(KeyList.of(names), 0, 0, 0, false);
    }
}
