package io.camelrump.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.camelrump.fixtures.RedisServer;
import io.camelrump.fixtures.RedisServers;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.args.ClientPauseMode;

/** Values that are equal, though payloads and counts differ. */
class EqualValuesIT {
    @RegisterExtension
    private final RedisServers servers = new RedisServers();

    private Jedis atSource;
    private Jedis atTarget;
    private String from;
    private String to;

    private void use(RedisServer source, RedisServer target) {
        atSource = source.jedis();
        atTarget = target.jedis();
        from = "-from=redis://127.0.0.1:" + source.port();
        to = "-to=redis://127.0.0.1:" + target.port();
    }

    private void use(String sourceVersion, String targetVersion) {
        assumeThat(RedisServers.find(sourceVersion)).isPresent();
        assumeThat(RedisServers.find(targetVersion)).isPresent();
        use(servers.start(RedisServers.version(sourceVersion)), servers.start(RedisServers.version(targetVersion)));
    }

    @AfterEach
    void disconnect() {
        Stream.of(atSource, atTarget).filter(jedis -> jedis != null).forEach(Jedis::close);
    }

    // --- vector sets ---

    @Test
    void vectorSetsAreEqualAfterACopyAndAChangedElementIsFound() {
        use("redis-8.0", "redis-8.0");
        fillVectors();

        CommandRun run = CommandRun.of(from, to, "--verify");

        assertThat(run.out()).contains("COMPLETE: 4 keys", "EQUAL: 4 keys of the source compared");
        assertThat(run.exitCode()).isZero();
        send(atTarget, "VSETATTR", "quantized", "e7", "{\"n\":8}");
        send(atTarget, "VREM", "exact", "e5");
        send(atTarget, "VADD", "exact", "VALUES", "4", "1", "2", "3", "4", "another", "NOQUANT");
        send(atTarget, "VREM", "binary", "e3");
        send(atTarget, "VADD", "binary", "VALUES", "4", "-1", "-2", "-3", "-4", "e3", "BIN");
        assertThat(differing(compare("--rounds=1")))
                .containsExactlyInAnyOrder("value \"quantized\"", "value \"exact\"", "value \"binary\"");
        assertThat(compare("--rounds=1", "--repair").exitCode()).isZero();
    }

    @Test
    void vectorSetsOfTwoVersionsAreEqualInParametersAndElements() {
        use("redis-8.0", "redis-8.6");
        fillVectors();

        assertThat(CommandRun.of(from, to, "--verify").exitCode()).isZero();
        // the same elements of another precision
        send(atTarget, "DEL", "quantized", "exact");
        fillVectors(atTarget, "exact");
        fillVectors(atTarget, "quantized", "NOQUANT");
        assertThat(differing(compare("--rounds=1")))
                .containsExactlyInAnyOrder("value \"quantized\"", "value \"exact\"");
    }

    @Test
    void aVectorSetThatIsTooBigForADumpIsComparedToo() {
        use("redis-8.0", "redis-8.0");
        fillVectors();
        assertThat(CommandRun.of(from, to).exitCode()).isZero();

        assertThat(compare("--big-key=64kb").out()).contains("EQUAL: 4 keys of the source compared");
        send(atTarget, "VREM", "exact", "e5");
        assertThat(differing(compare("--big-key=64kb", "--rounds=1"))).containsExactly("value \"exact\"");
    }

    @Test
    void aLiveRunWithVectorSetsConverges() {
        use("redis-8.0", "redis-8.0");
        fillVectors();

        CommandRun run = CommandRun.of(from, to, "--live", "--until-lag=5s", "--cutover-timeout=20s");

        assertThat(run.out()).contains("CONVERGED: ");
        assertThat(run.exitCode()).isZero();
    }

    private void fillVectors() {
        fillVectors(atSource, "quantized");
        fillVectors(atSource, "exact", "NOQUANT");
        fillVectors(atSource, "binary", "BIN");
        send(atSource, "VADD", "reduced", "REDUCE", "2", "VALUES", "4", "1", "2", "3", "4", "e");
    }

    private static void fillVectors(Jedis server, String key, String... quantization) {
        for (int i = 0; i < 100; i++) {
            List<String> words = new ArrayList<>(List.of(key, "VALUES", "4"));
            words.addAll(List.of("" + (i % 7 - 3), "" + i % 11, "" + (i % 13 - 6), "0." + i, "e" + i));
            words.addAll(List.of(quantization));
            if (i % 10 == 7) {
                words.addAll(List.of("SETATTR", "{\"n\":" + i + "}"));
            }
            send(server, "VADD", words.toArray(String[]::new));
        }
    }

    // --- fields that have expired ---

    @Test
    void expiredFieldsThatNobodyReapsAreNoDifference() {
        use("redis-8.0", "redis-8.0");
        atSource.hset("some", Map.of("stays", "1", "goes", "2"));
        atSource.hset("none", "goes", "1");
        pauseUntilExpired("some", "none");
        assertThat(atSource.hlen("some")).isEqualTo(2);
        assertThat(atSource.exists("none")).isTrue();

        CommandRun run = CommandRun.of(from, to, "--verify");

        assertThat(run.out()).contains("EQUAL: ");
        assertThat(run.exitCode()).isZero();
        // as many as the source counts, and another one
        atTarget.hset("some", "another", "2");
        assertThat(differing(compare("--rounds=1"))).containsExactly("value \"some\"");
        atTarget.hdel("some", "another");
        atTarget.hset("some", "stays", "3");
        assertThat(differing(compare("--rounds=1"))).containsExactly("value \"some\"");
        atTarget.del("some");
        assertThat(differing(compare("--rounds=1"))).containsExactly("missing \"some\"");
    }

    @Test
    void expiredFieldsAreNoDifferenceBetweenVersionsOrAboveBigKeyEither() {
        use("redis-8.0", "valkey-9");
        for (int i = 0; i < 20; i++) {
            atSource.hset("big", "field:" + i, "value".repeat(1_000));
        }
        atSource.hset("big", "goes", "2");
        atSource.hset("small", Map.of("stays", "1", "goes", "2"));
        // before the field expires, as a copy in parts counts it
        atSource.hpexpire("small", 7_200_000, "goes");
        assertThat(CommandRun.of(from, to).exitCode()).isZero();
        pauseUntilExpired("big", "small");
        atTarget.hdel("big", "goes");
        atTarget.hdel("small", "goes");

        assertThat(compare("--big-key=64kb").out()).contains("EQUAL: ");
        atTarget.hset("big", "another", "2");
        assertThat(differing(compare("--big-key=64kb", "--rounds=1"))).containsExactly("value \"big\"");
    }

    /** Lets the field "goes" of these hashes expire while nothing is reaped at the source. */
    private void pauseUntilExpired(String... keys) {
        for (String key : keys) {
            atSource.hpexpire(key, 100, "goes");
        }
        atSource.clientPause(120_000, ClientPauseMode.WRITE);
        for (String key : keys) {
            Awaitility.await().until(() -> atSource.hget(key, "goes") == null);
        }
    }

    // --- scores, deliveries ---

    @Test
    void aScoreOfMinusZeroIsZero() {
        use("redis-6.2", "redis-6.2");
        atSource.zadd("scores", -0.0, "m");
        atTarget.zadd("scores", 0.0, "m");

        assertThat(compare().exitCode()).isZero();
    }

    @Test
    void deliveriesAheadOfTheTargetsClockAreEqual() {
        assumeThat(RedisServers.canShiftClock()).as("faketime is installed").isTrue();
        use(servers.startShifted(30), servers.start(RedisServers.usual()));
        for (int i = 1; i <= 10; i++) {
            send(atSource, "XADD", "stream", i + "-1", "n", "" + i);
        }
        send(atSource, "XGROUP", "CREATE", "stream", "group", "0");
        send(atSource, "XREADGROUP", "GROUP", "group", "ann", "COUNT", "5", "STREAMS", "stream", ">");

        assertThat(CommandRun.of(from, to, "--verify").exitCode()).isZero();
        // a delivery that was seconds ago at both
        send(atTarget, "XCLAIM", "stream", "group", "ann", "0", "2-1", "IDLE", "5000", "JUSTID");
        assertThat(differing(compare("--rounds=1"))).containsExactly("value \"stream\"");
    }

    // --- helpers ---

    private CommandRun compare(String... more) {
        return CommandRun.of(
                Stream.concat(Stream.of("compare", from, to), Stream.of(more)).toArray(String[]::new));
    }

    private static List<String> differing(CommandRun run) {
        return run.out()
                .lines()
                .filter(line -> line.matches("(missing|extra|type|value|expiry) \".*"))
                .map(line -> line.substring(0, line.indexOf("\": ") + 1))
                .toList();
    }

    private static void send(Jedis server, String command, String... arguments) {
        server.sendCommand(() -> command.getBytes(StandardCharsets.US_ASCII), arguments);
    }
}
