package io.camelrump.source;

import io.camelrump.keys.KeySelection;
import io.camelrump.keys.NamesTaken;
import io.camelrump.keys.Origins;
import io.camelrump.keys.Range;
import io.camelrump.redis.KeyList;
import io.camelrump.redis.Questions;
import io.camelrump.redis.ErrorReply;
import io.camelrump.redis.RedisConnection;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Looks which keys of a target have nothing behind them at the source that the filters take. */
final class Absence {
    private final RedisConnection source;
    private final Origins origins;
    private final KeySelection selection;
    /** Null where the source is no cluster. */
    private final @Nullable SourceNode node;

    Absence(RedisConnection source, Origins origins, KeySelection selection, @Nullable SourceNode node) {
        this.source = source;
        this.origins = origins;
        this.selection = selection;
        this.node = node;
    }

    /**
     * The keys that would have got one of these names, and are not there, or are of a type or size that is left out; leaves
     * the connection at any database. Of those for which another node is named nothing is said.
     */
    List<NamesTaken.Source> of(KeyList names, int targetDatabase) throws IOException {
        List<NamesTaken.Source> asked = new ArrayList<>();
        for (int i = 0; i < names.size(); i++) {
            asked.addAll(origins.of(targetDatabase, names.get(i)).sources());
        }
        Range sizes = selection.sizes() != null && KeyQuestions.tellsMemory(source) ? selection.sizes() : null;
        List<NamesTaken.Source> absent = new ArrayList<>();
        List<Integer> databases =
                asked.stream().map(NamesTaken.Source::database).distinct().toList();
        for (int database : databases) {
            source.select(database);
            lookUp(asked.stream().filter(key -> key.database() == database).toList(), sizes, absent);
        }
        return absent;
    }

    private void lookUp(List<NamesTaken.Source> keys, @Nullable Range sizes, List<NamesTaken.Source> absent) {
        // TYPE needs no permission that the rest of the copy does not need
        Questions questions = new Questions(source);
        for (NamesTaken.Source key : keys) {
            questions.ask("TYPE", key.key());
            if (sizes != null) {
                questions.ask("MEMORY", "USAGE", key.key());
            }
        }
        questions.send();
        for (NamesTaken.Source key : keys) {
            Object type = answer(questions);
            Object size = sizes == null ? null : answer(questions);
            boolean otherSize = sizes != null && size instanceof Long bytes && !sizes.includes(bytes);
            if (type instanceof String name && isAbsent(name) || otherSize) {
                absent.add(key);
            } else if (node != null && type instanceof ErrorReply error && error.isRedirection()) {
                node.stray(key.key());
            }
        }
    }

    private @Nullable Object answer(Questions questions) {
        return node == null ? questions.answer() : questions.answerOrRedirection();
    }

    private boolean isAbsent(String type) {
        return type.equals("none")
                || !selection.types().isEmpty() && !selection.types().contains(type);
    }
}
