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
        ElementCount count = new ElementCount(PartLimit.ofBytes(PART), 64, 0);
        List<Integer> asked = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            asked.add(count.next());
            count.came(count.next(), 64L * count.next());
        }
        assertThat(asked).containsExactly(16, 64, 256, 1_000, 1_000);
    }

    @Test
    void oneLargeElementAmongSmallOnesLessensTheNextOnes() {
        ElementCount count = new ElementCount(PartLimit.ofBytes(PART), 64, 0);
        count.came(16, 16 * 64);
        count.came(64, 63 * 64 + (1 << 20));
        assertThat(count.next()).isEqualTo(15);
    }

    @Test
    void aReplyThatIsTooLargeIsAskedForWithFewerAndOneElementIsTakenWhateverItsSize() {
        ElementCount count = new ElementCount(PartLimit.ofBytes(PART), 1, 0);
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
        ElementCount count = new ElementCount(PartLimit.ofBytes(PART), 1, TimeUnit.MILLISECONDS.toNanos(10));

        for (int i = 0; i < 10; i++) {
            count.came(count.next(), count.next());
        }

        assertThat(count.next()).isEqualTo(10_000);
    }

    @Test
    void aPartTakesNoLongerThanTheServerMayWorkForIt() {
        long[] now = {0};
        long[] longest = {Long.MAX_VALUE};
        long roundTrip = TimeUnit.MILLISECONDS.toNanos(1);
        ElementCount count = new ElementCount(new PartLimit(PART, () -> longest[0]), 1, roundTrip, () -> now[0]);
        for (int i = 0; i < 5; i++) {
            int asked = count.ask();
            // one of them waited for another client
            now[0] += roundTrip + 1_000L * asked + (i == 3 ? roundTrip : 0);
            count.came(asked, asked);
        }
        assertThat(count.ask()).isEqualTo(1_000);

        longest[0] = 200_000;

        assertThat(count.ask()).isEqualTo(200);
        longest[0] = 10;
        assertThat(count.ask()).isEqualTo(1);
    }
}
