package io.camelrump.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.camelrump.fixtures.RedisServer;
import io.camelrump.fixtures.RedisServers;
import io.camelrump.fixtures.SampleData;
import io.camelrump.fixtures.ServerPair;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.extension.RegisterExtension;
import redis.clients.jedis.Jedis;

/** A source and a target that are migrated, changed, and compared. */
abstract class CompareFixture {
    @RegisterExtension
    static final ServerPair PAIR = new ServerPair();

    /** Of tests that end a server, or start it in another way. */
    @RegisterExtension
    final RedisServers servers = new RedisServers();

    RedisServer source;
    RedisServer target;
    Jedis atSource;
    Jedis atTarget;

    @BeforeEach
    void takeTwo() {
        source = PAIR.source();
        target = PAIR.target();
        atSource = PAIR.atSource();
        atTarget = PAIR.atTarget();
    }

    void start(RedisServers.Version from, RedisServers.Version to) {
        PAIR.use(from, to);
        takeTwo();
    }

    /** Takes servers of this test alone; their connections end with them. */
    void use(RedisServer newSource, RedisServer newTarget) {
        source = newSource;
        target = newTarget;
        atSource = source.jedis();
        atTarget = target.jedis();
    }

    void differInEveryWay() {
        SampleData.fillMixed(atSource, 50);
        migrate();
        atTarget.set("extra", "v");
        atTarget.del("mixed:1");
        atTarget.sadd("mixed:2", "another");
        atTarget.persist("mixed:10");
    }

    CommandRun compare(String... more) {
        return CommandRun.of(
                Stream.concat(Stream.of("compare", "-from", uri(source), "-to", uri(target)), Stream.of(more))
                        .toArray(String[]::new));
    }

    void migrate() {
        CommandRun run = CommandRun.of("-from", uri(source), "-to", uri(target), "-silent");
        assertThat(run.err()).isEmpty();
        assertThat(run.exitCode()).isZero();
    }

    /** Cause and key of each difference that the output shows. */
    static List<String> differing(CommandRun run) {
        return run.out()
                .lines()
                .filter(line -> line.matches("(missing|extra|type|value|expiry) \".*"))
                .map(line -> line.substring(0, line.indexOf("\": ") + 1))
                .toList();
    }

    static long calls(RedisServer server, String command) {
        return commandStatistics(server)
                .filter(line -> line.startsWith("cmdstat_" + command + ":"))
                .mapToLong(line -> Long.parseLong(line.replaceAll(".*:calls=(\\d+).*", "$1")))
                .findFirst()
                .orElse(0);
    }

    static Stream<String> commandStatistics(RedisServer server) {
        try (Jedis jedis = server.jedis()) {
            return jedis.info("commandstats").lines().filter(line -> line.startsWith("cmdstat_"));
        }
    }

    static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    static String uri(RedisServer server) {
        return "redis://127.0.0.1:" + server.port();
    }
}
