package io.camelrump.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.camelrump.fixtures.SampleData;
import io.camelrump.fixtures.ServerPair;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.params.SetParams;

/**
 * Random combinations of filters, names, databases and policies, beside a second opinion of what has to become of each
 * key: the source's own KEYS and MEMORY USAGE, and what this test remembers of its data.
 */
class RandomSelectionIT {
    private static final int DATABASES = 3;
    private static final List<String> GLOBS = List.of("*1*", "user:*", "[a-u]*", "?*", "größe:?", "u*[^x]", "**");
    private static final List<String> REGEXES = List.of("user:.*", ".*\\d", "(u|größe):.*", ".*x");
    private static final List<Rule> RULES = List.of(
            new Rule("user:*=u:*", name -> name.startsWith("user:") ? "u:" + name.substring(5) : name),
            new Rule("*=all:*", name -> "all:" + name),
            new Rule("(.*):\\d+=$1", name -> name.replaceFirst("(?s)^(.*):\\d+$", "$1")),
            new Rule("(user|u):(.*)=größe:$2", name -> name.replaceFirst("^(user|u):", "größe:")));

    @RegisterExtension
    private static final ServerPair PAIR = new ServerPair();

    @TempDir
    Path folder;

    private record Rule(String flag, UnaryOperator<String> rename) {}

    private record Key(int database, String name) {}

    private record Value(String text, boolean hasExpiry) {}

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 7, 11, 12, 16, 20, 31})
    void eachKeyBecomesWhatTheFlagsSay(long seed) throws IOException {
        Random random = new Random(seed);
        Map<Key, Value> source = fill(random, PAIR.atSource(), "source");
        Map<Key, Value> foreign = random.nextBoolean() ? fill(random, PAIR.atTarget(), "foreign") : Map.of();
        Flags flags = new Flags(random);
        Map<Key, List<Key>> wanted = flags.wanted(source.keySet());

        CommandRun run = run(List.of(), flags.migration());

        String told = flags.migration() + "\n" + run.out() + run.err();
        int refused = wanted.values().stream().mapToInt(keys -> keys.size() - 1).sum();
        assertThat(run.exitCode()).as(told).isEqualTo(refused == 0 ? 0 : 6);
        assertThat(run.out()).as(told).contains("refused " + refused + "\n");
        Map<Key, Value> found = read(PAIR.atTarget());
        Map<Key, Value> expected = new HashMap<>(foreign);
        wanted.forEach((name, rivals) -> {
            Value before = flags.keeps ? foreign.get(name) : null;
            List<Value> possible = before != null
                    ? List.of(before)
                    : flags.winners(name, rivals).stream().map(source::get).toList();
            assertThat(possible).as(name + " of " + told).contains(found.get(name));
            expected.put(name, found.get(name));
        });
        assertThat(found).as(told).isEqualTo(expected);
        if (refused == 0 && foreign.isEmpty()) {
            assertThat(run(List.of("compare"), flags.selection).out()).as(told).startsWith("EQUAL");
        }
    }

    /** What one run is told, and what it should do. */
    private final class Flags {
        private final List<String> selection = new ArrayList<>();
        private final boolean keeps;
        private final List<Predicate<Key>> filters = new ArrayList<>();
        /** Whether the source is not asked for a key that keeps its name. */
        private boolean firstWins;

        private UnaryOperator<String> rename = name -> name;
        private final Map<Integer, Integer> databases = new TreeMap<>(Map.of(0, 0));

        Flags(Random random) throws IOException {
            keeps = random.nextBoolean();
            chooseDatabases(random);
            chooseNames(random);
            chooseValues(random);
            if (random.nextInt(3) > 0) {
                Rule rule = any(random, RULES);
                selection.add("--rename=" + rule.flag());
                rename = rule.rename();
            }
            if (random.nextInt(4) == 0) {
                Set<String> names = new HashSet<>();
                for (int i = 0; i < 20; i++) {
                    names.add(name(random));
                }
                firstWins = true;
                filters.add(key -> names.contains(key.name()));
                Path file = folder.resolve("keys");
                Files.write(
                        file,
                        names.stream()
                                .map(name -> name.isEmpty() ? "\"\"" : name)
                                .toList());
                selection.add("--keys-from=" + file);
            }
        }

        List<String> migration() {
            List<String> all = new ArrayList<>(selection);
            all.add("--on-conflict=" + (keeps ? "keep" : "replace"));
            return all;
        }

        private void chooseDatabases(Random random) {
            switch (random.nextInt(3)) {
                case 0 -> {}
                case 1 -> {
                    selection.add("--db=all");
                    databases.putAll(Map.of(1, 1, 2, 2));
                }
                default -> {
                    selection.addAll(List.of("--db=0,2", "--map-db=2=0"));
                    databases.put(2, 0);
                    firstWins = true;
                }
            }
        }

        private void chooseNames(Random random) {
            if (random.nextInt(3) == 0) {
                String match = any(random, GLOBS);
                selection.add("--match=" + match);
                filters.add(glob(match));
            }
            Predicate<Key> include = null;
            if (random.nextInt(3) == 0) {
                String glob = any(random, GLOBS);
                selection.add("--include-key=" + glob);
                include = glob(glob);
            }
            if (random.nextInt(3) == 0) {
                Pattern regex = Pattern.compile(any(random, REGEXES));
                selection.add("--include-regex=" + regex);
                Predicate<Key> matching = key -> regex.matcher(key.name()).matches();
                include = include == null ? matching : include.or(matching);
            }
            if (include != null) {
                filters.add(include);
            }
            if (random.nextInt(3) == 0) {
                String glob = any(random, GLOBS.subList(0, 3));
                selection.add("--exclude-key=" + glob);
                filters.add(glob(glob).negate());
            }
        }

        private void chooseValues(Random random) {
            switch (random.nextInt(6)) {
                case 0 -> {
                    selection.add("--type=string");
                    filters.add(key -> ask(key, jedis -> jedis.type(key.name())).equals("string"));
                }
                case 1 -> {
                    selection.add("--type=list,hash");
                    filters.add(
                            key -> !ask(key, jedis -> jedis.type(key.name())).equals("string"));
                }
                case 2 -> {
                    selection.add("--min-size=1kb");
                    filters.add(key -> ask(key, jedis -> jedis.memoryUsage(key.name())) >= 1024);
                }
                case 3 -> {
                    selection.add("--max-ttl=10h");
                    filters.add(key -> {
                        long seconds = ask(key, jedis -> jedis.ttl(key.name()));
                        return seconds >= 0 && seconds < 36_000;
                    });
                }
                default -> {}
            }
        }

        /** The keys of which one gets the name: the one that keeps its own, where no other may have come before it. */
        List<Key> winners(Key name, List<Key> rivals) {
            List<Key> keepers = rivals.stream()
                    .filter(key -> key.name().equals(name.name()))
                    .toList();
            return keepers.isEmpty() || firstWins ? rivals : keepers;
        }

        /** The names at the target, each with the keys that would get it. */
        Map<Key, List<Key>> wanted(Set<Key> keys) {
            Map<Key, List<Key>> wanted = new HashMap<>();
            for (Key key : keys) {
                if (databases.containsKey(key.database()) && filters.stream().allMatch(filter -> filter.test(key))) {
                    Key name = new Key(databases.get(key.database()), rename.apply(key.name()));
                    wanted.computeIfAbsent(name, unknown -> new ArrayList<>()).add(key);
                }
            }
            return wanted;
        }
    }

    private static Predicate<Key> glob(String pattern) {
        Map<Integer, Set<String>> matching = new HashMap<>();
        for (int database = 0; database < DATABASES; database++) {
            matching.put(database, at(PAIR.atSource(), database).keys(pattern));
        }
        return key -> matching.get(key.database()).contains(key.name());
    }

    private interface Query<T> {
        T ask(Jedis jedis);
    }

    private static <T> T ask(Key key, Query<T> query) {
        return query.ask(at(PAIR.atSource(), key.database()));
    }

    private static Jedis at(Jedis jedis, int database) {
        jedis.select(database);
        return jedis;
    }

    private static <T> T any(Random random, List<T> list) {
        return list.get(random.nextInt(list.size()));
    }

    private static String name(Random random) {
        return any(random, List.of("user:", "u:", "größe:", "a", "all:u:", ""))
                + any(random, List.of("1", "2", "12", "x", "1:2", ""));
    }

    private static Map<Key, Value> fill(Random random, Jedis jedis, String side) {
        for (int database = 0; database < DATABASES; database++) {
            at(jedis, database);
            for (int i = 0; i < 25; i++) {
                String name = name(random);
                String large = random.nextBoolean() ? "" : Base64.getEncoder().encodeToString(SampleData.noise(2_000));
                String text = side + ' ' + database + ' ' + name + ' ' + large;
                jedis.del(name);
                switch (random.nextInt(3)) {
                    case 0 -> jedis.set(name, text, SetParams.setParams().ex(random.nextBoolean() ? 3_600 : 360_000));
                    case 1 -> jedis.rpush(name, text);
                    default -> jedis.hset(name, "field", text);
                }
            }
        }
        return read(jedis);
    }

    private static Map<Key, Value> read(Jedis jedis) {
        Map<Key, Value> all = new HashMap<>();
        for (int database = 0; database < DATABASES; database++) {
            for (String name : at(jedis, database).keys("*")) {
                String text =
                        switch (jedis.type(name)) {
                            case "string" -> jedis.get(name);
                            case "list" -> String.join(" ", jedis.lrange(name, 0, -1));
                            default -> jedis.hgetAll(name).toString();
                        };
                all.put(new Key(database, name), new Value(text, jedis.ttl(name) > 0));
            }
        }
        at(jedis, 0);
        return all;
    }

    private static CommandRun run(List<String> command, List<String> flags) {
        List<String> arguments = new ArrayList<>(command);
        arguments.addAll(List.of("-from", PAIR.from(), "-to", PAIR.to()));
        arguments.addAll(flags);
        return CommandRun.of(arguments.toArray(String[]::new));
    }
}
