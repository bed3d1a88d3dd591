package io.camelrump.values;

import static io.camelrump.values.ReplyForm.bulk;
import static io.camelrump.values.ReplyForm.list;
import static io.camelrump.values.ReplyForm.map;
import static io.camelrump.values.ReplyForm.number;

import io.camelrump.redis.ServerClock;
import io.camelrump.values.Elements.Kind;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Reads a stream: first what stands beside the entries, then the entries up to the id that was given last by then, and
 * at last what stands beside them once more, as nothing else tells that it changed.
 *
 * <p>An entry may be pending and gone. It can be made pending at the target only while it is there, so it travels as an
 * entry without fields in its place among the others, and goes when it is pending: by the way it went at the source,
 * since a stream remembers the largest id that was deleted, and forgets what was trimmed.
 */
final class StreamReader {
    /** Counters of a stream that change without a watch noticing. */
    private static final List<String> COUNTERS =
            List.of("last-generated-id", "entries-added", "max-deleted-entry-id", "idmp-duration", "idmp-maxsize");

    private final KeyCommands source;
    private final byte[] key;
    private final ServerClock clock;
    /** Bytes that an entry takes, as far as known. */
    private final long entryBytes;

    /** Pending entries that no entry was read for yet. */
    private final TreeSet<EntryId> missing = new TreeSet<>();

    private final List<EntryId> deleted = new ArrayList<>();
    private final List<EntryId> trimmed = new ArrayList<>();
    /** Whether nothing was ever deleted by its id, as Redis tells from 7.0 on. */
    private boolean noneDeleted;

    private Map<String, @Nullable Object> info = Map.of();
    private @Nullable StreamGroups groups;
    private EntryId next = EntryId.NONE;
    private int given;
    /** Entries that were read by now; XLEN of a stream that Redis 5 wrote may be another number. */
    private long entries;

    StreamReader(KeyCommands source, byte[] key, ServerClock clock, long entryBytes) {
        this.source = source;
        this.key = key;
        this.clock = clock;
        this.entryBytes = entryBytes;
    }

    /**
     * Adds all rows of a stream from one answer to XINFO STREAM FULL, which is a snapshot by itself; false if that does
     * not tell all of it.
     *
     * @param most entries that were asked for
     */
    boolean takeWhole(Elements.Builder part, @Nullable Object reply, int most) {
        if (!(reply instanceof List<?>)) {
            return false;
        }
        Map<String, @Nullable Object> full = map(reply);
        List<@Nullable Object> all = list(full.get("entries"));
        StreamGroups reported = StreamGroups.of(full);
        if (all.size() >= most || reported == null) {
            return false;
        }
        begin(full, reported);
        addEntries(part, all);
        end(part);
        return true;
    }

    /** Takes in what stands beside the entries. */
    StreamReader open() throws IOException, KeyChangedException, KeyUnreadableException {
        Map<String, @Nullable Object> reported = map(source.ask("XINFO STREAM", key));
        EntryId.of(bulk(reported.get("last-generated-id")));
        begin(reported, StreamGroups.read(source, key, clock, entryBytes));
        return this;
    }

    private void begin(Map<String, @Nullable Object> reported, StreamGroups reportedGroups) {
        info = reported;
        groups = reportedGroups;
        noneDeleted = info.get("max-deleted-entry-id") instanceof byte[] id
                && EntryId.of(id).equals(EntryId.NONE);
        for (byte[][] row : reportedGroups.pending()) {
            missing.add(EntryId.of(row[2]));
        }
    }

    /** Adds the next rows; false if they are the last ones. */
    boolean next(Elements.Builder part, ElementCount count)
            throws IOException, KeyChangedException, KeyUnreadableException {
        // what is added from now on is of another moment
        byte[] last = bulk(info.get("last-generated-id"));
        Object reply = source.askWithin(
                count, "XRANGE", most -> new byte[][] {key, next.bytes(), last, Elements.bytes("COUNT"), most});
        List<@Nullable Object> read = list(reply);
        addEntries(part, read);
        if (read.size() == count.next()) {
            return true;
        }
        end(part);
        return false;
    }

    private void addEntries(Elements.Builder part, List<@Nullable Object> read) {
        ProducerIds ids = ProducerIds.of(info);
        if (ids != null && entries == 0) {
            ids.addTo(part);
        }
        given = read.size();
        entries += given;
        for (Object entry : read) {
            List<@Nullable Object> cells = list(entry, 2);
            EntryId id = EntryId.of(bulk(cells.get(0)));
            if (id.compareTo(next) < 0) {
                // by ids that come again it would never end
                throw new MisreadException();
            }
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
    }

    private void end(Elements.Builder part) {
        addGoneBefore(part, null);
        addPlaceholder(part);
        addGroups(part);
    }

    /** How many entries were among the rows added last. */
    int given() {
        return given;
    }

    /** How many entries were read in all. */
    long entries() {
        return entries;
    }

    /** Whether counters and groups, of which a watch tells nothing, are as they were. */
    boolean isUnchanged() throws IOException, KeyChangedException, KeyUnreadableException {
        Map<String, @Nullable Object> now = map(source.ask("XINFO STREAM", key));
        for (String counter : COUNTERS) {
            if (!Arrays.equals(counter(info, counter), counter(now, counter))) {
                return false;
            }
        }
        return Objects.requireNonNull(groups).sameAs(StreamGroups.read(source, key, clock, entryBytes));
    }

    private static byte[] counter(Map<String, @Nullable Object> info, String name) {
        Object reported = info.get(name);
        // older versions have fewer of them
        return reported == null ? new byte[0] : bulk(reported);
    }

    private void addGoneBefore(Elements.Builder part, @Nullable EntryId id) {
        while (!missing.isEmpty() && (id == null || missing.first().compareTo(id) < 0)) {
            EntryId absent = missing.pollFirst();
            part.row(Kind.ENTRY, absent.bytes());
            gone().add(absent);
        }
    }

    /** A stream without entries is there because something was added to it once, or because it has groups. */
    private void addPlaceholder(Elements.Builder part) {
        EntryId last = EntryId.of(bulk(info.get("last-generated-id")));
        if (entries == 0 && gone().isEmpty() && last.compareTo(EntryId.NONE) > 0) {
            part.row(Kind.ENTRY, last.bytes());
            gone().add(last);
        }
    }

    /** Where an entry belongs that is gone from before the next one: only what is older than all others is trimmed. */
    private List<EntryId> gone() {
        return noneDeleted && next.equals(EntryId.NONE) ? trimmed : deleted;
    }

    private void addGroups(Elements.Builder part) {
        StreamGroups reported = Objects.requireNonNull(groups);
        reported.groups().forEach(row -> part.row(Kind.GROUP, row));
        reported.consumers().forEach(row -> part.row(Kind.CONSUMER, row));
        reported.pending().forEach(row -> part.row(Kind.PENDING, row));
        trimmed.forEach(
                id -> part.row(Kind.TRIMMED_ENTRY, id.bytes(), id.after().bytes()));
        deleted.forEach(id -> part.row(Kind.DELETED_ENTRY, id.bytes()));
        part.row(
                Kind.STREAM,
                bulk(info.get("last-generated-id")),
                // where XLEN was wrong when Redis 7.0 loaded it, the number of entries added is as wrong
                info.get("entries-added") instanceof Long added ? number(Math.max(added, entries)) : new byte[0],
                info.get("max-deleted-entry-id") instanceof byte[] id ? id : new byte[0]);
    }
}
