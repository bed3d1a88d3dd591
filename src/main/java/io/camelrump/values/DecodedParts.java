package io.camelrump.values;

import io.camelrump.RedisType;
import io.camelrump.redis.BinaryText;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A value as its elements, decoded from a payload that the target does not take and no server can be asked about. */
public final class DecodedParts {
    private DecodedParts() {}

    /**
     * The value in one part; null if payloads of its form are not decoded here.
     *
     * @param copy name of it, unique among all runs
     */
    public static @Nullable KeyPart of(String copy, byte[] payloads, int offset, int length) {
        byte[] payload = Arrays.copyOfRange(payloads, offset, offset + length);
        RedisType type = RedisType.ofPayload(payload[0]);
        if (type == RedisType.MODULE || !DecodedValue.isKnown(payload, 0, length)) {
            return null;
        }
        Object value;
        try {
            value = DecodedValue.of(payload);
        } catch (IllegalArgumentException e) {
            return null;
        }
        Elements.Builder rows = new Elements.Builder();
        long count = rows(value, rows);
        byte[] elements = rows.build();
        return new KeyPart(
                copy, KeyPart.Step.WHOLE, 0, type.word(), count, elements.length, elements, 0, elements.length);
    }

    /** Adds the rows of a value; returns their number, or the bytes of a string. */
    private static long rows(@Nullable Object value, Elements.Builder rows) {
        if (value instanceof List<?> list) {
            list.forEach(element -> rows.row(Elements.Kind.LIST, bytes(element)));
            return list.size();
        }
        if (value instanceof Set<?> set) {
            set.forEach(member -> rows.row(Elements.Kind.SET, bytes(member)));
            return ((Collection<?>) set).size();
        }
        if (value instanceof Map<?, ?> map) {
            map.forEach((name, of) -> {
                if (of instanceof Double score) {
                    rows.row(Elements.Kind.ZSET, Elements.bytes(score(score)), bytes(name));
                } else {
                    rows.row(Elements.Kind.HASH, bytes(name), bytes(of));
                }
            });
            return map.size();
        }
        byte[] text = bytes(value);
        rows.row(Elements.Kind.STRING, Elements.bytes("0"), text);
        return text.length;
    }

    private static byte[] bytes(@Nullable Object text) {
        return BinaryText.bytes(String.valueOf(text));
    }

    private static String score(double score) {
        return Double.isInfinite(score) ? score > 0 ? "inf" : "-inf" : Double.toString(score);
    }
}
