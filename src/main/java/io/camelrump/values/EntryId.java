package io.camelrump.values;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The id of a stream's entry: milliseconds and a sequence number, each an unsigned 64-bit integer. */
record EntryId(BigInteger millis, BigInteger sequence) implements Comparable<EntryId> {
    static final EntryId NONE = new EntryId(BigInteger.ZERO, BigInteger.ZERO);
    private static final Pattern FORM = Pattern.compile("([0-9]{1,20})-([0-9]{1,20})");
    private static final BigInteger LIMIT = BigInteger.ONE.shiftLeft(64);

    /** @throws MisreadException if it is none */
    static EntryId of(byte[] text) {
        Matcher id = FORM.matcher(new String(text, StandardCharsets.ISO_8859_1));
        if (!id.matches()) {
            throw new MisreadException();
        }
        return new EntryId(new BigInteger(id.group(1)), new BigInteger(id.group(2)));
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
