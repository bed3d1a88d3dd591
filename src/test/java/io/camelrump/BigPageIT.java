package io.camelrump;

import static org.assertj.core.api.Assertions.assertThat;

import io.camelrump.cli.EqualityProof;
import io.camelrump.fixtures.RedisServer;
import io.camelrump.fixtures.RedisServers;
import io.camelrump.fixtures.SampleData;
import io.camelrump.fixtures.SmallHeapRun;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import redis.clients.jedis.Jedis;

/** Values much larger than the heap that carries them, and the memory that their reading takes of the source. */
class BigPageIT {

    private static final int WINDOW = 8 << 20;
    private static final int VALUE = 1 << 20;
    private static final int SMALL_WINDOW = 1 << 20;

    @RegisterExtension
    private final RedisServers servers = new RedisServers();

    private final RedisServer source = servers.start();
    private final RedisServer target = servers.start();

    /** Midway the target stands still for some seconds. */
    @Tag("long")
    @Test
    void aPageOfManyTimesTheHeapFitsASmallHeapAndTheSourcesBuffers() throws Exception {
        try (Jedis a = source.jedis();
                Jedis b = target.jedis();
                SmallHeapRun run = startWith(a, 1000)) {
            AtomicLong most = new AtomicLong();
            Awaitility.await("some keys arrived")
                    .atMost(30, TimeUnit.SECONDS)
                    .pollInterval(10, TimeUnit.MILLISECONDS)
                    .until(() -> most.accumulateAndGet(outputBuffers(a), Math::max) > 0 && b.dbSize() > 20);
            target.pause();
            // what was asked for is taken in, and then nothing more is asked
            Awaitility.await("nothing waits at the source")
                    .atMost(20, TimeUnit.SECONDS)
                    .during(2, TimeUnit.SECONDS)
                    .until(() -> outputBuffers(a) == 0);
            target.resume();
            while (run.isRunning()) {
                most.accumulateAndGet(outputBuffers(a), Math::max);
            }

            assertThat(run.awaitOutput()).contains("COMPLETE Counts[read=1000, restored=1000,", "exit 0");
            assertThat(most.get()).isBetween(1L, (long) WINDOW + 2 * VALUE);
            assertThat(EqualityProof.compare(a, b, Duration.ofMillis(5)).differences())
                    .isEmpty();
        }
    }

    /** Sizes that were seen lately tell nothing of them: the source is asked for the size of each key. */
    @Tag("long")
    @Test
    void largeValuesThatComeSuddenlyAmongSmallOnesStayWithinTheWindow() throws Exception {
        try (Jedis a = source.jedis()) {
            SampleData.fillStrings(a, 100_000, 20);
            fillLarge(a, 200);

            long most = mostBuffered(a, 100_200);

            assertThat(most).isBetween(1L, (long) SMALL_WINDOW + VALUE / 2);
        }
    }

    /** The others are sorted out between the query for the size and the DUMP. */
    @Tag("long")
    @Test
    void largeValuesStayInTheWindowWhenSmallKeysAreFilteredOut() throws Exception {
        try (Jedis a = source.jedis()) {
            SampleData.fillStrings(a, 50_000, 20);
            fillLarge(a, 100);
            for (int i = 0; i < 20_000; i++) {
                a.sadd("left out:" + i, "member");
            }

            long most = mostBuffered(a, 70_100, "rump.source.type=string,list");

            assertThat(most).isBetween(1L, (long) SMALL_WINDOW + VALUE / 2);
        }
    }

    /** A server looks at five fields of a hash to tell its size. */
    @Tag("long")
    @Test
    void valuesFarLargerThanReportedAreRequestedSparingly() throws Exception {
        try (Jedis a = source.jedis()) {
            for (int i = 0; i < 200; i++) {
                Map<String, String> fields = new HashMap<>();
                for (int field = 0; field < 200; field++) {
                    fields.put("field" + field, "short");
                }
                a.hset("hash:" + i, fields);
                a.hset(
                        ("hash:" + i).getBytes(StandardCharsets.US_ASCII),
                        "long".getBytes(StandardCharsets.US_ASCII),
                        random(i, VALUE / 4));
            }

            long most = mostBuffered(a, 200);

            // the first eight are asked for together
            assertThat(most).isBetween(1L, 10L * VALUE / 4);
        }
    }

    private static void fillLarge(Jedis jedis, int keys) {
        for (int i = 0; i < keys; i++) {
            jedis.set(("large:" + i).getBytes(StandardCharsets.US_ASCII), random(i, VALUE / 4));
        }
    }

    /** Copies so many keys with a small window, and tells the most that lay in the source's buffers. */
    private long mostBuffered(Jedis jedis, int keys, String... more) throws Exception {
        List<String> settings = new ArrayList<>(List.of(more));
        settings.add("rump.source.scan-count=10000");
        settings.add("rump.source.window-bytes=" + SMALL_WINDOW);
        AtomicLong most = new AtomicLong();
        try (SmallHeapRun run = SmallHeapRun.start("64m", source, target, settings.toArray(String[]::new))) {
            while (run.isRunning()) {
                most.accumulateAndGet(outputBuffers(jedis), Math::max);
            }
            assertThat(run.awaitOutput()).contains("COMPLETE Counts[read=" + keys + ",", "refused=0", "exit 0");
        }
        return most.get();
    }

    private static byte[] random(int seed, int length) {
        byte[] value = new byte[length];
        new Random(seed).nextBytes(value);
        return value;
    }

    @Test
    @Tag("long")
    void aValueTooLargeForTheHeapIsRefusedAndTheRestArrives() throws Exception {
        try (Jedis a = source.jedis();
                Jedis b = target.jedis()) {
            fillHundredMegabytes(a);
            SampleData.fillStrings(a, 500, 1000);

            try (SmallHeapRun run = SmallHeapRun.start("64m", source, target, "rump.source.big-key=off")) {
                assertThat(run.awaitOutput())
                        .contains("REFUSED Counts[read=501, restored=500,", "refused=1", "\"big\"", "-Xmx", "exit 0");
            }
            assertThat(b.dbSize()).isEqualTo(500);
        }
    }

    @Tag("long")
    @Test
    void aValueOfAHundredMegabytesArrivesWithTheHeapThatWasNamed() throws Exception {
        try (Jedis a = source.jedis();
                Jedis b = target.jedis()) {
            fillHundredMegabytes(a);
            String told;
            try (SmallHeapRun run = SmallHeapRun.start("64m", source, target, "rump.source.big-key=off")) {
                told = run.awaitOutput().replaceAll("(?s).*-Xmx(\\d+m).*", "$1");
            }
            try (SmallHeapRun run = SmallHeapRun.start(told, source, target, "rump.source.big-key=off")) {
                assertThat(run.awaitOutput()).contains("COMPLETE Counts[read=1, restored=1,", "exit 0");
            }
            assertThat(EqualityProof.compare(a, b, Duration.ofMillis(5)).differences())
                    .isEmpty();
        }
    }

    /** One SCAN gives them all. */
    private SmallHeapRun startWith(Jedis jedis, int keys) {
        SampleData.fillStrings(jedis, keys, VALUE);
        return SmallHeapRun.start(
                "64m", source, target, "rump.source.scan-count=10000", "rump.source.window-bytes=" + WINDOW);
    }

    private static void fillHundredMegabytes(Jedis jedis) {
        byte[] part = random(1, 10 << 20);
        for (int i = 0; i < 10; i++) {
            jedis.append("big".getBytes(StandardCharsets.US_ASCII), part);
        }
    }

    /** The largest reply buffer of a client of the run. */
    private static long outputBuffers(Jedis jedis) {
        return Arrays.stream(jedis.clientList().split("\n"))
                .filter(line -> line.contains("name=camel-rump"))
                .mapToLong(line -> Long.parseLong(line.replaceAll(".* omem=(\\d+).*", "$1")))
                .max()
                .orElse(0);
    }
}
