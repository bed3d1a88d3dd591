package io.camelrump.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.camelrump.fixtures.RedisServer;
import io.camelrump.fixtures.RedisServers;
import io.camelrump.fixtures.SampleData;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import redis.clients.jedis.Jedis;

/** What a check says of two servers, and of what cannot be checked at all. */
class CheckCommandIT extends CheckFixture {
    @ParameterizedTest
    @MethodSource("io.camelrump.fixtures.RedisServers#versions")
    void saysThatTwoServersAreReadyAndLeavesNoTraceAtThem(RedisServers.Version version) throws Exception {
        RedisServer source = servers.start(version);
        RedisServer target = servers.start(version);
        try (Jedis jedis = source.jedis()) {
            SampleData.fill(jedis, version);
            jedis.keys("*").forEach(jedis::persist);
        }
        try (Jedis jedis = target.jedis()) {
            jedis.set("already there", "1");
        }
        Traces sourceBefore = Traces.of(source);
        Traces targetBefore = Traces.of(target);

        CommandRun run = check(source, target);

        assertThat(run.err()).isEmpty();
        assertThat(run.out())
                .contains("READY")
                .contains("string")
                .contains("hash")
                .contains("s to scan ");
        assertThat(run.exitCode()).as(run.out()).isZero();
        assertThat(Traces.of(source)).isEqualTo(sourceBefore);
        assertThat(Traces.of(target)).isEqualTo(targetBefore);
    }

    @Test
    void looksAtTheKeysThatTheRunWouldRead() {
        RedisServer source = servers.start();
        RedisServer target = servers.start();
        try (Jedis jedis = source.jedis()) {
            SampleData.fillStrings(jedis, 1000, 10);
            jedis.hset("only", "f", "v");
        }

        CommandRun byName = check(source, target, "--match", "onl*");
        CommandRun byType = check(source, target, "--type", "hash");

        for (CommandRun run : List.of(byName, byType)) {
            assertThat(run.exitCode()).as(run.out()).isZero();
            assertThat(run.out())
                    .contains("the target takes hash, form 16 of version 10")
                    .contains("in a sample of 1 keys")
                    .doesNotContain("string");
        }
    }

    @Test
    void oneDatabaseIsNotItsOwnTarget() {
        RedisServer server = servers.start();

        assertThat(check(server, server).exitCode()).isEqualTo(4);
        assertThat(CommandRun.of("check", "-from", uri(server), "-to", uri(server) + "/1")
                        .exitCode())
                .isZero();
    }

    @Test
    void aDatabaseThatIsNotThereIsNotReady() {
        RedisServer source = servers.start();
        RedisServer target = servers.start(RedisServers.usual(), "--databases", "2");

        CommandRun run = CommandRun.of("check", "-from", uri(source), "-to", uri(target) + "/2");

        assertThat(run.exitCode()).isEqualTo(4);
        assertThat(run.out()).contains("there is no database 2");
    }

    @Test
    void eachOfSeveralDatabasesMustBeThere() {
        RedisServer source = servers.start();
        RedisServer target = servers.start(RedisServers.usual(), "--databases", "4");
        try (Jedis jedis = source.jedis()) {
            jedis.set("key", "value");
            jedis.select(7);
            jedis.set("key", "value");
        }

        assertThat(check(source, target, "--db", "all").out())
                .contains("no    databases", "database 7 goes to 7, which the target does not have", "NOT READY");
        assertThat(check(source, target, "--db", "0,7", "--map-db", "7=1").out())
                .contains("yes   databases", "0 to 0, 7 to 1");
        assertThat(check(source, target, "--db", "99").out()).contains("the source has no database 99");
    }

    @Test
    void aWrongPasswordIsReportedInOneLineWithoutThePassword() {
        RedisServer source = servers.start(RedisServers.usual(), "--requirepass", "right");
        RedisServer target = servers.start();

        CommandRun run = CommandRun.of(
                "check", "-from", "redis://:" + PASSWORD + "@127.0.0.1:" + source.port(), "-to", uri(target));

        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.out()).isEmpty();
        assertThat(run.err()).contains("WRONGPASS").doesNotContain(PASSWORD);
        assertThat(run.err().lines()).hasSize(1);
    }

    @Test
    void anUnreachableServerIsReportedInOneLine() {
        RedisServer source = servers.start();
        RedisServer gone = servers.start();
        gone.close();

        CommandRun run = check(source, gone);

        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.err()).contains("Connection refused by 127.0.0.1:" + gone.port());
        assertThat(run.err().lines()).hasSize(1);
    }

    @ParameterizedTest
    @CsvSource({"redis-7.0, 'hash,list', asked", "redis-7.0, hash, SCAN tells it apart", "redis-2.8, hash, asked"})
    void typesAreDistinguishedAsInARun(String version, String types, String words) {
        RedisServer source = servers.start(RedisServers.version(version));
        try (Jedis jedis = source.jedis()) {
            SampleData.fillStrings(jedis, 2_500, 10);
            jedis.hset("only", "f", "v");
        }

        CommandRun run = check(source, servers.start(), "--type", types);

        assertThat(line(run, "types")).startsWith("yes ").contains(words);
        assertThat(run.out()).contains("in a sample of 1 keys").doesNotContain("string");
        assertThat(run.exitCode()).isZero();
    }

    @Test
    void everyNeedIsOneAlignedLineAndEachNoSaysWhatToDo() {
        RedisServer source =
                servers.start(RedisServers.usual(), "--maxmemory", "24mb", "--maxmemory-policy", "allkeys-lfu");
        RedisServer target = servers.start(
                RedisServers.version("redis-6.2"), "--maxmemory", "4mb", "--maxmemory-policy", "allkeys-lru");
        try (Jedis jedis = source.jedis()) {
            SampleData.fillStrings(jedis, 2_000, 10_000);
            jedis.hset("hash", "f", "v");
            jedis.aclSetUser("few", "on", ">" + PASSWORD, "~*", "+@all", "-pttl");
        }

        CommandRun run =
                CommandRun.of("check", "-from", user(source, "few"), "-to", uri(target), "--wait-replicas", "2");

        List<String> lines = run.out().lines().toList();
        assertThat(lines.stream().filter(line -> line.startsWith("no "))).hasSizeGreaterThanOrEqualTo(5);
        int found = lines.get(1).indexOf("database 0 holds");
        for (int i = 0; i < lines.size() - 1; i++) {
            assertThat(lines.get(i))
                    .as(run.out())
                    .matches("(yes |no  |note)  \\S.{" + (found - 8) + "} \\S.*| {" + found + "}-> \\S.*");
            if (lines.get(i).startsWith("no ")) {
                assertThat(lines.get(i + 1)).as(lines.get(i)).startsWith(" ".repeat(found) + "-> ");
            }
        }
        assertThat(lines.get(lines.size() - 1)).isEqualTo("NOT READY");
    }
}
