package io.camelrump.compare;

import io.camelrump.Difference;
import io.camelrump.redis.ServerClock;
import io.camelrump.run.PageData;
import java.time.Duration;

/** Comparison of a key's expiry at the target with the one that it must have there. */
final class ExpiryComparison {
    private final boolean keepsTtl;
    private final long toleranceMillis;

    /** @param keepsTtl whether keys keep their expiries at the target */
    ExpiryComparison(boolean keepsTtl, Duration tolerance) {
        this.keepsTtl = keepsTtl;
        this.toleranceMillis = tolerance.toMillis();
    }

    /** A key that ends just now may be gone at one server already. */
    boolean endsNow(long expiresAtMillis, ServerClock clock) {
        return expiresAtMillis >= 0 && expiresAtMillis <= clock.nowMillis() + toleranceMillis;
    }

    /** Expiry that the key must have at the target, on its clock. */
    long expected(PageData page, int i, ServerClock clock) {
        long expiry = page.expiresAtMillis(i);
        return expiry == PageData.NO_EXPIRY || !keepsTtl
                ? PageData.NO_EXPIRY
                : clock.translate(expiry, page.origin().clockOffsetMicros());
    }

    /** Enters whether the key, whose value is the same, expires when it must. */
    void judge(
            PageData page, int i, TargetKeyReader.TargetKey targetKey, ServerClock clock, PageComparison comparison) {
        long expected = expected(page, i, clock);
        long found = targetKey.expiresAtMillis();
        boolean never = expected == PageData.NO_EXPIRY || found == PageData.NO_EXPIRY;
        if (never ? expected == found : Math.abs(found - expected) <= toleranceMillis) {
            comparison.same(i);
        } else if (never) {
            comparison.differsAtBoth(
                    i,
                    Difference.Cause.EXPIRY,
                    found == PageData.NO_EXPIRY ? "never expires at the target" : "expires at the target alone");
        } else {
            comparison.differsAtBoth(
                    i,
                    Difference.Cause.EXPIRY,
                    "expires " + Math.abs(found - expected) + " ms " + (found > expected ? "later" : "earlier")
                            + " at the target");
        }
    }
}
