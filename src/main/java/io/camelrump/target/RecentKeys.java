package io.camelrump.target;

import io.camelrump.Outcome;
import io.camelrump.redis.RedisConnection;
import io.camelrump.redis.ServerClock;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * The last hundred keys that a target confirmed. Where it hides its {@code run_id}, they show after a reconnect whether
 * it still holds what it confirmed.
 */
final class RecentKeys {
    private static final int REMEMBERED = 100;

    /** @param expiry on the target's clock; 0 if it has none */
    private record Confirmed(byte[] key, long expiry) {}

    private final Deque<Confirmed> keys = new ArrayDeque<>();

    void remember(PageSlice slice, BatchWriter writer) {
        int wanted = REMEMBERED;
        for (int i = slice.to() - 1; i >= slice.from() && wanted > 0; i--) {
            if (slice.outcome(i) == Outcome.RESTORED) {
                keys.add(new Confirmed(slice.page().key(i), writer.targetExpiry(slice.page(), i)));
                wanted--;
            }
        }
        while (keys.size() > REMEMBERED) {
            keys.remove();
        }
    }

    /** Whether every key that must still live is there; false also if none is left, or none may be asked for. */
    boolean areAllThere(RedisConnection connection, ServerClock clock) throws IOException {
        boolean asked = keys.isEmpty();
        long soon = clock.nowMillis() + 1000;
        for (Confirmed confirmed : keys) {
            if (confirmed.expiry() != 0 && confirmed.expiry() <= soon) {
                continue;
            }
            if (!Long.valueOf(1).equals(connection.probe("EXISTS", confirmed.key()))) {
                return false;
            }
            asked = true;
        }
        return asked;
    }

    void clear() {
        keys.clear();
    }
}
