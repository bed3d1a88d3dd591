package io.camelrump.source;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.camelrump.RunState;
import io.camelrump.fixtures.CommandStats;
import io.camelrump.fixtures.FaultyProxy;
import io.camelrump.fixtures.RedisServer;
import io.camelrump.fixtures.RedisServers;
import io.camelrump.fixtures.RouteRun;
import io.camelrump.fixtures.SampleData;
import io.camelrump.fixtures.SmallHeapRun;
import io.camelrump.fixtures.WatchingProxy;
import java.lang.management.ManagementFactory;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import redis.clients.jedis.Jedis;

/** Reading stays within its heap, its round trips, and its share of the processor. */
@Timeout(150)
class ReadingBoundsIT extends ReadingFixture {
    /** A large value within the limit of the heap, and small keys after it. */
    @Tag("long")
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

    /** How large a SCAN may be is up to its cost at this server, which is not asked for where 1000 keys are enough. */
    @Test
    void aDistantSourceIsAskedForTheCostOfItsScans() throws Exception {
        RedisServer source = servers.start();
        RedisServer target = servers.start();
        strings(source, 8_000);
        try (FaultyProxy distance = new FaultyProxy(source);
                Jedis jedis = source.jedis()) {
            long before = CommandStats.calls(jedis, "info");
            copy(distance.port(), target);
            long near = CommandStats.calls(jedis, "info") - before;
            distance.delay(30);
            copy(distance.port(), target);

            assertThat(CommandStats.calls(jedis, "info") - before).isGreaterThan(2 * near);
        }
    }

    /** What the server counts shows that no key is big; where one is, each is asked about. */
    @Test
    void aSourceOfShortStringsIsAskedForTheirSizesOncePerPage() throws Exception {
        assumeThat(RedisServers.find("redis-8.6")).isPresent();
        RedisServer source = servers.start(RedisServers.version("redis-8.6"));
        RedisServer target = servers.start(RedisServers.version("redis-8.6"));
        strings(source, 8_000);
        try (Jedis from = source.jedis();
                Jedis to = target.jedis()) {
            copy(source.port(), target, "&bigKey=64kb", 8_000);
            // one is a probe
            assertThat(CommandStats.calls(from, "memory|usage")).isEqualTo(1);

            from.set("big", "x".repeat(100_000));
            copy(source.port(), target, "&bigKey=64kb", 8_001);
            assertThat(CommandStats.calls(from, "memory|usage")).isGreaterThan(8_000);
            assertThat(CommandStats.calls(from, "getrange")).isPositive();
            assertThat(to.strlen("big")).isEqualTo(100_000);
        }
    }

    private static void copy(int sourcePort, RedisServer target) throws Exception {
        copy(sourcePort, target, "", 8_000);
    }

    private static void copy(int sourcePort, RedisServer target, String options, int keys) throws Exception {
        String source = "rump:source?host=127.0.0.1&latencyGuard=off&port=" + sourcePort + options;
        try (RouteRun run = RouteRun.of(routes -> routes.from(source).to("rump:target" + at(target)))) {
            assertThat(run.awaitEnd().counts().restored()).isEqualTo(keys);
        }
    }

    /**
     * The next SCAN is sent before the DUMPs of a page, and they before it is answered: so a page costs one round trip.
     * The answer to each SCAN is held back until DUMPs of the page before are here.
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

    /** The large value alone. */
    @Tag("long")
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
    @Tag("long")
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
