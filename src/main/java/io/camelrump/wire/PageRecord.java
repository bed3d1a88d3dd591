package io.camelrump.wire;

import io.camelrump.WireFormatException;
import io.camelrump.redis.KeyUsage;
import io.camelrump.run.PageData;
import io.camelrump.run.PageForm;
import io.camelrump.run.PageLane;
import io.camelrump.run.PageStamp;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * A page as a record: fields of the page, the columns of numbers about its keys, all names, all payloads. Names and
 * payloads are written from the page's own arrays, and read into those of another one.
 */
final class PageRecord {
    static final int FIELDS_BYTES = 42;

    static final int DELETES = 1;
    static final int ONLY_IF_THERE = 2;
    static final int IDLE = 4;
    static final int FREQUENCY = 8;
    static final int SHARED = 16;
    static final int FLAGS = DELETES | ONLY_IF_THERE | IDLE | FREQUENCY | SHARED;

    /** Number of keys that a page has at most. */
    static final int MOST_KEYS = 1 << 20;

    private final PageData page;
    private final @Nullable PageStamp stamp;
    private final Columns columns;
    private final long payloadBytes;

    PageRecord(PageData page) {
        this.page = page;
        this.stamp = PageStamp.of(page);
        this.columns = KeyColumns.encode(page);
        this.payloadBytes = page.bytes() - page.keys().byteCount();
    }

    /** Identifier of the run that the page is of; null if none has read it. */
    @Nullable
    String run() {
        return stamp == null ? null : stamp.run();
    }

    @Nullable
    PageLane lane() {
        return stamp == null ? null : stamp.lane();
    }

    private long bodyBytes() {
        return (long) FIELDS_BYTES + columns.size() + page.keys().byteCount() + payloadBytes;
    }

    /**
     * Bytes of the whole record.
     *
     * @throws IllegalStateException if the page is larger than the form allows
     */
    int length() {
        if (page.size() > MOST_KEYS || bodyBytes() > WireFormat.largestBody()) {
            throw new IllegalStateException(page + " is too large for the wire, which takes pages of at most "
                    + MOST_KEYS + " keys and " + WireFormat.largestBody()
                    + " bytes: set a lower scanCount (--scan-count) or bigKey (--big-key)");
        }
        return WireFormat.HEAD_BYTES + (int) bodyBytes() + WireFormat.CHECKSUM_BYTES;
    }

    /** @throws IllegalStateException if the page is larger than the form allows */
    void write(RecordOutput out) throws IOException {
        int bodyBytes = length() - WireFormat.HEAD_BYTES - WireFormat.CHECKSUM_BYTES;
        out.begin(WireFormat.PAGE, bodyBytes);
        out.write(fields());
        out.write(columns.array(), 0, columns.size());
        out.write(
                page.keys().array(),
                page.size() == 0 ? 0 : page.keys().offset(0),
                page.keys().byteCount());
        writePayloads(out);
        out.end();
    }

    private ByteBuffer fields() {
        KeyUsage usage = page.origin().usage();
        int flags = (stamp != null && stamp.deletes() ? DELETES : 0)
                | (stamp != null && stamp.keys() != PageStamp.WHOLE ? SHARED : 0)
                | (page.origin().isOnlyIfThere() ? ONLY_IF_THERE : 0)
                | (usage == null ? 0 : usage.kind() == KeyUsage.Kind.FREQ ? FREQUENCY : IDLE);
        ByteBuffer fields = ByteBuffer.allocate(FIELDS_BYTES);
        fields.put((byte) flags).put(code(page.form()));
        fields.putInt(stamp == null ? -1 : stamp.epoch()).putLong(stamp == null ? -1 : stamp.sequence());
        fields.putInt(page.database()).putInt(page.targetDatabase());
        fields.putLong(page.origin().clockOffsetMicros());
        return fields.putInt(page.size())
                .putInt(columns.size())
                .putInt(page.keys().byteCount());
    }

    private static byte code(PageForm form) {
        return switch (form) {
            case PAYLOADS -> 0;
            case ELEMENTS -> 1;
            case PART -> 2;
        };
    }

    /** Payloads that stand beside each other, as those of a page that was read do, are written at once. */
    private void writePayloads(RecordOutput out) throws IOException {
        int from = 0;
        int length = 0;
        for (int i = 0; i < page.size(); i++) {
            int next = page.payloadLength(i);
            if (next <= 0) {
                continue;
            }
            if (page.payloadOffset(i) != from + length) {
                out.write(page.payloads(), from, length);
                from = page.payloadOffset(i);
                length = 0;
            }
            length += next;
        }
        out.write(page.payloads(), from, length);
    }

    /** Reads the body of a record, whose length was found to be allowed. */
    static PageData read(RecordInput in, int length, @Nullable String run, @Nullable WireLane lane) throws IOException {
        if (length < FIELDS_BYTES) {
            throw in.damaged("a page of " + length + " bytes is shorter than its fields");
        }
        ByteBuffer fields = in.buffer(FIELDS_BYTES, "a page");
        int columnBytes = fields.getInt(34);
        int nameBytes = fields.getInt(38);
        long payloadBytes = (long) length - FIELDS_BYTES - columnBytes - nameBytes;
        if (columnBytes < 0 || nameBytes < 0 || payloadBytes < 0) {
            throw in.damaged("a page whose columns and names are longer than itself");
        }
        byte[] columns = in.take(columnBytes, "the columns of a page");
        byte[] names = in.take(nameBytes, "the names of a page");
        byte[] payloads = in.take((int) payloadBytes, "the payloads of a page");
        in.check("a page");
        try {
            return new PageFields(fields, run, lane).page(Columns.of(columns), names, payloads);
        } catch (IllegalArgumentException e) {
            // the checksum is right, so its writer made it so
            WireFormatException wrong = in.damaged("a page that is whole and makes no sense: " + e.getMessage());
            wrong.initCause(e);
            throw wrong;
        }
    }
}
