package io.camelrump.wire;

import io.camelrump.run.NumberRanges;
import io.camelrump.run.PageData;
import io.camelrump.run.PageLane;
import io.camelrump.run.PageStamp;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.time.InstantSource;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Writes pages to a stream, each as soon as it is given and without a copy of its own. Flushing and closing the stream
 * is the caller's. Not thread-safe.
 */
public final class WireWriter {
    private static final int END_FIELDS_BYTES = 16;

    private final RecordOutput out;
    private final String writer;
    private final InstantSource clock;
    private boolean begun;
    private @Nullable String run;

    /** @param writer name and version of the program, for the header */
    public WireWriter(OutputStream out, String writer) {
        this(out, writer, InstantSource.system());
    }

    WireWriter(OutputStream out, String writer, InstantSource clock) {
        this.out = new RecordOutput(out);
        this.writer = writer;
        this.clock = clock;
    }

    /** A stream of this page alone, in an array that has its length: the only copy of what the page holds. */
    public static byte[] bytes(PageData page, String writer) throws IOException {
        PageRecord record = new PageRecord(page);
        WireHeader header = new WireHeader(System.currentTimeMillis(), record.run(), writer);
        byte[] lane = WireLane.encode(record.lane(), List.of());
        ExactBytes bytes = new ExactBytes(header.length() + WireLane.recordLength(lane) + record.length());
        RecordOutput out = new RecordOutput(bytes);
        header.write(out);
        WireLane.write(out, lane);
        record.write(out);
        return bytes.array();
    }

    /** Writes a page, behind a header of its run where the last header was another one's. */
    public void page(PageData page) throws IOException {
        PageRecord record = new PageRecord(page);
        begin(record.run());
        WireLane.write(out, WireLane.encode(record.lane(), List.of()));
        record.write(out);
    }

    /** Writes the end marker. */
    public void end(PageData page, WireEnd end) throws IOException {
        PageStamp stamp = PageStamp.of(page);
        begin(stamp == null ? null : stamp.run());
        List<NumberRanges.Range> voided =
                stamp == null || stamp.end() == null ? List.of() : stamp.end().voided();
        PageLane lane = stamp == null ? null : stamp.lane();
        WireLane.write(out, WireLane.encode(lane, voided));
        byte[] fields = end.encode();
        byte[] gaps = lane == null ? Gaps.encode(voided) : Gaps.NONE;
        out.begin(WireFormat.END, END_FIELDS_BYTES + fields.length + gaps.length);
        out.write(ByteBuffer.allocate(END_FIELDS_BYTES)
                .putInt(stamp == null ? -1 : stamp.epoch())
                .putLong(stamp == null ? -1 : stamp.sequence())
                .putInt(page.database()));
        out.write(fields, 0, fields.length);
        out.write(gaps, 0, gaps.length);
        out.end();
    }

    /** Writes a header if the stream has none, so that it has the form even without a page. */
    public void begin() throws IOException {
        if (!begun) {
            begin(run);
        }
    }

    private void begin(@Nullable String next) throws IOException {
        if (!begun || !Objects.equals(run, next)) {
            new WireHeader(clock.millis(), next, writer).write(out);
            begun = true;
            run = next;
        }
    }

    /** Gives its array away where that is full. */
    private static final class ExactBytes extends ByteArrayOutputStream {
        ExactBytes(int length) {
            super(length);
        }

        byte[] array() {
            return count == buf.length ? buf : toByteArray();
        }
    }
}
