package io.camelrump.compare;

import org.jspecify.annotations.Nullable;

/**
 * What a comparison of two values found.
 *
 * @param reason why it is not known; null where it is
 */
record ValueComparison(Kind kind, @Nullable String reason) {
    public enum Kind {
        EQUAL,
        /** Equal but for what the target has no place for, and an option let go. */
        REDUCED,
        DIFFERENT,
        /** The two cannot be compared. */
        UNKNOWN
    }

    static ValueComparison of(Kind kind) {
        return new ValueComparison(kind, null);
    }

    static ValueComparison unknown(String reason) {
        return new ValueComparison(Kind.UNKNOWN, reason);
    }
}
