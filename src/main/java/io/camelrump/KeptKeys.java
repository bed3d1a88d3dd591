package io.camelrump;

import io.camelrump.run.KeptKeyIndex;

/**
 * The keys that a run with {@code onConflict=keep} left to the target, as other values had their names there.
 *
 * <p>A comparison tells them from keys that differ. It finds them by the run's ledger, or in the registry of its own
 * Camel context, where a host may bind them to pass them on.
 */
public final class KeptKeys {
    private final KeptKeyIndex names;

    KeptKeys(KeptKeyIndex names) {
        this.names = names;
    }

    KeptKeyIndex names() {
        return names;
    }
}
