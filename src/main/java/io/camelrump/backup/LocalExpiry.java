package io.camelrump.backup;

import io.camelrump.redis.ServerClock;
import io.camelrump.run.PageData;

/** Expiries of keys in forms that know no clock but that of the host that writes them. */
final class LocalExpiry {
    private LocalExpiry() {}

    /** When the key at this index expires, on the clock of this host; {@link PageData#NO_EXPIRY} if it does not. */
    static long of(PageData page, int i) {
        long expiry = page.expiresAtMillis(i);
        long offset = page.origin().clockOffsetMicros();
        return expiry == PageData.NO_EXPIRY || offset == ServerClock.UNKNOWN_OFFSET
                ? expiry
                : ServerClock.later(expiry, -Math.round(offset / 1000.0));
    }
}
