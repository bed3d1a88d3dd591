package io.camelrump.cli;

import io.camelrump.redis.RedisConnection;
import io.camelrump.redis.RedisException;
import io.camelrump.redis.ServerAddress;
import io.camelrump.redis.ServerInfo;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Whether the two addresses look as if one had been typed in the place of the other: the target would be overwritten. */
final class SwappedAddresses implements AutoCloseable {
    private static final int SAMPLED = 100;
    private static final String ONLY = "";

    private final List<RedisConnection> sources = new ArrayList<>();
    private final List<RedisConnection> targets = new ArrayList<>();
    private final String db;
    private final Map<Integer, Integer> moves;
    private int sampled;
    private int unknown;

    private SwappedAddresses(String db, Map<Integer, Integer> moves) {
        this.db = db;
        this.moves = moves;
    }

    /** Why a run with these addresses must be confirmed by a flag; null if nothing speaks against it, or nothing is known. */
    static @Nullable String objection(Migration.Plan plan) {
        Map<String, String> properties = plan.properties();
        try (SwappedAddresses look =
                new SwappedAddresses(properties.getOrDefault("scan.db", ONLY), CheckCommand.moves(properties))) {
            connect(WritableServers.of(plan, "source"), look.sources);
            connect(WritableServers.of(plan, "target"), look.targets);
            return look.objection();
        } catch (IOException | RedisException e) {
            // the run itself says what is wrong
            return null;
        }
    }

    private static void connect(WritableServers servers, List<RedisConnection> connections) {
        for (ServerAddress server : servers.servers()) {
            connections.add(RedisConnection.open(server));
        }
    }

    private @Nullable String objection() throws IOException {
        long here = 0;
        long there = 0;
        List<Integer> read = databases();
        for (int number : read) {
            long from = keys(sources, number);
            long to = keys(targets, target(number));
            if (from < 0 || to < 0) {
                return null;
            }
            here += from;
            there += to;
        }
        if (there <= here) {
            return null;
        }
        for (int number : read) {
            lookUp(sample(target(number), SAMPLED / read.size() + 1), number);
        }
        return 2 * unknown <= sampled
                ? null
                : String.format(
                        Locale.ROOT,
                        "--to holds %d keys and --from holds %d, which does not know %d of %d keys of --to that were looked"
                                + " up: are the addresses swapped? If not, say what becomes of keys that both have, as by"
                                + " --on-conflict replace",
                        there,
                        here,
                        unknown,
                        sampled);
    }

    /** Databases of the source; with all, also those in which only the target has keys. */
    private List<Integer> databases() throws IOException {
        if (db.equals(ONLY)) {
            int only = sources.get(0).address().database();
            return List.of(only);
        }
        if (!db.equals("all")) {
            return Stream.of(db.split(",")).map(Integer::valueOf).distinct().toList();
        }
        Set<Integer> numbers = new TreeSet<>();
        for (RedisConnection server :
                Stream.concat(sources.stream(), targets.stream()).toList()) {
            ServerInfo keyspace = server.info("keyspace");
            keyspace.fields().keySet().stream()
                    .filter(field -> field.matches("db\\d{1,9}"))
                    .forEach(field -> numbers.add(Integer.valueOf(field.substring(2))));
        }
        // what another database goes to is looked at with that one
        numbers.removeIf(number -> moves.containsValue(number) && !moves.containsKey(number));
        numbers.addAll(moves.keySet());
        return List.copyOf(numbers);
    }

    private int target(int source) {
        return db.equals(ONLY) && moves.isEmpty()
                ? targets.get(0).address().database()
                : moves.getOrDefault(source, source);
    }

    private static long keys(List<RedisConnection> servers, int database) throws IOException {
        long keys = 0;
        for (RedisConnection server : servers) {
            server.select(database);
            long here = server.databaseSize();
            keys = here < 0 || keys < 0 ? -1 : keys + here;
        }
        return keys;
    }

    private List<byte[]> sample(int database, int most) throws IOException {
        List<byte[]> keys = new ArrayList<>();
        for (RedisConnection server : targets) {
            server.select(database);
            int each = Math.max(1, most / targets.size());
            for (Object key : server.callAll(Collections.nCopies(each, List.of("RANDOMKEY")))) {
                if (key instanceof byte[] name) {
                    keys.add(name);
                }
            }
        }
        return keys;
    }

    private void lookUp(List<byte[]> keys, int database) throws IOException {
        boolean[] told = new boolean[keys.size()];
        boolean[] known = new boolean[keys.size()];
        for (RedisConnection server : sources) {
            server.select(database);
            for (byte[] key : keys) {
                server.out().command(2).arg("EXISTS").arg(key);
            }
            server.out().flush();
            for (int i = 0; i < told.length; i++) {
                // of a cluster's masters the ones without its slot name another
                Object reply = server.in().reply();
                told[i] |= reply instanceof Long;
                known[i] |= Long.valueOf(1).equals(reply);
            }
        }
        for (int i = 0; i < told.length; i++) {
            sampled += told[i] ? 1 : 0;
            unknown += told[i] && !known[i] ? 1 : 0;
        }
    }

    @Override
    public void close() {
        sources.forEach(RedisConnection::close);
        targets.forEach(RedisConnection::close);
    }
}
