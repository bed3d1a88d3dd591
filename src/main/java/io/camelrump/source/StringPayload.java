package io.camelrump.source;

/**
 * Payload of a string, as a server makes it of one that it does not compress: the byte of its form, its length, and its
 * bytes; a footer follows.
 */
final class StringPayload {
    /** The form of a string is the byte 0, which new arrays hold and used ones may not. */
    private static final byte FORM = 0;

    /** Lengths below this take one byte. */
    private static final int SIX_BITS = 1 << 6;

    private static final int FOURTEEN_BITS = 1 << 14;
    private static final int LENGTH_OF_14_BITS = 0x40;

    private StringPayload() {}

    /** Bytes before those of a string of this length, which is below 16 KB. */
    static int headerLength(int length) {
        if (length >= FOURTEEN_BITS) {
            throw new IllegalArgumentException("a string of " + length + " bytes");
        }
        return length < SIX_BITS ? 2 : 3;
    }

    static void writeHeader(byte[] bytes, int offset, int length) {
        bytes[offset] = FORM;
        if (length < SIX_BITS) {
            bytes[offset + 1] = (byte) length;
        } else {
            bytes[offset + 1] = (byte) (LENGTH_OF_14_BITS | length >>> Byte.SIZE);
            bytes[offset + 2] = (byte) length;
        }
    }
}
