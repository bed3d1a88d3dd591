package io.camelrump.throttle;

import static org.assertj.core.api.Assertions.assertThat;

import io.camelrump.fixtures.FaultyProxy;
import io.camelrump.fixtures.RedisServer;
import io.camelrump.fixtures.RedisServers;
import io.camelrump.redis.OwnConnections;
import io.camelrump.redis.RedisConnection;
import io.camelrump.redis.ServerAddress;
import io.camelrump.run.Run;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import redis.clients.jedis.Jedis;

class LatencyGuardIT {
    @RegisterExtension
    private static final RedisServers SERVERS = new RedisServers();

    private static final RedisServer SOURCE = SERVERS.start();
    private static final RedisServer TARGET = SERVERS.start();

    private static final Duration TURN = Duration.of(500, ChronoUnit.MICROS);
    private static final long SECOND = Duration.ofSeconds(1).toNanos();

    private final Run run = new Run("test", 1);
    private final WorkBudget budget = WorkBudget.unbounded();
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

    @Test
    void boundsTheWorkAtATimeWhileOtherClientsWork() {
        try (WorkingClient other = new WorkingClient(SOURCE)) {
            LatencyGuard watching = guard(null);

            probeUntil(watching, () -> other.answers() > 50 && budget.isBounded());

            assertThat(budget.nanos()).isEqualTo(TURN.toNanos());
        }
    }

    @Test
    void idleClientsAreNoneThatCouldBeHurt() {
        try (Jedis one = SOURCE.jedis();
                Jedis other = SOURCE.jedis()) {
            one.ping();
            other.ping();
            LatencyGuard watching = guard(null);

            for (int i = 0; i < 30; i++) {
                watching.probe();
            }

            assertThat(budget.isBounded()).isFalse();
            assertThat(run.report().sourceLatency()).isNotNull();
        }
    }

    @Test
    void boundsNothingWhereTheSourceHasNoOtherClients() {
        LatencyGuard watching = guard(null);
        for (int i = 0; i < 5; i++) {
            watching.probe();

            assertThat(budget.isBounded()).isFalse();
        }
    }

    @Test
    void connectionsAndCommandsOfTheCopyItselfAreNoOtherClients() throws Exception {
        LatencyGuard watching = guard(null);
        List<RedisConnection> own = new ArrayList<>();
        try {
            for (int i = 0; i < 50; i++) {
                if (i % 10 == 0) {
                    own.add(RedisConnection.open(address(null)));
                }
                for (RedisConnection each : own) {
                    each.call("SCAN", "0");
                    each.call("DUMP", "none");
                }
                watching.probe();

                assertThat(budget.isBounded()).isFalse();
            }
        } finally {
            own.forEach(RedisConnection::close);
        }
        assertThat(OwnConnections.to(address(null)).open()).isEqualTo(1);
    }

    @Test
    void othersAreForgottenWhenTheyHaveBeenSilentForSeconds() throws Exception {
        OtherClients others = new OtherClients();
        try (RedisConnection connection = RedisConnection.open(address(null));
                Jedis other = SOURCE.jedis()) {
            assertThat(others.look(connection, statistics(connection), 0)).isTrue();
            for (int i = 0; i < 20; i++) {
                other.get("none");
            }
            assertThat(others.look(connection, statistics(connection), SECOND)).isTrue();
            assertThat(others.look(connection, statistics(connection), 5 * SECOND))
                    .isTrue();
            assertThat(others.look(connection, statistics(connection), 7 * SECOND))
                    .isFalse();
            other.get("none");
            assertThat(others.look(connection, statistics(connection), 8 * SECOND))
                    .isFalse();
        }
    }

    @Test
    void aUserThatMayNotAskForClientsIsTakenToHaveThem() {
        try (Jedis a = SOURCE.jedis()) {
            a.aclSetUser("hidden", "on", ">secret", "+ping");
        }
        LatencyGuard watching = guard("hidden");

        watching.probe();

        assertThat(budget.isBounded()).isTrue();
    }

    @Test
    void learnsWhatCommandsCostFromTheServersStatistics() {
        try (Jedis a = SOURCE.jedis();
                WorkingClient other = new WorkingClient(SOURCE)) {
            a.set("large", "x".repeat(1_000_000));
            LatencyGuard watching = guard(null);
            probeUntil(watching, () -> other.answers() > 0 && budget.isBounded());
            long before = budget.costs().key(0);
            for (int i = 0; i < 100; i++) {
                a.dump("large");
            }
            budget.costs().read(100, 100);

            // it is asked once a second at the usual pace
            probeUntil(watching, () -> budget.costs().key(0) > 10 * before);
        }
    }

    @Test
    void aSourceThatIsSlowByItselfIsReadWithoutABound() {
        BlockingClient blocking = new BlockingClient();
        blocking.setDaemon(true);
        blocking.start();
        try {
            LatencyGuard watching = guard(null);
            probeUntil(watching, budget::isBounded);

            probeUntil(watching, () -> !budget.isBounded());

            assertThat(budget.isHeld()).isFalse();
        } finally {
            blocking.ended = true;
        }
    }

    @Test
    void eachServerHasABudgetOfItsOwn() {
        try (WorkingClient other = new WorkingClient(SOURCE)) {
            LatencyGuards guards =
                    new LatencyGuards((server, its) -> new LatencyGuard(server, its, TURN.toNanos(), run));
            ServerAddress source = address(SOURCE.port(), null);
            ServerAddress calm = address(TARGET.port(), null);
            WorkBudget itsBudget = WorkBudget.of(source);
            Awaitility.await()
                    .atMost(Duration.ofSeconds(30))
                    .pollInterval(Duration.ofMillis(1))
                    .until(() -> {
                        guards.probe(List.of(source, calm));
                        return other.answers() > 100 && itsBudget.isBounded();
                    });

            assertThat(itsBudget.isBounded()).isTrue();
            assertThat(WorkBudget.of(calm).isBounded()).isFalse();

            // a server that is not read any more has no guard, and gets one again
            guards.probe(List.of(calm));
            assertThat(itsBudget.isBounded()).isFalse();
            guards.probe(List.of(source, calm));
            assertThat(itsBudget.isBounded()).isTrue();
            guards.close();
            assertThat(itsBudget.isBounded()).isFalse();
        }
    }

    @Test
    void watchesNothingWherePingIsRefused() {
        try (Jedis a = SOURCE.jedis()) {
            a.aclSetUser("mute", "on", ">secret", "~*", "+@all", "-ping");
        }
        LatencyGuard watching = guard("mute");

        for (int i = 0; i < 5; i++) {
            watching.probe();
        }

        assertThat(run.report().sourceLatency()).isNull();
        assertThat(budget.isBounded()).isFalse();
        assertThat(proxy.accepted()).isEqualTo(1);
    }

    @Test
    void aGuardThatCannotLogInSaysSoOnce() {
        try (Jedis a = SOURCE.jedis()) {
            a.aclSetUser("other", "on", ">another", "+ping");
        }
        LatencyGuard watching = guard("other");
        PrintStream usual = System.err;
        ByteArrayOutputStream log = new ByteArrayOutputStream();
        System.setErr(new PrintStream(log, true, StandardCharsets.UTF_8));
        try {
            probeUntil(watching, () -> proxy.accepted() == 3);
        } finally {
            System.setErr(usual);
        }

        assertThat(log.toString(StandardCharsets.UTF_8).lines())
                .filteredOn(line -> line.contains("The latency guard has no connection to server"))
                .singleElement()
                .asString()
                .contains("nothing watches what the copy does to its latency", "WRONGPASS");
        assertThat(budget.isBounded()).isFalse();
    }

    @Test
    void aLostProbeIsNoReasonToSlowDown() {
        LatencyGuard watching = guard(null);
        watching.probe();
        proxy.cut();
        watching.probe();

        probeUntil(watching, () -> proxy.accepted() == 2);

        assertThat(budget.isBounded()).isFalse();
    }

    private static CommandStatistics statistics(RedisConnection connection) throws IOException {
        return CommandStatistics.of(connection.info("commandstats"));
    }

    private LatencyGuard guard(@Nullable String user) {
        LatencyGuard made = new LatencyGuard(address(user), budget, TURN.toNanos(), run);
        guard = made;
        return made;
    }

    private ServerAddress address(@Nullable String user) {
        return address(proxy.port(), user);
    }

    private static ServerAddress address(int port, @Nullable String user) {
        return new ServerAddress(
                RedisServer.HOST,
                port,
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
                    jedis.sendCommand(() -> "DEBUG".getBytes(StandardCharsets.US_ASCII), "SLEEP", "0.02");
                }
            }
        }
    }
}
