package io.camelrump.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.camelrump.cli.process.ExitCode;
import io.camelrump.fixtures.RedisCluster;
import io.camelrump.fixtures.RedisServer;
import io.camelrump.fixtures.RedisServers;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.Pipeline;

/** Several runs that keep their checkpoints at the target: the first one says how the whole ended. */
class ShardedMigrationIT {
    private static final int KEYS = 3_000;

    @RegisterExtension
    static final RedisServers SERVERS = new RedisServers();

    private static RedisServer source;
    private static RedisServer target;

    @TempDir
    private Path folder;

    @BeforeAll
    static void fill() {
        source = SERVERS.start();
        target = SERVERS.start();
        try (Jedis jedis = source.jedis()) {
            Pipeline pipeline = jedis.pipelined();
            IntStream.range(0, KEYS).forEach(i -> pipeline.set("key " + i, "value " + i));
            pipeline.sync();
        }
    }

    @BeforeEach
    void emptyTarget() {
        try (Jedis jedis = target.jedis()) {
            jedis.flushAll();
        }
    }

    @Test
    void theFirstShardSaysHowAllEnded() throws IOException {
        Path json = folder.resolve("run.json");

        List<CommandRun> runs = all(3, "--json=" + json.getParent() + "/run{}.json");

        assertThat(runs)
                .allSatisfy(run -> assertThat(run.exitCode()).as(run.err()).isZero());
        assertThat(runs.get(0).out())
                .contains("ALL 3 SHARDS COMPLETE: 3,000 keys", "read 3,000: restored 3,000, kept 0");
        assertThat(runs.get(1).out() + runs.get(2).out()).doesNotContain("SHARDS");
        JsonNode first = SummarySchema.valid(Files.readString(folder.resolve("run0.json")));
        assertThat(first.at("/shards/counts/restored").asInt()).isEqualTo(KEYS);
        assertThat(first.at("/shards/ended")).hasSize(3);
        JsonNode second = SummarySchema.valid(Files.readString(folder.resolve("run1.json")));
        assertThat(second.get("shards").isNull()).isTrue();
        assertEqual();
    }

    @Test
    void aShardThatFailedFailsTheWhole() throws IOException {
        try (Jedis jedis = target.jedis()) {
            // in the share of the last one, as its slot is 15495
            jedis.set("a", "foreign");
        }
        try (Jedis jedis = source.jedis()) {
            jedis.set("a", "value");
        }
        List<CommandRun> runs = all(3, "--on-conflict=fail", "--json=" + folder + "/run{}.json");
        try (Jedis jedis = source.jedis()) {
            jedis.del("a");
        }

        assertThat(runs.stream().map(CommandRun::exitCode)).containsExactly(1, 0, 1);
        assertThat(runs.get(0).out()).contains("COMPLETE: ", "ALL 3 SHARDS FAILED: ", "shard 2/3: FAILED, exit code 1");
        JsonNode document = SummarySchema.valid(Files.readString(folder.resolve("run0.json")));
        assertThat(document.get("result").asText()).isEqualTo("FAILED");
        assertThat(document.get("exitCode").asInt()).isEqualTo(1);
        assertThat(document.get("error").asText()).startsWith("shard 2/3 did not come to the end of its share");
    }

    @Test
    void missingShardsAreNamedAndAResumedFirstShardWaitsAgain() {
        CommandRun alone = run("0/3", "--wait-shards=1s");

        assertThat(alone.err()).contains("rump: shards 1/3, 2/3 did not end", "Waiting for shards 1/3, 2/3");
        assertThat(alone.out()).contains("ALL 3 SHARDS INCOMPLETE: ", "shard 1/3: no report");
        assertThat(alone.exitCode()).isEqualTo(1);
        assertThat(Stream.of("1/3", "2/3").map(shard -> run(shard).exitCode())).containsOnly(0);

        CommandRun resumed = run("0/3");

        assertThat(resumed.out())
                .contains(
                        "since it was resumed 0 keys",
                        "note: shard 0/3 had come to its end at ",
                        "ALL 3 SHARDS COMPLETE: 3,000");
        assertThat(resumed.exitCode()).isZero();
        assertEqual();
    }

    @Test
    void aShardThatHasEndedIsNotStartedAgainByMistake() {
        assertThat(run("1/2").exitCode()).isZero();

        CommandRun again = CommandRun.of(arguments("1/2"));

        assertThat(again.err())
                .contains("Shard 1/2 of the checkpoint target:whole has come to its end already", "--resume");
        assertThat(again.exitCode()).isEqualTo(1);
        assertThat(run("0/2").out()).contains("ALL 2 SHARDS COMPLETE: 3,000");
    }

    /** By its policy it would take keys of others for foreign ones, and could not be resumed where there are such. */
    @Tag("long")
    @Test
    void theFirstShardWaitsForAnotherThatIsKilledAndResumed() throws Exception {
        CompletableFuture<CommandRun> first =
                CompletableFuture.supplyAsync(() -> run("0/2", "--wait-shards=60s", "--on-conflict=fail"));
        awaitKeys(KEYS / 2 - 100);
        try (RumpProcess second =
                process("1/2", "--on-conflict=fail", "--max-keys-per-second=300", "--scan-count=50")) {
            awaitKeys(KEYS / 2 + 900);
            second.signal("KILL");
            second.exitCode();
        }

        CommandRun resumed = run("1/2", "--on-conflict=fail");

        assertThat(resumed.out()).contains("COMPLETE: ", "since it was resumed");
        assertThat(resumed.exitCode()).isZero();
        assertThat(first.join().out()).contains("ALL 2 SHARDS COMPLETE: 3,0");
        assertThat(first.join().exitCode()).isZero();
        assertEqual();
    }

    @Test
    void aStoppedFirstShardWaitsAgainWhenResumed() throws Exception {
        try (RumpProcess first = process("0/2")) {
            first.awaitOutput("Waiting for shard 1/2");
            first.signal("TERM");

            assertThat(first.exitCode()).isEqualTo(ExitCode.SIGTERM.number());
            assertThat(first.out()).contains("COMPLETE: 1,500 keys", "ALL 2 SHARDS INCOMPLETE: 1,500 keys");
            assertThat(first.err()).contains("stopped by SIGTERM while waiting for shard 1/2");
        }
        assertThat(run("1/2").exitCode()).isZero();
        assertThat(run("0/2").out()).contains("since it was resumed 0 keys", "ALL 2 SHARDS COMPLETE: 3,000 keys");
        assertEqual();
    }

    @Test
    void shardsReportAtAClusterToo() {
        RedisCluster cluster = RedisCluster.start(SERVERS, RedisServers.usual(), 3, 0);
        RedisServer own = target;
        try {
            target = cluster.masters().get(0);

            List<CommandRun> runs = all(4);

            assertThat(runs)
                    .allSatisfy(run -> assertThat(run.exitCode()).as(run.err()).isZero());
            assertThat(runs.get(0).out()).contains("ALL 4 SHARDS COMPLETE: 3,000 keys");
            assertThat(cluster.size()).isEqualTo(KEYS);
            assertThat(cluster.digest()).isEqualTo(RedisCluster.digest(List.of(source)));
        } finally {
            target = own;
        }
    }

    @Test
    void aTargetThatIsReplacedBeforeTheEndOfAllFailsTheWhole() {
        RedisServer own = target;
        try {
            target = SERVERS.start();
            assertThat(run("1/2").exitCode()).isZero();
            target.restart(true);

            CommandRun first = run("0/2");

            assertThat(first.err())
                    .contains(
                            "is another server process than the one to which shard 1/2 wrote its keys",
                            "they may be gone");
            assertThat(first.out()).contains("ALL 2 SHARDS FAILED: 3,000 keys");
            assertThat(first.exitCode()).isEqualTo(1);

            assertThat(run("1/2").out()).contains("read 1,500: restored 1,500");
            assertThat(run("0/2").out()).contains("ALL 2 SHARDS COMPLETE: 3,000 keys");
            assertEqual();
        } finally {
            target = own;
        }
    }

    private static void assertEqual() {
        try (Jedis jedis = target.jedis()) {
            assertThat(jedis.keys("rump:tmp:*")).isEmpty();
        }
        assertThat(RedisCluster.digest(List.of(target))).isEqualTo(RedisCluster.digest(List.of(source)));
    }

    private static void awaitKeys(long keys) {
        try (Jedis jedis = target.jedis()) {
            await().atMost(Duration.ofSeconds(30)).until(() -> jedis.dbSize() >= keys);
        }
    }

    private static List<CommandRun> all(int count, String... flags) {
        List<CompletableFuture<CommandRun>> runs = IntStream.range(0, count)
                .mapToObj(i -> CompletableFuture.supplyAsync(
                        () -> run(
                                i + "/" + count,
                                Stream.of(flags)
                                        .map(flag -> flag.replace("{}", String.valueOf(i)))
                                        .toArray(String[]::new)),
                        task -> new Thread(task).start()))
                .toList();
        return runs.stream().map(CompletableFuture::join).toList();
    }

    private static CommandRun run(String shard, String... flags) {
        return CommandRun.of(
                Stream.concat(Stream.of(arguments(shard)), Stream.concat(Stream.of("--resume"), Stream.of(flags)))
                        .toArray(String[]::new));
    }

    private static RumpProcess process(String shard, String... flags) {
        List<String> more = new ArrayList<>(List.of("--checkpoint=target:whole", "--resume", "--shard=" + shard));
        more.addAll(List.of(flags));
        return RumpProcess.between(source, target, List.of(), more.toArray(String[]::new));
    }

    private static String[] arguments(String shard) {
        return new String[] {
            "-from=" + RumpProcess.uri(source),
            "-to=" + RumpProcess.uri(target),
            "--checkpoint=target:whole",
            "--shard=" + shard
        };
    }
}
