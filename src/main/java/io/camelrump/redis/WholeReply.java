package io.camelrump.redis;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads a reply of any type with all its elements, as {@link RespReader#reply()} returns it. Not thread-safe. */
final class WholeReply {
    private static final int MEGABYTE = 1024 * 1024;
    private static final int LONGEST_BULK = 64 * MEGABYTE;
    /** Heap that a run takes beside the values. */
    private static final long REST_OF_HEAP = 24 * MEGABYTE;
    /** A value is in the heap several times while it goes from one reply into a page. */
    private static final int COPIES = 7;
    /** Most bytes of a reply, and of one bulk; payloads have a limit of their own. */
    static final int MAX_BYTES = (int)
            Math.max(MEGABYTE, Math.min(LONGEST_BULK, (Runtime.getRuntime().maxMemory() - REST_OF_HEAP) / COPIES));
    /** Heap that the least element takes, beside its bytes. */
    private static final int ELEMENT_BYTES = 32;

    private static final int MAX_DEPTH = 16;
    private static final int MAX_ELEMENTS = 16 * 1024 * 1024;

    private final RespReader in;
    /** Bytes of the longest bulk that was left out of the present reply; 0 if none was. */
    private long oversized;
    /** Bytes that the present reply may still have. */
    private long room;

    private boolean cut;

    WholeReply(RespReader in) {
        this.in = in;
    }

    /** Reads the next reply; {@link #wasCut} where it has more than {@code mostBytes}. */
    @Nullable
    Object read(long mostBytes) throws IOException {
        room = Math.min(mostBytes, MAX_BYTES);
        cut = false;
        oversized = 0;
        Object reply = reply(0);
        if (oversized > 0) {
            cut = false;
            return ErrorReply.oversized(oversized, MAX_BYTES, xmx(oversized));
        }
        if (cut && mostBytes > MAX_BYTES) {
            cut = false;
            return ErrorReply.oversizedReply(MAX_BYTES, xmx(2L * MAX_BYTES));
        }
        return reply;
    }

    /** Advice to set a heap that takes {@code bytes} at once; empty where more are never read. */
    private static String xmx(long bytes) {
        return bytes > LONGEST_BULK ? "" : "; set -Xmx" + ((REST_OF_HEAP + bytes * COPIES) / MEGABYTE + 1) + "m";
    }

    /** Whether the last reply had more bytes than were to be taken. */
    boolean wasCut() {
        return cut;
    }

    private @Nullable Object reply(int depth) throws IOException {
        byte type = in.type();
        return switch (type) {
            case '+' -> line();
            case '-' -> new ErrorReply(line());
            case ':' -> in.number();
            case '$', '=' -> bulk(depth);
            case '!' -> {
                byte[] text = bulk(depth);
                yield new ErrorReply(text == null ? "" : new String(text, StandardCharsets.ISO_8859_1));
            }
            case '*', '~', '>' -> elements(1, depth);
            case '%' -> elements(2, depth);
            case ',', '(' -> line();
            case '#' -> in.line().equals("t");
            case '_' -> {
                in.line();
                yield null;
            }
            default -> throw in.wrong("a reply cannot start with byte " + (type & 0xff));
        };
    }

    private String line() throws IOException {
        String line = in.line();
        take(line.length());
        return line;
    }

    private void take(long bytes) {
        room -= bytes;
        cut |= room < 0;
    }

    private byte @Nullable [] bulk(int depth) throws IOException {
        long length = in.bulkLength();
        if (length < 0) {
            return null;
        }
        if (length > Integer.MAX_VALUE || length > MAX_BYTES && depth == 0 && room == MAX_BYTES) {
            throw in.wrong("a bulk of " + length + " bytes where " + MAX_BYTES + " are the most");
        }
        if (length > MAX_BYTES) {
            oversized = Math.max(oversized, length);
        }
        take(length);
        if (cut) {
            in.skipBulk(length);
            return null;
        }
        byte[] bytes = new byte[(int) length];
        in.bulk(bytes, 0, bytes.length);
        return bytes;
    }

    private @Nullable List<@Nullable Object> elements(int perEntry, int depth) throws IOException {
        long length = in.number();
        if (length == -1) {
            return null;
        }
        // divided, as a product could overflow
        if (length < 0 || length > MAX_ELEMENTS / perEntry || depth == MAX_DEPTH) {
            throw in.wrong("an array of " + length + " elements at depth " + depth);
        }
        int size = (int) length * perEntry;
        // never preallocated by a length that the peer claims: room is made for what arrives
        List<@Nullable Object> elements = new ArrayList<>(Math.min(size, 1024));
        for (int i = 0; i < size; i++) {
            Object element = reply(depth + 1);
            take(ELEMENT_BYTES);
            if (!cut) {
                elements.add(element);
            }
        }
        return elements;
    }
}
