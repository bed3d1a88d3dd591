package io.camelrump;

import io.camelrump.redis.ErrorReply;
import io.camelrump.redis.RedisConnection;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Looks which keys of a target have nothing behind them at the source. */
final class Absence {
    private final RedisConnection source;
    private final Origins origins;
    /** Null where the source is no cluster. */
    private final @Nullable SourceNode node;

    Absence(RedisConnection source, Origins origins, @Nullable SourceNode node) {
        this.source = source;
        this.origins = origins;
        this.node = node;
    }

    /**
     * The keys that would have got one of these names, and are not there; leaves the connection at any database. Of those
     * for which another node is named nothing is said.
     */
    List<NamesTaken.Source> of(KeyList names, int targetDatabase) throws IOException {
        List<NamesTaken.Source> asked = new ArrayList<>();
        for (int i = 0; i < names.size(); i++) {
            asked.addAll(origins.of(targetDatabase, names.get(i)).sources());
        }
        List<NamesTaken.Source> absent = new ArrayList<>();
        List<Integer> databases =
                asked.stream().map(NamesTaken.Source::database).distinct().toList();
        for (int database : databases) {
            source.select(database);
            List<NamesTaken.Source> here =
                    asked.stream().filter(key -> key.database() == database).toList();
            // TYPE needs no permission that the rest of the copy does not need
            Questions questions = new Questions(source);
            here.forEach(key -> questions.ask("TYPE", key.key()));
            questions.send();
            for (NamesTaken.Source key : here) {
                Object answer = node == null ? questions.answer() : questions.answerOrRedirection();
                if ("none".equals(answer)) {
                    absent.add(key);
                } else if (node != null && answer instanceof ErrorReply error && error.isRedirection()) {
                    node.stray(key.key());
                }
            }
        }
        return absent;
    }
}
