package io.camelrump.redis;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Words of a server as they may be shown: control characters, which a terminal or a log would obey, are escaped. */
public final class ShownText {
    private static final int MOST = 80;
    private static final int MOST_ELEMENTS = 4;
    private static final char DELETE = 0x7f;
    private static final char LAST_CONTROL = 0x9f;

    private ShownText() {}

    /** The text, with control characters as {@code \xNN}. */
    public static String of(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (isControl(text.charAt(i))) {
                return escape(text, i);
            }
        }
        return text;
    }

    private static boolean isControl(char c) {
        return c < ' ' || c >= DELETE && c <= LAST_CONTROL;
    }

    private static String escape(String text, int first) {
        StringBuilder shown = new StringBuilder(text.length() + 16).append(text, 0, first);
        for (int i = first; i < text.length(); i++) {
            char c = text.charAt(i);
            if (isControl(c)) {
                shown.append(String.format("\\x%02x", (int) c));
            } else {
                shown.append(c);
            }
        }
        return shown.toString();
    }

    /** Text that a server sent as UTF-8. */
    public static String of(byte[] utf8) {
        return of(new String(utf8, StandardCharsets.UTF_8));
    }

    /** The beginning of a reply. */
    static String beginning(@Nullable Object reply) {
        StringBuilder shown = new StringBuilder();
        add(reply, shown);
        return shown.length() <= MOST ? shown.toString() : shown.substring(0, MOST) + "...";
    }

    private static void add(@Nullable Object reply, StringBuilder shown) {
        if (reply instanceof byte[] bytes) {
            String text = new String(bytes, 0, Math.min(bytes.length, MOST), StandardCharsets.ISO_8859_1);
            shown.append('\'').append(of(text)).append(bytes.length > MOST ? "..." : "'");
        } else if (reply instanceof List<?> list) {
            shown.append('[');
            for (int i = 0; i < list.size() && i < MOST_ELEMENTS && shown.length() < MOST; i++) {
                shown.append(i == 0 ? "" : ", ");
                add(list.get(i), shown);
            }
            shown.append(list.size() > MOST_ELEMENTS ? ", ...]" : "]");
        } else if (reply instanceof String || reply instanceof ErrorReply) {
            String text = reply.toString();
            shown.append('\'')
                    .append(of(text.substring(0, Math.min(text.length(), MOST))))
                    .append(text.length() > MOST ? "..." : "'");
        } else {
            shown.append(reply == null ? "nil" : reply.toString());
        }
    }
}
