package io.camelrump.values;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Pattern;
import org.apache.camel.util.json.Jsoner;
import org.jspecify.annotations.Nullable;

/** Decoded values as JSON. */
public final class JsonText {
    /** Half of a character without the other half: no encoding of text has it. */
    private static final Pattern LONE = Pattern.compile("\\p{IsCs}");

    private JsonText() {}

    /** The text of null, a string, a number, a collection or a map of these. */
    public static String of(@Nullable Object value) {
        return LONE.matcher(Jsoner.serialize(finite(value)))
                .replaceAll(
                        lone -> String.format("\\\\u%04x", (int) lone.group().charAt(0)));
    }

    /** JSON has no infinite numbers, which scores of a sorted set may be: they are texts. */
    private static @Nullable Object finite(@Nullable Object value) {
        if (value instanceof Map<?, ?> map) {
            Map<Object, @Nullable Object> finite = new LinkedHashMap<>();
            map.forEach((name, element) -> finite.put(name, finite(element)));
            return finite;
        }
        return value instanceof Double score && !Double.isFinite(score) ? score.toString() : value;
    }
}
