package io.camelrump.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.camelrump.fixtures.RedisCluster;
import io.camelrump.fixtures.RedisServer;
import io.camelrump.fixtures.RedisServers;
import io.camelrump.fixtures.SampleData;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import redis.clients.jedis.Jedis;

/** Values in parts come whole from a file, whatever happens to the target meanwhile, or not at all. */
class LargeValuesInFilesIT {
    @RegisterExtension
    private final RedisServers servers = new RedisServers();

    @TempDir
    Path folder;

    private RedisServer source;
    private Path file;

    @BeforeEach
    void backUp() {
        source = servers.start();
        file = folder.resolve("backup.rump");
        try (Jedis jedis = source.jedis()) {
            FileRoundTripIT.large(jedis);
            SampleData.fillStrings(jedis, 500, 200);
        }
        CommandRun written = CommandRun.of("-from=" + RumpProcess.uri(source), "-to=" + file, FileRoundTripIT.IN_PARTS);
        assertThat(written.exitCode()).as(written.err()).isZero();
    }

    @Test
    void targetThatIsKilledGetsThemOnceMore() throws Exception {
        RedisServer target = servers.start();
        CompletableFuture<CommandRun> run = CompletableFuture.supplyAsync(
                () -> restore(RumpProcess.uri(target), "--max-bytes-per-second=2mb", "--verify"));
        await().until(() -> keys(target) > 100);

        target.kill9();
        target.restart(false);

        assertThat(run.get().exitCode()).as(run.get().out() + run.get().err()).isZero();
        assertEqual(target);
    }

    @Test
    void twoRestoresOfOneFileDoNotMixTheirParts() throws Exception {
        RedisServer target = servers.start();
        CompletableFuture<CommandRun> other = CompletableFuture.supplyAsync(() -> restore(RumpProcess.uri(target)));

        CommandRun run = restore(RumpProcess.uri(target));

        assertThat(run.exitCode()).as(run.out() + run.err()).isZero();
        assertThat(other.get().exitCode()).as(other.get().err()).isZero();
        assertEqual(target);
    }

    @Test
    void masterOfEachSlotGetsThem() {
        RedisCluster cluster = RedisCluster.start(servers, RedisServers.usual(), 2, 0);
        String uri = "redis://127.0.0.1:" + cluster.port();

        CommandRun run = restore(uri, "--verify");

        assertThat(run.exitCode()).as(run.out() + run.err()).isZero();
        CommandRun turned = CommandRun.of("compare", "-from=" + uri, "-to=" + file);
        assertThat(turned.exitCode()).as(turned.out() + turned.err()).isZero();
        assertThat(turned.out()).startsWith("EQUAL: 506 keys of the source compared, 506 ");
    }

    @Test
    void fileThatIsCutWithinOneLeavesNothingOfItBehind() throws Exception {
        byte[] whole = Files.readAllBytes(file);
        for (int part = 2; part < 5; part++) {
            Files.write(file, Arrays.copyOf(whole, whole.length * part / 5));
            RedisServer target = servers.start();

            CommandRun run = restore(RumpProcess.uri(target));

            assertThat(run.exitCode()).isEqualTo(1);
            assertThat(run.err()).contains("is not a complete backup");
            try (Jedis from = source.jedis();
                    Jedis to = target.jedis()) {
                assertThat(to.keys("rump:tmp:*")).isEmpty();
                for (String key : to.keys("large*")) {
                    assertThat(to.memoryUsage(key)).isGreaterThan(from.memoryUsage(key) / 2);
                }
            }
        }
    }

    private void assertEqual(RedisServer target) {
        try (Jedis from = source.jedis();
                Jedis to = target.jedis()) {
            assertThat(to.keys("rump:tmp:*")).isEmpty();
            assertThat(EqualityProof.compare(from, to, Duration.ofMillis(50)).differences())
                    .isEmpty();
        }
    }

    private static long keys(RedisServer server) {
        try (Jedis jedis = server.jedis()) {
            return jedis.dbSize();
        }
    }

    private CommandRun restore(String target, String... flags) {
        String[] all = Arrays.copyOf(flags, flags.length + 2);
        all[flags.length] = "-from=" + file;
        all[flags.length + 1] = "-to=" + target;
        return CommandRun.of(all);
    }
}
