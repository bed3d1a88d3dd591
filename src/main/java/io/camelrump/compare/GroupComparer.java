package io.camelrump.compare;

import io.camelrump.redis.CommandPipeline;
import io.camelrump.values.ProducerIds;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Compares what two streams hold besides their entries: last id, counters, groups, consumers, pending entries and what
 * is known of its producers.
 */
final class GroupComparer {
    private static final int PENDING_AT_ONCE = 1_000;
    /**
     * A pending entry tells how long it has been idle, counted by the server from a clock that it reads now and then.
     */
    private static final long SAME_DELIVERY_MILLIS = 50;

    /** Field of XINFO; for a stream that Redis 5 wrote it may be less than its number of entries. */
    private static final String ENTRIES_ADDED = "entries-added";

    /** Parts of XINFO that are data, and reported by every version; the entries themselves are compared elsewhere. */
    private static final Set<String> DATA =
            Set.of("last-generated-id", "groups", "name", "consumers", "pending", "last-delivered-id");

    /** Parts that are data, and reported from 7.0 on: compared where both servers report them. */
    private static final Set<String> COUNTERS = Set.of(ENTRIES_ADDED, "max-deleted-entry-id", "entries-read");

    private final CommandPipeline source;
    private final CommandPipeline target;
    private final boolean dropsIdmp;
    private final Runnable signOfLife;

    GroupComparer(CommandPipeline source, CommandPipeline target, ComparePlan plan, Runnable signOfLife) {
        this.source = source;
        this.target = target;
        this.dropsIdmp = plan.losses().idmp();
        this.signOfLife = signOfLife;
    }

    /**
     * What stands beside the entries at one server.
     *
     * @param parts by a path of names
     * @param groups the name of each that has pending entries
     * @param ids null where the server has no such thing
     */
    private record State(
            Map<String, Object> parts,
            Map<String, Object> groups,
            @Nullable ProducerIds ids) {}

    /**
     * Whether the two streams have equal groups, last ids and counters, and know the same messages as sent again.
     *
     * @param entries that both have
     */
    ValueComparison.Kind compare(byte[] sourceKey, byte[] targetKey, long entries) {
        State sourceState = state(source, sourceKey, entries);
        State targetState = state(target, targetKey, entries);
        if (!sameParts(sourceState.parts(), targetState.parts())) {
            return ValueComparison.Kind.DIFFERENT;
        }
        for (Object group : sourceState.groups().values()) {
            if (!samePending(sourceKey, targetKey, group)) {
                return ValueComparison.Kind.DIFFERENT;
            }
        }
        ProducerIds ids = sourceState.ids();
        ProducerIds targetIds = targetState.ids();
        if (ids == null) {
            return ValueComparison.Kind.EQUAL;
        }
        if (targetIds != null && !ids.hasSameSettings(targetIds)) {
            return ValueComparison.Kind.DIFFERENT;
        }
        return !ids.isLostIn(targetIds)
                ? ValueComparison.Kind.EQUAL
                : dropsIdmp ? ValueComparison.Kind.REDUCED : ValueComparison.Kind.DIFFERENT;
    }

    private static State state(CommandPipeline server, byte[] key, long entries) {
        Map<String, Object> state = new HashMap<>();
        Map<String, Object> groups = new HashMap<>();
        server.ask("XINFO", "STREAM", key).ask("XINFO", "GROUPS", key).send();
        List<?> fields = server.listReply();
        enter("", fields, state);
        state.computeIfPresent(
                ENTRIES_ADDED, (name, count) -> count instanceof Long added ? Math.max(added, entries) : count);
        Map<String, @Nullable Object> info = new HashMap<>();
        for (int i = 0; i + 1 < fields.size(); i += 2) {
            info.put(CommandPipeline.text(fields.get(i)), fields.get(i + 1));
        }
        List<?> found = server.listReply();
        for (Object group : found) {
            Object name = ((List<?>) group).get(1);
            String path = "group " + CommandPipeline.text(name) + " ";
            enter(path, (List<?>) group, state);
            if (!Long.valueOf(0).equals(state.get(path + "pending"))) {
                groups.put(path, name);
            }
            server.ask("XINFO", "CONSUMERS", key, name);
        }
        server.send();
        for (Object group : found) {
            String path = "group " + CommandPipeline.text(((List<?>) group).get(1)) + " consumer ";
            for (Object consumer : server.listReply()) {
                enter(path + CommandPipeline.text(((List<?>) consumer).get(1)) + " ", (List<?>) consumer, state);
            }
        }
        return new State(state, groups, ProducerIds.of(info));
    }

    private static void enter(String path, List<?> parts, Map<String, Object> state) {
        for (int i = 0; i + 1 < parts.size(); i += 2) {
            String part = CommandPipeline.text(parts.get(i));
            if (DATA.contains(part) || COUNTERS.contains(part)) {
                Object value = parts.get(i + 1);
                state.put(path + part, value instanceof Long ? value : CommandPipeline.text(value));
            }
        }
    }

    private static boolean sameParts(Map<String, Object> source, Map<String, Object> target) {
        return isIn(source, target) && isIn(target, source);
    }

    private static boolean isIn(Map<String, Object> parts, Map<String, Object> among) {
        return parts.entrySet().stream()
                .allMatch(part -> part.getValue().equals(among.get(part.getKey()))
                        || !among.containsKey(part.getKey())
                                && COUNTERS.stream().anyMatch(part.getKey()::endsWith));
    }

    private boolean samePending(byte[] sourceKey, byte[] targetKey, Object group) {
        String from = "-";
        while (true) {
            signOfLife.run();
            Pending pending = pending(source, sourceKey, group, from);
            Pending targetPending = pending(target, targetKey, group, from);
            if (!pending.isSame(targetPending)) {
                return false;
            }
            int size = pending.entries().size();
            if (size < PENDING_AT_ONCE) {
                return true;
            }
            from = idAfter(((List<?>) pending.entries().get(size - 1)).get(0));
        }
    }

    private static Pending pending(CommandPipeline server, byte[] key, Object group, String from) {
        server.ask("TIME")
                .ask("XPENDING", key, group, from, "+", PENDING_AT_ONCE)
                .send();
        long now = server.timeMillis();
        return new Pending(now, server.listReply());
    }

    /** Entries as id, consumer, idle time and number of deliveries. */
    private record Pending(long now, List<?> entries) {

        boolean isSame(Pending target) {
            if (entries.size() != target.entries.size()) {
                return false;
            }
            for (int i = 0; i < entries.size(); i++) {
                List<?> entry = (List<?>) entries.get(i);
                List<?> targetEntry = (List<?>) target.entries.get(i);
                boolean same = ValueComparer.isSame(entry.subList(0, 2), targetEntry.subList(0, 2))
                        && ValueComparer.isSame(entry.get(3), targetEntry.get(3))
                        && isSameDelivery(entry, target, targetEntry);
                if (!same) {
                    return false;
                }
            }
            return true;
        }

        /**
         * The instant travels as it is, so it is the same number whatever the clocks say. One that lies ahead of a
         * server's clock has no idle time there: it is known to be no earlier than now.
         */
        private boolean isSameDelivery(List<?> entry, Pending target, List<?> targetEntry) {
            long ahead = deliveredAt(entry) - target.deliveredAt(targetEntry);
            return (ahead <= SAME_DELIVERY_MILLIS || idle(targetEntry) == 0)
                    && (-ahead <= SAME_DELIVERY_MILLIS || idle(entry) == 0);
        }

        private long deliveredAt(List<?> entry) {
            return now - idle(entry);
        }

        private static long idle(List<?> entry) {
            return entry.get(2) instanceof Long idle ? idle : 0;
        }
    }

    /** The next possible id after this one. */
    static String idAfter(@Nullable Object id) {
        String[] parts = CommandPipeline.text(id).split("-");
        long sequence = Long.parseUnsignedLong(parts[1]) + 1;
        return sequence == 0
                ? Long.toUnsignedString(Long.parseUnsignedLong(parts[0]) + 1) + "-0"
                : parts[0] + "-" + Long.toUnsignedString(sequence);
    }
}
