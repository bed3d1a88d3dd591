package io.camelrump.redis;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Bytes as text and back without a loss: UTF-8, and each byte that is none as one of the characters U+DC80 to U+DCFF,
 * which stand in no text.
 */
public final class BinaryText {
    private static final int NO_TEXT = 0xdc00;
    private static final char REPLACEMENT = '\ufffd';

    private BinaryText() {}

    /** The text of these bytes. */
    public static String of(byte[] bytes) {
        String text = new String(bytes, StandardCharsets.UTF_8);
        return text.indexOf(REPLACEMENT) < 0 ? text : decode(bytes);
    }

    /** The bytes of this text. */
    public static byte[] bytes(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        for (int i = 0; i < text.length(); i++) {
            if (isByte(text.charAt(i))) {
                return encode(text);
            }
        }
        return bytes;
    }

    /** Whether a character that follows no high surrogate stands for a byte. */
    private static boolean isByte(char c) {
        return c >= NO_TEXT + 0x80 && c <= NO_TEXT + 0xff;
    }

    private static String decode(byte[] bytes) {
        StringBuilder text = new StringBuilder(bytes.length);
        for (int i = 0; i < bytes.length; ) {
            int length = Math.min(sequence(bytes[i] & 0xff), bytes.length - i);
            String character = new String(bytes, i, length, StandardCharsets.UTF_8);
            byte[] again = character.getBytes(StandardCharsets.UTF_8);
            if (Arrays.equals(again, 0, again.length, bytes, i, i + length)) {
                text.append(character);
                i += length;
            } else {
                text.append((char) (NO_TEXT + (bytes[i] & 0xff)));
                i++;
            }
        }
        return text.toString();
    }

    /** How many bytes a character takes that begins with this one. */
    private static int sequence(int first) {
        if (first < 0xc0) {
            return 1;
        }
        return first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4;
    }

    private static byte[] encode(String text) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(text.length());
        text.codePoints().forEach(c -> {
            if (c <= Character.MAX_VALUE && isByte((char) c)) {
                bytes.write(c - NO_TEXT);
            } else {
                bytes.writeBytes(Character.toString(c).getBytes(StandardCharsets.UTF_8));
            }
        });
        return bytes.toByteArray();
    }
}
