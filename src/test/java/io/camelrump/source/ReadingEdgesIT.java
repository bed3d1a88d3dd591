package io.camelrump.source;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.awaitility.Awaitility.await;

import io.camelrump.DumpedKey;
import io.camelrump.KeepKeys;
import io.camelrump.Ledger;
import io.camelrump.Page;
import io.camelrump.RunState;
import io.camelrump.TransientTargetException;
import io.camelrump.fixtures.FaultRun;
import io.camelrump.fixtures.FaultyProxy;
import io.camelrump.fixtures.Migration;
import io.camelrump.fixtures.RedisServer;
import io.camelrump.fixtures.RedisServers;
import io.camelrump.fixtures.RouteRun;
import io.camelrump.fixtures.SampleData;
import io.camelrump.fixtures.SmallHeapRun;
import io.camelrump.fixtures.WatchingProxy;
import io.camelrump.keys.DatabaseMapping;
import io.camelrump.keys.KeySelection;
import io.camelrump.keys.ScanPlan;
import io.camelrump.keys.SourceDatabase;
import io.camelrump.options.BigKeyOptions;
import io.camelrump.options.SourceOptions;
import io.camelrump.redis.KeyList;
import io.camelrump.redis.RedisConnection;
import io.camelrump.redis.RespReader;
import io.camelrump.redis.ServerAddress;
import io.camelrump.redis.ServerClock;
import io.camelrump.redis.SourceFeatures;
import io.camelrump.run.PageData;
import io.camelrump.target.WritingEdgesIT;
import io.camelrump.throttle.RateLimiter;
import java.io.ByteArrayInputStream;
import java.lang.management.ManagementFactory;
import java.lang.reflect.Field;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Pattern;
import org.apache.camel.Processor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import redis.clients.jedis.Jedis;

/** Rare moments of reading in which keys could be lost, dated wrongly, or waited for without end. */
@Timeout(150)
class ReadingEdgesIT {
    @RegisterExtension
    private final RedisServers servers = new RedisServers();

    private static String at(RedisServer server) {
        return "?host=127.0.0.1&port=" + server.port();
    }

    /** Long enough for something to happen that must not. */
    private static void pause(long millis) {
        await().pollDelay(Duration.ofMillis(millis)).until(() -> true);
    }

    private static Object field(Object of, String name) throws Exception {
        Field field = of.getClass().getDeclaredField(name);
        field.setAccessible(true);
        return field.get(of);
    }

    private static void strings(RedisServer server, int keys) {
        try (Jedis jedis = server.jedis()) {
            SampleData.fillStrings(jedis, keys, 50);
        }
    }

    /** The target loses all while the reader, at its end, measures the source's clock. */
    @Test
    void restartOfTheTargetWhileTheReaderIsBusyAtItsEndIsNotComplete() throws Exception {
        RedisServer source = servers.start();
        RedisServer target = servers.start();
        strings(source, 100);
        CountDownLatch gate = new CountDownLatch(1);
        try (FaultyProxy proxy = new FaultyProxy(source);
                RouteRun run = RouteRun.of(routes -> {
                    routes.onException(TransientTargetException.class)
                            .maximumRedeliveries(-1)
                            .redeliveryDelay(50);
                    routes.from("rump:source?host=127.0.0.1&port=" + proxy.port())
                            .routeId("read")
                            .to("seda:p");
                    routes.from("seda:p")
                            .process(exchange -> gate.await())
                            .to("rump:target" + at(target) + "&retryFor=60s");
                })) {
            Ledger ledger = run.ledger();
            run.await().until(() -> ledger.counts().read() == 100 && ledger.progress() == 1);
            proxy.stall();
            makeStale(run.context().getRoute("read").getConsumer());
            pause(500);
            target.restart(false);
            gate.countDown();
            run.await().until(() -> ledger.counts().restarts() == 1);
            pause(200);
            proxy.heal();

            run.awaitEnd();
            assertThat(ledger.state()).isEqualTo(RunState.COMPLETE);
            assertThat(FaultRun.size(target)).isEqualTo(100);
        }
    }

    /** Keys that are filtered on the way to one target are still due at the other. */
    @Test
    void filterOfOneTargetLeavesTheOtherOneAlone() throws Exception {
        RedisServer source = servers.start();
        RedisServer all = servers.start();
        RedisServer some = servers.start();
        strings(source, 100);
        KeepKeys none = new KeepKeys();
        none.setInclude("no-such-key:*");
        none.setTarget("some");
        try (RouteRun run = RouteRun.of(routes -> {
            routes.from("rump:source" + at(source) + "&targets=2&stallTimeout=3s")
                    .multicast()
                    .to("direct:some", "direct:all");
            routes.from("direct:some").bean(none).to("rump:some" + at(some));
            routes.from("direct:all").to("rump:all" + at(all));
        })) {
            Ledger ledger = run.awaitEnd();
            assertThat(ledger.state()).isEqualTo(RunState.COMPLETE);
            assertThat(ledger.counts().restored()).isEqualTo(100);
            assertThat(FaultRun.size(some)).isZero();
            assertThat(FaultRun.size(all)).isEqualTo(100);
        }
    }

    /** A page that fails always is read again, but not for ever. */
    @Test
    void pageThatAlwaysFailsEndsTheRun() throws Exception {
        RedisServer source = servers.start();
        RedisServer target = servers.start();
        strings(source, 100);
        AtomicInteger tries = new AtomicInteger();
        Processor poison = exchange -> {
            tries.incrementAndGet();
            throw new IllegalStateException("always");
        };
        try (RouteRun run = RouteRun.of(routes -> {
            routes.from("rump:source" + at(source) + "&stallTimeout=5s")
                    .process(poison)
                    .to("rump:target" + at(target));
        })) {
            assertThat(run.awaitEnd().state()).isEqualTo(RunState.INCOMPLETE);
            assertThat(tries.get()).isLessThan(9);
        }
    }

    /** The server answers with an error when it is asked again for remaining times. */
    @Test
    void errorWhileRemainingTimesAreAskedAgainIsNoWordOfImmortality() throws Exception {
        RedisServer source = servers.start(RedisServers.version("redis-6.2"), "--lua-time-limit", "50");
        byte[] key = "k".getBytes(US_ASCII);
        try (Jedis jedis = source.jedis();
                Jedis other = source.jedis();
                RedisConnection connection = RedisConnection.open(new ServerAddress(
                        "127.0.0.1", source.port(), null, null, 0, Duration.ofSeconds(5), Duration.ofSeconds(60)))) {
            jedis.psetex(key, 3_600_000, "v".getBytes(US_ASCII));
            byte[] dump = jedis.dump(key);
            KeyChunk segment = new KeyChunk(KeyList.of(key), 0, 0);
            PageBuilder page = new PageBuilder(segment, 0, 1000, false);
            byte[] reply = new byte[dump.length + 2];
            System.arraycopy(dump, 0, reply, 0, dump.length);
            reply[dump.length] = '\r';
            reply[dump.length + 1] = '\n';
            page.add(segment, new RespReader(new ByteArrayInputStream(reply), 64), dump.length, 3_600_000);
            page.date(-1, -1);
            assertThat(page.needsTimes()).isTrue();
            CompletableFuture<Object> script = CompletableFuture.supplyAsync(() -> {
                try {
                    return other.eval("while true do end");
                } catch (RuntimeException killed) {
                    return killed;
                }
            });
            pause(300);
            ServerClock clock = ServerClock.unknown();
            try {
                assertThatThrownBy(() -> page.retime(connection, clock, null)).hasMessageContaining("BUSY");
            } finally {
                jedis.scriptKill();
                script.get();
            }
        }
    }

    /** A large value within the limit of the heap, and small keys after it. */
    @Test
    void smallKeysAfterALargeOneFitTheHeap() throws Exception {
        RedisServer source = servers.start();
        RedisServer target = servers.start();
        try (Jedis jedis = source.jedis()) {
            byte[] value = new byte[29 << 20];
            new Random(1).nextBytes(value);
            jedis.set("big".getBytes(US_ASCII), value);
            SampleData.fillStrings(jedis, 5000, 1000);
        }
        try (SmallHeapRun run = SmallHeapRun.start("64m", source, target)) {
            String output = run.awaitOutput();
            assertThat(output).contains("COMPLETE Counts[read=5001", "exit 0");
        }
    }

    /** The clock of a source is set while it is read. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aSourceWhoseClockWasMovedIsMeasuredAgain(boolean reconnect, @TempDir Path folder) throws Exception {
        org.junit.jupiter.api.Assumptions.assumeTrue(RedisServers.canShiftClock());
        Path file = Files.writeString(folder.resolve("clock"), "+0s");
        RedisServer source = servers.startFollowing(file);
        RedisServer target = servers.start();
        try (Jedis jedis = source.jedis();
                var pipeline = jedis.pipelined()) {
            for (int i = 0; i < 2000; i++) {
                pipeline.psetex("k" + i, 3_600_000, "v");
            }
        }
        AtomicInteger pages = new AtomicInteger();
        List<DumpedKey> later = new ArrayList<>();
        try (FaultyProxy proxy = new FaultyProxy(source);
                RouteRun run = RouteRun.of(routes -> routes.from(
                                "rump:source?host=127.0.0.1&scanCount=50&port=" + proxy.port())
                        .routeId("read")
                        .process(exchange -> {
                            int page = pages.incrementAndGet();
                            if (page == 5) {
                                WritingEdgesIT.move(file, "+300s");
                                if (reconnect) {
                                    proxy.cut();
                                } else {
                                    makeStale(exchange.getContext()
                                            .getRoute("read")
                                            .getConsumer());
                                }
                            } else if (page > 20) {
                                exchange.getMessage().getBody(Page.class).forEach(later::add);
                            }
                        })
                        .to("rump:target" + at(target)))) {
            assertThat(run.awaitEnd().state()).isEqualTo(RunState.COMPLETE);
            assertThat(run.ledger().counts().restarts()).isZero();
        }
        try (Jedis from = source.jedis();
                Jedis to = target.jedis()) {
            assertThat(later).hasSizeGreaterThan(500).allSatisfy(key -> assertThat(to.pttl(key.key()))
                    .isCloseTo(from.pttl(key.key()), within(2_000L)));
        }
    }

    /** As if the clock had been measured more than a minute ago. */
    private static void makeStale(Object consumer) throws Exception {
        Object connection = field(field(consumer, "reader"), "connection");
        Field clock = SourceConnection.class.getDeclaredField("clock");
        clock.setAccessible(true);
        ServerClock known = (ServerClock) clock.get(connection);
        clock.set(
                connection,
                new ServerClock(known.offsetMicros(), System.nanoTime() - TimeUnit.MINUTES.toNanos(2), true));
    }

    /**
     * The next SCAN is sent before the DUMPs of a page, and they before it is answered: so a page costs one round trip. The
     * answer to each SCAN is held back until DUMPs of the page before are here.
     */
    @Test
    void aPageTakesOneRoundTrip() throws Exception {
        RedisServer source = servers.start();
        RedisServer target = servers.start();
        strings(source, 3000);
        AtomicInteger scans = new AtomicInteger();
        AtomicInteger dumps = new AtomicInteger();
        AtomicInteger dumpsAtLastAnswer = new AtomicInteger();
        AtomicInteger lateScans = new AtomicInteger();
        AtomicInteger lateDumps = new AtomicInteger();
        try (WatchingProxy proxy = new WatchingProxy(source.port())) {
            proxy.beforeToServer = text -> {
                scans.addAndGet(times("COUNT\r\n$3\r\n100\r\n", text));
                int more = scans.get() == 0 ? 0 : times("DUMP\r\n", text);
                // a SCAN gives a few keys more than it is asked for
                int page = 1 + dumps.addAndGet(more) / 110;
                lateScans.addAndGet(more > 0 && page < 25 && scans.get() <= page ? 1 : 0);
            };
            proxy.beforeToClient = text -> {
                // behind the last DUMP the time alone is asked for
                if (scans.get() > 1 && dumps.get() < 3000 && text.contains("*2\r\n$")) {
                    long limit = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(300);
                    while (dumps.get() == dumpsAtLastAnswer.get() && System.nanoTime() < limit) {
                        Thread.onSpinWait();
                    }
                    int now = dumps.get();
                    lateDumps.addAndGet(dumpsAtLastAnswer.getAndSet(now) == now ? 1 : 0);
                }
            };
            try (RouteRun run = RouteRun.of(routes -> routes.from(
                            "rump:source?host=127.0.0.1&scanCount=100&latencyGuard=off&port=" + proxy.listenPort())
                    .to("rump:target" + at(target)))) {
                assertThat(run.awaitEnd().state()).isEqualTo(RunState.COMPLETE);
            }
        }
        assertThat(dumps.get()).isBetween(3000, 3100);
        // of 30 pages: what the proxy reads may end within a command, which is not counted then
        assertThat(lateScans).hasValueLessThan(5);
        assertThat(lateDumps).hasValueLessThan(5);
    }

    private static int times(String word, String text) {
        return text.split(Pattern.quote(word), -1).length - 1;
    }

    /** A source that told who it is and does not any more. */
    @Test
    void sourceThatHidesItselfAfterARestartIsAnother() throws Exception {
        RedisServer source = servers.start();
        RedisServer target = servers.start();
        strings(source, 20_000);
        try (FaultyProxy proxy = new FaultyProxy(source);
                Migration run = Migration.from(proxy.port())
                        .to(target)
                        .with("restore.max-keys-per-second", 5_000)
                        .with("scan.count", 100)
                        .start()) {
            FaultRun.awaitRestored(run, 5_000);
            proxy.refuse();
            proxy.cut();
            source.restart(true);
            try (Jedis jedis = source.jedis()) {
                jedis.aclSetUser("default", "-info");
            }
            proxy.heal();
            Ledger ledger = run.awaitEnd();
            assertThat(ledger.state()).isEqualTo(RunState.COMPLETE);
            assertThat(ledger.counts().restarts()).isEqualTo(1);
            assertThat(FaultRun.size(target)).isEqualTo(20_000);
        }
    }

    /** A target that hides who it is, and keys that all expire some day. */
    @Test
    void hiddenTargetThatLostVolatileKeysIsNoticed() throws Exception {
        RedisServer source = servers.start();
        RedisServer target =
                servers.start(RedisServers.usual(), "--user", "default", "on", "nopass", "~*", "&*", "+@all", "-info");
        try (Jedis jedis = source.jedis()) {
            for (int i = 0; i < 10_000; i++) {
                jedis.setex("session:" + i, 36_000, "v");
            }
        }
        try (Migration run = Migration.from(source)
                .to(target)
                .with("restore.max-keys-per-second", 5_000)
                .with("scan.count", 100)
                .start()) {
            FaultRun.awaitRestored(run, 5_000);
            target.restart(false);
            assertThat(run.awaitEnd().counts().restarts()).isEqualTo(1);
            assertThat(FaultRun.size(target)).isEqualTo(10_000);
        }
    }

    /** Keys are due to be read again while there is no room. */
    @Test
    void readerRestsWhileThereIsNoRoomForARereading() throws Exception {
        RedisServer source = servers.start();
        RedisServer target = servers.start();
        strings(source, 2000);
        AtomicInteger pages = new AtomicInteger();
        CountDownLatch gate = new CountDownLatch(1);
        try (RouteRun run = RouteRun.of(routes -> {
            routes.from("rump:source" + at(source) + "&scanCount=50&queuePages=4")
                    .process(exchange -> {
                        if (pages.incrementAndGet() == 2) {
                            throw new IllegalStateException("once");
                        }
                    })
                    .to("seda:p");
            routes.from("seda:p").process(exchange -> gate.await()).to("rump:target" + at(target));
        })) {
            run.await().until(() -> run.ledger().pagesOut() >= 3);
            pause(1000);
            long before = cpuOfConsumer();
            pause(2000);
            long cpu = cpuOfConsumer() - before;
            gate.countDown();
            assertThat(run.awaitEnd().state()).isEqualTo(RunState.COMPLETE);
            assertThat(cpu).isLessThan(TimeUnit.MILLISECONDS.toNanos(200));
        }
    }

    private static long cpuOfConsumer() {
        var threads = ManagementFactory.getThreadMXBean();
        long sum = 0;
        for (var thread : threads.dumpAllThreads(false, false)) {
            if (thread.getThreadName().contains("rump://source")) {
                sum += threads.getThreadCpuTime(thread.getThreadId());
            }
        }
        return sum;
    }

    /** A host asks the ledger to stop reading, and waits for the end. */
    @Test
    void runThatWasAskedToStopReadingEnds() throws Exception {
        RedisServer source = servers.start();
        RedisServer target = servers.start();
        strings(source, 5000);
        try (RouteRun run = RouteRun.of(routes -> {
            routes.from("rump:source" + at(source) + "&scanCount=50&stallTimeout=3s")
                    .to("rump:target" + at(target) + "&maxKeysPerSecond=2000");
        })) {
            run.awaitSettled(1000);
            run.ledger().stopReading();
            assertThat(run.awaitEnd().state()).isEqualTo(RunState.INCOMPLETE);
        }
    }

    /** Suspended for longer than stallTimeout with keys that wait to be read again. */
    @Test
    void suspensionIsNoStall() throws Exception {
        RedisServer source = servers.start();
        RedisServer target = servers.start();
        strings(source, 2000);
        AtomicInteger pages = new AtomicInteger();
        CountDownLatch failed = new CountDownLatch(1);
        CountDownLatch go = new CountDownLatch(1);
        try (RouteRun run = RouteRun.of(routes -> {
            routes.from("rump:source" + at(source) + "&scanCount=50&stallTimeout=2s")
                    .routeId("read")
                    .process(exchange -> {
                        if (pages.incrementAndGet() == 5) {
                            failed.countDown();
                            go.await();
                            throw new IllegalStateException("once");
                        }
                    })
                    .to("rump:target" + at(target));
        })) {
            failed.await();
            CompletableFuture<Void> suspended = CompletableFuture.runAsync(() -> {
                try {
                    run.context().getRouteController().suspendRoute("read");
                } catch (Exception e) {
                    throw new IllegalStateException(e);
                }
            });
            pause(500);
            go.countDown();
            suspended.get();
            pause(3000);
            run.context().getRouteController().resumeRoute("read");
            Ledger ledger = run.awaitEnd();
            assertThat(ledger.state()).isEqualTo(RunState.COMPLETE);
        }
    }

    /** Expiries of the far future, and a target whose clock is ahead by a millisecond. */
    @Test
    void expiryAtTheEndOfTimeStaysInTheFuture() {
        assertThat(new ServerClock(1000, 0, true).translate(Long.MAX_VALUE, 0)).isPositive();
    }

    /** PEXPIRETIME before a cut, PTTL after it, in one page. */
    @Test
    void expiriesOfAPageAreOfOneKind() throws Exception {
        RedisServer source = servers.start();
        try (Jedis jedis = source.jedis()) {
            for (int i = 0; i < 500; i++) {
                jedis.psetex("k" + i, 3_600_000, "x".repeat(1000));
            }
        }
        try (FaultyProxy proxy = new FaultyProxy(source);
                RedisConnection first = open(proxy.port())) {
            ServerClock clock = ServerClock.measure(first);
            KeySelection all =
                    new KeySelection(null, name -> true, java.util.Set.of(), null, null, 0, null, Long.MAX_VALUE);
            ScanPlan options = new ScanPlan(
                    new SourceOptions(),
                    new BigKeyOptions(),
                    DatabaseMapping.of(0, null, null),
                    all,
                    1000,
                    null,
                    null,
                    1 << 20,
                    8 << 20);
            KeyScan scan = new KeyScan(options, List.of(new SourceDatabase(0, 500)));
            PageReader reader = new PageReader(
                    options,
                    scan,
                    null,
                    null,
                    null,
                    RateLimiter.free(),
                    new SourceSession(first, new SourceFeatures(true), clock));
            proxy.cutAfter(FaultyProxy.Direction.TO_CLIENT, 20_000);
            try {
                reader.next();
                throw new AssertionError("not cut");
            } catch (java.io.IOException cut) {
                // as wanted
            }
            proxy.heal();
            await().until(() -> proxy.open() == 0);
            RedisConnection second = open(proxy.port());
            reader.reconnected(new SourceSession(second, new SourceFeatures(false), ServerClock.measure(second)));
            int wrong = 0;
            for (PageData page = reader.next(); page != null; page = reader.next()) {
                for (int i = 0; i < page.size(); i++) {
                    wrong +=
                            Math.abs(page.expiresAtMillis(i) - System.currentTimeMillis() - 3_600_000) > 60_000 ? 1 : 0;
                }
            }
            assertThat(wrong).isZero();
        }
    }

    private static RedisConnection open(int port) {
        return RedisConnection.open(
                new ServerAddress("127.0.0.1", port, null, null, 0, Duration.ofSeconds(5), Duration.ofSeconds(60)));
    }

    /** The large value alone. */
    @Test
    void aLargeValueAloneFitsTheHeap() throws Exception {
        RedisServer source = servers.start();
        RedisServer target = servers.start();
        try (Jedis jedis = source.jedis()) {
            byte[] value = new byte[29 << 20];
            new Random(1).nextBytes(value);
            jedis.set("big".getBytes(US_ASCII), value);
        }
        try (SmallHeapRun run = SmallHeapRun.start("64m", source, target)) {
            String output = run.awaitOutput();
            assertThat(output).contains("COMPLETE Counts[read=1,", "exit 0");
        }
    }

    /** The page of a large value fails always. */
    @Test
    void rereadingsOfALargeValueAreSpaced() throws Exception {
        RedisServer source = servers.start();
        RedisServer target = servers.start();
        try (Jedis jedis = source.jedis()) {
            byte[] value = new byte[20 << 20];
            new Random(1).nextBytes(value);
            jedis.set("big".getBytes(US_ASCII), value);
            AtomicInteger tries = new AtomicInteger();
            try (RouteRun run = RouteRun.of(routes -> {
                routes.errorHandler(routes.defaultErrorHandler().logExhausted(false));
                routes.from("rump:source" + at(source) + "&bigKey=off")
                        .process(exchange -> {
                            tries.incrementAndGet();
                            throw new IllegalStateException("always");
                        })
                        .to("rump:target" + at(target));
            })) {
                long begin = System.nanoTime();
                run.await().until(() -> tries.get() == 6);
                // 0.1 + 0.2 + 0.4 + 0.8 + 1.6 s between the six
                assertThat(System.nanoTime() - begin).isGreaterThan(TimeUnit.MILLISECONDS.toNanos(2500));
            }
        }
    }
}
