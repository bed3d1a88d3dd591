package io.camelrump;

import io.camelrump.keys.DatabaseMapping;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Databases that a run reads, by its options {@code database}, {@code db} and {@code mapDb}.
 *
 * @param numbers each once; none for all that hold keys
 * @param moves from a database of the source to the one of the target, where that has another number
 */
public record DatabaseSelection(List<Integer> numbers, Map<Integer, Integer> moves) {
    public DatabaseSelection {
        numbers = List.copyOf(numbers);
        moves = Map.copyOf(moves);
    }

    /**
     * Reads the options as an endpoint does.
     *
     * @param database the one that is read if {@code db} is null
     * @param db such as {@code all} or {@code 0,3,5}
     * @param mapDb such as {@code 3=0}; null for none
     * @throws UsageException if a value is not allowed; the message names the option
     */
    public static DatabaseSelection by(int database, @Nullable String db, @Nullable String mapDb) {
        DatabaseMapping mapping = DatabaseMapping.of(database, db, mapDb);
        return new DatabaseSelection(mapping.numbers(), mapping.moves());
    }
}
