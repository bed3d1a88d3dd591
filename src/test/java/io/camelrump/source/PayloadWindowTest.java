package io.camelrump.source;

import static org.assertj.core.api.Assertions.assertThat;

import io.camelrump.redis.Cursor;
import io.camelrump.redis.KeyList;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class PayloadWindowTest {

    private static final long BYTES = 8 << 20;
    private static final int MANY = 10_000;

    @Test
    void startsWithFewKeysWhateverTheirReportedSizes() {
        assertThat(due(new PayloadWindow(BYTES))).isEqualTo(8);
        assertThat(due(new PayloadWindow(BYTES), 100)).isEqualTo(8);
    }

    @Test
    void letsAsManyMoreBeDueAsCame() {
        PayloadWindow window = new PayloadWindow(BYTES);
        see(window, 100, 100, 20);

        assertThat(due(window, 100)).isEqualTo(28);
    }

    @Test
    void aLargePayloadCountsAtOnce() {
        PayloadWindow window = new PayloadWindow(BYTES);
        see(window, PayloadWindow.UNKNOWN_SIZE, 100, 1000);
        assertThat(due(window)).isGreaterThan(1000);

        window.seen(PayloadWindow.UNKNOWN_SIZE, 4 << 20);

        assertThat(due(window)).isEqualTo(2);
    }

    @Test
    void onePayloadMayBeLargerThanTheWindow() {
        PayloadWindow window = new PayloadWindow(BYTES);
        window.seen(PayloadWindow.UNKNOWN_SIZE, 500L << 20);

        assertThat(due(window)).isEqualTo(1);
    }

    @Property(tries = 200)
    void asManyAsAreDueOfTheLargestLatelySeenFit(
            @ForAll @Size(min = 1, max = 200) List<@IntRange(min = 0, max = 1 << 20) Integer> lengths) {
        PayloadWindow window = new PayloadWindow(BYTES);
        for (int length : lengths) {
            window.seen(PayloadWindow.UNKNOWN_SIZE, length);

            assertThat((long) due(window) * length).isLessThanOrEqualTo(BYTES);
            assertThat(window.expected()).isGreaterThanOrEqualTo(length);
        }
    }

    @Test
    void theReportedSizeOfAKeyOverrulesTheEstimate() {
        PayloadWindow window = new PayloadWindow(BYTES);
        see(window, 1 << 20, 1 << 20, 1000);

        assertThat(due(window, 100)).isGreaterThan(1000);
        assertThat(due(window, 4 << 20)).isEqualTo(2);
        assertThat(due(window, Integer.MAX_VALUE)).isEqualTo(1);
    }

    @Property(tries = 200)
    void payloadsOfKnownSizesFitTheWindow(
            @ForAll @Size(min = 1, max = 200) List<@IntRange(min = 0, max = 8 << 20) Integer> told) {
        PayloadWindow window = new PayloadWindow(BYTES);
        Deque<Integer> due = new ArrayDeque<>();
        for (int size : told) {
            while (!window.hasRoom(size)) {
                window.answered(due.remove());
            }
            window.asked(size);
            due.add(size);

            assertThat(due.stream().mapToLong(i -> i).sum()).isLessThanOrEqualTo(BYTES);
        }
    }

    @Test
    void reportedSizesAreScaledByTheLargestSurprise() {
        PayloadWindow window = new PayloadWindow(BYTES);
        see(window, 100, 100, 1000);
        window.seen(100, 5 << 20);
        assertThat(due(window, 100)).isEqualTo(1);
        assertThat(due(window, 10)).isEqualTo(16);

        see(window, 100, 100, 1000);

        assertThat(due(window, 100)).isGreaterThan(1000);
    }

    @Test
    void asManyTimesLessIsNot() {
        PayloadWindow window = new PayloadWindow(BYTES);
        see(window, 1 << 20, 100, 1000);

        assertThat(due(window, 1 << 20)).isEqualTo(8);
    }

    @Test
    void keysOfWhichNothingIsKnownAreMetGentlyAgain() {
        PayloadWindow window = new PayloadWindow(BYTES);
        see(window, PayloadWindow.UNKNOWN_SIZE, 100, 1000);
        window.meetGently();

        assertThat(due(window)).isEqualTo(8);
    }

    @Test
    void isHalvedWhenCutTwiceAtOnePageAndOpensAgain() {
        PayloadWindow window = new PayloadWindow(BYTES);
        KeyChunk chunk = chunk(100);
        assertThat(cutWhenFull(window, chunk)).isFalse();
        assertThat(due(window)).isEqualTo(8);

        assertThat(cutWhenFull(window, chunk)).isFalse();
        assertThat(due(window)).isEqualTo(4);

        window.calm();
        assertThat(due(window)).isEqualTo(8);
    }

    @Test
    void namesTheKeyAtWhichItIsCutAgainAndAgain() {
        PayloadWindow window = new PayloadWindow(BYTES);
        KeyChunk chunk = chunk(100);
        int cuts = 1;
        while (!cutWhenFull(window, chunk)) {
            cuts++;
            assertThat(cuts).isLessThan(10);
        }
        assertThat(due(window)).isEqualTo(8);
    }

    @Test
    void cutsAtDifferentPagesAreBadLuckOnly() {
        PayloadWindow window = new PayloadWindow(BYTES);
        for (int i = 0; i < 20; i++) {
            assertThat(cutWhenFull(window, chunk(100))).isFalse();
        }
        assertThat(due(window)).isEqualTo(8);
    }

    private static void see(PayloadWindow window, int told, long length, int times) {
        IntStream.range(0, times).forEach(i -> window.seen(told, length));
    }

    private static boolean cutWhenFull(PayloadWindow window, KeyChunk chunk) {
        while (window.hasRoom(PayloadWindow.UNKNOWN_SIZE)) {
            window.asked(PayloadWindow.UNKNOWN_SIZE);
        }
        boolean atOneKey = window.cut(chunk);
        window.clear();
        return atOneKey;
    }

    private static int due(PayloadWindow window) {
        return due(window, PayloadWindow.UNKNOWN_SIZE);
    }

    /** How many keys may be due of which so much was told. */
    private static int due(PayloadWindow window, int told) {
        int keys = 0;
        for (; window.hasRoom(told) && keys < MANY; keys++) {
            window.asked(told);
        }
        window.clear();
        return keys;
    }

    private static KeyChunk chunk(int keys) {
        byte[][] names = new byte[keys][1];
        return new KeyChunk(KeyList.of(names), 0, Cursor.START);
    }
}
