package io.camelrump.compare;

import io.camelrump.RedisType;
import io.camelrump.redis.CommandPipeline;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Compares two vector sets by their parameters and elements: the payload of one differs after each RESTORE, by the
 * order of its nodes.
 *
 * <p>An element's vector is compared as it is stored, in its quantization; its attributes are compared as text. The
 * links between the elements are an index over them, and depend on the order in which they were added.
 */
final class VectorSetComparer {

    private static final int MOST_ELEMENTS = 1_000;
    private static final long CHUNK_BYTES = 512 * 1024;
    /** Where no server names elements by parts all names are held: this many bytes each, beside the text. */
    private static final int BYTES_A_NAME = 64;

    private static final int SHARE_OF_HEAP = 8;
    /** Names sampled to learn how long one is. */
    private static final int SAMPLE = 100;

    /** Parts of VINFO that are data; the others say how far the graph has grown. */
    private static final List<String> PARAMETERS =
            List.of("quant-type", "hnsw-m", "vector-dim", "projection-input-dim", "size", "attributes-count");

    private final CommandPipeline source;
    private final CommandPipeline target;
    private final Runnable signOfLife;

    VectorSetComparer(CommandPipeline source, CommandPipeline target, Runnable signOfLife) {
        this.source = source;
        this.target = target;
        this.signOfLife = signOfLife;
    }

    /** Compares what both servers have under these names; what is of another module counts as different. */
    ValueComparison compare(byte[] sourceKey, byte[] targetKey) {
        if (!RedisType.VECTOR_SET.equals(source.call("TYPE", sourceKey))
                || !RedisType.VECTOR_SET.equals(target.call("TYPE", targetKey))) {
            return ValueComparison.of(ValueComparison.Kind.DIFFERENT);
        }
        Map<String, String> parameters = parameters(source, sourceKey);
        if (!parameters.containsKey("size") || !parameters.equals(parameters(target, targetKey))) {
            return ValueComparison.of(ValueComparison.Kind.DIFFERENT);
        }
        // as many at both, so the elements of either one may be looked up in the other
        if (source.knows("VRANGE", "", "-", "+", 1)) {
            return compareInOrder(sourceKey, targetKey, source, sourceKey, parameters);
        }
        if (target.knows("VRANGE", "", "-", "+", 1)) {
            return compareInOrder(sourceKey, targetKey, target, targetKey, parameters);
        }
        return compareAll(sourceKey, targetKey, parameters);
    }

    private static Map<String, String> parameters(CommandPipeline server, byte[] key) {
        Map<String, String> found = new HashMap<>();
        List<?> fields = list(server.call("VINFO", key));
        for (int i = 0; i + 1 < fields.size(); i += 2) {
            String name = CommandPipeline.text(fields.get(i));
            if (PARAMETERS.contains(name)) {
                found.put(name, CommandPipeline.text(fields.get(i + 1)));
            }
        }
        return found;
    }

    /** Goes through the elements in the order of their names, as Redis returns them from 8.4 on. */
    private ValueComparison compareInOrder(
            byte[] sourceKey, byte[] targetKey, CommandPipeline namer, byte[] named, Map<String, String> parameters) {
        int most = elementsAtOnce(parameters);
        byte[] start = {'-'};
        while (true) {
            List<?> names = list(namer.call("VRANGE", named, start, "+", most));
            if (!areEqual(sourceKey, targetKey, names)) {
                return ValueComparison.of(ValueComparison.Kind.DIFFERENT);
            }
            if (names.size() < most) {
                return ValueComparison.of(ValueComparison.Kind.EQUAL);
            }
            start = after(names.get(names.size() - 1));
        }
    }

    private static byte[] after(@Nullable Object name) {
        byte[] last = name instanceof byte[] bytes ? bytes : new byte[0];
        byte[] start = new byte[last.length + 1];
        start[0] = '(';
        System.arraycopy(last, 0, start, 1, last.length);
        return start;
    }

    /** Asks for all names at once, which a server gives in any order. */
    private ValueComparison compareAll(byte[] sourceKey, byte[] targetKey, Map<String, String> parameters) {
        long size = number(parameters, "size");
        long longest = list(source.call("VRANDMEMBER", sourceKey, SAMPLE)).stream()
                .mapToLong(name -> name instanceof byte[] bytes ? bytes.length : 0)
                .max()
                .orElse(0);
        if (size > Runtime.getRuntime().maxMemory() / SHARE_OF_HEAP / (BYTES_A_NAME + longest)) {
            return ValueComparison.unknown(
                    "neither server names the " + size + " elements of this vector set by parts (VRANGE,"
                            + " from Redis 8.4 on), and all at once do not fit into memory: give Java more (-Xmx)");
        }
        List<?> names = list(source.call("VRANDMEMBER", sourceKey, size));
        int most = elementsAtOnce(parameters);
        boolean equal = names.size() == size;
        for (int from = 0; equal && from < names.size(); from += most) {
            equal = areEqual(sourceKey, targetKey, names.subList(from, Math.min(names.size(), from + most)));
        }
        return ValueComparison.of(equal ? ValueComparison.Kind.EQUAL : ValueComparison.Kind.DIFFERENT);
    }

    private static List<?> list(@Nullable Object reply) {
        return reply instanceof List<?> list ? list : List.of();
    }

    private long number(Map<String, String> parameters, String name) {
        String value = parameters.getOrDefault(name, "0");
        if (!value.matches("[0-9]{1,15}")) {
            throw source.misread("VINFO", name + " " + value);
        }
        return Long.parseLong(value);
    }

    /** Bytes of a vector: up to four per dimension, from each of two servers. */
    private int elementsAtOnce(Map<String, String> parameters) {
        long bytes = 100 + 4 * number(parameters, "vector-dim");
        return (int) Math.max(1, Math.min(MOST_ELEMENTS, CHUNK_BYTES / bytes));
    }

    private boolean areEqual(byte[] sourceKey, byte[] targetKey, List<?> names) {
        signOfLife.run();
        ask(source, sourceKey, names);
        ask(target, targetKey, names);
        boolean equal = true;
        // all replies are read, whatever they are
        for (int i = 0; i < 2 * names.size(); i++) {
            Object atSource = source.reply();
            Object atTarget = target.reply();
            // the vector comes first, which every element has
            equal &= ValueComparer.isSame(atSource, atTarget) && (i % 2 != 0 || atSource != null);
        }
        return equal;
    }

    private static void ask(CommandPipeline server, byte[] key, List<?> names) {
        for (Object name : names) {
            server.ask("VEMB", key, name, "RAW").ask("VGETATTR", key, name);
        }
        server.send();
    }
}
