package io.camelrump.compare;

import io.camelrump.keys.GivenKeys;
import io.camelrump.keys.KeyListFile;
import io.camelrump.keys.ReverseMapping;
import io.camelrump.keys.TargetNameIndex;
import io.camelrump.redis.RedisConnection;
import io.camelrump.run.PageData;
import io.camelrump.run.Receipt;
import io.camelrump.run.SourceIdentity;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Looks whether another key of the source stands behind a name at the target whose own key is gone.
 *
 * <p>Where several keys may get one name, by {@code rename} or {@code mapDb}, a key that is gone proves nothing about
 * the name: the source is asked for the others. Where every name has one key, nothing is asked.
 */
final class SharedNameCheck {
    /** Whether the source has another key instead of one that is gone. */
    enum Answer {
        /** Nothing: only the target has the name. */
        NONE,
        /** Another key of the run, by which the name is judged. */
        ANOTHER,
        /** Perhaps a key that the name does not show, or one that the run was not to read. */
        UNKNOWN
    }

    /** A key that is gone, and what is known of its name at the target. */
    private static final class Gone {
        private final TargetNameIndex.Source key;
        private final byte[] name;
        /** Other keys of the run that would get the name. */
        private final List<TargetNameIndex.Source> others = new ArrayList<>();
        /** Keys that would get it, and are not on the list of keys to read. */
        private final List<TargetNameIndex.Source> strangers = new ArrayList<>();

        private boolean hidden;
        private Answer answer = Answer.NONE;

        Gone(TargetNameIndex.Source key, byte[] name) {
            this.key = key;
            this.name = name;
        }

        boolean isInDoubt() {
            return hidden || !others.isEmpty();
        }

        void found(Answer there) {
            if (answer != Answer.ANOTHER) {
                answer = there;
            }
        }
    }

    private record Asked(Gone gone, TargetNameIndex.Source source, Answer ifThere) {}

    private final SourceIdentity identity;
    private final Receipt receipt;
    private final OriginServer source;

    SharedNameCheck(SourceIdentity identity, Receipt receipt, OriginServer source) {
        this.identity = identity;
        this.receipt = receipt;
        this.source = source;
    }

    /** The answers for these keys of the page, which are gone, by their indexes; leaves the source at any database. */
    Map<Integer, Answer> of(PageData page, List<Integer> indexes) throws IOException {
        Map<Integer, Gone> keys = new TreeMap<>();
        for (int i : indexes) {
            keys.put(i, find(new TargetNameIndex.Source(receipt.database(), receipt.key(page.place(i))), page, i));
        }
        List<Gone> doubtful = keys.values().stream().filter(Gone::isInDoubt).toList();
        // of the source's keys a file is all that there is to the run; names in memory are some of more
        if (identity.plan().selection().given() instanceof GivenKeys.InFile list && !doubtful.isEmpty()) {
            findListed(list.path(), doubtful, page.targetDatabase());
        }
        if (!identity.isServer()) {
            doubtful.forEach(gone -> gone.found(Answer.UNKNOWN));
        } else if (!doubtful.isEmpty()) {
            ask(doubtful, source.masters(receipt.run()));
        }
        Map<Integer, Answer> answers = new TreeMap<>();
        keys.forEach((i, gone) -> answers.put(i, gone.answer));
        return answers;
    }

    private Gone find(TargetNameIndex.Source key, PageData page, int i) {
        Gone gone = new Gone(key, page.key(i));
        if (Arrays.equals(identity.origins().target(key).key(), gone.name)) {
            ReverseMapping.Found found = identity.origins().of(page.targetDatabase(), gone.name);
            found.sources().stream().filter(other -> !other.isSame(key)).forEach(gone.others::add);
            gone.hidden = found.hidden();
        } else {
            // a step of the route gave it this name
            gone.hidden = true;
        }
        gone.answer = gone.hidden ? Answer.UNKNOWN : Answer.NONE;
        return gone;
    }

    /** Finds keys in the list of the run's keys: it hides none, so the first one decides about a name for all. */
    private void findListed(Path list, List<Gone> doubtful, int targetDatabase) {
        Map<ByteBuffer, List<TargetNameIndex.Source>> listed = new LinkedHashMap<>();
        doubtful.forEach(gone -> listed.put(ByteBuffer.wrap(gone.name), new ArrayList<>()));
        List<Integer> databases = identity.databases().sources(targetDatabase);
        KeyListFile.each(list, key -> {
            List<TargetNameIndex.Source> ofName = listed.get(ByteBuffer.wrap(identity.origins()
                    .target(new TargetNameIndex.Source(0, key))
                    .key()));
            if (ofName != null && identity.plan().selection().wanted().test(key)) {
                databases.forEach(number -> ofName.add(new TargetNameIndex.Source(number, key)));
            }
        });
        for (Gone gone : doubtful) {
            List<TargetNameIndex.Source> ofName = listed.getOrDefault(ByteBuffer.wrap(gone.name), List.of());
            if (ofName.stream().noneMatch(key -> key.isSame(gone.key))) {
                // a step of the route gave it this name
                continue;
            }
            gone.others.stream()
                    .filter(other -> ofName.stream().noneMatch(key -> key.isSame(other)))
                    .forEach(gone.strangers::add);
            gone.others.clear();
            ofName.stream().filter(key -> !key.isSame(gone.key)).forEach(gone.others::add);
            gone.answer = ofName.get(0).isSame(gone.key) ? Answer.NONE : Answer.ANOTHER;
        }
    }

    private void ask(List<Gone> doubtful, MasterConnections servers) throws IOException {
        Map<RedisConnection, Map<Integer, List<Asked>>> queries = new LinkedHashMap<>();
        for (Gone gone : doubtful) {
            gone.others.forEach(key -> add(queries, servers, new Asked(gone, key, Answer.ANOTHER)));
            gone.strangers.forEach(key -> add(queries, servers, new Asked(gone, key, Answer.UNKNOWN)));
        }
        for (Map.Entry<RedisConnection, Map<Integer, List<Asked>>> ofServer : queries.entrySet()) {
            for (Map.Entry<Integer, List<Asked>> ofDatabase :
                    ofServer.getValue().entrySet()) {
                ofServer.getKey().select(ofDatabase.getKey());
                new TypeQueries(ofServer.getKey(), servers.turns(ofServer.getKey()))
                        .ask(ofDatabase.getValue(), one -> one.source().key(), (one, type) -> {
                            if (mayBeTaken(type)) {
                                one.gone().found(one.ifThere());
                            }
                        });
            }
        }
    }

    private static void add(
            Map<RedisConnection, Map<Integer, List<Asked>>> queries, MasterConnections servers, Asked asked) {
        queries.computeIfAbsent(servers.of(asked.source().key()), server -> new TreeMap<>())
                .computeIfAbsent(asked.source().database(), number -> new ArrayList<>())
                .add(asked);
    }

    /** Not if it is missing, or left out by its type; an error does not say. */
    private boolean mayBeTaken(@Nullable Object type) {
        Set<String> types = identity.plan().types();
        return !(type instanceof String name) || !name.equals("none") && (types.isEmpty() || types.contains(name));
    }
}
