package io.camelrump.values;

import io.camelrump.redis.ReplyException;
import org.jspecify.annotations.Nullable;

/** A key went away, or became another one, while it was read in parts: what was read of it is of no use. */
public final class KeyChangedException extends Exception {
    private static final long serialVersionUID = 1L;

    private final transient @Nullable ReplyException contradiction;

    KeyChangedException() {
        this(null);
    }

    /** @param contradiction to other replies, where nobody seems to have changed the key between them */
    KeyChangedException(@Nullable ReplyException contradiction) {
        this.contradiction = contradiction;
    }

    /** A change that a comparison before and after the reading has found. */
    public static KeyChangedException unseen() {
        return new KeyChangedException();
    }

    /** A reply that contradicts others about the same key; null if the key may have changed between them. */
    public @Nullable ReplyException contradiction() {
        return contradiction;
    }
}
