package io.camelrump.run;

import io.camelrump.redis.RedisException;

/** Cause for which something is tried again. */
public enum RetryCause {
    /** A connection broke, or could not be opened. */
    CONNECTION,
    /** A server was there and could not serve, as while it is loading. */
    NOT_READY,
    /** A node of a cluster named another one for a key. */
    REDIRECTION,
    /** No host has that name now. */
    UNKNOWN_HOST;

    static RetryCause of(RedisException failure) {
        if (failure.isRedirection()) {
            return REDIRECTION;
        }
        if (failure.isUnknownHost()) {
            return UNKNOWN_HOST;
        }
        return failure.isServerNotReady() ? NOT_READY : CONNECTION;
    }
}
