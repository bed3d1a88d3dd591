package io.camelrump;

import io.camelrump.redis.RespWriter;
import java.io.IOException;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What to read, and how much at once.
 *
 * @param databases which to read, and where each goes
 * @param match glob that a key must match; null for all
 * @param type the one type to read; null for all
 * @param selection what of the keys that SCAN gives is to be taken
 * @param functions whether the server's functions are read before its keys
 * @param pageBytes a page is closed when its payloads reach this
 * @param windowBytes payloads that may be due at once
 * @param bigKeyBytes a key of more than this is not dumped but read in parts; {@link #NO_BIG_KEYS} if none is
 * @param bigValues whether the value of such a key is read, and not its type, expiry and size alone
 * @param values whether SCAN's keys are read with value and expiry, and not as names alone
 */
record ScanOptions(
        Databases databases,
        int count,
        @Nullable String match,
        @Nullable String type,
        KeySelection selection,
        boolean functions,
        long pageBytes,
        long windowBytes,
        long bigKeyBytes,
        boolean bigValues,
        boolean values) {
    static final long NO_BIG_KEYS = Long.MAX_VALUE;

    ScanOptions withWindow(long bytes) {
        return new ScanOptions(
                databases,
                count,
                match,
                type,
                selection,
                functions,
                Math.min(pageBytes, bytes),
                bytes,
                bigKeyBytes,
                bigValues,
                values);
    }

    /** Whether a server with so much memory in use may hold a key that is too big for a DUMP. */
    boolean looksForBigKeys(long usedMemory) {
        return values && mayHoldBigKeys(usedMemory, bigKeyBytes);
    }

    static boolean mayHoldBigKeys(long usedMemory, long bigKeyBytes) {
        // what is half as large as one big key may grow meanwhile; 0 is untold
        return bigKeyBytes != NO_BIG_KEYS && (usedMemory == 0 || usedMemory > bigKeyBytes / 2);
    }

    /** The same for a server whose SCAN does not know TYPE. */
    ScanOptions askingForType() {
        return type == null
                ? this
                : new ScanOptions(
                        databases,
                        count,
                        match,
                        null,
                        selection.withTypes(Set.of(type)),
                        functions,
                        pageBytes,
                        windowBytes,
                        bigKeyBytes,
                        bigValues,
                        values);
    }

    /** Types that a key may have; none if any. */
    Set<String> types() {
        return type == null ? selection.types() : Set.of(type);
    }

    void writeScan(RespWriter out, long cursor, int keys) throws IOException {
        out.command(4 + (match == null ? 0 : 2) + (type == null ? 0 : 2));
        out.arg("SCAN").arg(Long.toUnsignedString(cursor)).arg("COUNT").arg(keys);
        if (match != null) {
            out.arg("MATCH").arg(match);
        }
        if (type != null) {
            out.arg("TYPE").arg(type);
        }
    }
}
