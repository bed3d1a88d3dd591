package io.camelrump;

import java.util.BitSet;
import java.util.Collection;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** The keys of one SCAN call, or of a page to be read again: how far they were asked for, and how far read. */
final class Segment {
    private final KeyList keys;
    private final int database;
    private final long cursor;
    private final int attempt;
    private final boolean alone;
    private final boolean changed;
    private final boolean suspect;
    private final boolean payloadRefused;
    /** Bytes that the server told of each key, or {@link PayloadWindow#UNTOLD}; null if it was not asked. */
    private final int @Nullable [] told;
    /** Keys that changed and do not pass the filters: only the target's copy is in question. Null if there are none. */
    private final @Nullable BitSet leftOut;
    /** Whether its keys are to be written only where the target has them. */
    private final boolean onlyIfThere;

    private int asked;
    private int read;

    Segment(KeyList keys, int database, long cursor, int attempt, boolean alone) {
        this(keys, database, cursor, attempt, alone, false, false, false, null, null, false);
    }

    private Segment(
            KeyList keys,
            int database,
            long cursor,
            int attempt,
            boolean alone,
            boolean changed,
            boolean suspect,
            boolean payloadRefused,
            int @Nullable [] told,
            @Nullable BitSet leftOut,
            boolean onlyIfThere) {
        this.keys = keys;
        this.database = database;
        this.cursor = cursor;
        this.attempt = attempt;
        this.alone = alone;
        this.changed = changed;
        this.suspect = suspect;
        this.payloadRefused = payloadRefused;
        this.told = told;
        this.leftOut = leftOut;
        this.onlyIfThere = onlyIfThere;
    }

    /** Keys to be read again. */
    static Segment of(Reread reread) {
        return new Segment(
                reread.keys(),
                reread.database(),
                reread.cursor(),
                reread.attempt(),
                reread.alone(),
                false,
                false,
                reread.payloadRefused(),
                null,
                null,
                false);
    }

    /** Keys that changed since they were read, if they were. */
    static Segment ofChanged(KeyList keys, int database, long cursor) {
        return new Segment(keys, database, cursor, 0, false, true, false, false, null, null, false);
    }

    /** Keys that may have changed since they were read, which nothing tells. */
    static Segment ofSuspects(KeyList keys, int database, long cursor) {
        return new Segment(keys, database, cursor, 0, false, false, true, false, null, null, false);
    }

    /** The same with some of its keys, in their order, of which none has been asked for. */
    Segment with(KeyList some) {
        int[] places = placesOf(some);
        return with(
                some,
                told == null
                        ? null
                        : IntStream.of(places).map(place -> told[place]).toArray(),
                leftOut == null
                        ? null
                        : IntStream.range(0, places.length)
                                .filter(i -> leftOut.get(places[i]))
                                .collect(BitSet::new, BitSet::set, BitSet::or));
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
     * @param bytes that the server told of each
     * @param without places of those that do not pass the filters
     */
    Segment with(KeyList some, int @Nullable [] bytes, @Nullable BitSet without) {
        return new Segment(
                some, database, cursor, attempt, alone, changed, suspect, payloadRefused, bytes, without, onlyIfThere);
    }

    /** Some of its keys, to be written only where the target has them. */
    Segment onlyIfThere(KeyList some) {
        return new Segment(some, database, cursor, attempt, alone, changed, suspect, payloadRefused, null, null, true);
    }

    boolean isOnlyIfThere() {
        return onlyIfThere;
    }

    /** Whether the key at this place changed and does not pass the filters. */
    boolean isLeftOut(int place) {
        return leftOut != null && leftOut.get(place);
    }

    /** Bytes of the names of all keys of these. */
    static long nameBytes(Collection<Segment> segments) {
        long bytes = 0;
        for (Segment segment : segments) {
            bytes += segment.keys.byteCount();
        }
        return bytes;
    }

    KeyList keys() {
        return keys;
    }

    int database() {
        return database;
    }

    /** The cursor whose SCAN gave these keys. */
    long cursor() {
        return cursor;
    }

    /** Where the SCAN began that gave these keys. */
    ScanPosition position() {
        return new ScanPosition(database, cursor, false);
    }

    int attempt() {
        return attempt;
    }

    /** Whether nothing else is on its way, so that a payload may take what heap there is. */
    boolean alone() {
        return alone;
    }

    /** Whether its keys were read for a change, and not for the scan. */
    boolean isChanged() {
        return changed;
    }

    /** Whether its keys need not travel if they are as they were. */
    boolean isSuspect() {
        return suspect;
    }

    /** Whether a target did not take the payloads of its keys. */
    boolean isPayloadRefused() {
        return payloadRefused;
    }

    boolean hasUnasked() {
        return asked < keys.size();
    }

    /** What was told of the key that is asked for next. */
    int toldOfUnasked() {
        return told == null ? PayloadWindow.UNTOLD : told[asked];
    }

    /** What was told of the key whose reply is due next. */
    int toldOfNext() {
        return told == null ? PayloadWindow.UNTOLD : told[read];
    }

    /** Marks the next key as asked for and gives its place. */
    int ask() {
        return asked++;
    }

    /** Whether a reply about its next key is due. */
    boolean isDue() {
        return asked > read;
    }

    /** The connection was lost: what was not read is to be asked for again. */
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
