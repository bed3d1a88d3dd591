package io.camelrump.source;

import io.camelrump.checkpoint.ScanPosition;
import io.camelrump.redis.ErrorReply;
import io.camelrump.redis.ErrorText;
import io.camelrump.redis.KeyList;
import io.camelrump.redis.KeyUsage;
import io.camelrump.redis.RedisConnection;
import io.camelrump.redis.RespReader;
import io.camelrump.redis.RespWriter;
import io.camelrump.redis.ServerClock;
import io.camelrump.redis.SourceFeatures;
import io.camelrump.run.PageData;
import io.camelrump.run.Reading;
import java.io.IOException;
import java.util.Arrays;
import java.util.BitSet;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * A page while its keys arrive.
 *
 * <p>Where the server tells remaining times only (PTTL, below 7.0), a key's expiry is the time of day plus what remains.
 * The time of day is asked before and after: while the two are close, it lies between them; if not, PTTL is asked again.
 */
final class PageBuilder {
    private static final long CLOSE_MICROS = 2_000;
    private static final int RETIMED_AT_ONCE = 64;

    private final KeyList segmentKeys;
    private final long cursor;
    private final Reading reading;
    private final int database;
    private final long clockOffsetMicros;
    private final boolean exactExpiry;

    private int[] places;
    private int[] offsets;
    private int[] lengths;
    private long[] expiries;
    private boolean[] undated;
    private byte[] payloads;
    private int size;
    private int used;
    private boolean atSegmentEnd;

    private int datedUpTo;
    private int undatedKeys;
    /** Places in this page of keys that the node has no more. */
    private final BitSet strayed = new BitSet();

    private @Nullable KeyUsage usage;

    PageBuilder(KeyChunk segment, long clockOffsetMicros, int expectedBytes, boolean exactExpiry) {
        this.segmentKeys = segment.keys();
        this.cursor = segment.cursor();
        this.reading = segment.reading();
        this.database = segment.database();
        this.clockOffsetMicros = clockOffsetMicros;
        this.exactExpiry = exactExpiry;
        int expectedKeys = segment.keys().size() - segment.next();
        this.places = new int[expectedKeys];
        this.offsets = new int[expectedKeys];
        this.lengths = new int[expectedKeys];
        this.expiries = new long[expectedKeys];
        this.undated = exactExpiry ? new boolean[0] : new boolean[expectedKeys];
        this.payloads = new byte[expectedBytes + expectedBytes / 8];
    }

    /** Each key comes with so much of its use; null if the server was not asked. */
    PageBuilder telling(KeyUsage.@Nullable Kind kind) {
        usage = kind == null ? null : new KeyUsage(kind, new int[places.length]);
        return this;
    }

    /** How the key that comes next was used. */
    void used(int number) {
        if (usage != null) {
            usage.values()[size] = number;
        }
    }

    int size() {
        return size;
    }

    int database() {
        return database;
    }

    /** Where the SCAN began that gave its keys. */
    ScanPosition position() {
        return new ScanPosition(database, cursor, false);
    }

    int payloadBytes() {
        return used;
    }

    boolean isAtSegmentEnd() {
        return atSegmentEnd;
    }

    void endOfSegment() {
        atSegmentEnd = true;
    }

    /** Reads the payload of the segment's next key from the stream into its place. */
    void add(KeyChunk segment, RespReader in, int length, long expiry) throws IOException {
        if (length > payloads.length - used) {
            long larger = Math.max(used + (long) length, Math.min(payloads.length * 3L / 2, used + 4L * 1024 * 1024));
            payloads = Arrays.copyOf(payloads, Math.toIntExact(larger));
        }
        in.bulk(payloads, used, length);
        enter(segment, used, length, expiry);
        used += length;
    }

    /** Enters the names of the segment's keys, with an empty payload each. */
    PageBuilder names(KeyChunk segment) {
        while (!segment.isRead()) {
            enter(segment, 0, 0, PageData.NO_EXPIRY);
        }
        return this;
    }

    void gone(KeyChunk segment) {
        enter(segment, 0, PageData.GONE, PageData.NO_EXPIRY);
    }

    /** The segment's next key does not pass the filters any more. */
    void leftOut(KeyChunk segment) {
        enter(segment, 0, PageData.LEFT_OUT, PageData.NO_EXPIRY);
    }

    /** The key that was added last need not travel. */
    void dropLast() {
        size--;
        used -= lengths[size];
    }

    byte[] payloads() {
        return payloads;
    }

    /** The segment's next key will not travel. */
    void leaveOut(KeyChunk segment) {
        segment.skip();
    }

    private void enter(KeyChunk segment, int offset, int length, long expiry) {
        places[size] = segment.next();
        offsets[size] = offset;
        lengths[size] = length;
        expiries[size] = expiry;
        size++;
        segment.skip();
    }

    // --- dating, below 7.0 ---

    /** Takes the server's time of day, in microseconds, before and after the keys not dated yet; -1 is unknown. */
    void date(long before, long after) {
        for (; datedUpTo < size; datedUpTo++) {
            date(datedUpTo, before, after);
        }
    }

    private void date(int i, long before, long after) {
        if (expiries[i] < 0) {
            return;
        }
        if (before >= 0 && after >= before && after - before <= CLOSE_MICROS) {
            expiries[i] = ServerClock.later(expiries[i], Math.floorDiv(before + after, 2_000));
        } else if (!exactExpiry) {
            undated[i] = true;
            undatedKeys++;
        }
    }

    /** Whether every key read so far lies between two times. */
    boolean isDated() {
        return exactExpiry || datedUpTo == size;
    }

    /** Whether some times lay too far apart. */
    boolean needsTimes() {
        return undatedKeys > 0;
    }

    /**
     * Asks for the remaining times again, fewer at once until the times of day around them are close.
     *
     * @param node of a cluster, which may have given keys away by now: those leave the page; null if it is none
     */
    void retime(RedisConnection connection, ServerClock clock, @Nullable NodeAssignment node) throws IOException {
        for (int atOnce = RETIMED_AT_ONCE; undatedKeys > 0; atOnce = Math.max(1, atOnce / 2)) {
            int[] again = IntStream.range(0, size).filter(i -> undated[i]).toArray();
            for (int from = 0; from < again.length; from += atOnce) {
                int[] some = Arrays.copyOfRange(again, from, Math.min(again.length, from + atOnce));
                retime(connection, clock, some, node);
            }
        }
        if (node != null && !strayed.isEmpty()) {
            strayed.stream().forEach(i -> node.stray(segmentKeys.get(places[i])));
            dropStrayed();
        }
    }

    private void dropStrayed() {
        int kept = 0;
        for (int i = 0; i < size; i++) {
            if (!strayed.get(i)) {
                places[kept] = places[i];
                offsets[kept] = offsets[i];
                lengths[kept] = lengths[i];
                expiries[kept] = expiries[i];
                if (usage != null) {
                    usage.values()[kept] = usage.values()[i];
                }
                kept++;
            }
        }
        size = kept;
        datedUpTo = kept;
        strayed.clear();
    }

    private void retime(RedisConnection connection, ServerClock clock, int[] again, @Nullable NodeAssignment node)
            throws IOException {
        RespWriter out = connection.out();
        out.command(1).arg("TIME");
        for (int i : again) {
            int place = places[i];
            out.command(2).arg("PTTL").arg(segmentKeys.array(), segmentKeys.offset(place), segmentKeys.length(place));
        }
        out.command(1).arg("TIME");
        out.flush();
        RespReader in = connection.in();
        long before = clock.microsOr(in.reply());
        long[] remaining = new long[again.length];
        for (int i = 0; i < again.length; i++) {
            Object reply = in.reply();
            if (node != null && reply instanceof ErrorReply error && error.isRedirection()) {
                strayed.set(again[i]);
                remaining[i] = PageData.NO_EXPIRY;
            } else if (reply instanceof Long millis) {
                remaining[i] = millis;
            } else {
                // without its time to live a key would live forever
                throw ErrorText.refusal(connection.address(), "PTTL", new ErrorReply(String.valueOf(reply)));
            }
        }
        long after = clock.microsOr(in.reply());
        for (int i = 0; i < again.length; i++) {
            int key = again[i];
            undated[key] = false;
            undatedKeys--;
            expiries[key] = Math.max(PageData.NO_EXPIRY, remaining[i]);
            if (remaining[i] == SourceFeatures.EXPIRY_OF_MISSING) {
                lengths[key] = PageData.GONE;
            }
            // one key alone has the time of its own reply
            date(key, again.length == 1 ? after : before, after);
        }
    }

    PageData build() {
        KeyList keys = places[size - 1] - places[0] == size - 1
                ? segmentKeys.slice(places[0], places[0] + size)
                : segmentKeys.select(Arrays.copyOf(places, size));
        byte[] exact = payloads.length - used > used / 2 ? Arrays.copyOf(payloads, used) : payloads;
        return new PageData(
                keys,
                exact,
                offsets,
                lengths,
                expiries,
                new PageData.Origin(
                        cursor, database, clockOffsetMicros, reading, false, PageData.Form.PAYLOADS, usage));
    }
}
