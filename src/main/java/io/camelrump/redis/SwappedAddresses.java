package io.camelrump.redis;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Whether the two addresses look as if one had been typed instead of the other: the target would be overwritten. */
public final class SwappedAddresses {
    private static final Logger LOG = LoggerFactory.getLogger(SwappedAddresses.class);
    private static final int SAMPLED = 100;
    private static final String DATABASE_FIELD = "db\\d{1,9}";

    /**
     * Databases that are read.
     *
     * @param numbers none for all that hold keys
     * @param moves where one goes to that does not keep its number
     */
    public record Databases(List<Integer> numbers, Map<Integer, Integer> moves) {
        public Databases {
            numbers = List.copyOf(numbers);
            moves = Map.copyOf(moves);
        }

        int target(int source) {
            return moves.getOrDefault(source, source);
        }
    }

    /**
     * Why a run with these addresses must be confirmed by an option.
     *
     * @param found what both sides hold
     * @param advice what to do if that is meant
     */
    public record Objection(String found, String advice) {
        @Override
        public String toString() {
            return found + ": are the addresses swapped? If not, " + advice;
        }
    }

    /** Names at the source that become a name at the target. */
    public interface Origins {
        /** Null where they are not known. */
        @Nullable
        List<byte[]> of(byte[] name);
    }

    private final List<RedisConnection> targets;
    private List<RedisConnection> sources = List.of();
    private int sampled;
    private int unknown;

    private SwappedAddresses(List<RedisConnection> targets) {
        this.targets = targets;
    }

    /**
     * Looks at both sides; null if nothing speaks against the run, or if a user may not look, of which a warning is
     * logged.
     *
     * @param from the server that is read, or masters or replicas of a cluster that have all its slots
     * @param to the server that is written to, or all masters of a cluster
     */
    public static @Nullable Objection objection(OpenServers from, OpenServers to, Databases databases, Origins origins)
            throws IOException {
        try {
            return new SwappedAddresses(to.connections()).objection(from, databases, origins);
        } catch (DeniedException e) {
            LOG.warn(
                    "Not checked whether the addresses of source and target are swapped, as {}, or set what becomes"
                            + " of keys that both have, such as onConflict=replace (--on-conflict replace)",
                    e.getMessage());
            return null;
        }
    }

    private @Nullable Objection objection(OpenServers from, Databases databases, Origins origins)
            throws IOException, DeniedException {
        Set<Integer> filled = databases.numbers().isEmpty() ? withKeys(targets) : Set.of();
        if (databases.numbers().isEmpty()
                ? filled.isEmpty()
                : keys(targets, targetDatabases(databases.numbers(), databases)) == 0) {
            return null;
        }
        sources = from.connections();
        for (int i = 0; i < sources.size(); i++) {
            if (from.info(i).isCluster()) {
                // for its replicas
                sources.get(i).call("READONLY");
            }
        }
        List<Integer> read = databases.numbers().isEmpty() ? all(filled, databases) : databases.numbers();
        Map<Integer, List<Integer>> byTarget = new TreeMap<>();
        for (int number : read) {
            byTarget.computeIfAbsent(databases.target(number), none -> new ArrayList<>())
                    .add(number);
        }
        long here = keys(sources, read);
        long there = keys(targets, byTarget.keySet());
        if (there <= here) {
            return null;
        }
        for (Map.Entry<Integer, List<Integer>> landing : byTarget.entrySet()) {
            lookUp(sample(landing.getKey(), SAMPLED / byTarget.size() + 1), landing.getValue(), origins);
        }
        return 2 * unknown <= sampled
                ? null
                : new Objection(
                        found(here, there),
                        "set what becomes of keys that both have, such as onConflict=replace (--on-conflict replace)");
    }

    private String found(long here, long there) {
        return String.format(
                Locale.ROOT,
                "Target %s holds %d keys and source %s holds %d, which does not know %d of %d keys of the target that"
                        + " were looked up",
                targets.get(0).address(),
                there,
                sources.get(0).address(),
                here,
                unknown,
                sampled);
    }

    private static Set<Integer> targetDatabases(List<Integer> numbers, Databases databases) {
        Set<Integer> targetDatabases = new TreeSet<>();
        for (int number : numbers) {
            targetDatabases.add(databases.target(number));
        }
        return targetDatabases;
    }

    /** Databases of the source, and those in which only the target has keys. */
    private List<Integer> all(Set<Integer> filled, Databases databases) throws IOException, DeniedException {
        Set<Integer> numbers = new TreeSet<>(filled);
        numbers.addAll(withKeys(sources));
        // what another database goes to is looked at with that one
        Map<Integer, Integer> moves = databases.moves();
        numbers.removeIf(number -> moves.containsValue(number) && !moves.containsKey(number));
        numbers.addAll(moves.keySet());
        return List.copyOf(numbers);
    }

    private static Set<Integer> withKeys(List<RedisConnection> servers) throws IOException, DeniedException {
        Set<Integer> numbers = new TreeSet<>();
        for (RedisConnection server : servers) {
            ServerInfo keyspace = server.info("keyspace");
            if (keyspace.isHidden() && server.probe("INFO", "keyspace") instanceof ErrorReply) {
                throw new DeniedException(server, "INFO");
            }
            for (String field : keyspace.fields().keySet()) {
                if (field.matches(DATABASE_FIELD)) {
                    numbers.add(Integer.valueOf(field.substring(2)));
                }
            }
        }
        return numbers;
    }

    private static long keys(List<RedisConnection> servers, Iterable<Integer> databases)
            throws IOException, DeniedException {
        long keys = 0;
        for (RedisConnection server : servers) {
            for (int database : databases) {
                server.select(database);
                long here = server.databaseSize();
                if (here < 0) {
                    throw new DeniedException(server, "DBSIZE");
                }
                keys += here;
            }
        }
        return keys;
    }

    private List<byte[]> sample(int database, int most) throws IOException, DeniedException {
        // of a small database the same ones come again
        Set<ByteBuffer> keys = new LinkedHashSet<>();
        int each = Math.max(1, most / targets.size());
        for (RedisConnection server : targets) {
            server.select(database);
            for (Object key : RandomKeys.of(server, each)) {
                if (key instanceof byte[] name) {
                    keys.add(ByteBuffer.wrap(name));
                } else if (key instanceof ErrorReply error && error.deniesCommand()) {
                    throw new DeniedException(server, "RANDOMKEY");
                }
            }
        }
        return keys.stream().map(ByteBuffer::array).toList();
    }

    private void lookUp(List<byte[]> keys, List<Integer> databases, Origins origins)
            throws IOException, DeniedException {
        List<byte[]> names = new ArrayList<>();
        List<Integer> owners = new ArrayList<>();
        boolean[] reported = new boolean[keys.size()];
        boolean[] known = new boolean[keys.size()];
        for (int i = 0; i < reported.length; i++) {
            List<byte[]> before = origins.of(keys.get(i));
            for (byte[] name : before == null ? List.<byte[]>of() : before) {
                names.add(name);
                owners.add(i);
            }
            // no key of the source gets this name
            reported[i] = before != null && before.isEmpty();
        }
        for (RedisConnection server : sources) {
            for (int database : databases) {
                server.select(database);
                List<@Nullable Object> replies = exist(server, names);
                for (int i = 0; i < replies.size(); i++) {
                    // of a cluster's masters the ones without its slot name another
                    reported[owners.get(i)] |= replies.get(i) instanceof Long;
                    known[owners.get(i)] |= Long.valueOf(1).equals(replies.get(i));
                }
            }
        }
        for (int i = 0; i < reported.length; i++) {
            sampled += reported[i] ? 1 : 0;
            unknown += reported[i] && !known[i] ? 1 : 0;
        }
    }

    private static List<@Nullable Object> exist(RedisConnection server, List<byte[]> names)
            throws IOException, DeniedException {
        for (byte[] name : names) {
            server.out().command(2).arg("EXISTS").arg(name);
        }
        server.out().flush();
        List<@Nullable Object> replies = new ArrayList<>(names.size());
        for (int i = 0; i < names.size(); i++) {
            replies.add(server.readProbe("EXISTS"));
        }
        for (Object reply : replies) {
            if (reply instanceof ErrorReply error && error.deniesCommand()) {
                throw new DeniedException(server, "EXISTS");
            }
        }
        return replies;
    }

    /** A user may not look. */
    private static final class DeniedException extends Exception {
        private static final long serialVersionUID = 1;

        DeniedException(RedisConnection server, String command) {
            super("the user of " + server.address() + " may not send " + command + ": add the rule +"
                    + command.toLowerCase(Locale.ROOT));
        }
    }
}
