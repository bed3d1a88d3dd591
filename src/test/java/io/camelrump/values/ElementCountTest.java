package io.camelrump.values;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class ElementCountTest {
    private static final int PART = 256 * 1024;

    @Test
    void fewElementsAreAskedForAtFirstAndSoonAThousand() {
        ElementCount count = new ElementCount(PART, 64, 0);
        List<Integer> asked = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            asked.add(count.next());
            count.came(count.next(), 64L * count.next());
        }
        assertThat(asked).containsExactly(16, 64, 256, 1_000, 1_000);
    }

    @Test
    void oneLargeElementAmongSmallOnesLessensTheNextOnes() {
        ElementCount count = new ElementCount(PART, 64, 0);
        count.came(16, 16 * 64);
        count.came(64, 63 * 64 + (1 << 20));
        assertThat(count.next()).isEqualTo(15);
    }

    @Test
    void aReplyThatIsTooLargeIsAskedForWithFewerAndOneElementIsTakenWhateverItsSize() {
        ElementCount count = new ElementCount(PART, 1, 0);
        count.came(16, 16);
        assertThat(count.mostBytes()).isEqualTo(8L * PART);
        count.tooMany();
        assertThat(count.next()).isEqualTo(6);
        count.tooMany();
        assertThat(count.next()).isEqualTo(1);
        assertThat(count.mostBytes()).isEqualTo(Long.MAX_VALUE);
    }

    @Test
    void moreAreAskedForOverADistance() {
        ElementCount count = new ElementCount(PART, 1, TimeUnit.MILLISECONDS.toNanos(10));

        for (int i = 0; i < 10; i++) {
            count.came(count.next(), count.next());
        }

        assertThat(count.next()).isEqualTo(4_000);
    }
}
