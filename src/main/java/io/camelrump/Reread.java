package io.camelrump;

import java.util.concurrent.TimeUnit;

/**
 * Keys that have to be read again.
 *
 * @param cursor of the SCAN that gave them
 * @param attempt how often their page failed
 * @param alone whether they are so large that nothing else may be on its way meanwhile
 * @param byParts whether they are read by the commands of their types, as no DUMP is to be asked of them
 * @param payloadRefused whether a target was sent their payload, and did not take it
 * @param due {@link System#nanoTime()} before which it is too early: a page that fails at once must not hammer the source
 */
record Reread(
        KeyList keys,
        int database,
        long cursor,
        int attempt,
        boolean alone,
        boolean byParts,
        boolean payloadRefused,
        long due) {
    private static final long FIRST_DELAY = TimeUnit.MILLISECONDS.toNanos(100);
    private static final int LAST_DOUBLING = 5;
    private static final long SETTLING = TimeUnit.SECONDS.toNanos(1);
    private static final int MOST_KEYS = 1_000;

    static Reread afterFailure(
            KeyList keys, int database, long cursor, int failedAttempt, boolean alone, boolean byParts) {
        long delay = FIRST_DELAY << Math.min(failedAttempt, LAST_DOUBLING);
        return new Reread(keys, database, cursor, failedAttempt + 1, alone, byParts, false, System.nanoTime() + delay);
    }

    /** Keys whose payload must not be asked for. */
    static Reread byParts(KeyList keys, int database, long cursor) {
        return new Reread(keys, database, cursor, 0, false, true, false, System.nanoTime());
    }

    /** Keys whose payload a target did not take. */
    static Reread ofRefused(KeyList keys, int database, long cursor) {
        return byParts(keys, database, cursor).payloadRefused(true);
    }

    /** The same, with the knowledge whether a target did not take their payload. */
    Reread payloadRefused(boolean refused) {
        return new Reread(keys, database, cursor, attempt, alone, byParts, refused, due);
    }

    /** A difference may be a change that is still on its way: what differs is looked at again after a while. */
    static Reread afterDifference(
            KeyList keys, int database, long cursor, int attempt, boolean alone, boolean byParts) {
        return new Reread(keys, database, cursor, attempt + 1, alone, byParts, false, System.nanoTime() + SETTLING);
    }

    /** The same for some of its keys. */
    Reread of(KeyList some) {
        return new Reread(some, database, cursor, attempt, alone, byParts, payloadRefused, due);
    }

    /** The same, and not before so many nanoseconds have passed. */
    Reread after(long nanos) {
        long later = System.nanoTime() + nanos;
        return new Reread(
                keys, database, cursor, attempt, alone, byParts, payloadRefused, later - due > 0 ? later : due);
    }

    KeysOut keysOut() {
        return new KeysOut(keys, new ScanPosition(database, cursor, false));
    }

    boolean isDue() {
        return due - System.nanoTime() <= 0;
    }

    /** Whether keys of this attempt may go with these without being looked at too soon. */
    boolean takes(KeyList more, int otherDatabase, int otherAttempt) {
        return database == otherDatabase
                && attempt == otherAttempt + 1
                && !alone
                && !byParts
                && keys.size() + more.size() <= MOST_KEYS
                && due - System.nanoTime() > SETTLING / 2;
    }

    Reread with(KeyList more) {
        return new Reread(keys.with(more), database, cursor, attempt, alone, byParts, payloadRefused, due);
    }

    static Reread alone(KeyList keys, int database, long cursor, int attempt) {
        return new Reread(keys, database, cursor, attempt, true, false, false, System.nanoTime());
    }
}
