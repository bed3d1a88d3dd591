package io.camelrump.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.camelrump.fixtures.RedisCluster;
import io.camelrump.fixtures.RedisServer;
import io.camelrump.fixtures.RedisServers;
import io.camelrump.redis.Slot;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.Pipeline;
import redis.clients.jedis.RedisClusterClient;

/** Several runs side by side read each key once, whatever they read it from. */
class ShardsIT {
    private static final int KEYS = 3_000;
    private static final int MOVED_SLOTS = 400;
    private static final String[] SLOWLY = {"--scan-count=50", "--max-keys-per-second=500"};
    private static final Pattern RESTORED = Pattern.compile("restored ([\\d,]+)");
    private static final Pattern COMPARED = Pattern.compile("EQUAL: ([\\d,]+) keys of the source compared");

    @RegisterExtension
    static final RedisServers SERVERS = new RedisServers();

    private static RedisCluster cluster;
    private static RedisServer alone;
    private static RedisServer target;

    @BeforeAll
    static void fill() {
        cluster = RedisCluster.start(SERVERS, RedisServers.usual(), 3, 1);
        alone = SERVERS.start();
        target = SERVERS.start();
        try (RedisClusterClient client = cluster.client()) {
            IntStream.range(0, KEYS).forEach(i -> client.set("key " + i, "value " + i));
        }
        fill(0);
    }

    private static void fill(int database) {
        try (Jedis jedis = alone.jedis()) {
            jedis.select(database);
            Pipeline pipeline = jedis.pipelined();
            IntStream.range(0, KEYS).forEach(i -> pipeline.set("key " + i, "value " + i + " of " + database));
            pipeline.sync();
        }
    }

    @BeforeEach
    void emptyTarget() {
        try (Jedis jedis = target.jedis()) {
            jedis.flushAll();
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 3, 5})
    void keysOfAClusterAreCopiedOnce(int count) {
        List<CommandRun> runs = all(count, "migrate", cluster.port());

        assertThat(runs)
                .allSatisfy(run -> assertThat(run.exitCode()).as(run.err()).isZero());
        assertThat(sum(runs, RESTORED)).isEqualTo(KEYS);
        assertThat(RedisCluster.digest(List.of(target))).isEqualTo(cluster.digest());

        List<CommandRun> compared = all(count, "compare", cluster.port());

        assertThat(sum(compared, COMPARED)).isEqualTo(KEYS);
        assertThat(compared).allSatisfy(run -> assertThat(run.exitCode()).isZero());
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 3, 5})
    void keysOfOneServerAreCopiedOnce(int count) {
        List<CommandRun> runs = all(count, "migrate", alone.port());

        assertThat(runs)
                .allSatisfy(run -> assertThat(run.exitCode()).as(run.err()).isZero());
        assertThat(sum(runs, RESTORED)).isEqualTo(KEYS);
        assertThat(RedisCluster.digest(List.of(target))).isEqualTo(RedisCluster.digest(List.of(alone)));

        List<CommandRun> compared = all(count, "compare", alone.port());

        assertThat(sum(compared, COMPARED)).isEqualTo(KEYS);
        assertThat(compared).allSatisfy(run -> assertThat(run.exitCode()).isZero());
    }

    @Test
    void databasesAreSharedOutWhereTheyAreEnough() {
        Stream.of(1, 2).forEach(ShardsIT::fill);
        try {
            List<CommandRun> runs = all(2, "migrate", alone.port(), "--db=0,1,2");

            assertThat(runs.stream().map(run -> number(run, RESTORED))).containsExactly(2 * KEYS, KEYS);
            assertThat(RedisCluster.digest(List.of(target))).isEqualTo(RedisCluster.digest(List.of(alone)));
            assertThat(all(5, "compare", alone.port(), "--db=0,1,2"))
                    .allSatisfy(run -> assertThat(number(run, COMPARED)).isBetween(KEYS / 3, KEYS));
        } finally {
            try (Jedis jedis = alone.jedis()) {
                Stream.of(1, 2).forEach(database -> {
                    jedis.select(database);
                    jedis.flushDB();
                });
            }
        }
    }

    @Test
    void oneRunCopiesTheFunctions() {
        try (Jedis jedis = alone.jedis()) {
            jedis.functionLoadReplace("#!lua name=shared\nredis.register_function('f', function() return 1 end)");
        }
        CommandRun second = run("migrate", "1/2", alone.port(), "--functions");
        try (Jedis jedis = target.jedis()) {
            assertThat(second.exitCode()).isZero();
            assertThat(jedis.functionList()).isEmpty();

            assertThat(run("migrate", "0/2", alone.port(), "--functions").exitCode())
                    .isZero();
            assertThat(jedis.functionList()).hasSize(1);
            jedis.functionDelete("shared");
        }
        List<CommandRun> compared = all(2, "compare", alone.port(), "--functions");

        assertThat(compared.stream().map(CommandRun::exitCode)).containsExactly(5, 0);
    }

    @Test
    void extraKeysOfTheTargetAreFoundAndDeletedOnce() {
        assertThat(run("migrate", "0/1", alone.port()).exitCode()).isZero();
        try (Jedis jedis = target.jedis()) {
            IntStream.range(0, 100).forEach(i -> jedis.set("extra " + i, "value"));
        }

        List<CommandRun> pruned = all(3, "compare", alone.port(), "--prune", "--rounds=1");

        assertThat(sum(pruned, Pattern.compile("deleted (\\d+)"))).isEqualTo(100);
        assertThat(RedisCluster.digest(List.of(target))).isEqualTo(RedisCluster.digest(List.of(alone)));
    }

    @Tag("long")
    @Test
    void slotsThatMoveBetweenTheSharesAreReadByTheirOwnRun() {
        RedisServer first = cluster.masters().get(0);
        RedisServer last = cluster.masters().get(2);
        CompletableFuture<List<CommandRun>> runs =
                CompletableFuture.supplyAsync(() -> all(3, "migrate", cluster.port(), SLOWLY));
        awaitKeys(KEYS / 10);

        cluster.reshard(first, last, 0, MOVED_SLOTS - 1);
        cluster.reshard(last, first, Slot.COUNT - MOVED_SLOTS, Slot.COUNT - 1);

        assertThat(runs.join())
                .allSatisfy(run -> assertThat(run.exitCode()).as(run.err()).isZero());
        assertThat(RedisCluster.digest(List.of(target))).isEqualTo(cluster.digest());
        // as they lie now, each share is spread over two masters
        emptyTarget();
        assertThat(sum(all(3, "migrate", cluster.port()), RESTORED)).isEqualTo(KEYS);
        cluster.reshard(last, first, 0, MOVED_SLOTS - 1);
        cluster.reshard(first, last, Slot.COUNT - MOVED_SLOTS, Slot.COUNT - 1);
    }

    @Tag("long")
    @Test
    void aFailoverLosesNoKeyOfAnyShare() {
        CompletableFuture<List<CommandRun>> runs =
                CompletableFuture.supplyAsync(() -> all(2, "migrate", cluster.port(), SLOWLY));
        awaitKeys(KEYS / 10);

        // its slots are in both shares
        cluster.failover(cluster.masters().get(1));

        assertThat(runs.join())
                .allSatisfy(run -> assertThat(run.exitCode()).as(run.err()).isZero());
        assertThat(RedisCluster.digest(List.of(target))).isEqualTo(cluster.digest());
    }

    @Test
    void anIndexedJobSharesByItself() {
        CommandRun numbered = CommandRun.with(
                Map.of("JOB_COMPLETION_INDEX", "1", "RUMP_SHARDS", "3"), arguments("migrate", alone.port()));

        assertThat(number(numbered, RESTORED)).isBetween(KEYS / 4, KEYS / 2);

        CommandRun unknown = CommandRun.with(Map.of("JOB_COMPLETION_INDEX", "1"), arguments("migrate", alone.port()));

        assertThat(unknown.err()).contains("JOB_COMPLETION_INDEX=1 is set", "not RUMP_SHARDS");
        assertThat(unknown.exitCode()).isEqualTo(2);
    }

    @Test
    void flagsThatNeedOneRunAreRefusedByName() {
        assertThat(run("migrate", "3/3", alone.port()).err()).contains("--shard 3/3: ", "is no shard");
        assertThat(run("migrate", "0/2", alone.port(), "--live").err()).contains("live", "shard");
        assertThat(run("migrate", "0/2", alone.port(), "--rename", "a*=b*").err())
                .contains("rename");
        assertThat(run("migrate", "0/2", alone.port(), "--sample", "5").err()).contains("sample");
        assertThat(Stream.of("--live", "--rename=a*=b*", "--sample=5")
                        .map(flag -> run("migrate", "0/2", alone.port(), flag).exitCode()))
                .containsOnly(2);
    }

    private static void awaitKeys(long keys) {
        try (Jedis jedis = target.jedis()) {
            await().atMost(Duration.ofSeconds(30)).until(() -> jedis.dbSize() >= keys);
        }
    }

    /** All runs of a command at the same time, by their numbers. */
    private static List<CommandRun> all(int count, String command, int from, String... flags) {
        List<CompletableFuture<CommandRun>> runs = IntStream.range(0, count)
                .mapToObj(i -> CompletableFuture.supplyAsync(
                        () -> run(command, i + "/" + count, from, flags), task -> new Thread(task).start()))
                .toList();
        return runs.stream().map(CompletableFuture::join).toList();
    }

    private static CommandRun run(String command, String shard, int from, String... flags) {
        return CommandRun.of(Stream.concat(Stream.of(arguments(command, from, flags)), Stream.of("--shard", shard))
                .toArray(String[]::new));
    }

    private static String[] arguments(String command, int from, String... flags) {
        List<String> arguments = new ArrayList<>(command.equals("migrate") ? List.of() : List.of(command));
        arguments.addAll(List.of("-from", "redis://127.0.0.1:" + from, "-to", "redis://127.0.0.1:" + target.port()));
        arguments.addAll(List.of(flags));
        return arguments.toArray(String[]::new);
    }

    private static int sum(List<CommandRun> runs, Pattern pattern) {
        return runs.stream().mapToInt(run -> number(run, pattern)).sum();
    }

    private static int number(CommandRun run, Pattern pattern) {
        Matcher found = pattern.matcher(run.out());
        assertThat(found.find()).as(run.out() + run.err()).isTrue();
        return Integer.parseInt(found.group(1).replace(",", ""));
    }
}
