package io.camelrump.redis;

import java.nio.charset.StandardCharsets;

/** Excerpt of a reply that is not understood, for an error: a few of its bytes, as far as they are in the buffer. */
final class ReplyExcerpt {
    private static final int SHOWN = 60;

    private ReplyExcerpt() {}

    /** The beginning of a reply whose first byte was taken. */
    static String rest(byte type, byte[] buffer, int position, int limit) {
        int end = position;
        while (end < limit && end - position < SHOWN && buffer[end] != '\r') {
            end++;
        }
        String text = (char) (type & 0xff) + text(buffer, position, end);
        return "'" + ShownText.of(text) + (end - position == SHOWN ? "..." : "'");
    }

    /** The bytes before this position and behind it. */
    static String near(byte[] buffer, int position, int limit) {
        String text = text(buffer, Math.max(0, position - SHOWN / 2), Math.min(limit, position + SHOWN / 2));
        return "'" + ShownText.of(text) + "'";
    }

    private static String text(byte[] buffer, int from, int end) {
        return new String(buffer, from, end - from, StandardCharsets.ISO_8859_1);
    }
}
