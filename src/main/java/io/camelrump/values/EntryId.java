package io.camelrump.values;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;

/** The id of a stream's entry: milliseconds and a sequence number, each an unsigned 64-bit integer. */
record EntryId(BigInteger millis, BigInteger sequence) implements Comparable<EntryId> {
    static final EntryId NONE = new EntryId(BigInteger.ZERO, BigInteger.ZERO);
    private static final BigInteger LIMIT = BigInteger.ONE.shiftLeft(64);

    static EntryId of(byte[] text) {
        String[] parts = new String(text, StandardCharsets.ISO_8859_1).split("-");
        return new EntryId(new BigInteger(parts[0]), new BigInteger(parts[1]));
    }

    EntryId after() {
        BigInteger more = sequence.add(BigInteger.ONE);
        return more.equals(LIMIT)
                ? new EntryId(millis.add(BigInteger.ONE), BigInteger.ZERO)
                : new EntryId(millis, more);
    }

    byte[] bytes() {
        return Elements.bytes(millis + "-" + sequence);
    }

    @Override
    public int compareTo(EntryId other) {
        int order = millis.compareTo(other.millis);
        return order == 0 ? sequence.compareTo(other.sequence) : order;
    }
}
