package io.camelrump.run;

import io.camelrump.keys.DatabaseMapping;
import io.camelrump.redis.KeyList;
import java.util.BitSet;
import org.jspecify.annotations.Nullable;

/**
 * What one poll read: the keys of one SCAN call, or a part of them, with their DUMP payloads and expiries.
 *
 * <p>The message body between source and target. Columnar: all keys in one array, all payloads in another. Immutable,
 * and never reused, so a route may keep it, copy it to several branches, or hand it to a thread of its own.
 */
public final class PageData {
    /** Expiry of a key that has none. */
    public static final long NO_EXPIRY = -1;

    private final KeyList keys;
    private final PayloadList payloads;
    private final long[] expiries;
    /** Place of each key in its receipt; null if they are the same. */
    private final int @Nullable [] places;

    private final PageOrigin origin;
    private final @Nullable Receipt receipt;
    private final boolean closesBatch;
    private final int targetDatabase;

    public PageData(KeyList keys, PayloadList payloads, long[] expiries, PageOrigin origin) {
        this(keys, payloads, expiries, null, origin, null, false, DatabaseMapping.AS_PRODUCER_SAYS);
    }

    private PageData(
            KeyList keys,
            PayloadList payloads,
            long[] expiries,
            int @Nullable [] places,
            PageOrigin origin,
            @Nullable Receipt receipt,
            boolean closesBatch,
            int targetDatabase) {
        this.keys = keys;
        this.payloads = payloads;
        this.expiries = expiries;
        this.places = places;
        this.origin = origin;
        this.receipt = receipt;
        this.closesBatch = closesBatch;
        this.targetDatabase = targetDatabase;
    }

    public static PageData of(byte[] key, byte @Nullable [] payload, long expiresAtMillis) {
        return new PageData(
                KeyList.of(key), PayloadList.of(payload), new long[] {expiresAtMillis}, new PageOrigin(0, 0, 0));
    }

    /** Says that the scan is over: no keys. */
    public static PageData end(int database, @Nullable PageStamp stamp) {
        return new PageData(KeyList.of(), PayloadList.EMPTY, new long[0], PageOrigin.end(database, stamp));
    }

    /** This page, entered in the books of its reader. */
    public PageData out(Receipt newReceipt, boolean closing) {
        return new PageData(keys, payloads, expiries, places, origin, newReceipt, closing, targetDatabase);
    }

    public PageData to(int database) {
        return new PageData(keys, payloads, expiries, places, origin, receipt, closesBatch, database);
    }

    public PageData withKeys(KeyList newKeys) {
        return with(newKeys, payloads, expiries, places);
    }

    /** A page of these keys alone, of this origin, which has not been entered in any books yet. */
    public PageData only(int[] indexes, PageOrigin from) {
        PageData part = indexes.length == size() ? this : select(indexes);
        return new PageData(part.keys, part.payloads, part.expiries, null, from, null, false, targetDatabase);
    }

    /** A part of this page, whose keys still answer to the same reader. */
    public PageData select(int[] indexes) {
        long[] someExpiries = new long[indexes.length];
        int[] somePlaces = new int[indexes.length];
        for (int i = 0; i < indexes.length; i++) {
            someExpiries[i] = expiries[indexes[i]];
            somePlaces[i] = place(indexes[i]);
        }
        return with(keys.select(indexes), payloads.select(indexes), someExpiries, somePlaces);
    }

    /** This page with some keys marked as no longer passing the filters. */
    public PageData leavingOut(BitSet some) {
        return withPayloads(payloads.marked(PayloadList.LEFT_OUT, some));
    }

    /** This page with some keys, which are gone, marked as ones whose names at the target others have. */
    public PageData passingOn(BitSet some) {
        return withPayloads(payloads.marked(PayloadList.PASSED_ON, some));
    }

    private PageData withPayloads(PayloadList others) {
        return others == payloads ? this : with(keys, others, expiries, places);
    }

    /** One key of this page, sharing its columns. */
    public PageData slice(int index) {
        long[] expiry = {expiries[index]};
        int[] place = {place(index)};
        return size() == 1
                ? this
                : with(keys.slice(index, index + 1), payloads.slice(index), expiry, place, origin.ofOne(size()));
    }

    /** This page as one that goes another way. */
    public PageData stamped(PageStamp stamp) {
        return with(keys, payloads, expiries, places, origin.stamped(stamp));
    }

    /** This page of one key with another payload. */
    public PageData withPayload(byte[] payload) {
        return withPayloads(PayloadList.of(payload));
    }

    /** This page with other expiries, one for each key. */
    public PageData withExpiries(long[] others) {
        return with(keys, payloads, others, places);
    }

    /** Other columns in the place of this page's, whose keys answer to the same reader. */
    PageData with(KeyList keyList, PayloadList payloadList, long[] expiryList, int @Nullable [] placeList) {
        return with(keyList, payloadList, expiryList, placeList, origin);
    }

    private PageData with(KeyList k, PayloadList p, long[] e, int @Nullable [] places, PageOrigin o) {
        return new PageData(k, p, e, places, o, receipt, closesBatch, targetDatabase);
    }

    public int size() {
        return keys.size();
    }

    /** Bytes of its keys and payloads. */
    public long bytes() {
        return keys.byteCount() + payloadBytes();
    }

    long payloadBytes() {
        return payloads.byteCount();
    }

    /** Number of the database it was read from. */
    public int database() {
        return origin.database();
    }

    /** Number of the target's database that it goes to; -1 where the producer names it. */
    public int targetDatabase() {
        return targetDatabase;
    }

    /** Whether the batch must not wait for more pages: the reader waits for receipts, or has no more. */
    public boolean closesBatch() {
        return closesBatch || origin.last();
    }

    /** Whether a key that is gone must be deleted on a target that holds only the source's keys. */
    public boolean carriesDeletes() {
        return receipt == null ? origin.carriesDeletes() : receipt.carriesDeletes();
    }

    @Nullable
    public Receipt receipt() {
        return receipt;
    }

    /** The places of all its keys. */
    public BitSet placesTaken() {
        BitSet taken = new BitSet();
        for (int i = 0; i < size(); i++) {
            taken.set(place(i));
        }
        return taken;
    }

    public int place(int index) {
        return places == null ? index : places[index];
    }

    /** Where it comes from, and how its keys were read. */
    public PageOrigin origin() {
        return origin;
    }

    public PageForm form() {
        return origin.form();
    }

    public KeyList keys() {
        return keys;
    }

    public byte[] key(int index) {
        return keys.get(index);
    }

    /** All payloads, or encoded parts, one after the other. */
    public byte[] payloads() {
        return payloads.array();
    }

    public int payloadOffset(int index) {
        return payloads.offset(index);
    }

    public int payloadLength(int index) {
        return payloads.length(index);
    }

    public byte @Nullable [] payload(int index) {
        return payloads.get(index);
    }

    public long expiresAtMillis(int index) {
        return expiries[index];
    }

    /** Whether the source does not have the key, as far as this run is concerned. */
    public boolean isGone(int index) {
        return payloads.length(index) < 0;
    }

    /** Whether the source has the key, which changed and does not pass the filters any more. */
    public boolean isLeftOut(int index) {
        return payloads.length(index) == PayloadList.LEFT_OUT;
    }

    /** Whether the source does not have the key, and another key has its name at the target. */
    public boolean isPassedOn(int index) {
        return payloads.length(index) == PayloadList.PASSED_ON;
    }

    /** Count, bytes and cursor, never a key. */
    @Override
    public String toString() {
        return "Page[" + size() + " keys, " + bytes() + " bytes, cursor " + origin.cursor() + "]";
    }
}
