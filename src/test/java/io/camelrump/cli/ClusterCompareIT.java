package io.camelrump.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.camelrump.fixtures.CommandStats;
import io.camelrump.fixtures.RedisCluster;
import io.camelrump.fixtures.RedisServer;
import io.camelrump.fixtures.RedisServers;
import io.camelrump.redis.Slot;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.RedisClusterClient;
import redis.clients.jedis.StreamEntryID;
import redis.clients.jedis.commands.JedisCommands;

/** Each key is compared where its slot lies, at a cluster on either side, or on both. */
class ClusterCompareIT extends ClusterCompareFixture {
    private static final int PLANTED = 20;
    private static final int MOVED_SLOTS = 300;

    @Test
    void differencesAreFoundAndRepaired() {
        differencesAreFoundAndRepaired("small", "large");
    }

    @Tag("long")
    @ParameterizedTest
    @CsvSource({"alone, large", "large, alone"})
    void differencesAreFoundAndRepaired(String from, String to) {
        with(from, ClusterCompareFixture::fill);
        int keys = 6 * EACH + 3;

        CommandRun verified = CommandRun.of(
                "-from", uri(from), "-to", uri(to), "--verify", "--rounds=1", "--big-key=64kb", "--silent=false");

        assertThat(verified.err()).isEmpty();
        assertThat(verified.out()).contains("EQUAL: " + keys(keys) + " keys of the source compared, ");
        assertThat(verified.exitCode()).isZero();

        with(to, ClusterCompareIT::plant);
        CommandRun found = compare(from, to, "--rounds=1", "--big-key=64kb");

        assertThat(found.out()).contains("differing 103: missing 20, extra 20, type 20, value 23, expiry 20");
        assertThat(found.exitCode()).isEqualTo(5);

        CommandRun mended = compare(from, to, "--rounds=1", "--big-key=64kb", "--repair", "--prune");

        assertThat(mended.out()).contains("EQUAL: ", "deleted 20");
        assertThat(mended.exitCode()).isZero();
        CommandRun equal = compare(from, to, "--rounds=1");
        assertThat(equal.out()).contains("EQUAL: " + keys(keys) + " keys of the source compared, ");
        assertThat(equal.exitCode()).isZero();
    }

    @Test
    @Tag("long")
    void slotsThatMoveAreNoDifference() {
        slotsThatMoveAreNoDifference("large", "small");
    }

    @Tag("long")
    @ParameterizedTest
    @CsvSource({"alone, large", "large, alone"})
    void slotsThatMoveAreNoDifference(String from, String to) {
        with(from, commands -> IntStream.range(0, 2_000).forEach(i -> commands.set("key " + i, "value " + i)));
        with(from, commands -> IntStream.range(0, 500).forEach(i -> addMembers(commands, "set " + i, false)));
        assertThat(CommandRun.of("-from", uri(from), "-to", uri(to)).exitCode()).isZero();
        // the payloads of most are other ones, so that the values are compared
        with(to, commands -> IntStream.range(0, 500).forEach(i -> addMembers(commands, "set " + i, true)));

        with(to, commands -> IntStream.range(0, PLANTED).forEach(i -> commands.del("key " + i)));

        CompletableFuture<CommandRun> run = CompletableFuture.supplyAsync(
                () -> compare(from, to, "--rounds=1", "--repair", "--scan-count=50", "--max-keys-per-second=1500"));
        RedisServer first = large.masters().get(0);
        RedisServer last = large.masters().get(2);
        large.reshard(first, last, 0, MOVED_SLOTS - 1);
        large.reshard(last, first, Slot.COUNT - MOVED_SLOTS, Slot.COUNT - 1);

        assertThat(run.join().out())
                .contains("EQUAL: ")
                // a key whose slot is scanned again counts as compared, though it was repaired before
                .containsPattern("repaired (1\\d|20), deleted 0");
        assertThat(compared(run.join())).isGreaterThanOrEqualTo(2_500);
        assertThat(run.join().exitCode()).isZero();
        large.reshard(last, first, 0, MOVED_SLOTS - 1);
        large.reshard(first, last, Slot.COUNT - MOVED_SLOTS, Slot.COUNT - 1);
    }

    private static int compared(CommandRun run) {
        String number = run.out().replaceAll("(?s).*EQUAL: ([\\d,]+) keys.*", "$1");
        return Integer.parseInt(number.replace(",", ""));
    }

    @Test
    void nothingIsDeletedWhereManyOfAllMastersWouldGo() {
        with("alone", commands -> commands.set("key", "value"));
        with("large", commands -> IntStream.range(0, 150).forEach(i -> commands.set("extra " + i, "value")));

        CommandRun refused = compare("alone", "large", "--prune", "--rounds=1");

        assertThat(refused.err()).contains("Only the target has 150 of its 150 keys");
        assertThat(refused.exitCode()).isEqualTo(1);
        assertThat(large.size()).isEqualTo(150);

        CommandRun pruned = compare("alone", "large", "--prune", "--rounds=1", "--allow-mass-delete", "--repair");

        assertThat(pruned.out()).contains("EQUAL: ", "deleted 150");
        assertThat(large.size()).isEqualTo(1);
    }

    @Test
    void aClusterNodeThatHidesItsModeIsRecognisedByItsErrors() {
        with("large", commands -> IntStream.range(0, 100).forEach(i -> commands.set("key " + i, "value " + i)));
        with("alone", commands -> IntStream.range(0, 100).forEach(i -> commands.set("key " + i, "value " + i)));

        CommandRun refused = compare("alone", "large", "--to-mode=standalone");

        assertThat(refused.err()).contains("said: MOVED ", "set mode=cluster (--from-mode, --to-mode)");
        assertThat(refused.exitCode()).isEqualTo(1);
        assertThat(compare("alone", "large", "--to-mode=cluster").exitCode()).isZero();
    }

    @Test
    void aReplicaIsComparedInThePlaceOfItsMaster() {
        RedisCluster cluster =
                RedisCluster.start(servers, RedisServers.usual(), 3, 1, "--cluster-node-timeout", "1000");
        try (RedisClusterClient client = cluster.client()) {
            with("alone", commands -> IntStream.range(0, 1_000).forEach(i -> {
                commands.set("key " + i, "value " + i);
                client.set("key " + i, "value " + i);
            }));
        }
        RedisServer dying = cluster.masters().get(0);
        String uri = "redis://127.0.0.1:" + dying.port();
        try (Jedis jedis = dying.jedis()) {
            assertThat(jedis.waitReplicas(1, 30_000)).isEqualTo(1);
        }

        // as that is wanted
        CommandRun spared =
                CommandRun.of("compare", "-from", uri, "-to", uri("alone"), "--rounds=1", "--read-from=replica");

        assertThat(spared.out()).as(spared.err()).contains("EQUAL: 1,000 keys");
        assertThat(dumps(dying)).isEmpty();

        // as it takes over
        CompletableFuture<CommandRun> run = CompletableFuture.supplyAsync(() -> compareSlowly(uri("alone"), uri));
        // the first one is a probe, before both directions have begun
        try (Jedis jedis = dying.jedis()) {
            Awaitility.await().atMost(Duration.ofSeconds(20)).until(() -> CommandStats.calls(jedis, "scan") > 2);
        }
        dying.kill9();

        assertThat(run.join().out()).as(run.join().err()).contains("EQUAL: ");
        assertThat(run.join().exitCode()).isZero();
    }

    private static CommandRun compareSlowly(String from, String to) {
        return CommandRun.of(
                "compare", "-from", from, "-to", to, "--rounds=1", "--scan-count=50", "--max-keys-per-second=1000");
    }

    /** What the server says of the DUMPs that it was asked for; nothing if there were none. */
    private static Optional<String> dumps(RedisServer server) {
        return calls(server, "dump");
    }

    private static Optional<String> calls(RedisServer server, String command) {
        try (Jedis jedis = server.jedis()) {
            return jedis.info("commandstats")
                    .lines()
                    .filter(line -> line.startsWith("cmdstat_" + command + ":"))
                    .findFirst();
        }
    }

    private CommandRun compare(String from, String to, String... more) {
        List<String> arguments = new ArrayList<>(List.of("compare", "-from", uri(from), "-to", uri(to)));
        arguments.addAll(List.of(more));
        return CommandRun.of(arguments.toArray(String[]::new));
    }

    @Tag("long")
    @Test
    void aMasterThatDidNotHearOfItsSuccessorIsNotBelieved() {
        RedisCluster cluster = RedisCluster.start(servers, RedisServers.usual(), 3, 1);
        RedisServer former = cluster.masters().get(0);
        String named = "redis://127.0.0.1:" + former.port();
        setBoth(cluster);
        try (Jedis jedis = former.jedis()) {
            assertThat(jedis.waitReplicas(1, 30_000)).isEqualTo(1);
        }
        RedisServer successor = cluster.takeOverUnheard(former);
        List<String> changed = keys(successor);
        try (Jedis jedis = successor.jedis()) {
            changed.forEach(key -> jedis.set(key, "later"));
        }

        CompletableFuture<CommandRun> run = CompletableFuture.supplyAsync(
                () -> CommandRun.of("compare", "-from", uri("alone"), "-to", named, "--rounds=1", "--repair"));
        // by then it is known what differs, and a scan waits as long as two masters say that they have a slot
        Awaitility.await()
                .atMost(Duration.ofSeconds(20))
                .until(() -> dumps(cluster.masters().get(1)).isPresent());
        meet(former, successor);

        assertThat(run.join().out()).as(run.join().err()).contains("EQUAL: 500 keys", "repaired " + changed.size());
        assertThat(run.join().exitCode()).isZero();
        try (Jedis jedis = successor.jedis()) {
            assertThat(changed).allSatisfy(key -> assertThat(jedis.get(key)).isEqualTo("value"));
        }
    }

    @Test
    @Timeout(100)
    void mastersThatDoNotAgreeAreWaitedFor() {
        RedisCluster cluster = RedisCluster.start(servers, RedisServers.usual(), 3, 0);
        RedisServer one = cluster.masters().get(0);
        RedisServer other = cluster.masters().get(1);
        RedisServer third = cluster.masters().get(2);
        String named = "redis://127.0.0.1:" + one.port();
        setBoth(cluster);
        cluster.mislead(one, other, third);
        cluster.mislead(other, one, third);

        CommandRun ended =
                CommandRun.of("compare", "-from", uri("alone"), "-to", named, "--rounds=1", "--retry-for=1s");

        assertThat(ended.err())
                .contains(
                        "The masters of the cluster of 127.0.0.1:" + one.port() + " do not agree on who owns the slots",
                        "CLUSTER MEET",
                        "Gave up after 1 s.");
        assertThat(ended.out()).doesNotContain("EQUAL", "DIFFERENT");
        assertThat(ended.exitCode()).isEqualTo(1);

        Optional<String> asked = calls(third, "cluster|slots");
        CompletableFuture<CommandRun> run = CompletableFuture.supplyAsync(
                () -> CommandRun.of("compare", "-from", uri("alone"), "-to", named, "--rounds=1"));
        // the last one is asked where the others do not agree
        Awaitility.await().atMost(Duration.ofSeconds(20)).until(() -> !calls(third, "cluster|slots")
                .equals(asked));
        cluster.correct(one, other);
        cluster.correct(other, one);

        assertThat(run.join().out()).as(run.join().err()).contains("EQUAL: 500 keys");
        assertThat(run.join().exitCode()).isZero();
    }

    private static List<String> keys(RedisServer server) {
        try (Jedis jedis = server.jedis()) {
            return List.copyOf(jedis.keys("*"));
        }
    }

    private static void meet(RedisServer node, RedisServer other) {
        try (Jedis jedis = node.jedis()) {
            jedis.clusterMeet(RedisServer.HOST, other.port());
        }
    }

    /** The same keys at the server that stands alone, and at the cluster. */
    private static void setBoth(RedisCluster cluster) {
        try (RedisClusterClient client = cluster.client()) {
            with("alone", commands -> IntStream.range(0, 500).forEach(i -> {
                commands.set("key " + i, "value");
                client.set("key " + i, "value");
            }));
        }
    }

    private static void plant(JedisCommands commands) {
        for (int i = 0; i < PLANTED; i++) {
            commands.del("string " + i);
            commands.set("extra " + i, "value");
            commands.pexpire("fleeting " + i, 60_000L);
            commands.del("list " + i);
            commands.set("list " + i, "value");
            commands.hset("hash " + i, "field", "another");
            addMembers(commands, "set " + i, true);
        }
        commands.set("{tag}odd}{", "another");
        commands.lset("big", 77, "another");
        commands.xack("stream", "group", new StreamEntryID(5, 1));
    }

    private static String keys(int number) {
        return String.format("%,d", number);
    }
}
