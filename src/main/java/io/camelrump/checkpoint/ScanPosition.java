package io.camelrump.checkpoint;

import io.camelrump.redis.Cursor;

/**
 * How far a scan is: everything before it was read.
 *
 * @param cursor where the next SCAN of the database starts
 * @param ended whether the scan has ended, whatever the cursor
 */
public record ScanPosition(int database, Cursor cursor, boolean ended) {
    public ScanPosition(int database, long cursor, boolean ended) {
        this(database, Cursor.of(cursor), ended);
    }
}
