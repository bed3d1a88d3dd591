package io.camelrump.wire;

import io.camelrump.Counts;
import io.camelrump.RunState;
import io.camelrump.WireFormatException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * How a run ended, as the page without keys that closes it reports.
 *
 * @param state null where the writer does not know
 * @param cause why the run is not complete; null if it is, or if the writer does not know
 */
public record WireEnd(@Nullable RunState state, @Nullable String cause, Counts counts) {
    private static final int MOST_CAUSE = 4096;
    private static final int COUNTS = 11;

    /** Appends its fields. */
    byte[] encode() {
        byte[] stateBytes = state == null ? new byte[0] : state.name().getBytes(StandardCharsets.US_ASCII);
        byte[] causeBytes = cause == null ? new byte[0] : cause.getBytes(StandardCharsets.UTF_8);
        int causeLength = Math.min(causeBytes.length, MOST_CAUSE);
        ByteBuffer out = ByteBuffer.allocate(1 + stateBytes.length + 2 + causeLength + 1 + COUNTS * 8);
        out.put((byte) stateBytes.length).put(stateBytes);
        out.putShort((short) causeLength).put(causeBytes, 0, causeLength);
        out.put((byte) COUNTS);
        for (long count : all(counts)) {
            out.putLong(count);
        }
        return out.array();
    }

    private static long[] all(Counts counts) {
        return new long[] {
            counts.read(),
            counts.restored(),
            counts.kept(),
            counts.vanished(),
            counts.filtered(),
            counts.deleted(),
            counts.handedOn(),
            counts.refused(),
            counts.bytes(),
            counts.reread(),
            counts.restarts()
        };
    }

    /** Reads the fields; what stands behind them is of a later version. */
    static WireEnd decode(RecordInput in, ByteBuffer body) throws WireFormatException {
        byte[] stateBytes = text(in, body, 1);
        byte[] causeBytes = text(in, body, 2);
        int number = body.hasRemaining() ? body.get() & 0xff : -1;
        if (number < 0 || body.remaining() < number * 8) {
            throw in.damaged("the end marker ends within its counts");
        }
        long[] found = new long[Math.max(number, COUNTS)];
        for (int i = 0; i < number; i++) {
            found[i] = body.getLong();
        }
        return new WireEnd(
                stateBytes.length == 0 ? null : state(in, new String(stateBytes, StandardCharsets.US_ASCII)),
                causeBytes.length == 0 ? null : new String(causeBytes, StandardCharsets.UTF_8),
                counts(found));
    }

    private static byte[] text(RecordInput in, ByteBuffer body, int lengthBytes) throws WireFormatException {
        int length = body.remaining() < lengthBytes
                ? Integer.MAX_VALUE
                : lengthBytes == 1 ? body.get() & 0xff : body.getShort() & 0xffff;
        if (length > body.remaining()) {
            throw in.damaged("the end marker ends within a text");
        }
        byte[] text = new byte[length];
        body.get(text);
        return text;
    }

    private static RunState state(RecordInput in, String name) throws WireFormatException {
        return Arrays.stream(RunState.values())
                .filter(state -> state.isFinal() && state.name().equals(name))
                .findFirst()
                .orElseThrow(() -> in.damaged("the end marker names no state that this reader knows"));
    }

    private static Counts counts(long[] of) {
        return new Counts(of[0], of[1], of[2], of[3], of[4], of[5], of[6], of[7], of[8], of[9], (int) of[10]);
    }
}
