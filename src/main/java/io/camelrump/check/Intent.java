package io.camelrump.check;

import io.camelrump.ConflictPolicy;
import io.camelrump.redis.ErrorReply;
import io.camelrump.redis.RedisConnection;
import java.io.IOException;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The run that is to be checked.
 *
 * @param match glob that a key must match; null for all
 * @param types the types to read, as TYPE names them; none for all
 * @param dropFieldTtl whether fields that expire may become fields that stay
 */
public record Intent(
        int sourceDatabase,
        int targetDatabase,
        @Nullable String match,
        Set<String> types,
        ConflictPolicy onConflict,
        int waitReplicas,
        boolean dropFieldTtl) {

    public Intent {
        types = Set.copyOf(types);
    }

    /** Whether the run asks each key for its type: SCAN tells one type apart, from Redis 6.0 on. */
    boolean asksTypes(RedisConnection source) throws IOException {
        return types.size() > 1
                || types.size() == 1
                        && source.call(
                                        "SCAN",
                                        "0",
                                        "COUNT",
                                        "1",
                                        "TYPE",
                                        types.iterator().next())
                                instanceof ErrorReply;
    }

    boolean isFiltered() {
        return match != null || !types.isEmpty();
    }

    /** Whether keys of the target may have to be looked at, instead of being replaced. */
    boolean comparesConflicts() {
        return onConflict != ConflictPolicy.REPLACE;
    }
}
