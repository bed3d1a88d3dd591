package io.camelrump;

import io.camelrump.redis.RedisConnection;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * The last hundred keys that a target confirmed. Where it hides its {@code run_id}, they tell after a reconnect whether
 * it still holds what it confirmed.
 */
final class RecentKeys {
    private static final int REMEMBERED = 100;

    private final Deque<byte[]> keys = new ArrayDeque<>();

    void remember(Slice slice) {
        int wanted = REMEMBERED;
        for (int i = slice.to() - 1; i >= slice.from() && wanted > 0; i--) {
            if (slice.outcome(i) == Outcome.RESTORED && slice.page().expiresAtMillis(i) == Page.NO_EXPIRY) {
                keys.add(slice.page().key(i));
                wanted--;
            }
        }
        while (keys.size() > REMEMBERED) {
            keys.remove();
        }
    }

    boolean areAllThere(RedisConnection connection) throws IOException {
        for (byte[] key : keys) {
            if (Long.valueOf(0).equals(connection.call("EXISTS", key))) {
                return false;
            }
        }
        return true;
    }

    void clear() {
        keys.clear();
    }
}
