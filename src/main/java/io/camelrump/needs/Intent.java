package io.camelrump.needs;

import io.camelrump.ConflictPolicy;
import io.camelrump.redis.ErrorReply;
import io.camelrump.redis.RedisConnection;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The run to be checked.
 *
 * @param match glob that a key must match; null for all
 * @param types the types to read, as TYPE names them; none for all
 * @param dropFieldTtl whether fields that expire may become fields that stay
 * @param databases which are read beside those of the addresses
 * @param needs parts of the run
 */
public record Intent(
        int sourceDatabase,
        int targetDatabase,
        @Nullable String match,
        Set<String> types,
        ConflictPolicy onConflict,
        int waitReplicas,
        boolean dropFieldTtl,
        Selected databases,
        Set<Need> needs) {

    /** Parts of a run. */
    public enum Need {
        /** Writes keys to the target. */
        COPYING,
        /** Reads replicas in the place of masters. */
        READING_REPLICAS,
        /** Copies the server's functions. */
        FUNCTIONS,
        /** Carries how lately, or how often, keys were used. */
        USAGE,
        /** Gives keys other names. */
        RENAMING,
        /** Follows the changes of the source. */
        CHANGES,
        /** Holds up the writes at the source. */
        PAUSE,
        /** Closes connections whose writes wait for the end of that. */
        CLOSING_WAITING,
        /** Copies keys by parts that are above a size. */
        BIG_KEYS,
        /** Compares both sides afterwards. */
        COMPARING,
        /** Copies again what differs by then. */
        REPAIRING,
        /** Deletes what only the target has. */
        PRUNING,
        /** Keeps its checkpoint in a key of the target. */
        CHECKPOINT_AT_TARGET,
        /** Writes nothing. */
        DRY_RUN,
        /** Looks first whether source and target were swapped. */
        FIRST_LOOK,
        /** Is in progress: what the target holds by now may be the run's own. */
        UNDER_WAY
    }

    /**
     * Databases that a run reads.
     *
     * @param all whether it reads all that hold keys
     * @param numbers the others; none where only that of the address is read
     * @param moves where one goes to that does not keep its number
     */
    public record Selected(boolean all, List<Integer> numbers, Map<Integer, Integer> moves) {
        public Selected {
            numbers = List.copyOf(numbers);
            moves = Map.copyOf(moves);
        }

        public boolean isNone() {
            return !all && numbers.isEmpty();
        }

        public int target(int source) {
            return moves.getOrDefault(source, source);
        }
    }

    public Intent {
        types = Set.copyOf(types);
        needs = Set.copyOf(needs);
    }

    public boolean needs(Need need) {
        return needs.contains(need);
    }

    /** Whether the run asks each key for its type: SCAN tells one type apart, from Redis 6.0 on. */
    public boolean asksTypes(RedisConnection source) throws IOException {
        return types.size() > 1
                || types.size() == 1
                        && source.probe(
                                        "SCAN",
                                        "0",
                                        "COUNT",
                                        "1",
                                        "TYPE",
                                        types.iterator().next())
                                instanceof ErrorReply error
                        && !error.isOfKeyAlone();
    }

    public boolean isFiltered() {
        return match != null || !types.isEmpty();
    }

    /** Whether keys of the target may have to be looked at, instead of being replaced. */
    boolean comparesConflicts() {
        return onConflict != ConflictPolicy.REPLACE;
    }
}
