package io.camelrump.needs;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * The commands by which values are read, written and compared where no payload goes: keys above --big-key, and those
 * whose payload the target's version does not take.
 */
final class ValueCommands {
    private static final List<List<String>> COUNTS = List.of(
            List.of("STRLEN"), List.of("LLEN"), List.of("SCARD"), List.of("ZCARD"), List.of("HLEN"), List.of("XLEN"));

    /** The key stands behind the first word. */
    private static final List<List<String>> READS = List.of(
            List.of("GETRANGE", "0", "0"),
            List.of("LRANGE", "0", "0"),
            List.of("SSCAN", "0"),
            List.of("ZSCAN", "0"),
            List.of("HSCAN", "0"),
            List.of("XRANGE", "-", "+", "COUNT", "1"),
            List.of("XPENDING", "group", "-", "+", "1"));

    private static final List<List<String>> LOOKUPS =
            List.of(List.of("SISMEMBER", "m"), List.of("ZSCORE", "m"), List.of("HMGET", "f"));

    private static final List<List<String>> VECTORS =
            List.of(List.of("VINFO"), List.of("VRANDMEMBER"), List.of("VEMB", "e", "RAW"), List.of("VGETATTR", "e"));

    /** Rules that no category but {@code +@all} has; few servers hold such sets. */
    private static final String NO_VECTORS =
            "vector sets that differ in their payloads alone cannot be told from equal ones";

    private static final List<List<String>> WRITES = List.of(
            List.of("SET", "v"),
            List.of("APPEND", "v"),
            List.of("RPUSH", "v"),
            List.of("SADD", "m"),
            List.of("ZADD", "1", "m"),
            List.of("HMSET", "f", "v"),
            List.of("XADD", "1-1", "f", "v"),
            List.of("XDEL", "1-1"),
            List.of("XTRIM", "MAXLEN", "0"),
            List.of("XSETID", "1-1"),
            List.of("XCLAIM", "group", "consumer", "0", "1-1"),
            List.of("PEXPIRE", "1"),
            List.of("PEXPIREAT", "1"),
            List.of("PERSIST"));

    private final Side side;
    private final String key;
    private final String without;
    private final boolean streams;
    private final List<Permission> rules = new ArrayList<>();

    /**
     * @param key one that is not there
     * @param without what the run does if the user may not send one of these
     */
    ValueCommands(Side side, String key, String without) throws IOException {
        this.side = side;
        this.key = key;
        this.without = without;
        this.streams = side.knows("XLEN", key);
    }

    List<Permission> rules() {
        return rules;
    }

    ValueCommands reading() throws IOException {
        reads(List.of(List.of("TYPE")));
        reads(COUNTS);
        reads(READS);
        if (streams) {
            rules.add(Permission.wanted("xinfo", without, "XINFO", "STREAM", key));
        }
        fieldExpiry();
        return this;
    }

    /** Commands that show whether a value changed while it was read. */
    ValueCommands watching() {
        rules.add(Permission.wanted("watch", without, "WATCH", key));
        rules.add(Permission.wanted("multi", without, "MULTI").asWrite());
        // nothing was begun that it could end
        rules.add(Permission.wanted("exec", without, "EXEC"));
        return this;
    }

    /** Commands by which a comparison asks for single elements, beside reading. */
    ValueCommands comparing() throws IOException {
        reading();
        reads(LOOKUPS);
        return this;
    }

    /** Commands by which a comparison asks vector sets for their elements. */
    ValueCommands comparingVectors() throws IOException {
        if (side.knows("VINFO", key)) {
            VECTORS.forEach(words -> rules.add(wanted(words, NO_VECTORS)));
        }
        if (side.knows("VRANGE", key, "-", "+", "1")) {
            rules.add(wanted(List.of("VRANGE", "-", "+", "1"), NO_VECTORS));
        }
        return this;
    }

    /** @param keeps whether a key that is there may not be replaced, unless the target was empty at the start */
    ValueCommands writing(boolean keeps) throws IOException {
        reads(COUNTS);
        fieldExpiry();
        rules.add(Permission.wanted("multi", without, "MULTI").asWrite());
        // nothing was begun that it could end
        rules.add(Permission.wanted("exec", without, "EXEC"));
        writes(WRITES);
        if (streams) {
            rules.add(Permission.wanted("xgroup", without, "XGROUP", "DESTROY", key, "group")
                    .asWrite());
        }
        writes(List.of(List.of("RENAME", key)));
        if (keeps) {
            writes(List.of(List.of("RENAMENX", key)));
        }
        if (side.knows("HPEXPIREAT")) {
            writes(List.of(List.of("HPEXPIREAT", "1", "FIELDS", "1", "f")));
        }
        if (side.knows("XCFGSET")) {
            writes(List.of(List.of("XCFGSET", "IDMP-DURATION", "100")));
        }
        return this;
    }

    private void fieldExpiry() throws IOException {
        if (side.knows("HPEXPIRETIME", key, "FIELDS", "1", "f")) {
            reads(List.of(List.of("HPEXPIRETIME", "FIELDS", "1", "f")));
        }
    }

    private void reads(List<List<String>> commands) {
        commands.stream().filter(this::isThere).forEach(words -> rules.add(wanted(words)));
    }

    private void writes(List<List<String>> commands) {
        commands.stream()
                .filter(this::isThere)
                .forEach(words -> rules.add(wanted(words).asWrite()));
    }

    private boolean isThere(List<String> words) {
        return streams || words.get(0).charAt(0) != 'X';
    }

    private Permission wanted(List<String> words) {
        return wanted(words, without);
    }

    private Permission wanted(List<String> words, String without) {
        List<String> asked = new ArrayList<>(words);
        asked.add(1, key);
        return Permission.wanted(words.get(0).toLowerCase(Locale.ROOT), without, asked.toArray(String[]::new));
    }
}
