package io.camelrump.checkpoint;

import java.nio.ByteBuffer;
import java.util.Collection;
import java.util.HexFormat;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Keys that a way back does not copy, as others have written them at the former source; their names at the server that
 * it reads.
 *
 * @param open those that a person has still to decide
 * @param left those of which the former source keeps its values
 * @param more whether there are others whose names are not known
 */
public record HeldKeys(Set<ByteBuffer> open, Set<ByteBuffer> left, boolean more) {
    /** There are none. */
    public static final HeldKeys NONE = new HeldKeys(Set.of(), Set.of(), false);

    /** Bytes of all names: a checkpoint is written each second. */
    private static final int MOST_BYTES = 1024 * 1024;
    /** Begins a name, which may be empty. */
    private static final String BEGIN = "k";

    private static final String OPEN = "held.open";
    private static final String LEFT = "held.left";
    private static final String MORE = "held.more";

    public HeldKeys {
        open = Set.copyOf(open);
        left = Set.copyOf(left);
    }

    /** Writes them among the values of a checkpoint: as many names as a text may hold. */
    void encode(Map<String, String> values) {
        if (equals(NONE)) {
            return;
        }
        boolean fits = Stream.concat(open.stream(), left.stream())
                        .mapToLong(ByteBuffer::capacity)
                        .sum()
                <= MOST_BYTES;
        values.put(OPEN, fits ? hex(open) : "");
        values.put(LEFT, fits ? hex(left) : "");
        values.put(MORE, Boolean.toString(more || !fits));
    }

    private static String hex(Collection<ByteBuffer> names) {
        return names.stream()
                .map(name -> BEGIN + HexFormat.of().formatHex(name.array()))
                .collect(Collectors.joining(" "));
    }

    static HeldKeys decode(Properties values) {
        return values.containsKey(OPEN)
                ? new HeldKeys(
                        names(values.getProperty(OPEN)),
                        names(values.getProperty(LEFT, "")),
                        Boolean.parseBoolean(values.getProperty(MORE)))
                : NONE;
    }

    private static Set<ByteBuffer> names(String text) {
        return Stream.of(text.split(" "))
                .filter(name -> !name.isEmpty())
                .map(name -> ByteBuffer.wrap(HexFormat.of().parseHex(name.substring(BEGIN.length()))))
                .collect(Collectors.toSet());
    }
}
