package io.camelrump.source;

import io.camelrump.checkpoint.ScanPosition;
import io.camelrump.redis.Cursor;
import io.camelrump.redis.KeyList;
import io.camelrump.redis.KeyUsage;
import io.camelrump.redis.PayloadFooter;
import io.camelrump.redis.RedisConnection;
import io.camelrump.redis.RespReader;
import io.camelrump.redis.ServerClock;
import io.camelrump.run.PageData;
import io.camelrump.run.PageForm;
import io.camelrump.run.PageOrigin;
import io.camelrump.run.PayloadList;
import io.camelrump.run.Reading;
import java.io.IOException;
import java.util.Arrays;
import java.util.BitSet;
import org.jspecify.annotations.Nullable;

/** A page while its keys arrive. */
final class PageBuilder {
    private final KeyList chunkKeys;
    private final Cursor cursor;
    private final Reading reading;
    private final int database;
    private final long clockOffsetMicros;

    private final int[] places;
    private final int[] offsets;
    private final int[] lengths;
    private final long[] expiries;
    private final ExpiryDating dating;
    private byte[] payloads;
    private int size;
    private int used;
    private boolean atChunkEnd;

    private @Nullable KeyUsage usage;

    PageBuilder(KeyChunk chunk, long clockOffsetMicros, int expectedBytes, boolean exactExpiry) {
        this.chunkKeys = chunk.keys();
        this.cursor = chunk.cursor();
        this.reading = chunk.reading();
        this.database = chunk.database();
        this.clockOffsetMicros = clockOffsetMicros;
        int expectedKeys = chunk.keys().size() - chunk.next();
        this.places = new int[expectedKeys];
        this.offsets = new int[expectedKeys];
        this.lengths = new int[expectedKeys];
        this.expiries = new long[expectedKeys];
        this.dating = new ExpiryDating(exactExpiry, expiries);
        this.payloads = new byte[expectedBytes + expectedBytes / 8];
    }

    /** Adds how each key was used; null if the server was not asked. */
    PageBuilder carrying(KeyUsage.@Nullable Kind kind) {
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

    boolean isAtChunkEnd() {
        return atChunkEnd;
    }

    void endOfChunk() {
        atChunkEnd = true;
    }

    /** Reads the payload of the chunk's next key from the stream into its place. */
    void add(KeyChunk chunk, RespReader in, int length, long expiry) throws IOException {
        makeRoom(length);
        in.bulk(payloads, used, length);
        enter(chunk, used, length, expiry);
        used += length;
    }

    /** Reads a string from the stream, and makes its payload. */
    void addString(KeyChunk chunk, RespReader in, int length, int version, long expiry) throws IOException {
        int header = StringPayload.headerLength(length);
        makeRoom(header + length + PayloadFooter.LENGTH);
        StringPayload.writeHeader(payloads, used, length);
        in.bulk(payloads, used + header, length);
        PayloadFooter.write(payloads, used, header + length, version);
        int whole = header + length + PayloadFooter.LENGTH;
        enter(chunk, used, whole, expiry);
        used += whole;
    }

    private void makeRoom(int length) {
        if (length > payloads.length - used) {
            long larger = Math.max(used + (long) length, Math.min(payloads.length * 3L / 2, used + 4L * 1024 * 1024));
            payloads = Arrays.copyOf(payloads, Math.toIntExact(larger));
        }
    }

    /** Enters the names of the chunk's keys, with an empty payload each. */
    PageBuilder names(KeyChunk chunk) {
        while (!chunk.isRead()) {
            enter(chunk, 0, 0, PageData.NO_EXPIRY);
        }
        return this;
    }

    void gone(KeyChunk chunk) {
        enter(chunk, 0, PayloadList.GONE, PageData.NO_EXPIRY);
    }

    /** The chunk's next key does not pass the filters any more. */
    void leftOut(KeyChunk chunk) {
        enter(chunk, 0, PayloadList.LEFT_OUT, PageData.NO_EXPIRY);
    }

    /** The key that was added last need not travel. */
    void dropLast() {
        size--;
        used -= lengths[size];
    }

    byte[] payloads() {
        return payloads;
    }

    /** The chunk's next key will not travel. */
    void leaveOut(KeyChunk chunk) {
        chunk.skip();
    }

    private void enter(KeyChunk chunk, int offset, int length, long expiry) {
        places[size] = chunk.next();
        offsets[size] = offset;
        lengths[size] = length;
        expiries[size] = expiry;
        size++;
        chunk.skip();
    }

    // --- dating, below 7.0 ---

    /** Takes the server's time of day, in microseconds, before and after the keys not dated yet; -1 is unknown. */
    void date(long before, long after) {
        dating.date(size, before, after);
    }

    /** Whether every key read so far lies between two times. */
    boolean isDated() {
        return dating.isDated(size);
    }

    /** Whether some times lay too far apart. */
    boolean needsTimes() {
        return dating.needsTimes();
    }

    /**
     * Asks for the remaining times again.
     *
     * @param scope of the reader: keys that a cluster node has given away by now leave the page
     */
    void retime(RedisConnection connection, ServerClock clock, ReadScope scope) throws IOException {
        BitSet strayed = dating.retime(connection, clock, this, scope);
        if (!strayed.isEmpty()) {
            strayed.stream().forEach(i -> scope.stray(chunkKeys.get(places[i])));
            drop(strayed);
        }
    }

    private void drop(BitSet strayed) {
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
        dating.kept(kept);
    }

    KeyList chunkKeys() {
        return chunkKeys;
    }

    /** Place in the chunk of the page's key at {@code i}. */
    int place(int i) {
        return places[i];
    }

    /** Marks the page's key at {@code i} as gone. */
    void markGone(int i) {
        lengths[i] = PayloadList.GONE;
    }

    PageData build() {
        KeyList keys = places[size - 1] - places[0] == size - 1
                ? chunkKeys.slice(places[0], places[0] + size)
                : chunkKeys.select(Arrays.copyOf(places, size));
        byte[] exact = payloads.length - used > used / 2 ? Arrays.copyOf(payloads, used) : payloads;
        return new PageData(
                keys,
                new PayloadList(exact, offsets, lengths),
                expiries,
                new PageOrigin(cursor, database, clockOffsetMicros, reading, PageForm.PAYLOADS, usage));
    }
}
