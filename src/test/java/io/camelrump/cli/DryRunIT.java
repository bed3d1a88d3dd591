package io.camelrump.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.camelrump.fixtures.CommandStats;
import io.camelrump.fixtures.RedisServer;
import io.camelrump.fixtures.RedisServers;
import io.camelrump.fixtures.SampleData;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.StreamEntryID;

class DryRunIT {
    @RegisterExtension
    private final RedisServers servers = new RedisServers();

    @TempDir
    Path folder;

    @ParameterizedTest
    @MethodSource("io.camelrump.fixtures.RedisServers#versions")
    void countsEveryKeyAndWritesNothing(RedisServers.Version version) throws Exception {
        RedisServer source = servers.start(version);
        RedisServer target = servers.start(version);
        fill(source);
        fillOther(target);
        Traces sourceBefore = Traces.of(source);
        Traces targetBefore = Traces.of(target);
        long keys = sourceBefore.keys();
        Path json = folder.resolve("run.json");

        CommandRun run = dryRun(source, target, "--json", json.toString());

        assertThat(run.exitCode()).as(run.err()).isZero();
        assertThat(run.out()).startsWith("DRY RUN: nothing was written").contains("restored " + keys);
        assertThat(new ObjectMapper().readTree(json.toFile()).path("dryRun").asBoolean())
                .isTrue();
        assertThat(Traces.of(source)).isEqualTo(sourceBefore);
        assertThat(Traces.of(target)).isEqualTo(targetBefore);
    }

    @ParameterizedTest
    @ValueSource(strings = {"keep", "fail"})
    void foreignKeysAreRecognisedWithoutATemporaryKey(String policy) {
        RedisServer source = servers.start();
        RedisServer target = servers.start();
        for (RedisServer server : new RedisServer[] {source, target}) {
            try (Jedis jedis = server.jedis()) {
                jedis.mset("same", "1", "other", String.valueOf(server.port()));
            }
        }
        try (Jedis jedis = source.jedis()) {
            jedis.set("new", "1");
        }
        Traces before = Traces.of(target);

        CommandRun run = dryRun(source, target, "--on-conflict", policy);

        if (policy.equals("keep")) {
            assertThat(run.exitCode()).as(run.err()).isZero();
            assertThat(run.out()).contains("read 3: restored 2, kept 1");
        } else {
            assertThat(run.exitCode()).isEqualTo(1);
            assertThat(run.err()).contains("holds another value under \"other\"", "would have been written");
        }
        assertThat(Traces.of(target)).isEqualTo(before);
    }

    @ParameterizedTest
    @ValueSource(strings = {"keep", "fail"})
    void aKeyInPartsWhoseNameIsTakenIsForeign(String policy) {
        RedisServer source = servers.start();
        RedisServer target = servers.start();
        try (Jedis a = source.jedis();
                Jedis b = target.jedis()) {
            for (int i = 0; i < 10; i++) {
                a.rpush("list", "e".repeat(100_000));
            }
            b.set("list", "foreign");
        }
        Traces before = Traces.of(target);

        CommandRun run = dryRun(source, target, "--big-key=64kb", "--on-conflict", policy);

        if (policy.equals("keep")) {
            assertThat(run.exitCode()).as(run.err()).isZero();
            assertThat(run.out()).contains("read 1: restored 0, kept 1");
        } else {
            assertThat(run.exitCode()).isEqualTo(1);
            assertThat(run.err()).contains("holds another value under \"list\"", "; 0 keys would have been written");
        }
        assertThat(Traces.of(target)).isEqualTo(before);
    }

    @Test
    void refusesWhatAnOlderTargetWouldRefuse() {
        RedisServer source = servers.start(RedisServers.version("redis-7.0"));
        RedisServer target = servers.start(RedisServers.version("redis-2.8"));
        fill(source);
        try (Jedis jedis = source.jedis()) {
            jedis.hset("rebuilt by commands", "f", "v");
            jedis.xadd("stream", StreamEntryID.NEW_ENTRY, Map.of("f", "v"));
        }
        Traces before = Traces.of(target);

        CommandRun run = dryRun(source, target);

        assertThat(run.exitCode()).isEqualTo(6);
        assertThat(run.out()).contains("restored 301", "refused 1").contains("has no streams");
        assertThat(Traces.of(target)).isEqualTo(before);
    }

    @Test
    void asksTheTargetOnceAboutEachFormOfPayload() {
        RedisServer source = servers.start(RedisServers.version("redis-7.0"));
        RedisServer target = servers.start(RedisServers.version("redis-6.2"));
        try (Jedis jedis = source.jedis()) {
            SampleData.fillMixed(jedis, 1_000);
        }

        CommandRun run = dryRun(source, target);

        assertThat(run.exitCode()).isZero();
        try (Jedis jedis = target.jedis()) {
            // five types, each perhaps with the footer of an older version too, and the probes of the start
            assertThat(CommandStats.calls(jedis, "restore")).isLessThan(20);
        }
    }

    private static void fill(RedisServer server) {
        try (Jedis jedis = server.jedis()) {
            SampleData.fillStrings(jedis, 300, 100);
        }
    }

    private static void fillOther(RedisServer server) {
        try (Jedis jedis = server.jedis()) {
            jedis.set("already there", "1");
        }
    }

    private static CommandRun dryRun(RedisServer source, RedisServer target, String... more) {
        String[] arguments = new String[5 + more.length];
        arguments[0] = "-from";
        arguments[1] = "redis://127.0.0.1:" + source.port();
        arguments[2] = "-to";
        arguments[3] = "redis://127.0.0.1:" + target.port();
        arguments[4] = "--dry-run";
        System.arraycopy(more, 0, arguments, 5, more.length);
        return CommandRun.of(arguments);
    }
}
