package io.camelrump;

import java.util.Arrays;
import java.util.Locale;

/**
 * A key that did not reach the target, and why.
 *
 * @param key the key's bytes, not copied; two refusals compare by identity of this array
 * @param cause the server's own words where a server refused it
 */
public record Refusal(byte[] key, String cause) {
    private static final int SHOWN = 100;

    /** The key as {@code redis-cli} prints it: quoted, other bytes than printable ASCII as {@code \xNN}. */
    public String quotedKey() {
        return quote(key);
    }

    /** The key for a text: of one longer than 100 bytes the beginning alone. Files get {@link #quotedKey}. */
    public static String shorten(byte[] key) {
        return key.length <= SHOWN
                ? quote(key)
                : quote(Arrays.copyOf(key, SHOWN)) + "... of " + String.format(Locale.ROOT, "%,d", key.length)
                        + " bytes";
    }

    public static String quote(byte[] key) {
        StringBuilder quoted = new StringBuilder(key.length + 2).append('"');
        for (byte b : key) {
            switch (b) {
                case '"' -> quoted.append("\\\"");
                case '\\' -> quoted.append("\\\\");
                case '\n' -> quoted.append("\\n");
                case '\r' -> quoted.append("\\r");
                case '\t' -> quoted.append("\\t");
                default -> {
                    if (b >= ' ' && b < 127) {
                        quoted.append((char) b);
                    } else {
                        quoted.append(String.format("\\x%02x", b & 0xff));
                    }
                }
            }
        }
        return quoted.append('"').toString();
    }

    @Override
    public String toString() {
        return shorten(key) + ": " + cause;
    }
}
