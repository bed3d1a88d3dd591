package io.camelrump.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.BitSet;
import java.util.Random;
import org.junit.jupiter.api.Test;

class NumberRangesTest {
    @Test
    void numbersBesideEachOtherAreOneRange() {
        NumberRanges numbers = new NumberRanges();
        numbers.add(4);
        numbers.add(6);
        numbers.add(5);
        numbers.add(10, 12);

        assertThat(numbers).hasToString("4-6, 10-12");
        assertThat(numbers.missing(15)).hasToString("[0-3, 7-9, 13-14]");
        assertThat(numbers.firstMissing()).isZero();
    }

    @Test
    void rangesHoldTheSameNumbersAsASetOfBits() {
        Random random = new Random(1);
        for (int round = 0; round < 200; round++) {
            NumberRanges numbers = new NumberRanges();
            BitSet expected = new BitSet();
            for (int i = 0; i < 30; i++) {
                int first = random.nextInt(60);
                int last = first + random.nextInt(4);
                numbers.add(first, last);
                expected.set(first, last + 1);
            }
            for (int number = 0; number < 70; number++) {
                assertThat(numbers.contains(number)).isEqualTo(expected.get(number));
            }
            assertThat(numbers.firstMissing()).isEqualTo(expected.nextClearBit(0));
            BitSet missing = new BitSet();
            numbers.missing(50).forEach(range -> missing.set((int) range.first(), (int) range.last() + 1));
            expected.flip(0, 50);
            assertThat(missing).isEqualTo(expected.get(0, 50));
        }
    }
}
