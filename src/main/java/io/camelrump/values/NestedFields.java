package io.camelrump.values;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Fields of a decoded value, at any depth. */
public final class NestedFields {
    private NestedFields() {}

    /**
     * A value with another one in each map that has the field, also in those within lists and other maps.
     *
     * @return the same object if none has it
     */
    public static @Nullable Object replaced(@Nullable Object value, String field, String replacement) {
        if (value instanceof Map<?, ?> map) {
            return replaced(map, field, replacement);
        }
        if (value instanceof List<?> list) {
            List<@Nullable Object> changed = new ArrayList<>();
            boolean same = true;
            for (Object element : list) {
                Object other = replaced(element, field, replacement);
                changed.add(other);
                same &= other == element;
            }
            return same ? list : changed;
        }
        return value;
    }

    private static Object replaced(Map<?, ?> map, String field, String replacement) {
        Map<Object, @Nullable Object> changed = new LinkedHashMap<>();
        boolean same = true;
        for (Map.Entry<?, ?> entry : map.entrySet()) {
            Object other = entry.getKey().equals(field) ? replacement : replaced(entry.getValue(), field, replacement);
            changed.put(entry.getKey(), other);
            same &= other == entry.getValue();
        }
        return same ? map : changed;
    }
}
