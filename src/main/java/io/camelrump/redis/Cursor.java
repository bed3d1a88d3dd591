package io.camelrump.redis;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;

/**
 * Where the next SCAN starts: bytes that mean something to their server alone. Redis and Valkey send a number of 64
 * bits, and others what they like, such as {@code _user:12}.
 */
public final class Cursor {
    /** The beginning, and in a reply the end. */
    public static final Cursor START = of(0);

    private static final int LONGEST_NUMBER = 20;
    private static final String HEX = "x";

    private final byte[] bytes;
    private final boolean isNumber;
    private final long number;
    /** Keys that were asked for before it, where its bytes say nothing of that. */
    private final long passed;

    private Cursor(byte[] bytes, boolean isNumber, long number, long passed) {
        this.bytes = bytes;
        this.isNumber = isNumber;
        this.number = number;
        this.passed = passed;
    }

    /** A cursor that is a number, unsigned. */
    public static Cursor of(long number) {
        return new Cursor(Long.toUnsignedString(number).getBytes(StandardCharsets.US_ASCII), true, number, 0);
    }

    /** A cursor as a server sent it. */
    public static Cursor of(byte[] bytes) {
        return of(bytes, 0);
    }

    private static Cursor of(byte[] bytes, long passed) {
        String text = text(bytes);
        // spelled in another way it is sent back as it came
        if (text.length() <= LONGEST_NUMBER && isSpelledAsNumber(bytes)) {
            try {
                return new Cursor(bytes, true, Long.parseUnsignedLong(text), 0);
            } catch (NumberFormatException e) {
                // of more than 64 bits
                return new Cursor(bytes, false, 0, passed);
            }
        }
        return new Cursor(bytes, false, 0, passed);
    }

    private static boolean isSpelledAsNumber(byte[] bytes) {
        for (byte digit : bytes) {
            if (digit < '0' || digit > '9') {
                return false;
            }
        }
        return bytes.length == 1 || bytes.length > 1 && bytes[0] != '0';
    }

    /** Reads the cursor of a reply. */
    static Cursor read(RespReader in, String command) throws IOException {
        byte type = in.type();
        if (type == ':') {
            return of(in.number());
        }
        if (type != '$') {
            throw ReplyException.of(command, type, in, "a cursor and keys");
        }
        long length = in.bulkLength();
        if (length < 0 || length > NameLimit.bytes()) {
            throw new ReplyException(command, "a cursor of " + length + " bytes", "a cursor and keys");
        }
        byte[] bytes = new byte[(int) length];
        in.bulk(bytes, 0, bytes.length);
        return of(bytes);
    }

    /** This cursor as the reply to a SCAN from another one on, which asked for that number of keys. */
    public Cursor after(Cursor asked, long keys) {
        return isNumber ? this : new Cursor(bytes, false, 0, asked.passed + keys);
    }

    /** Whether a reply with it is the last one. */
    public boolean isEnd() {
        return isNumber && number == 0;
    }

    /** Whether it is a number, as of Redis and Valkey, whose order is known. */
    public boolean isNumber() {
        return isNumber;
    }

    /** The number, unsigned; 0 if it is none. */
    public long number() {
        return number;
    }

    /** How many keys were asked for before it; 0 if it is a number. */
    public long passed() {
        return passed;
    }

    /** As a server spells it; must not be changed. */
    public byte[] bytes() {
        return bytes;
    }

    /** In one word, which {@link #decode} reads. */
    public String encode() {
        return isNumber ? toString() : HEX + HexFormat.of().formatHex(bytes) + ":" + passed;
    }

    /**
     * Reads what {@link #encode} wrote.
     *
     * @throws IllegalArgumentException if it is something else
     */
    public static Cursor decode(String word) {
        if (!word.startsWith(HEX)) {
            return of(Long.parseUnsignedLong(word));
        }
        int colon = word.indexOf(':');
        return of(HexFormat.of().parseHex(word, HEX.length(), colon), Long.parseLong(word.substring(colon + 1)));
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Cursor cursor && Arrays.equals(bytes, cursor.bytes);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(bytes);
    }

    /** Its bytes as text, other ones than printable ASCII escaped. */
    @Override
    public String toString() {
        return ShownText.of(text(bytes));
    }

    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.ISO_8859_1);
    }
}
