package io.camelrump.compare;

import io.camelrump.redis.CommandPipeline;
import io.camelrump.redis.RedisConnection;
import io.camelrump.throttle.TurnPacer;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Asks one server which of many keys exist. Most of them do: EXISTS of a whole group says so at a fraction of what a
 * command for each key costs the server. Only of a group in which one is missing is each key asked for its type.
 *
 * @see <a href="https://redis.io/docs/latest/commands/exists/">EXISTS</a>
 */
final class PresenceQueries {
    /** Answer about a key that exists, whatever its type. */
    static final String PRESENT = "present";

    private static final int GROUP = 32;
    /** Keys of a group that cost the server about as much as a query about one. */
    private static final int KEYS_PER_QUERY = 8;

    private final RedisConnection connection;
    private final CommandPipeline queries;
    private final TurnPacer turns;

    /** @param connection to a server that is no node of a cluster: a group has keys of any slot */
    PresenceQueries(RedisConnection connection, TurnPacer turns) {
        this.connection = connection;
        this.queries = new CommandPipeline(connection);
        this.turns = turns;
    }

    /**
     * Asks about each of these in the present database, and waits for the replies.
     *
     * @param key its name
     * @param replies takes each with {@link #PRESENT}, or with what the server answers to TYPE
     */
    <T> void ask(List<T> all, Function<T, byte[]> key, BiConsumer<T, @Nullable Object> replies) {
        List<T> uncertain = new ArrayList<>();
        int asked = 0;
        int sent = 0;
        int answered = 0;
        for (int read = 0; read < all.size(); ) {
            if (asked < all.size() && turns.begin(false)) {
                do {
                    List<T> group = groupAt(all, asked);
                    queries.ask("EXISTS", group.stream().map(key).toArray());
                    asked += group.size();
                    sent++;
                } while (asked < all.size() && takesGroup());
                queries.send();
                turns.sent(sent);
            } else {
                List<T> group = groupAt(all, read);
                if (queries.replyOrRefusal() instanceof Long present && present == group.size()) {
                    group.forEach(one -> replies.accept(one, PRESENT));
                } else {
                    uncertain.addAll(group);
                }
                read += group.size();
                turns.answered(++answered);
            }
        }
        turns.clear();
        new TypeQueries(connection, turns).ask(uncertain, key, replies);
    }

    private static <T> List<T> groupAt(List<T> all, int from) {
        return all.subList(from, Math.min(all.size(), from + GROUP));
    }

    private boolean takesGroup() {
        boolean fits = true;
        for (int i = 0; fits && i < GROUP / KEYS_PER_QUERY; i++) {
            fits = turns.takesQuery();
        }
        return fits;
    }
}
