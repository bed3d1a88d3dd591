package io.camelrump;

import static io.camelrump.ElementReader.bulk;
import static io.camelrump.ElementReader.list;
import static io.camelrump.ElementReader.number;

import io.camelrump.Elements.Kind;
import io.camelrump.redis.RedisException;
import io.camelrump.redis.ServerClock;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Reads a stream: first what is pending, then its entries, and at last groups, consumers and counters.
 *
 * <p>An entry may be pending and gone. It can be made pending at the target only while it is there, so it travels as an
 * entry without fields in its place among the others, and goes when it is pending: by the way it went at the source,
 * since a stream remembers the largest id that was deleted, and forgets what was trimmed.
 */
final class StreamReader {
    private static final int PENDING_AT_ONCE = 1_000;
    /** Up to so many bytes of entries are read beside the pending ones, to learn the exact time of their delivery. */
    private static final long MOST_IN_FULL = 4 * 1024 * 1024;

    private final ElementReader.Asking source;
    private final List<byte[][]> groups = new ArrayList<>();
    private final List<byte[][]> consumers = new ArrayList<>();
    private final List<byte[][]> pending = new ArrayList<>();
    /** Pending entries that no entry was read for yet. */
    private final TreeSet<EntryId> missing = new TreeSet<>();

    private final List<EntryId> deleted = new ArrayList<>();
    private final List<EntryId> trimmed = new ArrayList<>();
    /** Whether nothing was ever deleted by its id, as Redis tells from 7.0 on. */
    private boolean noneDeleted;

    private byte[] key = {};
    private Map<String, @Nullable Object> info = Map.of();
    private EntryId next = EntryId.NONE;
    private boolean entriesRead;
    private int given;

    /** Milliseconds and a number, each an unsigned 64-bit integer. */
    private record EntryId(BigInteger millis, BigInteger sequence) implements Comparable<EntryId> {
        static final EntryId NONE = new EntryId(BigInteger.ZERO, BigInteger.ZERO);
        private static final BigInteger LIMIT = BigInteger.ONE.shiftLeft(64);

        static EntryId of(byte[] text) {
            String[] parts = new String(text, StandardCharsets.ISO_8859_1).split("-");
            return new EntryId(new BigInteger(parts[0]), new BigInteger(parts[1]));
        }

        EntryId after() {
            BigInteger more = sequence.add(BigInteger.ONE);
            return more.equals(LIMIT)
                    ? new EntryId(millis.add(BigInteger.ONE), BigInteger.ZERO)
                    : new EntryId(millis, more);
        }

        byte[] bytes() {
            return Elements.bytes(millis + "-" + sequence);
        }

        @Override
        public int compareTo(EntryId other) {
            int order = millis.compareTo(other.millis);
            return order == 0 ? sequence.compareTo(other.sequence) : order;
        }
    }

    StreamReader(ElementReader.Asking source) {
        this.source = source;
    }

    /** Takes in what stands beside the entries. */
    void open(byte[] stream, ServerClock clock, long entryBytes)
            throws IOException, KeyChangedException, KeyUnreadableException {
        key = stream;
        info = map(source.ask("XINFO STREAM", key));
        noneDeleted = info.get("max-deleted-entry-id") instanceof byte[] id
                && EntryId.of(id).equals(EntryId.NONE);
        long mostPending = 0;
        for (Object told : list(source.ask("XINFO GROUPS", key))) {
            Map<String, @Nullable Object> group = map(told);
            byte[] name = bulk(group.get("name"));
            Object read = group.get("entries-read");
            groups.add(new byte[][] {
                name, bulk(group.get("last-delivered-id")), read instanceof Long count ? number(count) : new byte[0]
            });
            for (Object consumer : list(source.ask("XINFO CONSUMERS", key, name))) {
                consumers.add(new byte[][] {name, bulk(map(consumer).get("name"))});
            }
            mostPending = Math.max(mostPending, group.get("pending") instanceof Long count ? count : 0);
        }
        if (mostPending > 0 && (mostPending * entryBytes > MOST_IN_FULL || !readFull(mostPending))) {
            for (byte[][] group : groups) {
                readPending(group[0], clock);
            }
        }
        for (byte[][] row : pending) {
            missing.add(EntryId.of(row[2]));
        }
    }

    /** The pending entries with the time of their delivery; false where the server does not tell so (Redis 6.0). */
    private boolean readFull(long most) throws IOException, KeyChangedException, KeyUnreadableException {
        Map<String, @Nullable Object> full;
        try {
            full = map(source.ask("XINFO STREAM", key, Elements.bytes("FULL"), Elements.bytes("COUNT"), number(most)));
        } catch (RedisException e) {
            return false;
        }
        for (Object told : list(full.get("groups"))) {
            Map<String, @Nullable Object> group = map(told);
            for (Object entry : list(group.get("pending"))) {
                List<@Nullable Object> cells = list(entry);
                pending.add(new byte[][] {
                    bulk(group.get("name")),
                    bulk(cells.get(1)),
                    bulk(cells.get(0)),
                    bulk(cells.get(2)),
                    bulk(cells.get(3))
                });
            }
        }
        return true;
    }

    /** Tells how long ago a delivery was, which gives its time to about a millisecond. */
    private void readPending(byte[] group, ServerClock clock)
            throws IOException, KeyChangedException, KeyUnreadableException {
        EntryId from = EntryId.NONE;
        while (true) {
            long now = clock.nowMillis();
            List<@Nullable Object> entries = list(
                    source.ask("XPENDING", key, group, from.bytes(), Elements.bytes("+"), number(PENDING_AT_ONCE)));
            for (Object entry : entries) {
                List<@Nullable Object> cells = list(entry);
                long idle = cells.get(2) instanceof Long millis ? millis : 0;
                byte[] id = bulk(cells.get(0));
                pending.add(new byte[][] {group, bulk(cells.get(1)), id, number(now - idle), bulk(cells.get(3))});
                from = EntryId.of(id).after();
            }
            if (entries.size() < PENDING_AT_ONCE) {
                return;
            }
        }
    }

    /** Adds the next rows; false if they are the last ones. */
    boolean next(Elements.Builder part, int most, boolean empty)
            throws IOException, KeyChangedException, KeyUnreadableException {
        given = 0;
        if (!entriesRead) {
            List<@Nullable Object> entries = empty
                    ? List.of()
                    : list(source.ask(
                            "XRANGE", key, next.bytes(), Elements.bytes("+"), Elements.bytes("COUNT"), number(most)));
            given = entries.size();
            for (Object entry : entries) {
                List<@Nullable Object> cells = list(entry);
                EntryId id = EntryId.of(bulk(cells.get(0)));
                addGoneBefore(part, id);
                missing.remove(id);
                List<byte[]> row = new ArrayList<>();
                row.add(id.bytes());
                for (Object cell : list(cells.get(1))) {
                    row.add(bulk(cell));
                }
                part.row(Kind.ENTRY, row);
                next = id.after();
            }
            if (entries.size() == most) {
                return true;
            }
            entriesRead = true;
            addGoneBefore(part, null);
            addPlaceholder(part, empty);
        }
        addGroups(part);
        return false;
    }

    /** How many entries were among the rows added last. */
    int given() {
        return given;
    }

    private void addGoneBefore(Elements.Builder part, @Nullable EntryId id) {
        while (!missing.isEmpty() && (id == null || missing.first().compareTo(id) < 0)) {
            EntryId absent = missing.pollFirst();
            part.row(Kind.ENTRY, absent.bytes());
            gone().add(absent);
        }
    }

    /** A stream without entries is there because something was added to it once, or because it has groups. */
    private void addPlaceholder(Elements.Builder part, boolean empty) throws KeyChangedException {
        EntryId last = EntryId.of(bulk(info.get("last-generated-id")));
        if (empty && gone().isEmpty() && last.compareTo(EntryId.NONE) > 0) {
            part.row(Kind.ENTRY, last.bytes());
            gone().add(last);
        }
    }

    /** Where an entry belongs that is gone from before the next one: only what is older than all others is trimmed. */
    private List<EntryId> gone() {
        return noneDeleted && next.equals(EntryId.NONE) ? trimmed : deleted;
    }

    private void addGroups(Elements.Builder part) throws KeyChangedException {
        groups.forEach(row -> part.row(Kind.GROUP, row));
        consumers.forEach(row -> part.row(Kind.CONSUMER, row));
        pending.forEach(row -> part.row(Kind.PENDING, row));
        trimmed.forEach(
                id -> part.row(Kind.TRIMMED_ENTRY, id.bytes(), id.after().bytes()));
        deleted.forEach(id -> part.row(Kind.DELETED_ENTRY, id.bytes()));
        part.row(
                Kind.STREAM,
                bulk(info.get("last-generated-id")),
                info.get("entries-added") instanceof Long added ? number(added) : new byte[0],
                info.get("max-deleted-entry-id") instanceof byte[] id ? id : new byte[0]);
    }

    private static Map<String, @Nullable Object> map(@Nullable Object reply) throws KeyChangedException {
        List<@Nullable Object> cells = list(reply);
        Map<String, @Nullable Object> map = new HashMap<>();
        for (int i = 0; i + 1 < cells.size(); i += 2) {
            map.put(new String(bulk(cells.get(i)), StandardCharsets.ISO_8859_1), cells.get(i + 1));
        }
        return map;
    }
}
