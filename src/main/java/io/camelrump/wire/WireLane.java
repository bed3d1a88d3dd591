package io.camelrump.wire;

import io.camelrump.run.NumberRanges;
import io.camelrump.run.PageLane;
import io.camelrump.run.PageStamp;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Lane of the record that follows.
 *
 * @param voided of an end marker: numbers of the lane that were given up; null if they were too many
 */
record WireLane(PageLane lane, @Nullable List<NumberRanges.Range> voided) {
    private static final int FIELDS_BYTES = 16;

    /** Its body; empty without a lane. */
    static byte[] encode(@Nullable PageLane lane, @Nullable List<NumberRanges.Range> voided) {
        if (lane == null) {
            return Gaps.NONE;
        }
        byte[] gaps = Gaps.encode(voided);
        return ByteBuffer.allocate(FIELDS_BYTES + gaps.length)
                .putInt(lane.number())
                .putInt(lane.lanes())
                .putLong(lane.sequence())
                .put(gaps)
                .array();
    }

    /** Bytes of the record with this body. */
    static int recordLength(byte[] body) {
        return body.length == 0 ? 0 : WireFormat.HEAD_BYTES + body.length + WireFormat.CHECKSUM_BYTES;
    }

    static void write(RecordOutput out, byte[] body) throws IOException {
        if (body.length > 0) {
            out.begin(WireFormat.LANE, body.length);
            out.write(body, 0, body.length);
            out.end();
        }
    }

    static WireLane read(RecordInput in, int length) throws IOException {
        ByteBuffer body = in.buffer(length, "a lane");
        in.check("a lane");
        if (length < FIELDS_BYTES) {
            throw in.damaged("a lane is shorter than its fields");
        }
        int number = body.getInt();
        int lanes = body.getInt();
        long sequence = body.getLong();
        if (number < 0 || number >= lanes || sequence < 0) {
            throw in.damaged("page " + sequence + " of lane " + number + " of " + lanes + " makes no sense");
        }
        return new WireLane(new PageLane(number, lanes, sequence), Gaps.decode(in, body));
    }

    /** The stamp in this lane. */
    static PageStamp put(@Nullable WireLane lane, PageStamp stamp) {
        return lane == null ? stamp : stamp.in(lane.lane());
    }
}
