package io.camelrump.target;

import io.camelrump.options.TargetOptions;
import io.camelrump.redis.ServerClock;
import io.camelrump.run.PageData;

/**
 * Rules by which keys are written to a target.
 *
 * @param replace whether what the target holds under a key's name may go
 * @param keepTtl whether keys keep their expiries
 * @param deletions which keys are deleted that are gone at a source whose changes are followed
 */
public record RestorePolicy(boolean replace, boolean keepTtl, Deletions deletions) {

    /** Rules for writing single keys once more, where no change is followed. */
    public static RestorePolicy ofRepair(TargetOptions options, boolean replace) {
        return new RestorePolicy(replace, options.isTtl(), Deletions.UNUSED);
    }

    /** A key's expiry on the target's clock, at least 1; 0 if it has none, as RESTORE says it. */
    long expiry(PageData page, int i, ServerClock target) {
        long expiry = page.expiresAtMillis(i);
        return expiry == PageData.NO_EXPIRY || !keepTtl
                ? 0
                : Math.max(1, target.translate(expiry, page.origin().clockOffsetMicros()));
    }
}
