package io.camelrump.redis;

import java.io.IOException;
import java.util.Arrays;
import java.util.BitSet;

/**
 * Keys, one after the other in one array.
 *
 * <p>Immutable once made; slices share the array.
 */
public final class KeyList {
    private final byte[] bytes;
    /** Where each key ends; the first one starts at {@code ends[from - 1]}, or at 0. */
    private final int[] ends;

    private final int from;
    private final int to;

    private KeyList(byte[] bytes, int[] ends, int from, int to) {
        this.bytes = bytes;
        this.ends = ends;
        this.from = from;
        this.to = to;
    }

    public static KeyList of(byte[]... keys) {
        int[] ends = new int[keys.length];
        int used = 0;
        for (int i = 0; i < keys.length; i++) {
            used += keys[i].length;
            ends[i] = used;
        }
        byte[] bytes = new byte[used];
        for (int i = 0; i < keys.length; i++) {
            System.arraycopy(keys[i], 0, bytes, ends[i] - keys[i].length, keys[i].length);
        }
        return new KeyList(bytes, ends, 0, keys.length);
    }

    /**
     * Keys that stand in one array already, from its beginning on; both arrays are kept.
     *
     * @param ends where each key ends, in rising order
     */
    public static KeyList joined(byte[] bytes, int[] ends) {
        return new KeyList(bytes, ends, 0, ends.length);
    }

    public int size() {
        return to - from;
    }

    public byte[] array() {
        return bytes;
    }

    public int offset(int i) {
        int at = from + i;
        return at == 0 ? 0 : ends[at - 1];
    }

    public int length(int i) {
        return ends[from + i] - offset(i);
    }

    public byte[] get(int i) {
        return Arrays.copyOfRange(bytes, offset(i), ends[from + i]);
    }

    /** Bytes of all keys together. */
    public int byteCount() {
        return size() == 0 ? 0 : ends[to - 1] - offset(0);
    }

    /** The slots of a cluster that they lie in. */
    public BitSet slots() {
        BitSet slots = new BitSet(Slot.COUNT);
        for (int i = 0; i < size(); i++) {
            slots.set(Slot.of(bytes, offset(i), length(i)));
        }
        return slots;
    }

    /** Writes the key at this place as an argument. */
    public void write(RespWriter out, int i) throws IOException {
        out.arg(bytes, offset(i), length(i));
    }

    public KeyList slice(int first, int end) {
        return new KeyList(bytes, ends, from + first, from + end);
    }

    /** Whether the key at this place is the one at that place of the other list. */
    public boolean isSame(int i, KeyList other, int j) {
        return Arrays.equals(
                bytes,
                offset(i),
                offset(i) + length(i),
                other.bytes,
                other.offset(j),
                other.offset(j) + other.length(j));
    }

    /** A list of the keys at these places. */
    public KeyList select(int[] places) {
        Builder builder = new Builder(places.length);
        for (int place : places) {
            builder.add(this, place);
        }
        return builder.build();
    }

    /** These keys and then the others. */
    public KeyList with(KeyList others) {
        Builder builder = new Builder(size() + others.size());
        builder.addAll(this);
        builder.addAll(others);
        return builder.build();
    }

    /**
     * Grows by one key at a time. A list of long names holds little more than their bytes: those are what counts as on
     * its way, and an array twice as long would not be seen.
     */
    public static final class Builder {
        /** Up to here an array may be as much too long as it is easiest. */
        private static final int LONG = 64 * 1024;

        private byte[] bytes = new byte[1024];
        private int[] ends;
        private int size;
        private int used;

        public Builder(int expectedKeys) {
            ends = new int[Math.max(1, expectedKeys)];
        }

        /** Makes room for a key and says where in {@link #array()} it goes. */
        public int grow(int length) {
            if (length > bytes.length - used) {
                int more = bytes.length < LONG ? bytes.length : bytes.length / 4;
                bytes = Arrays.copyOf(bytes, Math.max(used + length, bytes.length + more));
            }
            if (size == ends.length) {
                ends = Arrays.copyOf(ends, size * 2);
            }
            int offset = used;
            used += length;
            ends[size++] = used;
            return offset;
        }

        private void addAll(KeyList keys) {
            for (int i = 0; i < keys.size(); i++) {
                add(keys, i);
            }
        }

        /** Adds one key of another list. */
        public void add(KeyList keys, int i) {
            // grow first: it may put another array in place
            int offset = grow(keys.length(i));
            System.arraycopy(keys.bytes, keys.offset(i), bytes, offset, keys.length(i));
        }

        public byte[] array() {
            return bytes;
        }

        public int size() {
            return size;
        }

        public KeyList build() {
            boolean exact = bytes.length <= LONG || bytes.length - used <= used / 8;
            return new KeyList(exact ? bytes : Arrays.copyOf(bytes, used), ends, 0, size);
        }
    }
}
