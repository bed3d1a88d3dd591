package io.camelrump.wire;

import java.util.Arrays;

/** Numbers one after the other, each in as few bytes as it needs: seven bits in a byte, the lowest first. */
final class Columns {
    private static final int MOST_BITS = 63;

    private byte[] bytes;
    private int used;

    private Columns(byte[] bytes) {
        this.bytes = bytes;
    }

    /** No numbers yet, and room for that many bytes. */
    static Columns empty(int room) {
        return new Columns(new byte[Math.max(16, room)]);
    }

    /** Numbers that were written; {@link #next} reads them. */
    static Columns of(byte[] written) {
        return new Columns(written);
    }

    /** Adds a number, which is taken as unsigned. */
    void add(long number) {
        if (bytes.length - used <= MOST_BITS / 7 + 1) {
            bytes = Arrays.copyOf(bytes, bytes.length * 2 + MOST_BITS);
        }
        long rest = number;
        while ((rest & ~0x7fL) != 0) {
            bytes[used++] = (byte) (rest & 0x7f | 0x80);
            rest >>>= 7;
        }
        bytes[used++] = (byte) rest;
    }

    /**
     * Reads the next number, as unsigned.
     *
     * @throws IllegalArgumentException if there is none
     */
    long next() {
        long number = 0;
        for (int shift = 0; shift <= MOST_BITS; shift += 7) {
            if (used == bytes.length) {
                throw new IllegalArgumentException("there are too few numbers");
            }
            long digit = bytes[used++];
            number |= (digit & 0x7f) << shift;
            if (digit >= 0) {
                if (shift == MOST_BITS && digit > 1) {
                    break;
                }
                return number;
            }
        }
        throw new IllegalArgumentException("a number has more than 64 bits");
    }

    /** Whether no number is left. */
    boolean isRead() {
        return used == bytes.length;
    }

    byte[] array() {
        return bytes;
    }

    /** Number of bytes that were added or read. */
    int size() {
        return used;
    }
}
