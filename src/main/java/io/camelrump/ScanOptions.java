package io.camelrump;

import io.camelrump.redis.RespWriter;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * What to read, and how much at once.
 *
 * @param match glob that a key must match; null for all
 * @param type the one type to read; null for all
 * @param pageBytes a page is closed when its payloads reach this
 * @param windowBytes payloads that may be due at once
 * @param values whether SCAN's keys are read with value and expiry, and not as names alone
 */
record ScanOptions(
        int database,
        int count,
        @Nullable String match,
        @Nullable String type,
        long pageBytes,
        long windowBytes,
        boolean values) {

    ScanOptions withWindow(long bytes) {
        return new ScanOptions(database, count, match, type, Math.min(pageBytes, bytes), bytes, values);
    }

    void writeScan(RespWriter out, long cursor) throws IOException {
        out.command(4 + (match == null ? 0 : 2) + (type == null ? 0 : 2));
        out.arg("SCAN").arg(Long.toUnsignedString(cursor)).arg("COUNT").arg(count);
        if (match != null) {
            out.arg("MATCH").arg(match);
        }
        if (type != null) {
            out.arg("TYPE").arg(type);
        }
    }
}
