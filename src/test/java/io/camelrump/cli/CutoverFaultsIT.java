package io.camelrump.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.camelrump.fixtures.AcknowledgedWriter;
import io.camelrump.fixtures.FaultRun;
import io.camelrump.fixtures.FaultyProxy;
import io.camelrump.fixtures.LiveWriter;
import io.camelrump.fixtures.RedisServer;
import io.camelrump.fixtures.RedisServers;
import io.camelrump.fixtures.SampleData;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import redis.clients.jedis.Jedis;

/**
 * Whatever breaks while a service writes, before and during a cutover: once the run has said "converged", the target
 * has each write that the service was acknowledged, and nothing differs.
 */
@Tag("long")
class CutoverFaultsIT {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final int KEYS = 2_000;
    private static final int WRITES_PER_SECOND = 2_000;
    private static final int FAULTS_BEFORE = 4;
    private static final int MOST_CUTOVERS = 5;

    @RegisterExtension
    private static final RedisServers SERVERS = new RedisServers();

    @TempDir
    Path folder;

    private Random random = new Random(0);
    private FaultyProxy toSource;
    private FaultyProxy toTarget;
    private RedisServer source;
    private RumpProcess run;
    private int runs;

    /** Things that go wrong. */
    private enum Fault {
        SOURCE_CUT {
            @Override
            void happens(CutoverFaultsIT test) {
                test.toSource.cut();
            }
        },
        TARGET_CUT {
            @Override
            void happens(CutoverFaultsIT test) {
                test.toTarget.cut();
            }
        },
        TARGET_CUT_LATER {
            @Override
            void happens(CutoverFaultsIT test) {
                test.toTarget.cutAfter(FaultyProxy.Direction.TO_SERVER, test.random.nextInt(20_000));
            }
        },
        TARGET_SILENT {
            @Override
            void happens(CutoverFaultsIT test) {
                test.toTarget.leaveHalfOpen();
            }
        },
        TOOL_KILLED {
            @Override
            void happens(CutoverFaultsIT test) throws Exception {
                test.run.signalIfRunning("KILL");
                test.run.exitCode();
                test.resume();
            }
        };

        abstract void happens(CutoverFaultsIT test) throws Exception;
    }

    @AfterEach
    void end() {
        run.close();
        toSource.close();
        toTarget.close();
    }

    @ParameterizedTest
    @CsvSource({
        "redis-7.0, redis-7.0, 1",
        "redis-7.0, redis-7.0, 2",
        "redis-6.2, redis-7.0, 3",
        "redis-7.0, redis-8.0, 4",
        "redis-7.0, valkey-8.1, 5",
        "redis-8.0, redis-8.6, 6"
    })
    void nothingAcknowledgedIsMissingOnceTheRunHasConverged(String from, String to, long seed) throws Exception {
        random = new Random(seed);
        source = SERVERS.start(RedisServers.find(from).orElseGet(RedisServers::usual));
        RedisServer target = SERVERS.start(RedisServers.find(to).orElseGet(RedisServers::usual));
        try (Jedis jedis = source.jedis()) {
            SampleData.fillMixed(jedis, KEYS);
        }
        toSource = new FaultyProxy(source);
        toTarget = new FaultyProxy(target);
        start();
        AcknowledgedWriter acknowledged = new AcknowledgedWriter(source, KEYS, WRITES_PER_SECOND);
        LiveWriter writer = LiveWriter.start(source, 200, seed);
        try (acknowledged;
                Jedis other = source.jedis()) {
            for (int i = 0; i < FAULTS_BEFORE; i++) {
                long until = acknowledged.written() + 200 + random.nextInt(3_000);
                await().atMost(PATIENCE).until(() -> acknowledged.written() >= until);
                anyFault().happens(this);
            }

            cutOverUntilConverged();

            // what it waits for was never acknowledged
            acknowledged.close();
            FaultRun.assertEqual(source, target);
            assertThat(acknowledged.missingAt(target)).isZero();
            assertThat(acknowledged.written()).isPositive();
            other.clientUnpause();
        } finally {
            writer.close();
        }
    }

    private Fault anyFault() {
        return Fault.values()[random.nextInt(Fault.values().length)];
    }

    /** A fault in the middle of the first cutover; those that do not converge are followed by another one. */
    private void cutOverUntilConverged() throws Exception {
        for (int i = 0; i < MOST_CUTOVERS; i++) {
            run.awaitOutput("First copy complete, following");
            Files.createFile(go());
            run.awaitOutput("Cutting over, as");
            if (i == 0) {
                anyFault().happens(this);
                if (!Files.exists(go())) {
                    continue;
                }
            }
            if (run.exitCode() == 0) {
                assertThat(run.out()).contains("CONVERGED: ");
                return;
            }
            resume();
        }
        assertThat(run.output()).as("a cutover that converges").isEmpty();
    }

    private Path go() {
        return folder.resolve("go-" + runs);
    }

    private void start(String... more) {
        runs++;
        run = RumpProcess.between(
                source,
                "redis://" + RedisServer.HOST + ":" + toTarget.port(),
                List.of(),
                Stream.concat(
                                Stream.of(
                                        "-from=redis://" + RedisServer.HOST + ":" + toSource.port(),
                                        "--live",
                                        "--pause-writes=10s",
                                        "--cutover-timeout=15s",
                                        "--latency-guard=off",
                                        "--checkpoint=" + folder.resolve("checkpoint"),
                                        "--cutover-file=" + go()),
                                Stream.of(more))
                        .toArray(String[]::new));
    }

    private void resume() {
        run.close();
        start("--resume");
    }
}
