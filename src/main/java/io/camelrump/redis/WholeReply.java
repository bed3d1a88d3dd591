package io.camelrump.redis;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads a reply of any type with all its elements, as {@link RespReader#reply()} returns it. Not thread-safe. */
final class WholeReply {
    /** Longest bulk that is taken; payloads have a limit of their own. */
    private static final int MAX_BULK = 64 * 1024 * 1024;

    private static final int MAX_DEPTH = 16;
    private static final int MAX_ELEMENTS = 16 * 1024 * 1024;

    private final RespReader in;
    /** Bytes of the longest bulk that was left out of the present reply; 0 if none was. */
    private long oversized;
    /** Bytes of bulks that the present reply may still have. */
    private long room;

    private boolean cut;

    WholeReply(RespReader in) {
        this.in = in;
    }

    /** Reads the next reply, with up to {@code mostBytes} in the bulks of an array. */
    @Nullable
    Object read(long mostBytes) throws IOException {
        room = mostBytes;
        cut = false;
        oversized = 0;
        Object reply = reply(0);
        return oversized == 0 ? reply : ErrorReply.oversized(oversized, MAX_BULK);
    }

    /** Whether the last reply had more bytes than were to be taken. */
    boolean wasCut() {
        return cut;
    }

    private @Nullable Object reply(int depth) throws IOException {
        byte type = in.type();
        return switch (type) {
            case '+' -> in.line();
            case '-' -> new ErrorReply(in.line());
            case ':' -> in.number();
            case '$', '=' -> bulk(depth);
            case '!' -> {
                byte[] text = bulk(depth);
                yield new ErrorReply(text == null ? "" : new String(text, StandardCharsets.ISO_8859_1));
            }
            case '*', '~', '>' -> elements(1, depth);
            case '%' -> elements(2, depth);
            case ',', '(' -> in.line();
            case '#' -> in.line().equals("t");
            case '_' -> {
                in.line();
                yield null;
            }
            default -> throw in.wrong("a reply cannot start with byte " + (type & 0xff));
        };
    }

    private byte @Nullable [] bulk(int depth) throws IOException {
        long length = in.bulkLength();
        if (length < 0) {
            return null;
        }
        if (length > MAX_BULK && length <= Integer.MAX_VALUE && depth > 0) {
            in.skipBulk(length);
            oversized = Math.max(oversized, length);
            return null;
        }
        if (length > MAX_BULK) {
            throw in.wrong("a bulk of " + length + " bytes where " + MAX_BULK + " are the most");
        }
        if (length > room && depth > 0) {
            cut = true;
            room = 0;
            in.skipBulk(length);
            return null;
        }
        room -= length;
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
            elements.add(reply(depth + 1));
        }
        return elements;
    }
}
