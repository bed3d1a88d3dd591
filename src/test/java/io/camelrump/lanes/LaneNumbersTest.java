package io.camelrump.lanes;

import static org.assertj.core.api.Assertions.assertThat;

import io.camelrump.redis.KeyList;
import io.camelrump.redis.Slot;
import io.camelrump.run.PageData;
import io.camelrump.run.PageOrigin;
import io.camelrump.run.PageStamp;
import io.camelrump.run.PayloadList;
import io.camelrump.run.RemoteEnd;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Pages cut by lane and size, and numbered. */
class LaneNumbersTest {
    private static final int LANES = 4;

    private final LaneNumbers numbers = new LaneNumbers(new LaneParts(LANES, 3_000));

    @Test
    void eachKeyGoesInTheLaneOfItsSlotAndNoPartIsTooLarge() {
        int keys = 0;
        for (PageData part : numbers.number(page(100))) {
            long bytes = part.bytes();
            assertThat(bytes).isLessThan(2_000);
            for (int i = 0; i < part.size(); i++) {
                assertThat(Slot.of(part.key(i)) * LANES / Slot.COUNT).isEqualTo(LaneNumbers.lane(part));
            }
            keys += part.size();
        }

        assertThat(keys).isEqualTo(100);
    }

    @Test
    void pagesOfALaneAreNumberedAndItsEndMarkerCountsThem() {
        Map<Integer, Long> next = new HashMap<>();
        for (int round = 0; round < 3; round++) {
            for (PageData part : numbers.number(page(20))) {
                assertThat(stamp(part).number()).isEqualTo(next.getOrDefault(LaneNumbers.lane(part), 0L));
                next.merge(LaneNumbers.lane(part), 1L, Long::sum);
            }
        }

        List<PageData> ends = numbers.number(end());

        assertThat(ends).hasSize(LANES).allMatch(end -> end.origin().last());
        ends.forEach(end -> assertThat(stamp(end).number()).isEqualTo(next.get(LaneNumbers.lane(end))));
    }

    @Test
    void endMarkerNamesPagesThatWereGivenUp() {
        List<PageData> first = numbers.number(page(20));
        numbers.giveUp(first);
        numbers.number(page(20));

        for (PageData end : numbers.number(end())) {
            long given = first.stream()
                    .filter(part -> LaneNumbers.lane(part) == LaneNumbers.lane(end))
                    .count();
            assertThat(Objects.requireNonNull(stamp(end).end()).voided())
                    .hasToString(given == 1 ? "[0]" : "[0-" + (given - 1) + "]");
        }
    }

    private static PageStamp stamp(PageData page) {
        return Objects.requireNonNull(page.origin().stamp());
    }

    private static PageData end() {
        return PageData.end(0, PageStamp.ofEnd("run", 0, 3, RemoteEnd.UNKNOWN));
    }

    /** A page of keys with values of 100 bytes. */
    private static PageData page(int keys) {
        byte[][] names = IntStream.range(0, keys)
                .mapToObj(i -> ("key:" + i).getBytes(StandardCharsets.UTF_8))
                .toArray(byte[][]::new);
        int[] offsets = IntStream.range(0, keys).map(i -> 100 * i).toArray();
        int[] lengths = IntStream.range(0, keys).map(i -> 100).toArray();
        PageData page = new PageData(
                KeyList.of(names),
                new PayloadList(new byte[100 * keys], offsets, lengths),
                new long[keys],
                new PageOrigin(0, 0, 0));
        return page.stamped(new PageStamp("run", 0, 7, false));
    }
}
