package io.camelrump.values;

import static io.camelrump.values.ReplyForm.bulk;
import static io.camelrump.values.ReplyForm.list;
import static io.camelrump.values.ReplyForm.map;
import static io.camelrump.values.ReplyForm.number;

import io.camelrump.redis.ServerClock;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The consumer groups of a stream at one reading, as rows of {@link Elements}: nothing shows when they change, so they
 * are read before and after the entries and compared.
 *
 * @param groups name, id delivered last, entries read
 * @param consumers group, name
 * @param pending group, consumer, id, milliseconds of the last delivery, how often it was delivered
 * @param exactTimes whether the server reported the times of delivery, and not how long ago they are
 * @param ahead the pending entries whose delivery is no time ago, by their places: it may lie ahead of the server's
 *     clock, so the time in the row is only the earliest that it can be
 */
record StreamGroups(
        List<byte[][]> groups, List<byte[][]> consumers, List<byte[][]> pending, boolean exactTimes, BitSet ahead) {
    private static final int PENDING_AT_ONCE = 1_000;
    /** Most bytes of entries read beside the pending ones, to learn the exact time of their delivery. */
    private static final long MOST_IN_FULL = 4 * 1024 * 1024;
    /** Largest difference between two readings of one delivery time, by the round trip. */
    private static final long SAME_TIME_MILLIS = 100;

    private static final int TIME = 3;

    /** Asks for them. */
    static StreamGroups read(KeyCommands source, byte[] key, ServerClock clock, long entryBytes)
            throws IOException, KeyChangedException, KeyUnreadableException {
        List<byte[][]> groups = new ArrayList<>();
        List<byte[][]> consumers = new ArrayList<>();
        long mostPending = 0;
        Object answer = source.ask("XINFO GROUPS", key);
        for (Object reported : list(answer)) {
            Map<String, @Nullable Object> group = map(reported);
            byte[] name = bulk(group.get("name"));
            groups.add(group(group));
            for (Object consumer : list(source.ask("XINFO CONSUMERS", key, name))) {
                consumers.add(new byte[][] {name, bulk(map(consumer).get("name"))});
            }
            mostPending = Math.max(mostPending, group.get("pending") instanceof Long count ? count : 0);
        }
        if (mostPending > 0 && mostPending * entryBytes <= MOST_IN_FULL) {
            Object full = source.askIfKnown(
                    "XINFO STREAM", key, Elements.bytes("FULL"), Elements.bytes("COUNT"), number(mostPending));
            if (full != null) {
                return new StreamGroups(groups, consumers, pending(map(full)), true, new BitSet());
            }
        }
        StreamGroups read = new StreamGroups(groups, consumers, new ArrayList<>(), false, new BitSet());
        if (mostPending > 0) {
            for (byte[][] group : groups) {
                read.readPending(source, key, group[0], clock);
            }
        }
        return read;
    }

    /** Takes them out of the answer to XINFO STREAM FULL; null if that left pending entries out. */
    static @Nullable StreamGroups of(Map<String, @Nullable Object> full) {
        List<byte[][]> groups = new ArrayList<>();
        List<byte[][]> consumers = new ArrayList<>();
        long count = 0;
        for (Object reported : list(full.get("groups"))) {
            Map<String, @Nullable Object> group = map(reported);
            groups.add(group(group));
            for (Object consumer : list(group.get("consumers"))) {
                consumers.add(new byte[][] {
                    bulk(group.get("name")), bulk(map(consumer).get("name"))
                });
            }
            count += group.get("pel-count") instanceof Long pending ? pending : 0;
        }
        List<byte[][]> pending = pending(full);
        return pending.size() < count ? null : new StreamGroups(groups, consumers, pending, true, new BitSet());
    }

    private static byte[][] group(Map<String, @Nullable Object> reported) {
        return new byte[][] {
            bulk(reported.get("name")),
            bulk(reported.get("last-delivered-id")),
            reported.get("entries-read") instanceof Long count ? number(count) : new byte[0]
        };
    }

    private static List<byte[][]> pending(Map<String, @Nullable Object> full) {
        List<byte[][]> pending = new ArrayList<>();
        for (Object reported : list(full.get("groups"))) {
            Map<String, @Nullable Object> group = map(reported);
            for (Object entry : list(group.get("pending"))) {
                List<@Nullable Object> cells = list(entry, 4);
                pending.add(new byte[][] {
                    bulk(group.get("name")),
                    bulk(cells.get(1)),
                    bulk(cells.get(0)),
                    time(cells.get(2)),
                    bulk(cells.get(3))
                });
            }
        }
        return pending;
    }

    private static byte[] time(@Nullable Object reported) {
        if (reported instanceof Long millis) {
            return number(millis);
        }
        throw new MisreadException();
    }

    /** Tells how long ago a delivery was, which gives its time to about a millisecond. */
    private void readPending(KeyCommands source, byte[] key, byte[] group, ServerClock clock)
            throws IOException, KeyChangedException, KeyUnreadableException {
        EntryId from = EntryId.NONE;
        while (true) {
            long now = clock.nowMillis();
            List<@Nullable Object> entries = list(
                    source.ask("XPENDING", key, group, from.bytes(), Elements.bytes("+"), number(PENDING_AT_ONCE)));
            for (Object entry : entries) {
                List<@Nullable Object> cells = list(entry, 4);
                long idle = cells.get(2) instanceof Long millis ? millis : 0;
                byte[] id = bulk(cells.get(0));
                ahead.set(pending.size(), idle == 0);
                pending.add(new byte[][] {group, bulk(cells.get(1)), id, number(now - idle), bulk(cells.get(3))});
                from = EntryId.of(id).after();
            }
            if (entries.size() < PENDING_AT_ONCE) {
                return;
            }
        }
    }

    boolean sameAs(StreamGroups other) {
        return isSame(groups, other.groups)
                && isSame(consumers, other.consumers)
                && pending.size() == other.pending.size()
                && isSamePending(other);
    }

    private boolean isSamePending(StreamGroups other) {
        long tolerance = exactTimes && other.exactTimes ? 0 : SAME_TIME_MILLIS;
        for (int i = 0; i < pending.size(); i++) {
            byte[][] one = pending.get(i).clone();
            byte[][] two = other.pending.get(i).clone();
            boolean sameTime = isSameTime(other, i, millis(two[TIME]) - millis(one[TIME]), tolerance);
            one[TIME] = two[TIME];
            if (!sameTime || !Arrays.deepEquals(one, two)) {
                return false;
            }
        }
        return true;
    }

    /** @param later by how much the other reading's time is later */
    private boolean isSameTime(StreamGroups other, int i, long later, long tolerance) {
        return (later <= tolerance || ahead.get(i)) && (-later <= tolerance || other.ahead.get(i));
    }

    private static boolean isSame(List<byte[][]> one, List<byte[][]> other) {
        return Arrays.deepEquals(one.toArray(), other.toArray());
    }

    private static long millis(byte[] digits) {
        return Long.parseLong(new String(digits, java.nio.charset.StandardCharsets.ISO_8859_1));
    }
}
