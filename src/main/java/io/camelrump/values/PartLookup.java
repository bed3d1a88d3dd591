package io.camelrump.values;

import io.camelrump.redis.CommandPipeline;
import io.camelrump.redis.RedisConnection;
import io.camelrump.values.Elements.Kind;
import io.camelrump.values.Elements.Row;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Looks at a server for the elements of one value that came in parts: each where it must be, and no more of them in
 * all.
 *
 * <p>Of a stream it looks for entries, groups with their ids, pending entries and the last id. Not thread-safe.
 */
public final class PartLookup {
    private static final int AT_ONCE = 1_000;

    private final byte[] key;
    private final String copy;
    private final Set<String> groups = new HashSet<>();
    private boolean equal = true;
    private int next;
    private long listed;

    /**
     * @param key as the server calls it
     * @param copy name of the reading that gave the parts
     */
    public PartLookup(byte[] key, String copy) {
        this.key = key.clone();
        this.copy = copy;
    }

    public String copy() {
        return copy;
    }

    /** Looks for what this part has; a part that is not the next one leaves the value unequal. */
    public void look(KeyPart part, RedisConnection server) {
        if (part.number() != next) {
            equal = false;
        }
        next = part.number() + 1;
        CommandPipeline commands = new CommandPipeline(server);
        ByteBuffer in = ByteBuffer.wrap(part.bytes(), part.offset(), part.length());
        for (List<Row> some = Elements.rows(in, AT_ONCE); !some.isEmpty() && equal; some = Elements.rows(in, AT_ONCE)) {
            if (some.get(0).kind() == Kind.LIST) {
                commands.ask("LRANGE", key, listed, listed + some.size() - 1).send();
                List<?> there = commands.listReply();
                equal = there.size() == some.size();
                for (int i = 0; i < some.size() && equal; i++) {
                    equal = isSame(some.get(i).cell(0), there.get(i));
                }
                listed += some.size();
            } else {
                some.forEach(row -> ask(row, commands));
                commands.send();
                for (Row row : some) {
                    // each has replies to be read
                    if (!isThere(row, commands)) {
                        equal = false;
                    }
                }
            }
        }
    }

    /** Whether the server had all elements of all parts, and has no others. */
    public boolean isEqual(KeyPart last, RedisConnection server) {
        if (!equal) {
            return false;
        }
        CommandPipeline commands = new CommandPipeline(server);
        Object size = commands.call(sizeCommand(last.type()), key);
        if (!Long.valueOf(last.count()).equals(size)) {
            return false;
        }
        return !last.type().equals("stream")
                || commands.call("XINFO", "GROUPS", key) instanceof List<?> there && there.size() == groups.size();
    }

    private void ask(Row row, CommandPipeline commands) {
        switch (row.kind()) {
            case STRING -> {
                long from = Long.parseLong(row.text(0));
                commands.ask("GETRANGE", key, from, from + row.cell(1).length - 1);
            }
            case SET -> commands.ask("SISMEMBER", key, row.cell(0));
            case ZSET -> commands.ask("ZSCORE", key, row.cell(1));
            case HASH -> commands.ask("HGET", key, row.cell(0));
            case EXPIRING_FIELD ->
                commands.ask("HGET", key, row.cell(0)).ask("HPEXPIRETIME", key, "FIELDS", 1, row.cell(0));
            case ENTRY -> commands.ask("XRANGE", key, row.cell(0), row.cell(0));
            case GROUP -> commands.ask("XINFO", "GROUPS", key);
            case PENDING -> commands.ask("XPENDING", key, row.cell(0), row.cell(2), row.cell(2), 1);
            case STREAM -> commands.ask("XINFO", "STREAM", key);
            case LIST, CONSUMER, DELETED_ENTRY, TRIMMED_ENTRY, PRODUCER_IDS -> {
                // looked for in another way, or nothing that stays
            }
        }
    }

    private boolean isThere(Row row, CommandPipeline commands) {
        return switch (row.kind()) {
            case STRING -> isSame(row.cell(1), commands.reply());
            case SET -> Long.valueOf(1).equals(commands.reply());
            case ZSET ->
                commands.reply() instanceof byte[] score && score(row.text(0)) == score(CommandPipeline.text(score));
            case HASH -> isSame(row.cell(1), commands.reply());
            case EXPIRING_FIELD -> {
                boolean same = isSame(row.cell(1), commands.reply());
                List<?> times = commands.listReply();
                yield same && times.size() == 1 && row.text(2).equals(String.valueOf(times.get(0)));
            }
            case ENTRY -> isEntry(row, commands.listReply());
            case GROUP -> isGroup(row, commands.listReply());
            case PENDING -> isPending(row, commands.listReply());
            case STREAM -> row.text(0).equals(field(commands.listReply(), "last-generated-id"));
            case LIST, CONSUMER, DELETED_ENTRY, TRIMMED_ENTRY, PRODUCER_IDS -> true;
        };
    }

    private static boolean isEntry(Row row, List<?> entries) {
        boolean isGone = row.cells().size() == 1;
        if (isGone || entries.size() != 1 || !(entries.get(0) instanceof List<?> entry) || entry.size() < 2) {
            return isGone;
        }
        List<?> fields = entry.get(1) instanceof List<?> list ? list : List.of();
        boolean same = fields.size() == row.cells().size() - 1;
        for (int i = 0; i < fields.size() && same; i++) {
            same = isSame(row.cell(i + 1), fields.get(i));
        }
        return same;
    }

    private boolean isGroup(Row row, List<?> there) {
        groups.add(row.text(0));
        return there.stream()
                .map(group -> group instanceof List<?> fields ? fields : List.of())
                .anyMatch(group -> row.text(0).equals(field(group, "name"))
                        && row.text(1).equals(field(group, "last-delivered-id")));
    }

    private static boolean isPending(Row row, List<?> entries) {
        return entries.size() == 1
                && entries.get(0) instanceof List<?> entry
                && entry.size() == 4
                && isSame(row.cell(1), entry.get(1))
                && row.text(4).equals(String.valueOf(entry.get(3)));
    }

    private static String field(List<?> fields, String name) {
        for (int i = 0; i + 1 < fields.size(); i += 2) {
            if (name.equals(CommandPipeline.text(fields.get(i)))) {
                return CommandPipeline.text(fields.get(i + 1));
            }
        }
        return "";
    }

    private static boolean isSame(byte[] bytes, @Nullable Object reply) {
        return reply instanceof byte[] there && Arrays.equals(bytes, there);
    }

    private static double score(String text) {
        return Double.parseDouble(text.replace("inf", "Infinity"));
    }

    private static String sizeCommand(String type) {
        return switch (type) {
            case "string" -> "STRLEN";
            case "list" -> "LLEN";
            case "set" -> "SCARD";
            case "zset" -> "ZCARD";
            case "hash" -> "HLEN";
            default -> "XLEN";
        };
    }
}
