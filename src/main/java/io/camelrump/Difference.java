package io.camelrump;

import java.util.Objects;

/**
 * A key, or a library of functions, that is not the same at source and target.
 *
 * @param key the key's bytes, or the library's name, not copied; two differences compare by identity of this array
 * @param database of the source that it lies in; where only the target has it and several lead there, of the target; -1
 *     for a library
 * @param cause the first of the causes that holds
 * @param detail what was found, in words, never a value
 */
public record Difference(byte[] key, int database, Cause cause, String detail) {

    /** Database of a library of functions, which a server has once for all its databases. */
    public static final int OF_SERVER = -1;

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

    /** Whether it is a library of functions, and no key. */
    public boolean isFunctionLibrary() {
        return database == OF_SERVER;
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
