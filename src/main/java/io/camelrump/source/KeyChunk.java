package io.camelrump.source;

import io.camelrump.checkpoint.ScanPosition;
import io.camelrump.redis.Cursor;
import io.camelrump.redis.KeyList;
import io.camelrump.run.Reading;
import io.camelrump.run.RetryKeys;
import java.util.BitSet;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** The keys of one SCAN call, or of a page to be read again: how far they were asked for, and how far read. */
final class KeyChunk {
    private final KeyList keys;
    private final int database;
    private final Cursor cursor;
    private final Reading reading;
    private final boolean suspect;
    /** Bytes that the server reported of each key, or {@link PayloadWindow#UNKNOWN_SIZE}; null if it was not asked. */
    private final int @Nullable [] sizes;
    /** Keys that changed and do not pass the filters: only the target's copy is in question. Null if there are none. */
    private final @Nullable BitSet leftOut;
    /** Statistics that stand for the sizes of its keys; null where the server was asked for each, or for none. */
    private @Nullable SizeStatistics statistics;
    /** Bytes to reckon for each key instead of its size, of which most have less. */
    private int reckoned = PayloadWindow.UNKNOWN_SIZE;

    private boolean shortStrings;
    private int asked;
    private int read;

    /** Keys of a scan. */
    KeyChunk(KeyList keys, int database, Cursor cursor) {
        this(keys, database, cursor, Reading.FIRST, false, null, null);
    }

    private KeyChunk(
            KeyList keys,
            int database,
            Cursor cursor,
            Reading reading,
            boolean suspect,
            int @Nullable [] sizes,
            @Nullable BitSet leftOut) {
        this.keys = keys;
        this.database = database;
        this.cursor = cursor;
        this.reading = reading;
        this.suspect = suspect;
        this.sizes = sizes;
        this.leftOut = leftOut;
    }

    /** Keys to be read again. */
    static KeyChunk of(RetryKeys reread) {
        return new KeyChunk(reread.keys(), reread.database(), reread.cursor(), reread.reading(), false, null, null);
    }

    /** Keys that are read beside the scan, as they changed since they were read, or may have. */
    static KeyChunk beside(KeyList keys, int database, Cursor cursor, Reading reading) {
        return new KeyChunk(keys, database, cursor, reading, !reading.changed(), null, null);
    }

    /** Keys that changed since they were read, and are expected to hold short strings. */
    static KeyChunk ofShortStrings(KeyList keys, int database, Cursor cursor, Reading reading) {
        KeyChunk chunk = beside(keys, database, cursor, reading);
        chunk.shortStrings = true;
        chunk.reckoned = ShortStrings.MOST_BYTES;
        return chunk;
    }

    /** This chunk with some of its keys, in their order, of which none has been requested. */
    KeyChunk with(KeyList some) {
        int[] places = placesOf(some);
        KeyChunk chunk = with(
                some,
                sizes == null
                        ? null
                        : IntStream.of(places).map(place -> sizes[place]).toArray(),
                leftOut == null
                        ? null
                        : IntStream.range(0, places.length)
                                .filter(i -> leftOut.get(places[i]))
                                .collect(BitSet::new, BitSet::set, BitSet::or));
        chunk.statistics = statistics;
        chunk.reckoned = reckoned;
        chunk.shortStrings = shortStrings;
        return chunk;
    }

    /** This chunk with a size to reckon for each of its keys, of which none has been requested. */
    KeyChunk with(SizeStatistics known, int bytes) {
        KeyChunk chunk = with(keys, null, null);
        chunk.statistics = known;
        chunk.reckoned = bytes;
        return chunk;
    }

    /** Where some of the keys are, which come in their order. */
    private int[] placesOf(KeyList some) {
        int[] places = new int[some.size()];
        int place = 0;
        for (int i = 0; i < places.length; i++) {
            while (!keys.isSame(place, some, i)) {
                place++;
            }
            places[i] = place++;
        }
        return places;
    }

    /**
     * The same with some of its keys, of which none has been asked for.
     *
     * @param bytes that the server reported of each
     * @param without places of those that do not pass the filters
     */
    KeyChunk with(KeyList some, int @Nullable [] bytes, @Nullable BitSet without) {
        return new KeyChunk(some, database, cursor, reading, suspect, bytes, without);
    }

    /** Some of its keys, to be written only where the target has them. */
    KeyChunk onlyIfThere(KeyList some) {
        return new KeyChunk(some, database, cursor, reading.onlyThere(), suspect, null, null);
    }

    /** Whether the key at this place changed and does not pass the filters. */
    boolean isLeftOut(int place) {
        return leftOut != null && leftOut.get(place);
    }

    KeyList keys() {
        return keys;
    }

    int database() {
        return database;
    }

    /** The cursor whose SCAN gave these keys. */
    Cursor cursor() {
        return cursor;
    }

    /** Where the SCAN began that gave these keys. */
    ScanPosition position() {
        return new ScanPosition(database, cursor, false);
    }

    /** How its keys are read, for the time when they have to be read again. */
    Reading reading() {
        return reading;
    }

    /** Whether nothing else is in flight, so that a payload may take what heap there is. */
    boolean alone() {
        return reading.alone();
    }

    /** Whether its keys were read for a change, and not for the scan. */
    boolean isChanged() {
        return reading.changed();
    }

    /** Whether its keys are read for the first time since they changed. */
    boolean isNewChange() {
        return reading.changed() && reading.attempt() == 0;
    }

    /** Whether its keys are read as {@link ShortStrings}. */
    boolean areShortStrings() {
        return shortStrings;
    }

    /** Whether its keys need not travel if they are as they were. */
    boolean isSuspect() {
        return suspect;
    }

    /** Whether a target did not take the payloads of its keys. */
    boolean isPayloadRefused() {
        return reading.payloadRefused();
    }

    boolean hasUnasked() {
        return asked < keys.size();
    }

    /** Size to reckon for the key that is requested next. */
    int sizeOfUnasked() {
        return sizes == null ? reckoned : sizes[asked];
    }

    /** Bytes that are expected of the key that is requested next, which may only be bounded. */
    long expectedOfUnasked(PayloadWindow window) {
        long size = window.expected(sizeOfUnasked());
        return reckoned == PayloadWindow.UNKNOWN_SIZE ? size : Math.min(size, window.expected());
    }

    /** Size that was reckoned for the key whose reply is due next. */
    int sizeOfNext() {
        return sizes == null ? reckoned : sizes[read];
    }

    /** A payload of this length came for the key whose reply is due next. */
    void seen(long length, PayloadWindow window) {
        window.seen(sizes == null ? PayloadWindow.UNKNOWN_SIZE : sizes[read], length);
        if (statistics != null) {
            statistics.seen(database, length);
        }
    }

    /** Marks the next key as asked for and gives its place. */
    int ask() {
        return asked++;
    }

    /** Whether a reply about its next key is due. */
    boolean isDue() {
        return asked > read;
    }

    /** After a lost connection: unread keys must be requested again. */
    void unask() {
        asked = read;
    }

    /** Place of the key whose reply is due next. */
    int next() {
        return read;
    }

    byte[] nextKey() {
        return keys.get(read);
    }

    void skip() {
        read++;
        asked = Math.max(asked, read);
    }

    boolean isRead() {
        return read == keys.size();
    }
}
