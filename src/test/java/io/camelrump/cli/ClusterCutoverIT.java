package io.camelrump.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.camelrump.ServerMode;
import io.camelrump.cli.flags.RedisUri;
import io.camelrump.cutover.WritePause;
import io.camelrump.fixtures.ClusterWriter;
import io.camelrump.fixtures.RedisCluster;
import io.camelrump.fixtures.RedisServer;
import io.camelrump.fixtures.RedisServers;
import io.camelrump.redis.ServerAddress;
import io.camelrump.redis.WritableServers;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.RedisClusterClient;

/** A live run cuts over between clusters, with writes paused at their masters. */
class ClusterCutoverIT extends ClusterCompareFixture {
    @Test
    void aLiveRunCutsOverToAClusterThatIsEqual() {
        with("alone", ClusterCompareFixture::fill);

        CommandRun run = CommandRun.of("-from", uri("alone"), "-to", uri("large"), "--live", "--until-lag=1s");

        assertThat(run.out()).as(run.err()).contains("converged as of");
        assertThat(run.exitCode()).isZero();
    }

    @Test
    void aPauseOfTheWritesAtAllMastersLetsTwoClustersConvergeUnderAWriter() {
        with("large", ClusterCompareFixture::fill);
        try (ClusterWriter writer = ClusterWriter.start(large, EACH, 1)) {
            writer.awaitWrites(500);

            CommandRun run = CommandRun.of(
                    "-from", uri("large"), "-to", uri("small"), "--live", "--until-lag=10s", "--pause-writes=10s");

            assertThat(run.err())
                    .contains("Verified beside the writers: ", "Writes at the source are paused")
                    .doesNotContain("rump:", "All keys are compared now");
            assertThat(run.out()).contains("CONVERGED: ", "converged as of ");
            assertThat(run.exitCode()).isZero();
            assertThat(small.size()).isEqualTo(large.size());
            large.masters().forEach(master -> {
                try (Jedis jedis = master.jedis()) {
                    jedis.clientUnpause();
                }
            });
        }
    }

    @Tag("long")
    @Test
    void aLiveRunCutsOverThoughTheNodesThatWereNamedHaveDied(@TempDir Path folder) throws IOException {
        RedisCluster from = RedisCluster.start(servers, RedisServers.usual(), 3, 1, "--cluster-node-timeout", "1000");
        RedisCluster to = RedisCluster.start(servers, RedisServers.usual(), 3, 1, "--cluster-node-timeout", "1000");
        try (RedisClusterClient client = from.client()) {
            IntStream.range(0, 500).forEach(i -> client.set("key " + i, "value " + i));
        }
        Path go = folder.resolve("go");
        CompletableFuture<CommandRun> run = CompletableFuture.supplyAsync(() -> CommandRun.of(
                "-from=redis://127.0.0.1:" + from.port(),
                "-to=redis://127.0.0.1:" + to.port(),
                "--live",
                "--cutover-file=" + go,
                "--cutover-timeout=60s",
                "--pause-writes=30s"));
        Awaitility.await().atMost(Duration.ofSeconds(30)).until(() -> run.isDone() || to.size() == 500);

        from.masters().get(0).kill9();
        to.masters().get(0).kill9();
        Awaitility.await()
                .atMost(Duration.ofSeconds(30))
                .until(() -> from.mastersNow().size() == 3 && to.mastersNow().size() == 3);
        Files.createFile(go);

        assertThat(run.join().exitCode())
                .as(run.join().out() + run.join().err())
                .isZero();
        assertThat(run.join().out()).containsPattern("(?m)^CONVERGED: ");
        assertThat(to.digest()).isEqualTo(from.digest());
    }

    /** A pause of one that does not know its successor would leave the clients of that writing. */
    @Test
    void writesAreHeldUpAtTheMastersThatMostOfThemName() throws IOException {
        RedisCluster cluster = RedisCluster.start(servers, RedisServers.usual(), 3, 1);
        RedisServer former = cluster.masters().get(0);
        ServerAddress named =
                RedisUri.parse("redis://127.0.0.1:" + former.port()).address();
        WritableServers before = WritableServers.of(named, ServerMode.AUTO);
        assertThat(before.areStillAll()).isTrue();

        RedisServer successor = cluster.takeOverUnheard(former);

        assertThat(WritableServers.of(named, ServerMode.AUTO).servers())
                .extracting(ServerAddress::port)
                .containsExactlyInAnyOrder(
                        successor.port(),
                        cluster.masters().get(1).port(),
                        cluster.masters().get(2).port());
        assertThat(before.areStillAll()).isFalse();
    }

    @Test
    void writesContinueAtOtherMastersWhenOneDiesInThePause() throws IOException {
        RedisCluster cluster = RedisCluster.start(servers, RedisServers.usual(), 3, 0);
        ServerAddress named =
                RedisUri.parse("redis://127.0.0.1:" + cluster.port()).address();
        try (WritePause pause =
                new WritePause(() -> named, ServerMode.AUTO, Duration.ofMinutes(1), false, held -> {})) {
            pause.look();
            assertThat(pause.gaps()).isZero();
            cluster.masters().get(0).kill9();
        }

        cluster.masters().stream().skip(1).forEach(master -> {
            // a client that waits for its answer for two seconds
            try (Jedis jedis = new Jedis("127.0.0.1", master.port(), 2_000)) {
                assertThat(jedis.flushAll()).isEqualTo("OK");
            }
        });
    }
}
