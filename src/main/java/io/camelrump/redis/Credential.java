package io.camelrump.redis;

import org.jspecify.annotations.Nullable;

/** User or password of a log-in: looked up for each connection, because both may be rotated during a run. */
public interface Credential {

    /**
     * The value for a connection that is opened now; null if there is none.
     *
     * @param server for messages
     * @throws RedisException a transient one if it cannot be looked up at this moment
     */
    @Nullable
    String current(String server);

    /** Whether another value may come later, so that a refused one is tried again. */
    boolean mayChange();

    /** A value that stays. */
    static Credential of(@Nullable String text) {
        return new FixedCredential(text);
    }
}
