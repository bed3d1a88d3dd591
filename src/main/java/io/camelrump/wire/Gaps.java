package io.camelrump.wire;

import io.camelrump.WireFormatException;
import io.camelrump.run.NumberRanges;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Numbers of pages that were given up, as an end marker or its lane lists them. */
final class Gaps {
    /** An end marker without them has no field for them. */
    static final byte[] NONE = {};

    private static final int MOST = 3_000;
    private static final int TOO_MANY = 0xffff;

    private Gaps() {}

    /** @param gaps null if they are not known */
    static byte[] encode(@Nullable List<NumberRanges.Range> gaps) {
        if (gaps == null || gaps.size() > MOST) {
            return ByteBuffer.allocate(2).putShort((short) TOO_MANY).array();
        }
        if (gaps.isEmpty()) {
            return NONE;
        }
        ByteBuffer out = ByteBuffer.allocate(2 + 16 * gaps.size()).putShort((short) gaps.size());
        gaps.forEach(gap -> out.putLong(gap.first()).putLong(gap.last()));
        return out.array();
    }

    /** Null if they were too many. */
    static @Nullable List<NumberRanges.Range> decode(RecordInput in, ByteBuffer body) throws WireFormatException {
        if (body.remaining() < 2) {
            return List.of();
        }
        int number = body.getShort() & 0xffff;
        if (number == TOO_MANY) {
            return null;
        }
        if (body.remaining() < 16 * number) {
            throw in.damaged("the end marker ends within its gaps");
        }
        List<NumberRanges.Range> gaps = new ArrayList<>();
        for (int i = 0; i < number; i++) {
            long first = body.getLong();
            long last = body.getLong();
            if (first < 0 || last < first || last == Long.MAX_VALUE) {
                throw in.damaged("the end marker has a gap from " + first + " to " + last);
            }
            gaps.add(new NumberRanges.Range(first, last));
        }
        return gaps;
    }
}
