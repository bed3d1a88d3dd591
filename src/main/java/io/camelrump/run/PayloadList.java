package io.camelrump.run;

import io.camelrump.redis.KeyList;
import java.util.Arrays;
import java.util.BitSet;
import org.jspecify.annotations.Nullable;

/**
 * The payload of each key of a page, or the encoded part of its value, in one array beside the {@link KeyList}.
 *
 * <p>Immutable once made; lists that are made of it share the array.
 */
public final class PayloadList {
    /** Length of what the source does not have. */
    public static final int GONE = -1;
    /** Length of what does not pass the filters any more. */
    public static final int LEFT_OUT = -2;
    /** Length of what the source does not have, and whose name at the target is another key's. */
    static final int PASSED_ON = -3;

    public static final PayloadList EMPTY = new PayloadList(new byte[0], new int[0], new int[0]);

    private final byte[] bytes;
    private final int[] offsets;
    private final int[] lengths;
    private final long byteCount;

    /**
     * The arrays are kept, and must not be changed any more.
     *
     * @param lengths one of the negative ones where a key has no payload
     */
    public PayloadList(byte[] bytes, int[] offsets, int[] lengths) {
        this.bytes = bytes;
        this.offsets = offsets;
        this.lengths = lengths;
        long sum = 0;
        for (int length : lengths) {
            sum += Math.max(0, length);
        }
        this.byteCount = sum;
    }

    static PayloadList of(byte @Nullable [] payload) {
        byte[] bytes = payload == null ? new byte[0] : payload;
        return new PayloadList(bytes, new int[] {0}, new int[] {payload == null ? GONE : bytes.length});
    }

    byte[] array() {
        return bytes;
    }

    int offset(int i) {
        return offsets[i];
    }

    /** Negative where there is none. */
    int length(int i) {
        return lengths[i];
    }

    /** A copy of one payload; null where there is none. */
    byte @Nullable [] get(int i) {
        return lengths[i] < 0 ? null : Arrays.copyOfRange(bytes, offsets[i], offsets[i] + lengths[i]);
    }

    /** Bytes of all payloads together. */
    long byteCount() {
        return byteCount;
    }

    PayloadList slice(int i) {
        return new PayloadList(bytes, new int[] {offsets[i]}, new int[] {lengths[i]});
    }

    PayloadList select(int[] indexes) {
        int[] selectedOffsets = new int[indexes.length];
        int[] selectedLengths = new int[indexes.length];
        for (int i = 0; i < indexes.length; i++) {
            selectedOffsets[i] = offsets[indexes[i]];
            selectedLengths[i] = lengths[indexes[i]];
        }
        return new PayloadList(bytes, selectedOffsets, selectedLengths);
    }

    /** This list with a mark instead of some lengths. */
    PayloadList marked(int mark, BitSet some) {
        if (some.isEmpty()) {
            return this;
        }
        int[] marked = lengths.clone();
        some.stream().forEach(i -> marked[i] = mark);
        return new PayloadList(bytes, offsets, marked);
    }
}
