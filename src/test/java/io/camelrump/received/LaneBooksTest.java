package io.camelrump.received;

import static org.assertj.core.api.Assertions.assertThat;

import io.camelrump.run.NumberRanges;
import io.camelrump.run.PageData;
import io.camelrump.run.PageStamp;
import io.camelrump.run.RemoteEnd;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

class LaneBooksTest {
    private static final byte[] VALUE = {1};

    private final LaneBooks books = new LaneBooks(false, 3);
    private final LaneBooks lane = new LaneBooks(true, 3);

    @Test
    void pageThatWasWrittenIsADouble() {
        write(books, 0);

        assertThat(books.isDouble(stamp(0))).isTrue();
        assertThat(books.isDouble(stamp(1))).isFalse();
    }

    @Test
    void pageOfWhichOneKeyWasWrittenIsNotWhole() {
        PageData page = PageData.of(name("a"), VALUE, -1);
        PageStamp one = new PageStamp("run", 0, 0, false, 2, null, null);
        books.end(end(1, List.of()));

        books.written(one, page.placesTaken());
        assertThat(books.isComplete()).isFalse();
        books.written(one, java.util.BitSet.valueOf(new long[] {2}));
        assertThat(books.isComplete()).isTrue();
    }

    @Test
    void numbersThatTheReaderGaveUpAreNotMissed() {
        write(books, 0);
        write(books, 3);
        books.end(end(4, List.of(new NumberRanges.Range(1, 1))));

        assertThat(books.missing()).hasToString("[2]");
        books.voidAll();
        assertThat(books.missing()).hasToString("[0, 2-3]");
    }

    @Test
    void keyThatWasSentFromALaterPageIsLeftOut() {
        books.send(page("a"), stamp(2));

        assertThat(books.send(page("a"), stamp(1)).size()).isZero();
        assertThat(books.send(page("b"), stamp(0)).size()).isEqualTo(1);
    }

    @Test
    void pageThatIsOlderThanTheMemoryIsKnownAsSuch() {
        for (int number = 2; number < 10; number++) {
            books.send(page("key " + number), stamp(number));
        }

        assertThat(books.isTooLate(stamp(1))).isTrue();
        assertThat(books.isTooLate(stamp(9))).isFalse();
    }

    @Test
    void nothingIsRememberedOfPagesInOrder() {
        for (int number = 0; number < 10; number++) {
            write(books, number);
        }

        assertThat(books.isTooLate(stamp(1))).isFalse();
        assertThat(books.isComplete()).isFalse();
        books.end(end(10, List.of()));
        assertThat(books.isComplete()).isTrue();
    }

    @Test
    void pagesOfALaneThatAnotherWriterHadAreNotMissed() {
        write(lane, 5);
        write(lane, 8);
        lane.end(end(9, List.of()));

        assertThat(lane.isComplete()).isTrue();
        assertThat(lane.elsewhere()).isEqualTo(7);
    }

    private static void write(LaneBooks books, long number) {
        books.send(page("key " + number), stamp(number));
        books.written(stamp(number), page("key").placesTaken());
    }

    private static PageData page(String name) {
        return PageData.of(name(name), VALUE, -1);
    }

    private static byte[] name(String name) {
        return name.getBytes(StandardCharsets.UTF_8);
    }

    private static PageStamp stamp(long number) {
        return new PageStamp("run", 0, number, false);
    }

    private static PageStamp end(long pages, List<NumberRanges.Range> voided) {
        return PageStamp.ofEnd("run", 0, pages, new RemoteEnd(null, null, voided, false));
    }
}
