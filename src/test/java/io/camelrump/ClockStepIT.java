package io.camelrump;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.camelrump.fixtures.RedisCluster;
import io.camelrump.fixtures.RedisServer;
import io.camelrump.fixtures.RedisServers;
import io.camelrump.fixtures.RouteRun;
import io.camelrump.fixtures.WatchingProxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Pattern;
import org.apache.camel.Exchange;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.Pipeline;
import redis.clients.jedis.Response;

/** Clocks of servers that are set while their keys are copied. */
class ClockStepIT {
    private static final int KEYS = 1_500;
    private static final int HOUR = 3_600_000;
    private static final long SECOND = 1_000;
    private static final int PAGE_OF_STEP = 7;
    private static final Pattern TIME = Pattern.compile("\\*2\r\n\\$10\r\n(\\d{10})\r\n\\$");

    @RegisterExtension
    private final RedisServers servers = new RedisServers();

    @TempDir
    Path folder;

    private Path clock;

    @BeforeEach
    void startClock() throws Exception {
        assumeThat(RedisServers.canShiftClock()).as("faketime is installed").isTrue();
        clock = Files.writeString(folder.resolve("clock"), "+0s");
    }

    @Tag("long")
    @ParameterizedTest
    @ValueSource(strings = {"+1800s", "-1800s"})
    void keysReadBeforeTheSourcesClockWasSetAreReadAgain(String step) throws Exception {
        RedisServer source = servers.startFollowing(clock);
        RedisServer target = servers.start(RedisServers.version("redis-6.2"));
        fill(source);

        copy(source, target, step, "");

        assertExpiriesAgree(source, target);
    }

    @ParameterizedTest
    @ValueSource(strings = {"+1800s", "-1800s"})
    void keysWrittenBeforeTheTargetsClockWasSetAreWrittenAgain(String step) throws Exception {
        RedisServer source = servers.start(RedisServers.version("redis-6.2"));
        RedisServer target = servers.startFollowing(clock);
        fill(source);

        copy(source, target, step, "");

        assertExpiriesAgree(source, target);
    }

    /** A server from 7.0 on tells expiries as its clock has them; a proxy sets that clock by its answers to TIME. */
    @Test
    void expiriesReportedAsInstantsAreReadAgainToo() throws Exception {
        RedisServer source = servers.start();
        RedisServer target = servers.start();
        fill(source);
        AtomicInteger pages = new AtomicInteger();
        try (WatchingProxy proxy = new WatchingProxy(source.port());
                RouteRun run = run(at(proxy.listenPort()), at(target), "", exchange -> {
                    if (pages.incrementAndGet() == PAGE_OF_STEP) {
                        proxy.changedToClient = ClockStepIT::halfAnHourLater;
                    }
                })) {
            assertThat(run.awaitEnd().state()).isEqualTo(RunState.COMPLETE);
        }
        assertExpiriesAgree(source, target, HOUR / 2);
    }

    private static String halfAnHourLater(String replies) {
        return TIME.matcher(replies)
                .replaceAll(time -> "*2\r\n\\$10\r\n" + (Long.parseLong(time.group(1)) + 1_800) + "\r\n\\$");
    }

    @Test
    void aSampleBeginsAnew() throws Exception {
        RedisServer source = servers.startFollowing(clock);
        RedisServer target = servers.start(RedisServers.version("redis-6.2"));
        fill(source);

        Counts counts = copy(source, target, "+1800s", "&sample=1000");

        assertThat(counts.restored()).isEqualTo(1000);
        assertThat(counts.restarts()).isEqualTo(1);
        assertExpiriesAgree(source, target);
    }

    @Test
    void aStepWithinTheToleranceChangesNothing() throws Exception {
        RedisServer source = servers.startFollowing(clock);
        RedisServer target = servers.start(RedisServers.version("redis-6.2"));
        fill(source);

        Counts counts = copy(source, target, "+60s", "&ttlTolerance=5m");

        assertThat(counts.read()).isEqualTo(KEYS);
    }

    /** A time service that sets the clock again and again must not make a run of it that never ends. */
    @Test
    @Tag("long")
    void aClockThatNeverRestsEndsTheRun() throws Exception {
        RedisServer source = servers.startFollowing(clock);
        RedisServer target = servers.start(RedisServers.version("redis-6.2"));
        fill(source);
        AtomicInteger pages = new AtomicInteger();
        try (RouteRun run = run(source, target, "", exchange -> {
            RedisServers.moveClock(clock, "+" + pages.incrementAndGet() + "s");
        })) {
            assertThat(run.awaitEnd().state()).isEqualTo(RunState.FAILED);
            assertThat(run.ledger().failure())
                    .contains("The clock of source 127.0.0.1:" + source.port() + " was set 20 times")
                    .contains("--ttl-tolerance");
        }
    }

    /** What was found equal before is not so by the clock of now. */
    @Test
    void aComparisonBeginsAnew() throws Exception {
        RedisServer source = servers.startFollowing(clock);
        RedisServer target = servers.start(RedisServers.version("redis-6.2"));
        fill(source);
        copy(source, target, "+0s", "");
        try (RouteRun run = run(at(source), at(target) + "&operation=compare&rounds=1", "", stepAtPage("+1800s"))) {
            assertThat(run.awaitEnd().state()).isEqualTo(RunState.DIFFERENT);
            assertThat(run.ledger().differing()).isEqualTo(Map.of(Difference.Cause.EXPIRY, (long) KEYS));
        }
    }

    @Test
    void aLiveRunSendsTheExpiriesOfTheNewClock() throws Exception {
        RedisServer source = servers.startFollowing(clock);
        RedisServer target = servers.start(RedisServers.version("redis-6.2"));
        fill(source);
        try (RouteRun run = run(source, target, "&live=true", stepAtPage("+1800s"))) {
            run.ledger().run().clockSteps().interval(Duration.ofMillis(100));
            run.await().untilAsserted(() -> assertExpiriesAgree(source, target));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"+1800s", "-1800s"})
    @Tag("long")
    void aResumedRunFindsThatTheSourcesClockWasSet(String step) throws Exception {
        assertStepIsFoundLater(servers.startFollowing(clock), servers.start(RedisServers.version("redis-6.2")), step);
    }

    @ParameterizedTest
    @ValueSource(strings = {"+1800s", "-1800s"})
    void aResumedRunFindsThatTheTargetsClockWasSet(String step) throws Exception {
        assertStepIsFoundLater(servers.start(RedisServers.version("redis-6.2")), servers.startFollowing(clock), step);
    }

    /** Of a node that is read to its end before the stop, and of one that is not. */
    @ParameterizedTest
    @ValueSource(ints = {0, 1})
    @Tag("long")
    void aResumedRunFindsThatOneNodesClockWasSet(int node) throws Exception {
        RedisCluster cluster = RedisCluster.startFollowing(servers, clocksOfTwo(node));
        fillUnevenly(cluster);

        assertStepIsFoundLater(cluster.masters(), List.of(servers.start(RedisServers.version("redis-6.2"))), "+1800s");
    }

    @Test
    void aResumedRunFindsThatATargetNodesClockWasSet() throws Exception {
        RedisServer source = servers.start(RedisServers.version("redis-6.2"));
        fill(source);
        RedisCluster cluster = RedisCluster.startFollowing(servers, clocksOfTwo(0));

        assertStepIsFoundLater(List.of(source), cluster.masters(), "+1800s");
    }

    /** Only this node follows the clock that is moved. */
    private List<Path> clocksOfTwo(int node) throws Exception {
        List<Path> clocks = new ArrayList<>(List.of(clock));
        clocks.add(1 - node, Files.writeString(folder.resolve("other clock"), "+0s"));
        return clocks;
    }

    private static void fillUnevenly(RedisCluster cluster) {
        try (var client = cluster.client()) {
            for (int i = 0; i < KEYS; i++) {
                // slots 3300 and 12182
                client.psetex((i < KEYS / 10 ? "{b}:" : "{foo}:") + i, HOUR + i, "v");
            }
        }
        try (Jedis small = cluster.masters().get(0).jedis()) {
            assertThat(small.dbSize()).isEqualTo(KEYS / 10);
        }
    }

    private void assertStepIsFoundLater(RedisServer source, RedisServer target, String step) throws Exception {
        fill(source);
        assertStepIsFoundLater(List.of(source), List.of(target), step);
    }

    private void assertStepIsFoundLater(List<RedisServer> sources, List<RedisServer> targets, String step)
            throws Exception {
        RedisServer source = sources.get(0);
        RedisServer target = targets.get(0);
        String options = "&maxKeysPerSecond=1000&checkpoint=#bean:checkpoint";
        try (RouteRun run = run(source, target, options, exchange -> {})) {
            run.await().until(() -> run.ledger().counts().restored() >= KEYS / 2);
        }
        RedisServers.moveClock(clock, step);
        // one that is stopped before it has met the target knows nothing of its clock but what it was told
        try (RouteRun run = run(source, target, options + "&resume=true", exchange -> {
            throw new IllegalStateException("not yet");
        })) {
            assertThat(run.ledger().counts().restored()).isLessThan(KEYS);
        }
        try (RouteRun run = run(source, target, options + "&resume=true", exchange -> {})) {
            assertThat(run.awaitEnd().state()).as(run.ledger().failure()).isEqualTo(RunState.COMPLETE);
        }
        assertExpiriesAgree(sources, targets, 0);
    }

    private Counts copy(RedisServer source, RedisServer target, String step, String options) throws Exception {
        try (RouteRun run = run(source, target, options, stepAtPage(step))) {
            Ledger ledger = run.awaitEnd();
            assertThat(ledger.state()).as(ledger.failure()).isEqualTo(RunState.COMPLETE);
            return ledger.counts();
        }
    }

    private interface Step {
        void on(Exchange exchange) throws Exception;
    }

    private Step stepAtPage(String step) {
        AtomicInteger pages = new AtomicInteger();
        return exchange -> {
            if (pages.incrementAndGet() == PAGE_OF_STEP) {
                RedisServers.moveClock(clock, step);
            }
        };
    }

    private RouteRun run(RedisServer source, RedisServer target, String options, Step onPage) throws Exception {
        return run(at(source), at(target), options, onPage);
    }

    private RouteRun run(String source, String target, String options, Step onPage) throws Exception {
        CheckpointFile checkpoint =
                new CheckpointFile(folder.resolve("checkpoint").toString());
        return RouteRun.of(builder -> {
            builder.bindToRegistry("checkpoint", checkpoint);
            builder.from("rump:source" + source + "&scanCount=100" + options)
                    .routeId("read")
                    .process(onPage::on)
                    .to("rump:target" + target);
        });
    }

    private static String at(RedisServer server) {
        return at(server.port());
    }

    private static String at(int port) {
        return "?host=" + RedisServer.HOST + "&port=" + port;
    }

    private static void fill(RedisServer server) {
        try (Jedis jedis = server.jedis();
                Pipeline pipeline = jedis.pipelined()) {
            for (int i = 0; i < KEYS; i++) {
                pipeline.psetex("key:" + i, HOUR + i, "v");
            }
        }
    }

    private static void assertExpiriesAgree(RedisServer source, RedisServer target) {
        assertExpiriesAgree(source, target, 0);
    }

    private static void assertExpiriesAgree(RedisServer source, RedisServer target, long earlier) {
        assertExpiriesAgree(List.of(source), List.of(target), earlier);
    }

    private static void assertExpiriesAgree(List<RedisServer> sources, List<RedisServer> targets, long earlier) {
        long begun = System.nanoTime();
        Map<String, Long> there = new HashMap<>();
        targets.forEach(target -> there.putAll(expiries(target)));
        Map<String, Long> here = new HashMap<>();
        sources.forEach(source -> here.putAll(expiries(source)));
        // the two are not asked at one moment
        long tolerance = SECOND + (System.nanoTime() - begun) / 1_000_000;
        List<String> wrong = there.entrySet().stream()
                .filter(key -> Math.abs(key.getValue() + earlier - here.get(key.getKey())) > tolerance)
                .map(key -> key + " instead of " + here.get(key.getKey()))
                .toList();
        assertThat(wrong.stream().limit(3))
                .as(wrong.size() + " of " + there.size())
                .isEmpty();
        assertThat(there).isNotEmpty();
    }

    private static Map<String, Long> expiries(RedisServer server) {
        try (Jedis jedis = server.jedis()) {
            List<String> keys = new ArrayList<>(jedis.keys("*"));
            List<Response<Long>> left = new ArrayList<>();
            try (Pipeline pipeline = jedis.pipelined()) {
                keys.forEach(key -> left.add(pipeline.pttl(key)));
            }
            Map<String, Long> expiries = new HashMap<>();
            for (int i = 0; i < keys.size(); i++) {
                expiries.put(keys.get(i), left.get(i).get());
            }
            return expiries;
        }
    }
}
