package io.camelrump.compare;

import io.camelrump.redis.CommandPipeline;
import io.camelrump.redis.RedisConnection;
import io.camelrump.throttle.TurnPacer;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Asks one server for the types of many keys, in turns that leave time for its other clients. */
final class TypeQueries {
    private final CommandPipeline queries;
    private final TurnPacer turns;

    TypeQueries(RedisConnection connection, TurnPacer turns) {
        this.queries = new CommandPipeline(connection);
        this.turns = turns;
    }

    /**
     * Asks about each of these in the present database, and waits for the replies.
     *
     * @param key its name
     * @param replies takes each with what the server answered
     */
    <T> void ask(List<T> all, Function<T, byte[]> key, BiConsumer<T, @Nullable Object> replies) {
        int asked = 0;
        for (int read = 0; read < all.size(); ) {
            if (asked < all.size() && turns.begin(false)) {
                do {
                    queries.ask("TYPE", key.apply(all.get(asked++)));
                } while (asked < all.size() && turns.takesQuery());
                queries.send();
                turns.sent(asked);
            } else {
                replies.accept(all.get(read), queries.reply());
                turns.answered(++read);
            }
        }
        turns.clear();
    }
}
