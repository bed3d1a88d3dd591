package io.camelrump.source;

import static org.assertj.core.api.Assertions.assertThat;

import io.camelrump.checkpoint.ScanPosition;
import io.camelrump.keys.DatabaseMapping;
import io.camelrump.keys.KeySelection;
import io.camelrump.keys.SampleLimit;
import io.camelrump.keys.ScanPlan;
import io.camelrump.keys.SourceDatabase;
import io.camelrump.options.BigKeyOptions;
import io.camelrump.options.SourceOptions;
import io.camelrump.redis.Cursor;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class KeyScanTest {
    private final KeyScan scan = new KeyScan(
            new ScanPlan(
                    new SourceOptions(),
                    new BigKeyOptions(),
                    DatabaseMapping.of(0, "0,5,2", null),
                    new KeySelection(null, name -> true, Set.of(), null, null, 0, null, Long.MAX_VALUE),
                    1000,
                    1000,
                    null,
                    null,
                    1 << 20,
                    8 << 20),
            List.of(new SourceDatabase(0, 9), new SourceDatabase(5, 9), new SourceDatabase(2, 9)),
            new WholeServer(new SampleLimit(Long.MAX_VALUE)));

    @Test
    void earlierIsWhatScanComesToFirst() {
        List<ScanPosition> inOrder = List.of(
                at(0, 0),
                // a table of 16 buckets, and within it one that has grown to 32
                at(0, 8),
                at(0, 4),
                at(0, 20),
                at(0, 12),
                at(0, 15),
                at(5, 0),
                at(5, -1),
                at(2, 2),
                new ScanPosition(2, 0, true));

        for (int i = 0; i < inOrder.size(); i++) {
            for (int j = i; j < inOrder.size(); j++) {
                assertThat(scan.earlier(inOrder.get(i), inOrder.get(j))).isEqualTo(inOrder.get(i));
                assertThat(scan.earlier(inOrder.get(j), inOrder.get(i))).isEqualTo(inOrder.get(i));
            }
        }
    }

    @Test
    void textCursorsComeInTheOrderInWhichTheyWereGiven() {
        Cursor first = text("b").after(Cursor.START, 1000);
        Cursor second = text("a").after(first, 10);

        assertThat(scan.earlier(at(0, second), at(0, first))).isEqualTo(at(0, first));
        assertThat(scan.earlier(at(0, second), at(0, 0))).isEqualTo(at(0, 0));
    }

    private static Cursor text(String cursor) {
        return Cursor.of(cursor.getBytes(StandardCharsets.US_ASCII));
    }

    private static ScanPosition at(int database, Cursor cursor) {
        return new ScanPosition(database, cursor, false);
    }

    @Test
    void resumesAtItsOwnCursorAlone() {
        assertThat(scan.resumeAt(at(3, 8))).isFalse();
        assertThat(scan.resumeAt(at(5, 8))).isTrue();
        assertThat(scan.position()).isEqualTo(at(5, 8));

        assertThat(scan.resumeAt(new ScanPosition(3, 0, true))).isTrue();
        assertThat(scan.isEnded()).isTrue();
    }

    private static ScanPosition at(int database, long cursor) {
        return new ScanPosition(database, cursor, false);
    }
}
