package io.camelrump.values;

import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Replies about a key's elements in the form that their commands have; others are a {@link MisreadException}. */
final class ReplyForm {
    private ReplyForm() {}

    static byte[] bulk(@Nullable Object reply) {
        if (reply instanceof byte[] bytes) {
            return bytes;
        }
        if (reply instanceof String text) {
            return Elements.bytes(text);
        }
        if (reply instanceof Long value) {
            return number(value);
        }
        throw new MisreadException();
    }

    @SuppressWarnings("unchecked")
    static List<@Nullable Object> list(@Nullable Object reply) {
        if (reply instanceof List<?> list) {
            return (List<@Nullable Object>) list;
        }
        throw new MisreadException();
    }

    /** A list that has so many elements at least. */
    static List<@Nullable Object> list(@Nullable Object reply, int least) {
        List<@Nullable Object> list = list(reply);
        if (list.size() < least) {
            throw new MisreadException();
        }
        return list;
    }

    static byte[] number(long value) {
        return Elements.bytes(Long.toString(value));
    }

    /** Names and values in turn. */
    static Map<String, @Nullable Object> map(@Nullable Object reply) {
        List<@Nullable Object> cells = list(reply);
        Map<String, @Nullable Object> map = new HashMap<>();
        for (int i = 0; i + 1 < cells.size(); i += 2) {
            map.put(new String(bulk(cells.get(i)), StandardCharsets.ISO_8859_1), cells.get(i + 1));
        }
        return map;
    }
}
