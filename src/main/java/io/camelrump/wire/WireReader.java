package io.camelrump.wire;

import io.camelrump.WireFormatException;
import io.camelrump.run.NumberRanges;
import io.camelrump.run.PageData;
import io.camelrump.run.PageStamp;
import io.camelrump.run.RemoteEnd;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads the pages of a stream, and holds one at a time. A page is given only if its checksum is right, and all that it
 * says fits together; at the first record that does not, the reader stops. Not thread-safe.
 */
public final class WireReader implements Closeable {
    private static final int END_FIELDS_BYTES = 16;

    private final RecordInput in;
    private @Nullable WireHeader header;
    private @Nullable WireEnd end;
    /** The lane of the record that follows. */
    private @Nullable WireLane lane;

    private @Nullable WireFormatException damage;

    /** @param in whose bytes are read one record at a time: many small ones are better buffered */
    public WireReader(InputStream in) {
        this.in = new RecordInput(in);
    }

    /**
     * The next page, or the page without keys that stands for an end marker; null at the end of the stream.
     *
     * @throws WireFormatException at the first record that cannot be read, and at each call from then on
     * @throws IOException if the stream fails
     */
    public @Nullable PageData next() throws IOException {
        if (damage != null) {
            throw damage;
        }
        try {
            return read();
        } catch (WireFormatException e) {
            damage = e;
            throw e;
        }
    }

    /** Number of bytes that were read: of all records up to the last one that was given. */
    public long offset() {
        return in.offset();
    }

    /** The end marker that was read last; null if there was none, or if pages came behind it. */
    public @Nullable WireEnd end() {
        return end;
    }

    private @Nullable PageData read() throws IOException {
        while (true) {
            int first = in.begin();
            if (first == WireFormat.magicByte(0)) {
                header = WireHeader.read(in);
                continue;
            }
            WireHeader known = header;
            if (known == null) {
                throw first < 0
                        ? in.damaged("nothing is here, and the form begins with a header")
                        : WireHeader.notTheForm(in);
            }
            if (first < 0) {
                return null;
            }
            int length = length(first);
            if (first == WireFormat.PAGE) {
                end = null;
                return PageRecord.read(in, length, known.run(), takeLane());
            }
            if (first == WireFormat.END) {
                return end(length, known.run());
            }
            if (first == WireFormat.LANE) {
                lane = WireLane.read(in, length);
                continue;
            }
            in.skip(length, "a record of type " + first);
            in.check("a record of type " + first);
        }
    }

    private @Nullable WireLane takeLane() {
        WireLane taken = lane;
        lane = null;
        return taken;
    }

    /** Reads the rest of a record's head, and looks whether what follows may be read. */
    private int length(int type) throws IOException {
        int length = in.buffer(4, "the head of a record").getInt();
        in.check("the head of a record");
        boolean known = type == WireFormat.PAGE || type == WireFormat.END;
        if (!known && (type < WireFormat.FIRST_OPTIONAL || type > WireFormat.LAST_TYPE)) {
            throw in.damaged("a record of type " + type + ", which this reader does not know: read it with a later"
                    + " camel-rump");
        }
        int most = type == WireFormat.END || type == WireFormat.LANE
                ? WireFormat.MOST_END_BYTES
                : WireFormat.largestBody();
        if (length < 0 || length > most) {
            throw in.damaged(
                    "a record of " + Integer.toUnsignedString(length) + " bytes, and at most " + most + " are allowed");
        }
        if (type == WireFormat.PAGE && length > WireFormat.mostBodyBytes()) {
            throw in.damaged("a page of " + length + " bytes, and this heap takes at most " + WireFormat.mostBodyBytes()
                    + ": set -Xmx" + (length >> 19) + "m");
        }
        return length;
    }

    private PageData end(int length, @Nullable String run) throws IOException {
        ByteBuffer body = in.buffer(length, "the end marker");
        in.check("the end marker");
        if (length < END_FIELDS_BYTES) {
            throw in.damaged("the end marker is shorter than its fields");
        }
        int epoch = body.getInt();
        long pages = body.getLong();
        int database = body.getInt();
        if (epoch < -1 || pages < -1 || database < 0) {
            throw in.damaged(
                    "the end marker makes no sense: epoch " + epoch + ", " + pages + " pages, database " + database);
        }
        WireEnd found = WireEnd.decode(in, body);
        end = found;
        List<NumberRanges.Range> voided = Gaps.decode(in, body);
        WireLane known = takeLane();
        RemoteEnd how = new RemoteEnd(found.state(), found.cause(), known == null ? voided : known.voided(), false);
        return PageData.end(
                database, run == null ? null : WireLane.put(known, PageStamp.ofEnd(run, epoch, pages, how)));
    }

    @Override
    public void close() throws IOException {
        in.close();
    }
}
