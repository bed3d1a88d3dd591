package io.camelrump.source;

import io.camelrump.keys.KeySelection;
import io.camelrump.keys.LongRange;
import io.camelrump.keys.TargetNameIndex;
import io.camelrump.redis.CommandPipeline;
import io.camelrump.redis.ErrorReply;
import io.camelrump.redis.KeyList;
import io.camelrump.redis.RedisConnection;
import io.camelrump.run.RenameCollisions;
import java.io.IOException;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Looks which keys of a target have nothing behind them at the source that the filters take. */
final class MissingAtSource {
    private final RedisConnection source;
    private final RenameCollisions collisions;
    private final KeySelection selection;
    private final ReadScope scope;

    MissingAtSource(RedisConnection source, RenameCollisions collisions, KeySelection selection, ReadScope scope) {
        this.source = source;
        this.collisions = collisions;
        this.selection = selection;
        this.scope = scope;
    }

    /**
     * Keys that would have got one of these names, one for each of which all such keys are not there, or are of a type
     * or size that is left out; leaves the connection at any database. Of those for which another node is named nothing
     * is said.
     */
    List<TargetNameIndex.Source> of(KeyList names, int targetDatabase) throws IOException {
        List<TargetNameIndex.Source> asked = new ArrayList<>();
        int[] ends = new int[names.size()];
        for (int i = 0; i < ends.length; i++) {
            asked.addAll(collisions.candidates(targetDatabase, names.get(i)));
            ends[i] = asked.size();
        }
        BitSet there = new BitSet();
        List<Integer> databases =
                asked.stream().map(TargetNameIndex.Source::database).distinct().toList();
        for (int database : databases) {
            source.select(database);
            int[] places = IntStream.range(0, asked.size())
                    .filter(i -> asked.get(i).database() == database)
                    .toArray();
            boolean[] absent =
                    areAbsent(IntStream.of(places).mapToObj(asked::get).toList());
            IntStream.range(0, places.length).filter(i -> !absent[i]).forEach(i -> there.set(places[i]));
        }
        List<TargetNameIndex.Source> found = new ArrayList<>();
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
    boolean[] areAbsent(List<TargetNameIndex.Source> keys) throws IOException {
        LongRange sizes =
                selection.sizes() != null && KeyMetadataQueries.reportsMemoryUsage(source) ? selection.sizes() : null;
        // TYPE needs no permission that the rest of the copy does not need
        CommandPipeline queries = new CommandPipeline(source);
        for (TargetNameIndex.Source key : keys) {
            queries.ask("TYPE", key.key());
            if (sizes != null) {
                queries.ask("MEMORY", "USAGE", key.key());
            }
        }
        queries.send();
        boolean[] absent = new boolean[keys.size()];
        for (int i = 0; i < absent.length; i++) {
            Object type = reply(queries);
            Object size = sizes == null ? null : reply(queries);
            boolean otherSize = sizes != null && size instanceof Long bytes && !sizes.includes(bytes);
            absent[i] = type instanceof String name && isAbsent(name) || otherSize;
            if (!absent[i] && type instanceof ErrorReply error && error.isRedirection()) {
                scope.stray(keys.get(i).key());
            }
        }
        return absent;
    }

    private @Nullable Object reply(CommandPipeline queries) {
        return scope.isNode() ? queries.replyOrRedirection() : queries.reply();
    }

    private boolean isAbsent(String type) {
        return type.equals("none")
                || !selection.types().isEmpty() && !selection.types().contains(type);
    }
}
