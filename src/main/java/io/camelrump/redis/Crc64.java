package io.camelrump.redis;

/**
 * The checksum of DUMP payloads and RDB files: CRC-64 of Jones, reflected, from 0 and without a final exclusive or.
 * Eight bytes a step, by eight tables.
 *
 * @see <a href="https://reveng.sourceforge.io/crc-catalogue/17plus.htm#crc.cat.crc-64-redis">CRC-64/REDIS</a>
 */
final class Crc64 {
    /** 0xad93d23594c935a9 with its bits reversed. */
    private static final long POLYNOMIAL = Long.reverse(0xad93d23594c935a9L);

    private static final int STEP = 8;
    private static final long[][] TABLES = tables();

    private Crc64() {}

    static long of(byte[] bytes, int offset, int length) {
        return update(0, bytes, offset, length);
    }

    /** Goes on with a checksum of what came before. */
    static long update(long before, byte[] bytes, int offset, int length) {
        long crc = before;
        int at = offset;
        int end = offset + length;
        for (; end - at >= STEP; at += STEP) {
            long word = 0;
            for (int i = STEP - 1; i >= 0; i--) {
                word = word << Byte.SIZE | bytes[at + i] & 0xff;
            }
            word ^= crc;
            crc = 0;
            for (int i = 0; i < STEP; i++) {
                crc ^= TABLES[STEP - 1 - i][(int) (word >>> i * Byte.SIZE) & 0xff];
            }
        }
        for (; at < end; at++) {
            crc = TABLES[0][(int) (crc ^ bytes[at]) & 0xff] ^ crc >>> Byte.SIZE;
        }
        return crc;
    }

    private static long[][] tables() {
        long[][] tables = new long[STEP][256];
        for (int i = 0; i < 256; i++) {
            long crc = i;
            for (int bit = 0; bit < Byte.SIZE; bit++) {
                crc = (crc & 1) == 0 ? crc >>> 1 : crc >>> 1 ^ POLYNOMIAL;
            }
            tables[0][i] = crc;
        }
        for (int i = 0; i < 256; i++) {
            for (int table = 1; table < STEP; table++) {
                long crc = tables[table - 1][i];
                tables[table][i] = tables[0][(int) crc & 0xff] ^ crc >>> Byte.SIZE;
            }
        }
        return tables;
    }
}
