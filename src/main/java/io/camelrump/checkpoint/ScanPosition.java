package io.camelrump.checkpoint;

/**
 * How far a scan is: everything before it was read.
 *
 * @param cursor where the next SCAN of the database starts
 * @param ended whether the scan has ended, whatever the cursor
 */
public record ScanPosition(int database, long cursor, boolean ended) {}
