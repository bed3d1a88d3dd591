package io.camelrump.check;

import io.camelrump.ConflictPolicy;
import org.jspecify.annotations.Nullable;

/**
 * The run that is to be checked.
 *
 * @param match glob that a key must match; null for all
 * @param type the one type to read; null for all
 */
public record Intent(
        int sourceDatabase,
        int targetDatabase,
        @Nullable String match,
        @Nullable String type,
        ConflictPolicy onConflict,
        int waitReplicas) {

    boolean isFiltered() {
        return match != null || type != null;
    }

    /** Whether keys of the target may have to be looked at, instead of being replaced. */
    boolean comparesConflicts() {
        return onConflict != ConflictPolicy.REPLACE;
    }
}
