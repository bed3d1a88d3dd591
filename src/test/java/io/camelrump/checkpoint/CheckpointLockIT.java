package io.camelrump.checkpoint;

import static io.camelrump.fixtures.FaultRun.assertEqual;
import static io.camelrump.fixtures.FaultRun.awaitRestored;
import static io.camelrump.fixtures.FaultRun.fill;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.camelrump.CheckpointFile;
import io.camelrump.CheckpointKey;
import io.camelrump.fixtures.FaultRun;
import io.camelrump.fixtures.Migration;
import io.camelrump.fixtures.RedisServer;
import io.camelrump.fixtures.RedisServers;
import io.camelrump.fixtures.RouteRun;
import io.camelrump.options.CheckpointOptions;
import io.camelrump.redis.RedisException;
import io.camelrump.redis.ServerAddress;
import io.camelrump.run.CheckpointWriter;
import io.camelrump.run.Run;
import java.time.Duration;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;
import org.apache.camel.builder.RouteBuilder;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import redis.clients.jedis.Jedis;

/** One run at a time uses a checkpoint, whether in a file or at the target. */
class CheckpointLockIT extends CheckpointFixture {
    @Test
    void twoRunsCannotUseOneCheckpoint() {
        startServers();
        try (Migration first =
                run().with("rump.target.max-keys-per-second", 5_000).start()) {
            awaitRestored(first, 100);

            assertThatThrownBy(() -> run().with("rump.source.resume", true).start())
                    .hasMessageContaining("Another run uses the checkpoint");
            assertThatThrownBy(() -> run().bind("checkpoint", new CheckpointFile(file().toString()))
                            .start())
                    .hasMessageContaining("Another run uses the checkpoint");
        }
    }

    @Test
    void aKeyAtTheTargetDoesWhereThereIsNoDisk() {
        startServers();
        runHalf(run(atTarget()));
        try (Jedis jedis = target.jedis()) {
            assertThat(jedis.exists("rump:tmp:checkpoint:prod")).isTrue();
            assertThat(jedis.exists("rump:tmp:checkpoint:prod:lock")).isFalse();
        }

        try (Migration run = run(atTarget()).with("rump.source.resume", true).start()) {
            assertThatThrownBy(() ->
                            run(atTarget()).with("rump.source.resume", true).start())
                    .hasMessageContaining("Another run uses the checkpoint");
            run.awaitComplete();
        }
        assertEqual(source, target);
    }

    @Test
    void onlyAResumedRunWaitsForTheLockOfAKilledRun() {
        source = servers.start();
        target = servers.start();
        fill(source, 100);
        try (Jedis jedis = target.jedis()) {
            jedis.psetex("rump:tmp:checkpoint:prod:lock", 2_000, "of a killed process");

            assertThatThrownBy(() -> run(atTarget()).start()).hasMessageContaining("Another run uses the checkpoint");
            try (Migration run =
                    run(atTarget()).with("rump.source.resume", true).start()) {
                run.awaitComplete();
            }
            assertThat(jedis.dbSize()).isEqualTo(100);
        }
    }

    @Test
    void aTargetThatIsLoadingIsWaitedForWhereItKeepsTheCheckpoint() {
        source = servers.start();
        target = servers.start(
                RedisServers.usual(), "--key-load-delay", "200", "--loading-process-events-interval-bytes", "1024");
        fill(source, 100);
        fill(target, 10_000);
        CompletableFuture<Void> restart = CompletableFuture.runAsync(() -> target.restart(true));
        await("the target loading")
                .atMost(Duration.ofSeconds(20))
                .pollInterval(Duration.ofMillis(10))
                .ignoreExceptions()
                .until(this::isTargetLoading);

        try (Migration run =
                run(atTarget()).with("rump.target.on-conflict", "replace").start()) {
            run.awaitComplete();
        }
        restart.join();
    }

    private boolean isTargetLoading() {
        try (Jedis jedis = target.jedis()) {
            return jedis.info("persistence").contains("loading:1");
        }
    }

    private CheckpointKey atTarget() {
        return new CheckpointKey(
                new ServerAddress(
                        RedisServer.HOST, target.port(), null, null, 0, Duration.ofSeconds(5), Duration.ofSeconds(10)),
                "prod");
    }

    @Test
    void aRunThatLostItsLockLeavesThatOfTheNextOne() {
        target = servers.start();
        CheckpointKey first = atTarget();
        CheckpointKey next = atTarget();
        first.start();
        try (Jedis jedis = target.jedis()) {
            jedis.del("rump:tmp:checkpoint:prod:lock");
            next.start();

            assertThatThrownBy(() -> first.setState("rump", "late")).hasMessageContaining("taken over");
            first.stop();

            assertThat(jedis.exists("rump:tmp:checkpoint:prod:lock")).isTrue();
        } finally {
            next.stop();
        }
    }

    @Test
    void theLockIsKeptWhileARouteHoldsUpTheReader() throws Exception {
        source = servers.start();
        target = servers.start();
        fill(source, 100);
        CountDownLatch held = new CountDownLatch(1);
        RouteBuilder routes = new RouteBuilder() {
            @Override
            public void configure() {
                from("rump:source?host=127.0.0.1&port=" + source.port()
                                + "&checkpoint=#bean:checkpoint&greedy=true&delay=50")
                        .process(exchange -> held.await())
                        .to("rump:target?host=127.0.0.1&port=" + target.port());
            }
        };
        try (RouteRun run = RouteRun.of(routes, Map.of("checkpoint", atTarget()));
                Jedis jedis = target.jedis()) {
            String lock = "rump:tmp:checkpoint:prod:lock";
            Awaitility.await().until(() -> jedis.exists(lock));
            jedis.pexpire(lock, 20_000);

            Awaitility.await().atMost(Duration.ofSeconds(19)).until(() -> jedis.pttl(lock) > 25_000);

            held.countDown();
            run.await().until(() -> jedis.dbSize() >= 100);
        } finally {
            held.countDown();
        }
    }

    @Test
    void theTimerDoesNotWaitForACheckpointThatIsBeingWritten() throws Exception {
        target = servers.start();
        CheckpointWriter writer = new CheckpointWriter(atTarget(), new Run("rump", 1), Map.of(), Duration.ofSeconds(1));
        writer.open(new CheckpointOptions());
        writer.begin(CheckpointLockIT::halfRead);
        target.pause();
        Thread reader = new Thread(() -> writer.write(CheckpointLockIT::halfRead));
        try {
            reader.start();
            Awaitility.await().until(() -> Stream.of(reader.getStackTrace())
                    .anyMatch(frame -> frame.getMethodName().equals("setState")));

            assertThat(CompletableFuture.runAsync(writer::keep)).succeedsWithin(Duration.ofSeconds(2));
            assertThat(reader.isAlive()).isTrue();
        } finally {
            target.resume();
            reader.join();
            writer.close();
        }
    }

    private static List<Checkpoint.SourceState> halfRead() {
        return List.of(new Checkpoint.SourceState(
                "source", "run", "", new BitSet(), new ScanPosition(0, 77, false), new ScanPosition(0, 77, false)));
    }

    @Test
    void aTargetThatIsFullForAWhileEndsNoRun() {
        target = servers.start();
        CheckpointKey key = atTarget();
        key.start();
        FaultRun.config(target, "maxmemory", "1");

        assertThatThrownBy(() -> key.setState("rump", "more"))
                .isInstanceOfSatisfying(
                        RedisException.class, e -> assertThat(e.isPermanent()).isFalse());

        FaultRun.config(target, "maxmemory", "0");
        key.setState("rump", "more");
        assertThat(key.getState("rump")).isEqualTo("more");
        key.stop();
    }
}
