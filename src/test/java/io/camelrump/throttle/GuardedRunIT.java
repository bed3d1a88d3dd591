package io.camelrump.throttle;

import static org.assertj.core.api.Assertions.assertThat;

import io.camelrump.SourceLatency;
import io.camelrump.fixtures.CommandStats;
import io.camelrump.fixtures.Migration;
import io.camelrump.fixtures.RedisServer;
import io.camelrump.fixtures.RedisServers;
import io.camelrump.fixtures.RouteRun;
import io.camelrump.fixtures.SampleData;
import io.camelrump.fixtures.WatchingProxy;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import redis.clients.jedis.Jedis;

class GuardedRunIT {
    @RegisterExtension
    private static final RedisServers SERVERS = new RedisServers();

    private static final RedisServer SOURCE = SERVERS.start();
    private static final RedisServer TARGET = SERVERS.start();
    /** Bytes of a value that a turn of the guard has no time for many of. */
    private static final int LARGE = 50_000;

    @BeforeEach
    void empty() {
        try (Jedis a = SOURCE.jedis();
                Jedis b = TARGET.jedis()) {
            a.flushAll();
            b.flushAll();
        }
    }

    @Test
    void fewLargeValuesAreAskedForAtATimeBesideAnotherClient() throws IOException {
        try (Jedis a = SOURCE.jedis()) {
            SampleData.fillNoise(a, 800, LARGE);
        }

        assertThat(usuallyInFlight("on")).isLessThan(usuallyInFlight("off") / 3);
    }

    /** DUMPs that the source was asked for and that had not been answered, at most of the requests. */
    private static long usuallyInFlight(String guard) throws IOException {
        AtomicLong asked = new AtomicLong();
        AtomicLong answeredBytes = new AtomicLong();
        List<Long> inFlight = Collections.synchronizedList(new ArrayList<>());
        try (WatchingProxy proxy = new WatchingProxy(SOURCE.port());
                WorkingClient other = new WorkingClient(SOURCE);
                Migration run =
                        Migration.from(proxy.listenPort()).to(TARGET).with("rump.source.latency-guard", guard)) {
            proxy.beforeToClient = text -> answeredBytes.addAndGet(text.length());
            proxy.beforeToServer = text -> {
                int dumps = text.split("DUMP\\r", -1).length - 1;
                if (dumps > 0) {
                    inFlight.add(asked.addAndGet(dumps) - answeredBytes.get() / LARGE);
                }
            };
            run.start();
            assertThat(run.awaitComplete().restored()).isEqualTo(800);
            assertThat(other.answers()).isPositive();
        }
        return inFlight.stream().sorted().toList().get(inFlight.size() / 2);
    }

    @Test
    void aRunBesideAWorkingClientReportsTurnsAndValuesLongerThanThem() {
        try (Jedis a = SOURCE.jedis()) {
            SampleData.fillNoise(a, 60, 500_000);
        }
        try (WorkingClient other = new WorkingClient(SOURCE);
                Migration run = Migration.from(SOURCE)
                        .to(TARGET)
                        .with("rump.source.latency-guard", "50us")
                        // long enough for some probes
                        .with("rump.source.max-keys-per-second", 60)
                        .start()) {
            assertThat(run.awaitComplete().restored()).isEqualTo(60);

            SourceLatency latency = run.ledger().sourceLatency();
            assertThat(latency).isNotNull();
            assertThat(latency.slowed()).isPositive();
            assertThat(latency.longValues()).isBetween(10L, 60L);
            assertThat(other.answers()).isPositive();
        }
    }

    @ParameterizedTest
    @CsvSource({
        "values=false&reverse=true, lookup, EXISTS",
        "values=true, compare, DUMP",
    })
    void aServerThatIsComparedWithAnswersOthersBetweenTurns(String reading, String operation, String command)
            throws Exception {
        try (Jedis a = SOURCE.jedis();
                Jedis b = TARGET.jedis()) {
            SampleData.fillStrings(a, 30_000, 100);
            SampleData.fillStrings(b, 30_000, 100);
        }
        int unguarded = usualRow(reading, operation, command, "off");

        assertThat(usualRow(reading, operation, command, "50us")).isLessThan(unguarded / 2);
    }

    /** How many keys the compared server was usually asked about before another client had its turn. */
    private static int usualRow(String reading, String operation, String command, String guard) throws Exception {
        String place = "rump:%s?host=127.0.0.1&port=%d&latencyGuard=%s&%s";
        // long enough for the guard to see the other client
        String from =
                String.format(place, "one", SOURCE.port(), "off", reading + "&scanCount=5000&maxKeysPerSecond=60000");
        String to = String.format(place, "other", TARGET.port(), guard, "operation=" + operation);
        try (WorkingClient other = new WorkingClient(TARGET, 0);
                CommandOrder order = new CommandOrder(TARGET);
                RouteRun run = RouteRun.of(routes -> routes.from(from).to(to))) {
            assertThat(run.awaitEnd().counts().read()).isEqualTo(30_000);
            assertThat(other.answers()).isPositive();
            return order.usualRow(command, "GET");
        }
    }

    @Test
    void partsOfABigKeyAreAsShortAsATurn() {
        try (Jedis a = SOURCE.jedis()) {
            for (int i = 0; i < 40; i++) {
                Map<String, String> fields = new HashMap<>();
                for (int n = 0; n < 1_000; n++) {
                    fields.put("field:" + i + ":" + n, "x".repeat(20));
                }
                a.hset("big", fields);
            }
        }
        long unguarded = partsBeside("off");

        assertThat(partsBeside("50us")).isGreaterThan(2 * unguarded);
    }

    private static long partsBeside(String guard) {
        try (Jedis a = SOURCE.jedis();
                Jedis b = TARGET.jedis();
                WorkingClient other = new WorkingClient(SOURCE);
                Migration run = Migration.from(SOURCE)
                        .to(TARGET)
                        .with("rump.source.latency-guard", guard)
                        .with("rump.source.big-key", "100kb")
                        .start()) {
            a.configResetStat();
            assertThat(run.awaitComplete().restored()).isEqualTo(1);
            assertThat(other.answers()).isPositive();
            b.flushAll();
            return CommandStats.calls(a, "hscan");
        }
    }

    @Test
    void aRunIsGuardedWhereTheServerKeepsItsStatisticsToItself() {
        try (Jedis a = SOURCE.jedis()) {
            SampleData.fillStrings(a, 3_000, 100);
            a.aclSetUser("quiet", "on", ">secret", "~*", "+@all", "-info");
        }
        try (Migration run = Migration.from(SOURCE)
                .to(TARGET)
                .with("rump.source.username", "quiet")
                .with("rump.source.password", "secret")
                .with("rump.source.latency-guard", "on")
                .with("rump.source.max-keys-per-second", 6_000)
                .start()) {
            assertThat(run.awaitComplete().restored()).isEqualTo(3_000);

            SourceLatency latency = run.ledger().sourceLatency();
            assertThat(latency).isNotNull();
            assertThat(latency.slowed()).isPositive();
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
}
