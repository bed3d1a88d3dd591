package io.camelrump.redis;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The last ten bytes of a DUMP payload: two of the version of its form, the lower first, and eight of checksum.
 *
 * <p>A server takes no payload of a version above its own, though most values are written alike in all versions. The
 * first byte of a payload says how its value is written; the forms that mean the same to every server that knows them
 * can be given the footer of an older version. A server that does not know a form says so.
 *
 * @see <a href="https://redis.io/docs/latest/commands/dump/">DUMP</a>
 */
public final class PayloadFooter {
    /** Bytes at the end of each payload. */
    public static final int LENGTH = 10;

    /** Redis 2.6 wrote it, and every server since takes it. */
    private static final int OLDEST = 6;

    private static final int CHECKSUM = 8;

    private PayloadFooter() {}

    /** The version of a payload; 0 if it is too short to have one. */
    public static int version(byte[] payloads, int offset, int length) {
        int at = offset + length - LENGTH;
        return length <= LENGTH ? 0 : payloads[at] & 0xff | (payloads[at + 1] & 0xff) << Byte.SIZE;
    }

    /**
     * The footer of the oldest version for this payload; null if its form does not mean the same everywhere, as 22 does
     * not to Redis and Valkey, or if its own checksum is wrong.
     */
    public static byte @Nullable [] oldest(byte[] payloads, int offset, int length) {
        if (length <= LENGTH || !meansTheSame(payloads[offset])) {
            return null;
        }
        if (!isIntact(payloads, offset, length)) {
            return null;
        }
        long value = Crc64.of(payloads, offset, length - LENGTH);
        byte[] footer = new byte[LENGTH];
        footer[0] = OLDEST;
        long checksum = Crc64.update(value, footer, 0, LENGTH - CHECKSUM);
        for (int i = 0; i < CHECKSUM; i++) {
            footer[LENGTH - CHECKSUM + i] = (byte) (checksum >>> i * Byte.SIZE);
        }
        return footer;
    }

    /** Whether its checksum is that of its bytes. */
    public static boolean isIntact(byte[] payloads, int offset, int length) {
        int checksum = offset + length - CHECKSUM;
        return length > LENGTH && Crc64.of(payloads, offset, length - CHECKSUM) == checksum(payloads, checksum);
    }

    /** The payload with the footer of the oldest version; null where there is none. */
    public static byte @Nullable [] withOldest(byte[] payload) {
        byte[] footer = oldest(payload, 0, payload.length);
        if (footer == null) {
            return null;
        }
        byte[] copy = Arrays.copyOf(payload, payload.length);
        System.arraycopy(footer, 0, copy, payload.length - LENGTH, LENGTH);
        return copy;
    }

    /** A string of one letter as a server of that version dumps it. */
    static byte[] sample(int version) {
        return append(new byte[] {0, 1, 'x'}, version);
    }

    /** A payload of this value and version. */
    public static byte[] append(byte[] value, int version) {
        byte[] payload = Arrays.copyOf(value, value.length + LENGTH);
        write(payload, 0, value.length, version);
        return payload;
    }

    /** Writes the footer of this version behind a value, where there is room for it. */
    public static void write(byte[] bytes, int offset, int length, int version) {
        int at = offset + length;
        bytes[at] = (byte) version;
        bytes[at + 1] = (byte) (version >>> Byte.SIZE);
        int checksumAt = at + LENGTH - CHECKSUM;
        long checksum = Crc64.of(bytes, offset, checksumAt - offset);
        for (int i = 0; i < CHECKSUM; i++) {
            bytes[checksumAt + i] = (byte) (checksum >>> i * Byte.SIZE);
        }
    }

    /** Strings, lists, sets, sorted sets, hashes without expiries of fields, and streams. */
    private static boolean meansTheSame(byte form) {
        return form >= 0 && form <= 5 || form >= 10 && form <= 21;
    }

    private static long checksum(byte[] bytes, int offset) {
        long checksum = 0;
        for (int i = CHECKSUM - 1; i >= 0; i--) {
            checksum = checksum << Byte.SIZE | bytes[offset + i] & 0xff;
        }
        return checksum;
    }
}
