package io.camelrump.throttle;

import static org.assertj.core.api.Assertions.assertThat;

import io.camelrump.Counts;
import io.camelrump.SourceLatency;
import io.camelrump.fixtures.FaultyProxy;
import io.camelrump.fixtures.Migration;
import io.camelrump.fixtures.RedisServer;
import io.camelrump.fixtures.RedisServers;
import io.camelrump.fixtures.SampleData;
import io.camelrump.redis.OwnConnections;
import io.camelrump.redis.RedisConnection;
import io.camelrump.redis.ServerAddress;
import io.camelrump.run.Run;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import redis.clients.jedis.Jedis;

class LatencyGuardIT {
    @RegisterExtension
    private static final RedisServers SERVERS = new RedisServers();

    private static final RedisServer SOURCE = SERVERS.start();
    private static final RedisServer TARGET = SERVERS.start();

    private final Run run = new Run("test", 1);
    private final FaultyProxy proxy = new FaultyProxy(SOURCE);
    private @Nullable LatencyGuard guard;

    @BeforeEach
    void empty() {
        try (Jedis a = SOURCE.jedis();
                Jedis b = TARGET.jedis()) {
            a.flushAll();
            b.flushAll();
        }
    }

    @AfterEach
    void close() {
        if (guard != null) {
            guard.close();
        }
        proxy.close();
    }

    @Tag("alone")
    @Test
    void slowsDownWhileTheSourceIsSlowAndRecovers() {
        try (Jedis one = SOURCE.jedis();
                Jedis other = SOURCE.jedis()) {
            one.ping();
            other.ping();
            LatencyGuard watching = guard(Duration.ofMillis(50), null);
            proxy.delay(40);

            probeUntil(
                    watching,
                    () -> watching.step().keys() == 1 && watching.step().pauseNanos() > 0);
            proxy.heal();
            probeUntil(watching, () -> watching.step().isWhole());

            SourceLatency latency = run.report().sourceLatency();
            assertThat(latency).isNotNull();
            assertThat(latency.worst()).isGreaterThan(Duration.ofMillis(80));
            assertThat(latency.slowed()).isPositive();
        }
    }

    @Tag("alone")
    @Test
    void takesALongWayToTheSourceForWhatItIs() {
        try (Jedis one = SOURCE.jedis();
                Jedis other = SOURCE.jedis()) {
            one.ping();
            other.ping();
            proxy.delay(20);
            LatencyGuard watching = guard(null, null);
            for (int i = 0; i < 20; i++) {
                watching.probe();
            }
            assertThat(watching.step().isWhole()).isTrue();

            proxy.delay(150);

            probeUntil(watching, () -> !watching.step().isWhole());
        }
    }

    @Test
    void slowsNothingWhereTheSourceHasNoOtherClients() {
        LatencyGuard watching = guard(Duration.ofMillis(10), null);
        watching.probe();
        proxy.delay(20);
        for (int i = 0; i < 20; i++) {
            watching.probe();
        }

        assertThat(watching.step().isWhole()).isTrue();
        assertThat(run.report().sourceLatency()).isNotNull();
    }

    @Test
    void connectionsOfTheCopyItselfAreNoOtherClients() {
        LatencyGuard watching = guard(Duration.ofMillis(10), null);
        watching.probe();
        proxy.delay(20);
        List<RedisConnection> own = new ArrayList<>();
        try {
            for (int i = 0; i < 20; i++) {
                if (i % 4 == 0) {
                    own.add(RedisConnection.open(address(null)));
                }
                watching.probe();
            }

            assertThat(watching.step().isWhole()).isTrue();
        } finally {
            own.forEach(RedisConnection::close);
        }
        assertThat(OwnConnections.to(address(null)).open()).isEqualTo(1);
    }

    @Test
    void aUserThatMayNotAskForClientsIsTakenToHaveThem() {
        try (Jedis a = SOURCE.jedis()) {
            a.aclSetUser("hidden", "on", ">secret", "+ping");
        }
        LatencyGuard watching = guard(Duration.ofMillis(10), "hidden");
        proxy.delay(20);

        probeUntil(watching, () -> !watching.step().isWhole());
    }

    @Test
    void watchesNothingWherePingIsRefused() {
        try (Jedis a = SOURCE.jedis()) {
            a.aclSetUser("mute", "on", ">secret", "~*", "+@all", "-ping");
        }
        LatencyGuard watching = guard(Duration.ofMillis(1), "mute");

        for (int i = 0; i < 5; i++) {
            watching.probe();
        }

        assertThat(run.report().sourceLatency()).isNull();
        assertThat(watching.step().isWhole()).isTrue();
        assertThat(proxy.accepted()).isEqualTo(1);
    }

    @Test
    void aGuardThatCannotLogInSaysSoOnce() {
        try (Jedis a = SOURCE.jedis()) {
            a.aclSetUser("other", "on", ">another", "+ping");
        }
        LatencyGuard watching = guard(Duration.ofMillis(1), "other");
        PrintStream usual = System.err;
        ByteArrayOutputStream log = new ByteArrayOutputStream();
        System.setErr(new PrintStream(log, true, StandardCharsets.UTF_8));
        try {
            probeUntil(watching, () -> proxy.accepted() == 3);
        } finally {
            System.setErr(usual);
        }

        assertThat(log.toString(StandardCharsets.UTF_8).lines())
                .filteredOn(line -> line.contains("The latency guard has no connection to source"))
                .singleElement()
                .asString()
                .contains("nothing watches what the copy does to its latency", "WRONGPASS");
        assertThat(watching.step().isWhole()).isTrue();
    }

    @Test
    void aLostProbeIsNoReasonToSlowDown() {
        LatencyGuard watching = guard(Duration.ofMillis(200), null);
        watching.probe();
        proxy.cut();
        watching.probe();

        probeUntil(watching, () -> proxy.accepted() == 2);

        assertThat(watching.step().isWhole()).isTrue();
    }

    @Test
    void aRunBesideABlockingClientIsSlowedAndReportsIt() {
        try (Jedis a = SOURCE.jedis()) {
            SampleData.fillStrings(a, 1_500, 100);
        }
        BlockingClient blocking = new BlockingClient();
        blocking.setDaemon(true);
        blocking.start();
        try (Migration run = Migration.from(SOURCE)
                .to(TARGET)
                .with("rump.source.latency-guard", "5ms")
                // long enough for some probes to be slow, however few they are
                .with("rump.source.max-keys-per-second", 750)
                .start()) {
            Counts counts = run.awaitComplete();

            assertThat(counts.restored()).isEqualTo(1_500);
            SourceLatency latency = run.ledger().sourceLatency();
            assertThat(latency).isNotNull();
            assertThat(latency.slowed()).isPositive();
            assertThat(latency.worst()).isGreaterThan(Duration.ofMillis(5));
        } finally {
            blocking.ended = true;
        }
    }

    @Test
    void aRunWithoutLatencyGuardReportsNoLatency() {
        try (Migration run = Migration.from(SOURCE)
                .to(TARGET)
                .with("rump.source.latency-guard", "off")
                .start()) {
            run.awaitComplete();

            assertThat(run.ledger().sourceLatency()).isNull();
        }
    }

    private LatencyGuard guard(@Nullable Duration allowed, @Nullable String user) {
        LatencyGuard made = new LatencyGuard(address(user), new LatencySamples(allowed), run);
        guard = made;
        return made;
    }

    private ServerAddress address(@Nullable String user) {
        return new ServerAddress(
                RedisServer.HOST,
                proxy.port(),
                user,
                user == null ? null : "secret",
                0,
                Duration.ofSeconds(5),
                Duration.ofSeconds(5));
    }

    private static void probeUntil(LatencyGuard watching, BooleanSupplier reached) {
        Awaitility.await()
                .atMost(Duration.ofSeconds(30))
                .pollDelay(Duration.ZERO)
                .pollInterval(Duration.ofMillis(1))
                .until(() -> {
                    watching.probe();
                    return reached.getAsBoolean();
                });
    }

    /** Lets the source do nothing else for most of the time, as long scripts do. */
    private static final class BlockingClient extends Thread {
        private volatile boolean ended;

        @Override
        public void run() {
            try (Jedis jedis = SOURCE.jedis()) {
                while (!ended) {
                    jedis.sendCommand(
                            () -> "DEBUG".getBytes(java.nio.charset.StandardCharsets.US_ASCII), "SLEEP", "0.02");
                }
            }
        }
    }
}
