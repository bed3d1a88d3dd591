package io.camelrump.values;

import io.camelrump.redis.BinaryText;
import io.camelrump.redis.PayloadFooter;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Values of keys as text and collections of Java, read from DUMP payloads and written as such.
 *
 * <p>A string is a String, a list a List, a set a Set, a hash a Map of Strings, and a sorted set a Map of Doubles. They
 * are written in the plain forms that every server takes, whatever form it keeps them in. A document of a JSON module
 * is what Java has for its parts.
 */
public final class DecodedValue {
    private static final int STRING = 0;
    private static final int LIST = 1;
    private static final int SET = 2;
    private static final int SORTED_SET = 3;
    private static final int HASH = 4;
    private static final int SORTED_SET_2 = 5;
    private static final int LIST_ZIPLIST = 10;
    private static final int SET_INTSET = 11;
    private static final int SORTED_SET_ZIPLIST = 12;
    private static final int HASH_ZIPLIST = 13;
    private static final int LIST_QUICKLIST = 14;
    private static final int HASH_LISTPACK = 16;
    private static final int SORTED_SET_LISTPACK = 17;
    private static final int LIST_QUICKLIST_2 = 18;
    private static final int SET_LISTPACK = 20;
    /** A node of a list that holds one element as it is. */
    private static final int PLAIN_NODE = 1;

    private static final int NAN = 253;
    private static final int INFINITY = 254;
    private static final int NEGATIVE_INFINITY = 255;

    private DecodedValue() {}

    /**
     * Reads a payload.
     *
     * @throws IllegalArgumentException if it is none, or of another type, or a hash with fields that expire
     */
    public static @Nullable Object of(byte[] payload) {
        if (!PayloadFooter.isIntact(payload, 0, payload.length)) {
            throw new IllegalArgumentException("its payload is no whole one");
        }
        PayloadInput in = new PayloadInput(payload, 1, payload.length - 1 - PayloadFooter.LENGTH);
        try {
            return JsonPayload.is(payload, 0, payload.length) ? JsonPayload.decode(payload) : read(in, payload[0]);
        } catch (RuntimeException e) {
            throw new IllegalArgumentException(
                    "its payload of form " + payload[0] + " cannot be decoded: " + e.getMessage(), e);
        }
    }

    /** Whether {@link #of} decodes payloads of this form; their content is not looked at. */
    public static boolean isKnown(byte[] payload, int offset, int length) {
        return switch (payload[offset]) {
            case STRING,
                    LIST,
                    SET,
                    SORTED_SET,
                    SORTED_SET_2,
                    HASH,
                    LIST_ZIPLIST,
                    SET_INTSET,
                    SET_LISTPACK,
                    HASH_ZIPLIST,
                    HASH_LISTPACK,
                    SORTED_SET_ZIPLIST,
                    SORTED_SET_LISTPACK,
                    LIST_QUICKLIST,
                    LIST_QUICKLIST_2 -> true;
            default -> JsonPayload.is(payload, offset, length);
        };
    }

    private static Object read(PayloadInput in, int form) {
        return switch (form) {
            case STRING -> BinaryText.of(in.string());
            case LIST -> texts(strings(in, in.count()), new ArrayList<>());
            case SET -> texts(strings(in, in.count()), new LinkedHashSet<>());
            case SORTED_SET, SORTED_SET_2 -> scores(in, form == SORTED_SET);
            case HASH -> map(strings(in, 2 * in.count()));
            case LIST_ZIPLIST -> texts(PayloadInput.ziplist(in.string()), new ArrayList<>());
            case SET_INTSET -> texts(PayloadInput.intset(in.string()), new LinkedHashSet<>());
            case SET_LISTPACK -> texts(PayloadInput.listpack(in.string()), new LinkedHashSet<>());
            case HASH_ZIPLIST -> map(PayloadInput.ziplist(in.string()));
            case HASH_LISTPACK -> map(PayloadInput.listpack(in.string()));
            case SORTED_SET_ZIPLIST -> scores(PayloadInput.ziplist(in.string()));
            case SORTED_SET_LISTPACK -> scores(PayloadInput.listpack(in.string()));
            case LIST_QUICKLIST, LIST_QUICKLIST_2 -> nodes(in, form == LIST_QUICKLIST);
            default ->
                throw new IllegalArgumentException(
                        "only strings, lists, sets, sorted sets, hashes whose fields do not expire, and JSON have one");
        };
    }

    private static List<byte[]> strings(PayloadInput in, int count) {
        List<byte[]> strings = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            strings.add(in.string());
        }
        return strings;
    }

    private static <C extends Collection<String>> C texts(List<byte[]> elements, C into) {
        elements.forEach(element -> into.add(BinaryText.of(element)));
        return into;
    }

    private static Map<String, String> map(List<byte[]> pairs) {
        Map<String, String> map = new LinkedHashMap<>();
        for (int i = 0; i < pairs.size(); i += 2) {
            map.put(BinaryText.of(pairs.get(i)), BinaryText.of(pairs.get(i + 1)));
        }
        return map;
    }

    private static Map<String, Double> scores(List<byte[]> pairs) {
        Map<String, Double> scores = new LinkedHashMap<>();
        for (int i = 0; i < pairs.size(); i += 2) {
            scores.put(BinaryText.of(pairs.get(i)), score(pairs.get(i + 1)));
        }
        return scores;
    }

    private static Map<String, Double> scores(PayloadInput in, boolean asText) {
        int count = in.count();
        Map<String, Double> scores = new LinkedHashMap<>();
        for (int i = 0; i < count; i++) {
            scores.put(BinaryText.of(in.string()), asText ? scoreOfText(in) : in.littleEndianDouble());
        }
        return scores;
    }

    private static double scoreOfText(PayloadInput in) {
        int length = in.unsigned();
        return switch (length) {
            case NAN -> Double.NaN;
            case INFINITY -> Double.POSITIVE_INFINITY;
            case NEGATIVE_INFINITY -> Double.NEGATIVE_INFINITY;
            default -> score(in.bytes(length));
        };
    }

    private static double score(byte[] text) {
        String score = new String(text, StandardCharsets.ISO_8859_1);
        return switch (score) {
            case "inf", "+inf" -> Double.POSITIVE_INFINITY;
            case "-inf" -> Double.NEGATIVE_INFINITY;
            default -> Double.parseDouble(score);
        };
    }

    private static List<String> nodes(PayloadInput in, boolean ziplists) {
        int count = in.count();
        List<String> elements = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            boolean plain = !ziplists && in.count() == PLAIN_NODE;
            byte[] node = in.string();
            if (plain) {
                elements.add(BinaryText.of(node));
            } else {
                texts(ziplists ? PayloadInput.ziplist(node) : PayloadInput.listpack(node), elements);
            }
        }
        return elements;
    }

    /**
     * The payload of another value. What is given for a set, a sorted set or a JSON document stays one; else a Map
     * makes a hash, a Set a set, another Collection a list, and anything else its text.
     *
     * @param instead the payload in whose place it comes, whose version it gets
     * @throws IllegalArgumentException if it is an empty collection, or has an element that is null or no number where
     *     one must be
     */
    public static byte[] encode(@Nullable Object value, byte[] instead) {
        if (JsonPayload.is(instead, 0, instead.length)) {
            return JsonPayload.encode(value, instead);
        }
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        if (value instanceof Map<?, ?> map) {
            requireSome(map.size());
            encode(map, isSortedSet(instead[0]), out);
        } else if (value instanceof Collection<?> elements) {
            requireSome(elements.size());
            boolean set = elements instanceof Set || isSet(instead[0]);
            Collection<byte[]> encoded = encoded(elements, set);
            out.write(set ? SET : LIST);
            length(encoded.size(), out);
            encoded.forEach(element -> string(element, out));
        } else {
            out.write(STRING);
            string(bytes(value), out);
        }
        return PayloadFooter.append(out.toByteArray(), PayloadFooter.version(instead, 0, instead.length));
    }

    private static void requireSome(int elements) {
        if (elements == 0) {
            throw new IllegalArgumentException("no server has an empty value: take the key out instead (DropKey)");
        }
    }

    private static Collection<byte[]> encoded(Collection<?> elements, boolean set) {
        Collection<String> texts = set ? new LinkedHashSet<>() : new ArrayList<>();
        elements.forEach(element -> texts.add(BinaryText.of(bytes(element))));
        return texts.stream().map(BinaryText::bytes).toList();
    }

    private static void encode(Map<?, ?> map, boolean sorted, ByteArrayOutputStream out) {
        Map<String, byte[]> fields = new LinkedHashMap<>();
        map.forEach(
                (field, value) -> fields.put(BinaryText.of(bytes(field)), sorted ? scoreBytes(value) : bytes(value)));
        out.write(sorted ? SORTED_SET : HASH);
        length(fields.size(), out);
        fields.forEach((field, value) -> {
            string(BinaryText.bytes(field), out);
            if (sorted) {
                out.writeBytes(value);
            } else {
                string(value, out);
            }
        });
    }

    /** A score as text behind its length, or one of the lengths that stand for what has no text. */
    private static byte[] scoreBytes(Object value) {
        double score = value instanceof Number number ? number.doubleValue() : Double.parseDouble(value.toString());
        if (Double.isNaN(score)) {
            throw new IllegalArgumentException("NaN is no score");
        }
        if (Double.isInfinite(score)) {
            return new byte[] {(byte) (score > 0 ? INFINITY : NEGATIVE_INFINITY)};
        }
        byte[] text = Double.toString(score).getBytes(StandardCharsets.ISO_8859_1);
        byte[] bytes = new byte[1 + text.length];
        bytes[0] = (byte) text.length;
        System.arraycopy(text, 0, bytes, 1, text.length);
        return bytes;
    }

    private static boolean isSortedSet(int form) {
        return form == SORTED_SET || form == SORTED_SET_2 || form == SORTED_SET_ZIPLIST || form == SORTED_SET_LISTPACK;
    }

    private static boolean isSet(int form) {
        return form == SET || form == SET_INTSET || form == SET_LISTPACK;
    }

    private static byte[] bytes(@Nullable Object value) {
        if (value == null) {
            throw new IllegalArgumentException("null is no value, and no part of one");
        }
        return value instanceof byte[] bytes ? bytes : BinaryText.bytes(value.toString());
    }

    static void string(byte[] bytes, ByteArrayOutputStream out) {
        length(bytes.length, out);
        out.writeBytes(bytes);
    }

    private static void length(int length, ByteArrayOutputStream out) {
        if (length < 1 << 6) {
            out.write(length);
        } else if (length < 1 << 14) {
            out.write(0x40 | length >>> 8);
            out.write(length);
        } else {
            out.write(0x80);
            for (int shift = 24; shift >= 0; shift -= 8) {
                out.write(length >>> shift);
            }
        }
    }
}
