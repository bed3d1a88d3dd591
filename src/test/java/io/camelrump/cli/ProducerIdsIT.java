package io.camelrump.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.camelrump.fixtures.RedisServers;
import io.camelrump.fixtures.ServerPair;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import redis.clients.jedis.Jedis;

/** Streams that know messages which their producers send again (Redis 8.6). */
class ProducerIdsIT {
    private static final String PART = "x".repeat(40_000);

    @RegisterExtension
    private static final ServerPair PAIR = new ServerPair();

    @BeforeEach
    void use() {
        use("redis-8.6");
    }

    private static void use(String target) {
        assumeThat(RedisServers.find("redis-8.6")).isPresent();
        assumeThat(RedisServers.find(target)).isPresent();
        PAIR.use(RedisServers.version("redis-8.6"), RedisServers.version(target));
    }

    private static CommandRun run(String... flags) {
        return CommandRun.of(Stream.concat(Stream.of("-from", PAIR.from(), "-to", PAIR.to()), Stream.of(flags))
                .toArray(String[]::new));
    }

    private static Object add(Jedis server, String key, String producer, String id, String text) {
        return send(server, "XADD", key, "IDMP", producer, id, "*", "text", text);
    }

    @Test
    void aPayloadCarriesThemBetweenEqualVersions() {
        Object first = add(PAIR.atSource(), "stream", "p", "1", "v");

        CommandRun run = run("--verify");

        assertThat(run.out()).contains("EQUAL: 1 keys").doesNotContain("reduced");
        assertThat(run.exitCode()).isZero();
        assertThat(add(PAIR.atTarget(), "stream", "p", "1", "v")).isEqualTo(first);
    }

    @Test
    void settingsTravelInPartsToo() {
        for (String key : List.of("with settings", "as usual")) {
            send(PAIR.atSource(), "XADD", key, "*", "text", PART);
            send(PAIR.atSource(), "XADD", key, "*", "text", PART);
        }
        send(PAIR.atSource(), "XCFGSET", "with settings", "IDMP-DURATION", "7", "IDMP-MAXSIZE", "9");
        // without entries, made by its group
        send(PAIR.atSource(), "XGROUP", "CREATE", "empty", "group", "$", "MKSTREAM");

        CommandRun run = run("--big-key=64kb", "--verify");

        assertThat(run.out()).contains("EQUAL: 3 keys").doesNotContain("reduced");
        assertThat(run.exitCode()).isZero();
        assertThat(info(PAIR.atTarget(), "with settings"))
                .containsEntry("idmp-duration", 7L)
                .containsEntry("idmp-maxsize", 9L);
        assertThat(info(PAIR.atTarget(), "as usual")).containsEntry("idmp-duration", 100L);
        send(PAIR.atTarget(), "XCFGSET", "with settings", "IDMP-MAXSIZE", "10");
        assertThat(compare("--rounds=1").out()).contains("value \"with settings\"");
    }

    @Test
    void idsThatPartsCannotCarryAreRefusedOrLetGoByName() {
        add(PAIR.atSource(), "stream", "p", "1", PART);
        add(PAIR.atSource(), "stream", "p", "2", PART);

        CommandRun refused = run("--big-key=64kb", "--verify", "--rounds=1");

        assertThat(refused.out())
                .contains("refused \"stream\": it remembers 2 ids of its producers (IDMP)", "--big-key", "--drop-idmp")
                .contains("missing \"stream\"");
        assertThat(PAIR.atTarget().keys("*")).isEmpty();
        CommandRun reduced = run("--big-key=64kb", "--drop-idmp", "--verify");
        assertThat(reduced.out()).contains("restored 1", "EQUAL: 1 keys", "reduced 1: ");
        assertThat(reduced.exitCode()).isZero();
        // who did not agree to it is told
        assertThat(compare("--rounds=1").out()).contains("value \"stream\"");
        assertThat(compare("--rounds=1", "--drop-idmp").exitCode()).isZero();
    }

    @Test
    void anOlderTargetTakesWhatLosesNothing() {
        use("redis-8.0");
        send(PAIR.atSource(), "XADD", "plain", "*", "text", "v");
        send(PAIR.atSource(), "XADD", "set", "*", "text", "v");
        send(PAIR.atSource(), "XCFGSET", "set", "IDMP-DURATION", "7");

        CommandRun run = run("--verify");

        assertThat(run.out()).contains("EQUAL: 2 keys").doesNotContain("reduced");
        assertThat(run.exitCode()).isZero();
    }

    @Test
    void anOlderTargetLosesIdsByNameAlone() {
        use("redis-8.0");
        send(PAIR.atSource(), "XADD", "plain", "*", "text", "v");
        add(PAIR.atSource(), "stream", "p", "1", "v");

        CommandRun refused = run();

        assertThat(refused.out())
                .contains("restored 1", "refused 1")
                .contains("refused \"stream\": it remembers ids of its producers (IDMP), and the target's version does"
                        + " not; dropIdmp (--drop-idmp) takes it without them");
        assertThat(refused.exitCode()).isEqualTo(6);
        CommandRun reduced = run("--drop-idmp", "--verify");
        assertThat(reduced.out()).contains("restored 2", "EQUAL: 2 keys", "reduced 1: ");
        assertThat(reduced.exitCode()).isZero();
        PAIR.atTarget().del("stream");
        CommandRun repaired = compare("--rounds=1", "--drop-idmp", "--repair");
        assertThat(repaired.out()).contains("repaired 1");
        assertThat(repaired.exitCode()).isZero();
    }

    private static CommandRun compare(String... flags) {
        return CommandRun.of(
                Stream.concat(Stream.of("compare", "-from", PAIR.from(), "-to", PAIR.to()), Stream.of(flags))
                        .toArray(String[]::new));
    }

    private static Map<String, Object> info(Jedis server, String key) {
        List<?> told = (List<?>) send(server, "XINFO", "STREAM", key);
        Map<String, Object> info = new HashMap<>();
        for (int i = 0; i < told.size(); i += 2) {
            info.put(new String((byte[]) told.get(i), StandardCharsets.US_ASCII), told.get(i + 1));
        }
        return info;
    }

    private static Object send(Jedis server, String command, String... arguments) {
        Object reply = server.sendCommand(() -> command.getBytes(StandardCharsets.US_ASCII), arguments);
        return reply instanceof byte[] bytes ? new String(bytes, StandardCharsets.US_ASCII) : reply;
    }
}
