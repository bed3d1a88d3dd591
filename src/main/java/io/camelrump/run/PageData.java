package io.camelrump.run;

import io.camelrump.Refusal;
import io.camelrump.keys.DatabaseMapping;
import io.camelrump.redis.KeyList;
import io.camelrump.redis.KeyUsage;
import io.camelrump.redis.ServerClock;
import java.util.Arrays;
import java.util.BitSet;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * What one poll read: the keys of one SCAN call, or a part of them, with their DUMP payloads and expiries.
 *
 * <p>The message body between source and target. Columnar: all keys in one array, all payloads in another. Immutable,
 * and never reused, so a route may keep it, copy it to several legs, or hand it to a thread of its own.
 */
public final class PageData {
    /** Expiry of a key that has none. */
    public static final long NO_EXPIRY = -1;

    /** Length of what the source does not have. */
    public static final int GONE = -1;
    /** Length of what does not pass the filters any more. */
    public static final int LEFT_OUT = -2;
    /** Length of what the source does not have, and whose name at the target is another key's. */
    private static final int PASSED_ON = -3;

    private final KeyList keys;
    private final byte[] payloads;
    private final int[] offsets;
    private final int[] lengths;
    private final long[] expiries;
    /** Place of each key in its receipt; null if they are the same. */
    private final int @Nullable [] places;

    private final Origin origin;
    private final @Nullable Receipt receipt;
    private final boolean closesBatch;
    private final int targetDatabase;
    private final long payloadBytes;

    /**
     * Where a page comes from.
     *
     * @param cursor the SCAN cursor that gave it
     * @param clockOffsetMicros the source's clock minus ours; {@link ServerClock#UNKNOWN_OFFSET} where it does not tell
     * @param reading how its keys were read, for the time when they have to be read again
     * @param usage of each key by its place; null if the source was not asked
     */
    public record Origin(
            long cursor,
            int database,
            long clockOffsetMicros,
            Reading reading,
            boolean last,
            Form form,
            @Nullable KeyUsage usage) {
        public Origin(long cursor, int database, long clockOffsetMicros) {
            this(cursor, database, clockOffsetMicros, Reading.FIRST, false, Form.PAYLOADS, null);
        }

        public Origin with(KeyUsage told) {
            return new Origin(cursor, database, clockOffsetMicros, reading, last, form, told);
        }
    }

    /** Form in which a page holds its keys. */
    public enum Form {
        /** The payload that DUMP gave of each. */
        PAYLOADS,
        /** Elements of each value, as a {@link io.camelrump.values.KeyPart}: all of them, or the last part. */
        ELEMENTS,
        /** A part of one value, with more to come: no key is settled by it. */
        PART
    }

    public PageData(KeyList keys, byte[] payloads, int[] offsets, int[] lengths, long[] expiries, Origin origin) {
        this(keys, payloads, offsets, lengths, expiries, null, origin, null, false, DatabaseMapping.AS_PRODUCER_SAYS);
    }

    private PageData(
            KeyList keys,
            byte[] payloads,
            int[] offsets,
            int[] lengths,
            long[] expiries,
            int @Nullable [] places,
            Origin origin,
            @Nullable Receipt receipt,
            boolean closesBatch,
            int targetDatabase) {
        this.targetDatabase = targetDatabase;
        this.keys = keys;
        this.payloads = payloads;
        this.offsets = offsets;
        this.lengths = lengths;
        this.expiries = expiries;
        this.places = places;
        this.origin = origin;
        this.receipt = receipt;
        this.closesBatch = closesBatch;
        long sum = 0;
        for (int length : lengths) {
            sum += Math.max(0, length);
        }
        this.payloadBytes = sum;
    }

    public static PageData of(byte[] key, byte @Nullable [] payload, long expiresAtMillis) {
        byte[] bytes = payload == null ? new byte[0] : payload;
        return new PageData(
                KeyList.of(key),
                bytes,
                new int[] {0},
                new int[] {payload == null ? GONE : bytes.length},
                new long[] {expiresAtMillis},
                new Origin(0, 0, 0));
    }

    /** Says that the scan is over: no keys. */
    public static PageData end(int database) {
        return new PageData(
                KeyList.of(),
                new byte[0],
                new int[0],
                new int[0],
                new long[0],
                new Origin(0, database, 0, Reading.FIRST, true, Form.PAYLOADS, null));
    }

    /** No keys, for a target that is to have what goes before the keys. */
    public static PageData empty(int database) {
        return new PageData(KeyList.of(), new byte[0], new int[0], new int[0], new long[0], new Origin(0, database, 0));
    }

    /** This page, entered in the books of its reader. */
    public PageData out(Receipt newReceipt, boolean closing) {
        return copy(keys, lengths, newReceipt, closing, targetDatabase);
    }

    /** This page, bound for this database of the target. */
    public PageData to(int database) {
        return copy(keys, lengths, receipt, closesBatch, database);
    }

    /** These payloads under other names, one for each. */
    public PageData withKeys(KeyList newKeys) {
        return copy(newKeys, lengths, receipt, closesBatch, targetDatabase);
    }

    /** A page of these keys alone, which has not been entered in any books yet. */
    PageData only(int[] indexes) {
        PageData part = select(indexes);
        return new PageData(part.keys, payloads, part.offsets, part.lengths, part.expiries, origin);
    }

    /** A part of this page, whose keys still answer to the same reader. */
    public PageData select(int[] indexes) {
        return new PageData(
                keys.select(indexes),
                payloads,
                IntStream.of(indexes).map(i -> offsets[i]).toArray(),
                IntStream.of(indexes).map(i -> lengths[i]).toArray(),
                IntStream.of(indexes).mapToLong(i -> expiries[i]).toArray(),
                IntStream.of(indexes).map(this::place).toArray(),
                origin,
                receipt,
                closesBatch,
                targetDatabase);
    }

    /** This page with some keys marked as no longer passing the filters. */
    public PageData leavingOut(BitSet some) {
        return with(LEFT_OUT, some);
    }

    /** This page with some keys, which are gone, marked as ones whose names at the target others have. */
    public PageData passingOn(BitSet some) {
        return with(PASSED_ON, some);
    }

    private PageData with(int mark, BitSet some) {
        if (some.isEmpty()) {
            return this;
        }
        int[] marked = lengths.clone();
        some.stream().forEach(i -> marked[i] = mark);
        return copy(keys, marked, receipt, closesBatch, targetDatabase);
    }

    /** Shares the payloads, and replaces names, lengths of what is gone, and where the page goes. */
    private PageData copy(
            KeyList newKeys, int[] newLengths, @Nullable Receipt newReceipt, boolean closing, int database) {
        return new PageData(
                newKeys, payloads, offsets, newLengths, expiries, places, origin, newReceipt, closing, database);
    }

    public PageData slice(int index) {
        return size() == 1 ? this : select(new int[] {index});
    }

    /** Number of keys. */
    public int size() {
        return keys.size();
    }

    /** Bytes of its keys and payloads. */
    public long bytes() {
        return keys.byteCount() + payloadBytes();
    }

    long payloadBytes() {
        return payloadBytes;
    }

    /** The SCAN cursor that gave this page. */
    public long cursor() {
        return origin.cursor();
    }

    /** Number of the database it was read from. */
    public int database() {
        return origin.database();
    }

    /** Number of the target's database that it goes to; -1 where the producer names it. */
    public int targetDatabase() {
        return targetDatabase;
    }

    /** Whether it only says that the scan is over; such a page has no keys. */
    public boolean isLast() {
        return origin.last();
    }

    /** Whether the batch must not wait for more pages: the reader waits for receipts, or has no more. */
    public boolean closesBatch() {
        return closesBatch || isLast();
    }

    /** Whether a key that is gone must be deleted on a target that holds only the source's keys. */
    public boolean carriesDeletes() {
        ChangeLog changes = receipt == null ? null : receipt.run().changes();
        return changes != null && changes.deletes().isOpen();
    }

    @Nullable
    public Receipt receipt() {
        return receipt;
    }

    /** The places of all its keys. */
    public BitSet placesTaken() {
        BitSet taken = new BitSet();
        if (places == null) {
            taken.set(0, size());
        } else {
            for (int place : places) {
                taken.set(place);
            }
        }
        return taken;
    }

    public int place(int index) {
        return places == null ? index : places[index];
    }

    /** How its keys were read, for the time when they have to be read again. */
    Reading reading() {
        return origin.reading();
    }

    /** How the source's keys were used, by {@link #place}; null if it was not asked. */
    @Nullable
    public KeyUsage usage() {
        return origin.usage();
    }

    public int attempt() {
        return origin.reading().attempt();
    }

    public Form form() {
        return origin.form();
    }

    /** Whether it holds elements of values, or parts of one, and no payloads. */
    public boolean isInParts() {
        return form() != Form.PAYLOADS;
    }

    public long clockOffsetMicros() {
        return origin.clockOffsetMicros();
    }

    public KeyList keys() {
        return keys;
    }

    public byte[] key(int index) {
        return keys.get(index);
    }

    public int keyLength(int index) {
        return keys.length(index);
    }

    public byte[] payloads() {
        return payloads;
    }

    public int payloadOffset(int index) {
        return offsets[index];
    }

    public int payloadLength(int index) {
        return lengths[index];
    }

    public byte @Nullable [] payload(int index) {
        if (isGone(index)) {
            return null;
        }
        if (isInParts()) {
            throw new IllegalStateException(
                    "Key " + Refusal.quote(key(index)) + " travels in parts, which have no payload"
                            + " outside of this application: set bigKey=off (--big-key off) on the rump: consumer of a route"
                            + " that hands payloads to a transport, and its large keys are dumped as a whole.");
        }
        return Arrays.copyOfRange(payloads, offsets[index], offsets[index] + lengths[index]);
    }

    public long expiresAtMillis(int index) {
        return expiries[index];
    }

    /** Whether the source does not have the key, as far as this run is concerned. */
    public boolean isGone(int index) {
        return lengths[index] < 0;
    }

    /** Whether its keys are written only where the target has them from this run, as they would not be copied now. */
    public boolean isOnlyIfThere() {
        return origin.reading().onlyIfThere();
    }

    /** Whether the source has the key, which changed and does not pass the filters any more. */
    public boolean isLeftOut(int index) {
        return lengths[index] == LEFT_OUT;
    }

    /** Whether the source does not have the key, and another key has its name at the target. */
    public boolean isPassedOn(int index) {
        return lengths[index] == PASSED_ON;
    }

    /** Count, bytes and cursor, never a key. */
    @Override
    public String toString() {
        return "Page[" + size() + " keys, " + bytes() + " bytes, cursor " + Long.toUnsignedString(cursor()) + "]";
    }
}
