package io.camelrump;

import static io.camelrump.fixtures.FaultRun.assertEqual;
import static io.camelrump.fixtures.FaultRun.config;
import static io.camelrump.fixtures.FaultRun.fill;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.awaitility.Awaitility.await;

import io.camelrump.fixtures.FaultRun;
import io.camelrump.fixtures.FaultyProxy;
import io.camelrump.fixtures.LiveWriter;
import io.camelrump.fixtures.Migration;
import io.camelrump.fixtures.RedisServer;
import io.camelrump.fixtures.RedisServers;
import java.time.Duration;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import redis.clients.jedis.Jedis;

/** Whatever happens to a live run while a service writes: when the writer stops, both sides become equal. */
class LiveFaultsIT {
    private static final int KEYS = 10_000;
    private static final int WRITTEN = 300;

    @RegisterExtension
    private final RedisServers servers = new RedisServers();

    private RedisServer source;
    private RedisServer target;
    private FaultyProxy toSource;
    private FaultyProxy toTarget;
    private final Random random = new Random(17);

    /** What is done to the run, again and again. */
    enum Fault {
        SOURCE_RESTARTS {
            @Override
            void strike(LiveFaultsIT test) {
                test.source.restart(true);
            }
        },
        SOURCE_RESTARTS_AND_LOADS_FOR_A_WHILE {
            @Override
            RedisServer source(RedisServers servers) {
                return servers.start(
                        RedisServers.usual(),
                        "--key-load-delay",
                        "100",
                        "--loading-process-events-interval-bytes",
                        "1024");
            }

            @Override
            void strike(LiveFaultsIT test) {
                CompletableFuture<Void> restart = CompletableFuture.runAsync(() -> test.source.restart(true));
                await("the source loading")
                        .atMost(Duration.ofSeconds(20))
                        .pollInterval(Duration.ofMillis(10))
                        .ignoreExceptions()
                        .until(() -> isLoading(test.source));
                restart.join();
            }
        },
        CLOCKS_ARE_FAR_APART {
            @Override
            RedisServer source(RedisServers servers) {
                assumeThat(RedisServers.canShiftClock())
                        .as("faketime is installed")
                        .isTrue();
                return servers.startShifted(20);
            }

            @Override
            void strike(LiveFaultsIT test) {
                test.awaitWrites(1_000);
            }
        },
        TARGET_IS_SLOW_FOR_A_WHILE {
            @Override
            void strike(LiveFaultsIT test) {
                test.toTarget.delay(50);
                test.awaitWrites(3_000);
                test.toTarget.delay(0);
            }
        },
        TARGET_COMES_BACK_EMPTY {
            @Override
            void strike(LiveFaultsIT test) {
                test.target.restart(false);
            }
        },
        TARGET_COMES_BACK_WITH_ITS_DATA {
            @Override
            void strike(LiveFaultsIT test) {
                test.target.restart(true);
            }
        },
        TARGET_IS_READ_ONLY_FOR_A_WHILE {
            @Override
            void strike(LiveFaultsIT test) {
                try (Jedis jedis = test.target.jedis()) {
                    jedis.replicaof(RedisServer.HOST, 1);
                    test.awaitWrites(1_000);
                    jedis.replicaofNoOne();
                }
            }
        },
        TARGET_IS_FULL_FOR_A_WHILE {
            @Override
            void strike(LiveFaultsIT test) {
                config(test.target, "maxmemory", "1mb");
                test.awaitWrites(1_000);
                config(test.target, "maxmemory", "0");
            }
        },
        TARGET_IS_SILENT_FOR_A_WHILE {
            @Override
            void strike(LiveFaultsIT test) {
                test.target.pause();
                test.awaitWrites(2_000);
                test.target.resume();
            }
        },
        CONNECTIONS_TO_THE_SOURCE_ARE_CUT {
            @Override
            void strike(LiveFaultsIT test) {
                test.toSource.cutAfter(FaultyProxy.Direction.TO_CLIENT, test.random.nextInt(20_000));
                test.awaitWrites(300);
                test.toSource.cut();
            }
        },
        CONNECTIONS_TO_THE_TARGET_ARE_CUT {
            @Override
            void strike(LiveFaultsIT test) {
                test.toTarget.cutAfter(FaultyProxy.Direction.TO_SERVER, test.random.nextInt(20_000));
                test.awaitWrites(300);
                test.toTarget.cut();
            }
        };

        RedisServer source(RedisServers servers) {
            return servers.start();
        }

        abstract void strike(LiveFaultsIT test);
    }

    private static boolean isLoading(RedisServer server) {
        try (Jedis jedis = server.jedis()) {
            return jedis.info("persistence").contains("loading:1");
        }
    }

    private LiveWriter writer;

    private void awaitWrites(long operations) {
        long before = writer.written();
        await().atMost(Duration.ofSeconds(20))
                .pollInterval(Duration.ofMillis(5))
                .until(() -> writer.written() >= before + operations);
    }

    @Test
    @Tag("long")
    void bothSidesBecomeEqualThoughTheTargetComesBackEmpty() {
        bothSidesBecomeEqual(Fault.TARGET_COMES_BACK_EMPTY);
    }

    @Test
    @Tag("long")
    void bothSidesBecomeEqualThoughConnectionsToTheSourceAreCut() {
        bothSidesBecomeEqual(Fault.CONNECTIONS_TO_THE_SOURCE_ARE_CUT);
    }

    @Tag("long")
    @ParameterizedTest
    @EnumSource(
            mode = EnumSource.Mode.EXCLUDE,
            names = {"TARGET_COMES_BACK_EMPTY", "CONNECTIONS_TO_THE_SOURCE_ARE_CUT"})
    void bothSidesBecomeEqual(Fault fault) {
        source = fault.source(servers);
        target = servers.start();
        fill(source, KEYS);
        try (FaultyProxy from = new FaultyProxy(source);
                FaultyProxy to = new FaultyProxy(target);
                Migration run = Migration.from(from.port())
                        .to(to.port())
                        .with("rump.source.live", true)
                        .with("rump.source.allow-mass-delete", true)
                        .with("rump.target.max-keys-per-second", 40_000)
                        .with("rump.source.scan-count", 500)) {
            toSource = from;
            toTarget = to;
            try (LiveWriter writing = LiveWriter.start(source, WRITTEN, fault.ordinal())) {
                writer = writing;
                run.start();
                FaultRun.awaitRestored(run, KEYS / 3);
                fault.strike(this);
                await().atMost(Duration.ofSeconds(30))
                        .until(() ->
                                run.ledger().state().isFinal() || run.ledger().progress() == 1);
                fault.strike(this);
                awaitWrites(500);
            }
            Objects.requireNonNull(run.ledger().changes()).cutOver();
            run.awaitComplete();
        }
        assertEqual(source, target);
    }

    @Test
    void trackingDroppedByOutputBufferLimitTriggersARescan() {
        source = servers.start(RedisServers.usual(), "--rename-command", "HELLO", "");
        target = servers.start();
        fill(source, KEYS);
        try (Migration run =
                Migration.from(source).to(target).with("rump.source.live", true).start()) {
            Changes changes = Objects.requireNonNull(run.ledger().changes());
            await().atMost(Duration.ofSeconds(30)).until(() -> run.ledger().progress() == 1);
            config(source, "client-output-buffer-limit", "pubsub 1000 1000 1");
            try (Jedis jedis = source.jedis()) {
                String[] keysAndValues = new String[20_000];
                for (int i = 0; i < keysAndValues.length; i++) {
                    keysAndValues[i] = "together:" + i / 2;
                }
                // one message that names them all
                jedis.mset(keysAndValues);
            }
            await().atMost(Duration.ofSeconds(20)).until(() -> changes.status().gaps() > 0);
            config(source, "client-output-buffer-limit", "pubsub 32mb 8mb 60");
            changes.cutOver();
            run.awaitComplete();

            assertThat(changes.status().scans()).isPositive();
        }
        assertEqual(source, target);
    }
}
