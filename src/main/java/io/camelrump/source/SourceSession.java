package io.camelrump.source;

import io.camelrump.redis.RedisConnection;
import io.camelrump.redis.ServerClock;
import io.camelrump.redis.SourceFeatures;

/** A connection to a source, with what was found out about the server when it was opened. */
record SourceSession(RedisConnection connection, SourceFeatures features, ServerClock clock) {

    SourceSession with(ServerClock measured) {
        return new SourceSession(connection, features, measured);
    }

    /** Offset of the clock that expiries count by: the server's, or the one that dated remaining times. */
    long clockOffset() {
        return features.exactExpiry() && !clock.isKnown() ? ServerClock.UNKNOWN_OFFSET : clock.offsetMicros();
    }
}
