package io.camelrump.run;

import io.camelrump.checkpoint.ScanPosition;
import io.camelrump.redis.Cursor;
import io.camelrump.redis.KeyList;
import java.util.concurrent.TimeUnit;

/**
 * Keys that have to be read again.
 *
 * @param cursor of the SCAN that gave them
 * @param reading what is known of them by earlier readings
 * @param byParts whether they are read by the commands of their types, as no DUMP may be sent for them
 * @param due {@link System#nanoTime()} before which it is too early: a page that fails at once must not hammer the
 *     source
 */
public record RetryKeys(KeyList keys, int database, Cursor cursor, Reading reading, boolean byParts, long due) {
    private static final long FIRST_DELAY = TimeUnit.MILLISECONDS.toNanos(100);
    private static final int LAST_DOUBLING = 5;
    private static final long SETTLING = TimeUnit.SECONDS.toNanos(1);
    private static final int MOST_KEYS = 1_000;

    public static RetryKeys afterFailure(KeyList keys, int database, Cursor cursor, Reading failed, boolean byParts) {
        long delay = FIRST_DELAY << Math.min(failed.attempt(), LAST_DOUBLING);
        return new RetryKeys(keys, database, cursor, failed.again(), byParts, System.nanoTime() + delay);
    }

    /** Keys whose payload must not be asked for. */
    public static RetryKeys byParts(KeyList keys, int database, Cursor cursor, Reading reading) {
        return new RetryKeys(keys, database, cursor, reading, true, System.nanoTime());
    }

    /** Waits before differing keys are looked at again: a difference may be a change in transit. */
    static RetryKeys afterDifference(KeyList keys, int database, Cursor cursor, Reading differed, boolean byParts) {
        return new RetryKeys(keys, database, cursor, differed.again(), byParts, System.nanoTime() + SETTLING);
    }

    /** Keys that could not be read in the way that was tried, and are read as all others are. */
    public static RetryKeys asOthers(KeyList keys, int database, Cursor cursor, Reading reading) {
        return new RetryKeys(keys, database, cursor, reading, false, System.nanoTime());
    }

    /** A key whose payload is read with nothing else in flight. */
    public static RetryKeys alone(KeyList key, int database, Cursor cursor, Reading reading) {
        return new RetryKeys(key, database, cursor, reading.readAlone(), false, System.nanoTime());
    }

    /** This reread with some of its keys. */
    public RetryKeys of(KeyList some) {
        return new RetryKeys(some, database, cursor, reading, byParts, due);
    }

    /** The same, and not before so many nanoseconds have passed. */
    public RetryKeys after(long nanos) {
        long later = System.nanoTime() + nanos;
        return new RetryKeys(keys, database, cursor, reading, byParts, later - due > 0 ? later : due);
    }

    InFlightKeys keysOut() {
        return new InFlightKeys(keys, new ScanPosition(database, cursor, false));
    }

    int attempt() {
        return reading.attempt();
    }

    public boolean alone() {
        return reading.alone();
    }

    boolean isDue() {
        return due - System.nanoTime() <= 0;
    }

    /** Whether keys of this attempt may go with these without being looked at too soon. */
    boolean takes(KeyList more, int otherDatabase, Cursor other, int otherAttempt) {
        return database == otherDatabase
                // places in a file are looked up there, and cursors of another kind of server are its own affair
                && (cursor.isNumber() || cursor.equals(other))
                && attempt() == otherAttempt + 1
                && !alone()
                && !byParts
                && keys.size() + more.size() <= MOST_KEYS
                && due - System.nanoTime() > SETTLING / 2;
    }

    RetryKeys with(KeyList more) {
        return new RetryKeys(keys.with(more), database, cursor, reading, byParts, due);
    }
}
