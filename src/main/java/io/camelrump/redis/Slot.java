package io.camelrump.redis;

import java.nio.charset.StandardCharsets;

/**
 * The slot of a key in a Redis Cluster: CRC16 of its name modulo 16384, or of what stands between its first { and the
 * next } if that is not empty.
 *
 * @see <a href="https://redis.io/docs/latest/operate/oss_and_stack/reference/cluster-spec/">Redis Cluster
 *     specification</a>
 */
public final class Slot {
    public static final int COUNT = 16_384;

    /** CRC-16/XMODEM, as the specification's appendix says. */
    private static final int POLYNOMIAL = 0x1021;

    private static final short[] TABLE = new short[256];

    static {
        for (int i = 0; i < TABLE.length; i++) {
            int crc = i << 8;
            for (int bit = 0; bit < 8; bit++) {
                crc = (crc & 0x8000) == 0 ? crc << 1 : crc << 1 ^ POLYNOMIAL;
            }
            TABLE[i] = (short) crc;
        }
    }

    /** A short text for each slot. A tag made of a key itself fails where that holds braces, or nothing. */
    private static final class Tags {
        private static final String[] BY_SLOT = new String[COUNT];

        static {
            int found = 0;
            for (int i = 0; found < COUNT; i++) {
                String tag = Integer.toString(i, Character.MAX_RADIX);
                int slot = of(tag.getBytes(StandardCharsets.US_ASCII));
                if (BY_SLOT[slot] == null) {
                    BY_SLOT[slot] = tag;
                    found++;
                }
            }
        }
    }

    private Slot() {}

    /** A hash tag of this slot: a name with it in braces belongs there. */
    public static String tag(int slot) {
        return Tags.BY_SLOT[slot];
    }

    public static int of(byte[] key) {
        return of(key, 0, key.length);
    }

    /** The slot of the key that lies in an array. */
    public static int of(byte[] array, int offset, int length) {
        int end = offset + length;
        int open = find('{', array, offset, end);
        int close = find('}', array, open + 1, end);
        return open < end && close < end && close > open + 1
                ? crc(array, open + 1, close) % COUNT
                : crc(array, offset, end) % COUNT;
    }

    /** Where the byte comes next, or the end or beyond. */
    private static int find(char wanted, byte[] array, int from, int end) {
        int at = from;
        while (at < end && array[at] != wanted) {
            at++;
        }
        return at;
    }

    private static int crc(byte[] array, int from, int to) {
        int crc = 0;
        for (int i = from; i < to; i++) {
            crc = crc << 8 ^ TABLE[(crc >>> 8 ^ array[i]) & 0xff];
            crc &= 0xffff;
        }
        return crc;
    }
}
