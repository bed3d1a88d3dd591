package io.camelrump.source;

import io.camelrump.keys.KeySelection;
import io.camelrump.keys.NamesTaken;
import io.camelrump.keys.Range;
import io.camelrump.redis.ErrorReply;
import io.camelrump.redis.KeyList;
import io.camelrump.redis.Questions;
import io.camelrump.redis.RedisConnection;
import io.camelrump.run.Landings;
import java.io.IOException;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Looks which keys of a target have nothing behind them at the source that the filters take. */
final class Absence {
    private final RedisConnection source;
    private final Landings landings;
    private final KeySelection selection;
    /** Null where the source is no cluster. */
    private final @Nullable SourceNode node;

    Absence(RedisConnection source, Landings landings, KeySelection selection, @Nullable SourceNode node) {
        this.source = source;
        this.landings = landings;
        this.selection = selection;
        this.node = node;
    }

    /**
     * Keys that would have got one of these names, one for each of which all such keys are not there, or are of a type or
     * size that is left out; leaves the connection at any database. Of those for which another node is named nothing is said.
     */
    List<NamesTaken.Source> of(KeyList names, int targetDatabase) throws IOException {
        List<NamesTaken.Source> asked = new ArrayList<>();
        int[] ends = new int[names.size()];
        for (int i = 0; i < ends.length; i++) {
            asked.addAll(landings.candidates(targetDatabase, names.get(i)));
            ends[i] = asked.size();
        }
        BitSet there = new BitSet();
        List<Integer> databases =
                asked.stream().map(NamesTaken.Source::database).distinct().toList();
        for (int database : databases) {
            source.select(database);
            int[] places = IntStream.range(0, asked.size())
                    .filter(i -> asked.get(i).database() == database)
                    .toArray();
            boolean[] absent =
                    areAbsent(IntStream.of(places).mapToObj(asked::get).toList());
            IntStream.range(0, places.length).filter(i -> !absent[i]).forEach(i -> there.set(places[i]));
        }
        List<NamesTaken.Source> found = new ArrayList<>();
        for (int i = 0; i < ends.length; i++) {
            int begin = i == 0 ? 0 : ends[i - 1];
            int next = there.nextSetBit(begin);
            if (begin < ends[i] && (next < 0 || next >= ends[i])) {
                found.add(asked.get(begin));
            }
        }
        return found;
    }

    /** Which of these keys of the connection's database are not there, or left out. */
    boolean[] areAbsent(List<NamesTaken.Source> keys) throws IOException {
        Range sizes = selection.sizes() != null && KeyQuestions.tellsMemory(source) ? selection.sizes() : null;
        // TYPE needs no permission that the rest of the copy does not need
        Questions questions = new Questions(source);
        for (NamesTaken.Source key : keys) {
            questions.ask("TYPE", key.key());
            if (sizes != null) {
                questions.ask("MEMORY", "USAGE", key.key());
            }
        }
        questions.send();
        boolean[] absent = new boolean[keys.size()];
        for (int i = 0; i < absent.length; i++) {
            Object type = answer(questions);
            Object size = sizes == null ? null : answer(questions);
            boolean otherSize = sizes != null && size instanceof Long bytes && !sizes.includes(bytes);
            absent[i] = type instanceof String name && isAbsent(name) || otherSize;
            if (!absent[i] && node != null && type instanceof ErrorReply error && error.isRedirection()) {
                node.stray(keys.get(i).key());
            }
        }
        return absent;
    }

    private @Nullable Object answer(Questions questions) {
        return node == null ? questions.answer() : questions.answerOrRedirection();
    }

    private boolean isAbsent(String type) {
        return type.equals("none")
                || !selection.types().isEmpty() && !selection.types().contains(type);
    }
}
