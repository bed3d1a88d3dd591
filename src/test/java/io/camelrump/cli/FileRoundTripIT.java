package io.camelrump.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.camelrump.fixtures.RedisServer;
import io.camelrump.fixtures.RedisServers;
import io.camelrump.fixtures.SampleData;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.Protocol;
import redis.clients.jedis.StreamEntryID;

/** Keys go to a file and from there to another server, large ones in parts, and both servers hold the same. */
class FileRoundTripIT {
    static final String IN_PARTS = "--big-key=64kb";

    @RegisterExtension
    private final RedisServers servers = new RedisServers();

    @TempDir
    Path folder;

    private RedisServer source;
    private RedisServer target;

    @BeforeEach
    void fill() {
        source = servers.start();
        target = servers.start();
        try (Jedis jedis = source.jedis()) {
            SampleData.fill(jedis, RedisServers.usual());
            large(jedis);
        }
    }

    /** Values of each type that are read in parts. */
    static void large(Jedis jedis) {
        Map<String, String> fields = new HashMap<>();
        Map<String, Double> scores = new HashMap<>();
        String[] members = new String[8_000];
        for (int i = 0; i < members.length; i++) {
            members[i] = "member of a large value " + i;
            fields.put(members[i], "value " + i);
            scores.put(members[i], i / 7.0);
        }
        jedis.hset("large hash", fields);
        jedis.sadd("large set", members);
        jedis.rpush("large list", members);
        jedis.zadd("large scores", scores);
        jedis.set("large string", "text ".repeat(200_000));
        jedis.expire("large string", 5_000);
        for (int i = 0; i < 4_000; i++) {
            jedis.xadd("large stream", new StreamEntryID(i + 1, 0), Map.of("field", "a longer value " + i));
        }
        jedis.xgroupCreate("large stream", "group", new StreamEntryID(0, 0), false);
        jedis.sendCommand(
                Protocol.Command.XREADGROUP,
                "GROUP",
                "group",
                "consumer",
                "COUNT",
                "10",
                "STREAMS",
                "large stream",
                ">");
    }

    @ParameterizedTest
    @ValueSource(strings = {"backup.rump", "backup.rump.gz", "backup.rump.zst"})
    void everythingComesBackFromEachKindOfFile(String name) {
        Path file = folder.resolve(name);

        CommandRun written = rump("-from=" + uri(source), "-to=" + file, IN_PARTS, "--verify");
        assertThat(written.exitCode()).as(written.out() + written.err()).isZero();
        assertThat(written.out()).contains("COMPLETE: ", "EQUAL: ");
        CommandRun read = rump("-from=" + file, "-to=" + uri(target), "--verify");
        assertThat(read.exitCode()).as(read.out() + read.err()).isZero();
        assertThat(read.out()).contains("COMPLETE: ", "EQUAL: ");

        try (Jedis from = source.jedis();
                Jedis to = target.jedis()) {
            assertThat(EqualityProof.compare(from, to, Duration.ofMillis(50)).differences())
                    .isEmpty();
        }
    }

    @Test
    void differencesInLargeValuesAreFound() {
        Path file = folder.resolve("backup.rump");
        assertThat(rump("-from=" + uri(source), "-to=" + file, IN_PARTS).exitCode())
                .isZero();
        try (Jedis jedis = source.jedis()) {
            jedis.hset("large hash", "member of a large value 4000", "other");
            jedis.srem("large set", "member of a large value 4000");
            jedis.lset("large list", 4_000, "other");
            jedis.zadd("large scores", 0.5, "member of a large value 4000");
            jedis.setrange("large string", 500_000, "X");
            jedis.xdel("large stream", new StreamEntryID(2_000, 0));
        }

        CommandRun compared = rump("compare", "-from=" + file, "-to=" + uri(source));

        assertThat(compared.exitCode()).as(compared.out() + compared.err()).isEqualTo(5);
        assertThat(compared.out())
                .contains("differing 6: missing 0, extra 0, type 0, value 6, expiry 0")
                .contains("value \"large hash\": holds another hash")
                .contains("value \"large stream\": holds another stream");
    }

    @Test
    void databasesAndNamesComeBack() {
        try (Jedis jedis = source.jedis()) {
            jedis.flushAll();
            jedis.set("a:1", "0");
            jedis.select(3);
            jedis.set("a:1", "3");
        }
        Path file = folder.resolve("backup.rump");

        CommandRun written = rump("-from=" + uri(source), "-to=" + file, "--db=all", "--verify");
        assertThat(written.exitCode()).as(written.out() + written.err()).isZero();
        CommandRun read = rump("-from=" + file, "-to=" + uri(target), "--rename=a:*=b:*", "--db=all", "--verify");
        assertThat(read.exitCode()).as(read.out() + read.err()).isZero();
        CommandRun again = rump("-from=" + file, "-to=" + uri(target));
        assertThat(again.exitCode()).as(again.err()).isZero();

        try (Jedis jedis = target.jedis()) {
            jedis.select(3);
            assertThat(jedis.get("b:1")).isEqualTo("3");
            assertThat(jedis.get("a:1")).isEqualTo("3");
        }
    }

    @Test
    void fileOfOneDatabaseGoesToTheOneThatTheTargetNames() {
        try (Jedis jedis = source.jedis()) {
            jedis.flushAll();
            jedis.select(3);
            jedis.set("key", "3");
        }
        Path file = folder.resolve("backup.rump");

        assertThat(rump("-from=" + uri(source) + "/3", "-to=" + file, "--verify")
                        .exitCode())
                .isZero();
        assertThat(rump("-from=" + file, "-to=" + uri(target) + "/5", "--verify")
                        .exitCode())
                .isZero();

        try (Jedis jedis = target.jedis()) {
            jedis.select(5);
            assertThat(jedis.get("key")).isEqualTo("3");
        }
    }

    @Test
    void filesOfRump1ComeBack() {
        Path file = folder.resolve("old.rump");

        CommandRun written = rump("-from=" + uri(source), "-to=rump1:" + file, "--exclude-key=large*");
        assertThat(written.exitCode()).as(written.out() + written.err()).isZero();
        CommandRun read = rump("-from=rump1:" + file, "-to=" + uri(target));
        assertThat(read.exitCode()).as(read.out() + read.err()).isZero();

        CommandRun compared =
                rump("compare", "-from=" + uri(source), "-to=" + uri(target), "--exclude-key=large*", "-ttl=false");
        assertThat(compared.out()).contains("differing").doesNotContain("missing \"");
    }

    private static String uri(RedisServer server) {
        return "redis://127.0.0.1:" + server.port();
    }

    private static CommandRun rump(String... arguments) {
        return CommandRun.of(Stream.of(arguments).toArray(String[]::new));
    }
}
