package io.camelrump.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.camelrump.fixtures.RedisServer;
import io.camelrump.fixtures.RedisServers;
import io.camelrump.fixtures.SampleData;
import io.camelrump.fixtures.WrittenBackup;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.StreamEntryID;

/** A restore meets a target that goes away, refuses, or is older than the server that the backup was made of. */
class RestoreFaultsIT {
    @RegisterExtension
    private final RedisServers servers = new RedisServers();

    @TempDir
    Path folder;

    @Test
    void targetThatLosesAllItHadGetsEverythingOnceMore() throws Exception {
        RedisServer source = servers.start();
        RedisServer target = servers.start();
        Path backup = backup(source, 3_000);
        CompletableFuture<CommandRun> run =
                CompletableFuture.supplyAsync(() -> restore(backup, target, "--max-keys-per-second=2000"));
        await().until(() -> keys(target) > 1_000);

        target.kill9();
        target.restart(false);

        assertThat(run.get().exitCode()).as(run.get().err()).isZero();
        assertThat(keys(target)).isEqualTo(3_000);
    }

    @Test
    void pipeCannotBeReadOnceMoreAndTheRunSaysSo() throws Exception {
        RedisServer source = servers.start();
        RedisServer target = servers.start();
        Path backup = backup(source, 3_000);
        Path pipe = folder.resolve("pipe.rump");
        assertThat(new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor())
                .isZero();
        CompletableFuture<Void> writer = CompletableFuture.runAsync(() -> copy(backup, pipe));
        CompletableFuture<CommandRun> run =
                CompletableFuture.supplyAsync(() -> restore(pipe, target, "--max-keys-per-second=2000"));
        await().until(() -> keys(target) > 1_000);

        target.kill9();
        target.restart(false);

        assertThat(run.get().exitCode()).isEqualTo(1);
        assertThat(run.get().err()).contains(pipe + " cannot be read once more from its beginning");
        writer.handle((nothing, broken) -> nothing).join();
    }

    @Test
    void pipeIsReadToItsEnd() throws Exception {
        RedisServer source = servers.start();
        RedisServer target = servers.start();
        Path backup = backup(source, 500);
        Path pipe = folder.resolve("pipe.rump");
        assertThat(new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor())
                .isZero();
        CompletableFuture<Void> writer = CompletableFuture.runAsync(() -> copy(backup, pipe));

        CommandRun run = restore(pipe, target);

        assertThat(run.exitCode()).as(run.err()).isZero();
        writer.join();
        assertThat(keys(target)).isEqualTo(500);
    }

    @Test
    void standardInputIsReadToItsEnd() throws Exception {
        RedisServer source = servers.start();
        RedisServer target = servers.start();
        Path backup = backup(source, 500);
        String command = "cat " + backup + " | " + RumpProcess.DISTRIBUTION.resolve("bin/rump") + " -from - -to "
                + RumpProcess.uri(target);

        try (RumpProcess run = RumpProcess.launched(folder, Map.of(), "sh", List.of("-c", command))) {
            assertThat(run.exitCode()).as(run.output()).isZero();
        }
        assertThat(keys(target)).isEqualTo(500);
    }

    @Test
    void olderServerGetsValuesByTheirElements() throws IOException {
        RedisServer source = servers.start(RedisServers.version("redis-7.0"));
        RedisServer target = servers.start(RedisServers.version("redis-2.8"));
        Path backup = folder.resolve("backup.rump");
        try (Jedis from = source.jedis()) {
            from.hset("hash", "field", "value");
            from.zadd("scores", 1.5, "one");
            from.zadd("scores", Double.NEGATIVE_INFINITY, "two");
            from.rpush("list", "a", "b", "a");
            from.sadd("set", "x", "y");
            from.sadd("numbers", "1", "2");
            from.set("string", "text");
            from.setex("expiring", 1_000, "text");
            from.xadd("stream", StreamEntryID.NEW_ENTRY, Map.of("f", "v"));
            Files.write(backup, new WrittenBackup().keys(from, 4).complete());
        }

        CommandRun run = restore(backup, target);

        assertThat(run.exitCode()).as(run.err()).isEqualTo(6);
        assertThat(run.out())
                .contains("restored 7, ", "refused 1")
                .contains("refused \"stream\": the target does not take its payload, of form ")
                .contains("there is no server to be asked for its elements");
        try (Jedis from = source.jedis();
                Jedis to = target.jedis()) {
            from.del("stream");
            assertThat(to.hgetAll("hash")).containsEntry("field", "value");
            assertThat(to.lrange("list", 0, -1)).containsExactly("a", "b", "a");
            assertThat(to.zscore("scores", "two")).isEqualTo(Double.NEGATIVE_INFINITY);
            assertThat(to.ttl("expiring")).isBetween(900L, 1_000L);
            assertThat(EqualityProof.compare(from, to, Duration.ofMillis(50)).differences())
                    .isEmpty();
        }
    }

    @Test
    void wrongPasswordAndATargetThatIsAwayFailBeforeAnythingIsRead() throws IOException {
        RedisServer source = servers.start();
        RedisServer target = servers.start(RedisServers.usual(), "--requirepass", "right");
        Path backup = backup(source, 10);

        CommandRun run = CommandRun.of("-from=" + backup, "-to=redis://:wrong@127.0.0.1:" + target.port());

        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.err()).contains("WRONGPASS").doesNotContain("wrong@");
    }

    private Path backup(RedisServer source, int keys) throws IOException {
        Path backup = folder.resolve("backup.rump");
        try (Jedis from = source.jedis()) {
            SampleData.fillStrings(from, keys, 100);
            Files.write(backup, new WrittenBackup().keys(from, 100).complete());
        }
        return backup;
    }

    private static void copy(Path from, Path to) {
        try (var out = Files.newOutputStream(to)) {
            Files.copy(from, out);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static long keys(RedisServer server) {
        try (Jedis jedis = server.jedis()) {
            return jedis.dbSize();
        }
    }

    private static CommandRun restore(Path backup, RedisServer target, String... flags) {
        return CommandRun.of(
                Stream.concat(Stream.of("-from=" + backup, "-to=redis://127.0.0.1:" + target.port()), Stream.of(flags))
                        .toArray(String[]::new));
    }
}
