package io.camelrump;

import java.util.Objects;

/**
 * A key that is not the same at source and target.
 *
 * @param key the key's bytes, not copied; two differences compare by identity of this array
 * @param database of the source that it lies in; where only the target has it and several lead there, of the target
 * @param cause the first of the causes that holds
 * @param detail what was found, in words, never a value
 */
public record Difference(byte[] key, int database, Cause cause, String detail) {

    /** In what a key differs, the gravest first. */
    public enum Cause {
        /** Only the source has the key. */
        MISSING,
        /** Only the target has the key. */
        EXTRA,
        /** The two are of different types. */
        TYPE,
        /** The values differ, by which the groups of a stream and the times of a hash's fields are meant too. */
        VALUE,
        /** The values are equal, and expire at different times. */
        EXPIRY
    }

    public Difference {
        Objects.requireNonNull(key, "key is null");
        Objects.requireNonNull(cause, "cause is null");
        Objects.requireNonNull(detail, "detail is null");
    }

    /** The key as {@code redis-cli} prints it. */
    public String quotedKey() {
        return Refusal.quote(key);
    }

    /** The same, with its beginning alone where the key is longer than 100 bytes: for texts. */
    public String shortKey() {
        return Refusal.shorten(key);
    }

    @Override
    public String toString() {
        return shortKey() + ": " + detail;
    }
}
