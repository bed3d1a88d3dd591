package io.camelrump.run;

import io.camelrump.redis.Cursor;
import io.camelrump.redis.KeyUsage;
import io.camelrump.redis.ServerClock;
import org.jspecify.annotations.Nullable;

/**
 * Where a page comes from, and how its keys were read.
 *
 * @param cursor the SCAN cursor that gave it
 * @param clockOffsetMicros the source's clock minus ours; {@link ServerClock#UNKNOWN_OFFSET} where it does not report
 *     it
 * @param reading how its keys were read, for the time when they have to be read again
 * @param last whether the page only says that the scan is over; such a page has no keys
 * @param usage of each key by its place; null if the source was not asked
 * @param stamp by which the page was known where it was read; null if it was read by this process
 */
public record PageOrigin(
        Cursor cursor,
        int database,
        long clockOffsetMicros,
        Reading reading,
        boolean last,
        PageForm form,
        @Nullable KeyUsage usage,
        @Nullable PageStamp stamp) {
    /** Origin of a page that this process reads. */
    public PageOrigin(
            Cursor cursor,
            int database,
            long clockOffsetMicros,
            Reading reading,
            PageForm form,
            @Nullable KeyUsage usage) {
        this(cursor, database, clockOffsetMicros, reading, false, form, usage, null);
    }

    public PageOrigin(long cursor, int database, long clockOffsetMicros) {
        this(Cursor.of(cursor), database, clockOffsetMicros, Reading.FIRST, PageForm.PAYLOADS, null);
    }

    static PageOrigin end(int database, @Nullable PageStamp stamp) {
        return new PageOrigin(Cursor.START, database, 0, Reading.FIRST, true, PageForm.PAYLOADS, null, stamp);
    }

    /** This origin at another place of its source. */
    public PageOrigin at(Cursor place) {
        return new PageOrigin(place, database, clockOffsetMicros, reading, last, form, usage, stamp);
    }

    /** The origin of a page whose keys are read so, in this form. */
    public PageOrigin as(Reading other, PageForm otherForm) {
        return new PageOrigin(cursor, database, clockOffsetMicros, other, last, otherForm, usage, stamp);
    }

    /** The origin of a page that has the keys at these indexes alone. */
    public PageOrigin only(int[] indexes) {
        return usage == null || usage.values().length == indexes.length ? this : with(usage.only(indexes));
    }

    /** This origin with another usage of its keys; null for none. */
    public PageOrigin with(@Nullable KeyUsage other) {
        return new PageOrigin(cursor, database, clockOffsetMicros, reading, last, form, other, stamp);
    }

    /** Origin of one key of a page of so many. */
    PageOrigin ofOne(int keys) {
        return stamp == null ? this : stamped(stamp.ofOne(keys));
    }

    /** This origin under another stamp. */
    PageOrigin stamped(PageStamp other) {
        return new PageOrigin(cursor, database, clockOffsetMicros, reading, last, form, usage, other);
    }

    /** Whether keys that are gone must be deleted, according to where the page was read. */
    boolean carriesDeletes() {
        return stamp != null && stamp.deletes();
    }

    /** Number of times that its keys were read before. */
    public int attempt() {
        return reading.attempt();
    }

    /** Whether its keys are written only where the target has them from this run, as they would not be copied now. */
    public boolean isOnlyIfThere() {
        return reading.onlyIfThere();
    }
}
