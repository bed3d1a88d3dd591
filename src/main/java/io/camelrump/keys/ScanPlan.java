package io.camelrump.keys;

import io.camelrump.options.BigKeyOptions;
import io.camelrump.options.SourceOptions;
import io.camelrump.redis.Cursor;
import io.camelrump.redis.RespWriter;
import java.io.IOException;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What to read of a server, and how much at once.
 *
 * @param source how it is read, as given
 * @param bigKeys which keys are not dumped but read in parts
 * @param databases which to read, and where each goes
 * @param selection which of the keys that SCAN gives are taken
 * @param count keys that one SCAN asks for, at least
 * @param mostCount keys that it asks for at most, where that helps
 * @param match glob that a key must match; null for all
 * @param type the one type to read; null for all
 * @param pageBytes a page is closed when its payloads reach this
 * @param windowBytes payloads that may be due at once
 */
public record ScanPlan(
        SourceOptions source,
        BigKeyOptions bigKeys,
        DatabaseMapping databases,
        KeySelection selection,
        int count,
        int mostCount,
        @Nullable String match,
        @Nullable String type,
        long pageBytes,
        long windowBytes) {
    public static final String STREAM = "stream";

    public ScanPlan withWindow(long bytes) {
        return new ScanPlan(
                source,
                bigKeys,
                databases,
                selection,
                count,
                mostCount,
                match,
                type,
                Math.min(pageBytes, bytes),
                bytes);
    }

    /** Whether a server with so much memory in use may hold a key that is too big for a DUMP. */
    public boolean looksForBigKeys(long usedMemory) {
        return source.isValues() && bigKeys.mayBeHeld(usedMemory);
    }

    /** This plan for streams alone. */
    public ScanPlan ofStreams() {
        return new ScanPlan(
                source, bigKeys, databases, selection, count, mostCount, match, STREAM, pageBytes, windowBytes);
    }

    /** This plan for a server whose SCAN does not know TYPE. */
    public ScanPlan askingForType() {
        return type == null
                ? this
                : new ScanPlan(
                        source,
                        bigKeys,
                        databases,
                        selection.withTypes(Set.of(type)),
                        count,
                        mostCount,
                        match,
                        null,
                        pageBytes,
                        windowBytes);
    }

    /** Types that a key may have; none if any. */
    public Set<String> types() {
        return type == null ? selection.types() : Set.of(type);
    }

    public void writeScan(RespWriter out, Cursor cursor, int keys) throws IOException {
        out.command(4 + (match == null ? 0 : 2) + (type == null ? 0 : 2));
        out.arg("SCAN").arg(cursor.bytes()).arg("COUNT").arg(keys);
        if (match != null) {
            out.arg("MATCH").arg(match);
        }
        if (type != null) {
            out.arg("TYPE").arg(type);
        }
    }
}
