package io.camelrump.values;

import java.util.Iterator;
import java.util.Map;

/** Decoded values as JSON. */
public final class JsonText {
    private final StringBuilder json = new StringBuilder();

    private JsonText() {}

    /** The text of null, a string, a number, a collection or a map of these. */
    public static String of(Object value) {
        JsonText text = new JsonText();
        text.add(value);
        return text.json.toString();
    }

    private void add(Object value) {
        if (value instanceof Map<?, ?> map) {
            char separator = '{';
            for (Map.Entry<?, ?> entry : map.entrySet()) {
                json.append(separator);
                quote(String.valueOf(entry.getKey()));
                json.append(':');
                add(entry.getValue());
                separator = ',';
            }
            json.append(map.isEmpty() ? "{}" : "}");
        } else if (value instanceof Iterable<?> elements) {
            json.append('[');
            for (Iterator<?> element = elements.iterator(); element.hasNext(); ) {
                add(element.next());
                json.append(element.hasNext() ? "," : "");
            }
            json.append(']');
        } else if (value == null || value instanceof Number number && Double.isFinite(number.doubleValue())) {
            json.append(value);
        } else {
            quote(value.toString());
        }
    }

    private void quote(String text) {
        json.append('"');
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '"' || c == '\\') {
                json.append('\\').append(c);
            } else if (c < ' ' || isLone(text, i)) {
                json.append(String.format("\\u%04x", (int) c));
            } else {
                json.append(c);
            }
        }
        json.append('"');
    }

    /** Whether a character is half of one, and the other half is not beside it: no encoding of text has it. */
    private static boolean isLone(String text, int i) {
        char c = text.charAt(i);
        if (Character.isHighSurrogate(c)) {
            return i + 1 == text.length() || !Character.isLowSurrogate(text.charAt(i + 1));
        }
        return Character.isLowSurrogate(c) && (i == 0 || !Character.isHighSurrogate(text.charAt(i - 1)));
    }
}
