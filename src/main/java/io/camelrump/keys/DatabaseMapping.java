package io.camelrump.keys;

import io.camelrump.options.OptionText;
import io.camelrump.redis.RedisConnection;
import io.camelrump.redis.RedisException;
import io.camelrump.redis.ServerAddress;
import io.camelrump.redis.ServerInfo;
import io.camelrump.shard.Shard;
import io.camelrump.text.OptionLines;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Which databases of a source to read, and where each goes.
 *
 * @param numbers in the order in which they are read; none for all that hold keys
 * @param keepNumbers whether a database goes to the one of the same number, where {@code moves} does not say otherwise;
 *     if not, all goes to the database that the target names
 * @param moves from a database of the source to another one of the target
 */
public record DatabaseMapping(List<Integer> numbers, boolean keepNumbers, Map<Integer, Integer> moves) {
    /** Goes to the database that the producer names. */
    public static final int AS_PRODUCER_SAYS = -1;

    /** Possessive, so that a list of any length is matched without a frame of the stack per number. */
    private static final Pattern LIST = Pattern.compile("\\d{1,9}+(?:,\\d{1,9}+)*+");

    private static final Pattern MOVE = Pattern.compile("(\\d{1,9})=(\\d{1,9})");
    private static final Pattern KEYSPACE = Pattern.compile("db(\\d{1,9})");

    public DatabaseMapping {
        numbers = List.copyOf(numbers);
        moves = Map.copyOf(moves);
    }

    /**
     * From the options' texts.
     *
     * @param database the number to read if {@code db} is not given
     * @param db {@code all}, a number, or several with commas between
     * @param mapDb moves such as {@code 3=0}, one a line or with commas between
     */
    public static DatabaseMapping of(int database, @Nullable String db, @Nullable String mapDb) {
        List<Integer> numbers = db == null ? List.of(database) : List.of();
        if (db != null && !db.equals("all")) {
            if (!LIST.matcher(db).matches()) {
                throw OptionText.wrong("db", db, "all, a number such as 3, or several such as 0,3,5");
            }
            numbers = Stream.of(db.split(",")).map(Integer::valueOf).distinct().toList();
        }
        Map<Integer, Integer> moves = new HashMap<>();
        OptionLines.split("mapDb", mapDb).stream()
                .flatMap(line -> Stream.of(line.split(",")))
                .forEach(text -> {
                    Matcher move = MOVE.matcher(text.trim());
                    if (!move.matches()) {
                        throw OptionText.wrong(
                                "mapDb", text, "a database of the source = one of the target, such as 3=0");
                    }
                    if (moves.put(Integer.valueOf(move.group(1)), Integer.valueOf(move.group(2))) != null) {
                        throw OptionText.wrong("mapDb", text, "the only one that begins with " + move.group(1) + "=");
                    }
                });
        if (!numbers.isEmpty() && !numbers.containsAll(moves.keySet())) {
            throw OptionText.wrong("mapDb", mapDb, "of databases that are read, which are " + numbers);
        }
        return new DatabaseMapping(numbers, db != null || !moves.isEmpty(), moves);
    }

    public boolean isAll() {
        return numbers.isEmpty();
    }

    /** Which database, for a message about one key; empty where only one is read. */
    public String named(int database) {
        return isAll() || numbers.size() > 1 ? " (database " + database + ")" : "";
    }

    public boolean reads(int database) {
        return isAll() || numbers.contains(database);
    }

    /** The database to log in to. */
    public int first() {
        return isAll() ? 0 : numbers.get(0);
    }

    /** Where the keys of this database go. */
    public int target(int source) {
        return keepNumbers ? moves.getOrDefault(source, source) : AS_PRODUCER_SAYS;
    }

    /** The databases that these go to, to be read themselves. */
    public DatabaseMapping reversed() {
        return keepNumbers
                ? new DatabaseMapping(
                        numbers.stream().map(this::target).distinct().toList(), true, Map.of())
                : this;
    }

    /**
     * The databases that this shard reads and no other one does; null if the shards are more than the databases that
     * are named, or two of those become one, so that one run must read the keys of both.
     */
    @Nullable
    DatabaseMapping shared(Shard shard) {
        if (numbers.size() < Math.max(2, shard.count()) || areMerged(numbers)) {
            return null;
        }
        List<Integer> ours = IntStream.range(0, numbers.size())
                .filter(i -> i % shard.count() == shard.index())
                .mapToObj(numbers::get)
                .toList();
        return new DatabaseMapping(ours, keepNumbers, moves);
    }

    /** The databases whose keys go to this one. */
    public List<Integer> sources(int target) {
        if (!keepNumbers) {
            return numbers;
        }
        Stream<Integer> known = isAll() ? Stream.concat(moves.keySet().stream(), Stream.of(target)) : numbers.stream();
        return known.distinct().filter(number -> target(number) == target).toList();
    }

    /** Whether two of these databases go to the same one. */
    public boolean areMerged(List<Integer> found) {
        return keepNumbers && found.stream().map(this::target).distinct().count() < found.size();
    }

    /**
     * Requires that no two of these become one, as a server that names its changes does not say in which one they are.
     */
    public void refuseMerged(List<SourceDatabase> found, ServerAddress source) {
        if (areMerged(found.stream().map(SourceDatabase::number).toList())) {
            throw RedisException.permanentError(
                    "Several databases of " + source + " become one at the target, and a server"
                            + " that names its changes does not say in which database they are: without live this"
                            + " can be"
                            + " copied.");
        }
    }

    /** Whether keys may be written to a database that they are read from, if both sides are one server. */
    public boolean meet(int ofProducer) {
        if (!keepNumbers) {
            return numbers.contains(ofProducer);
        }
        return isAll() || numbers.stream().map(this::target).anyMatch(numbers::contains);
    }

    /**
     * The databases with the number of their keys, as the server reports them; leaves the connection at any of them.
     */
    public List<SourceDatabase> find(RedisConnection connection, ServerInfo info) throws IOException {
        List<Integer> wanted = numbers;
        if (isAll() && !info.isHidden()) {
            wanted = info.fields().keySet().stream()
                    .map(KEYSPACE::matcher)
                    .filter(Matcher::matches)
                    .map(field -> Integer.valueOf(field.group(1)))
                    .sorted()
                    .toList();
        }
        List<SourceDatabase> found = new ArrayList<>();
        for (int number : isAll() && info.isHidden() ? countable(connection) : wanted) {
            connection.select(number);
            found.add(new SourceDatabase(number, connection.databaseSize()));
        }
        return found;
    }

    /** The numbers that the server takes, where the user may not ask which databases hold keys. */
    private static List<Integer> countable(RedisConnection connection) throws IOException {
        int number = 0;
        try {
            while (true) {
                connection.select(number);
                number++;
            }
        } catch (RedisException e) {
            if (number == 0 || !e.isPermanent()) {
                throw e;
            }
            return IntStream.range(0, number).boxed().toList();
        }
    }
}
