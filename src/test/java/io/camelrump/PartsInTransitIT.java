package io.camelrump;

import static org.assertj.core.api.Assertions.assertThat;

import io.camelrump.fixtures.CommandStats;
import io.camelrump.fixtures.FaultRun;
import io.camelrump.fixtures.RedisServer;
import io.camelrump.fixtures.RedisServers;
import io.camelrump.fixtures.RouteRun;
import io.camelrump.fixtures.SampleData;
import io.camelrump.fixtures.WatchingProxy;
import io.camelrump.values.KeyPart;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Predicate;
import org.apache.camel.Processor;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.StreamEntryID;

/** Parts of big keys that go missing between source and target, and what comes before and after them. */
class PartsInTransitIT {
    /** A DUMP of the empty name asks whether this user may. */
    private static final int PROBES = 1;

    private static final byte[] STRING = "string".getBytes(StandardCharsets.US_ASCII);

    @RegisterExtension
    private final RedisServers servers = new RedisServers();

    @Test
    void aPartOfAStringThatFailsInTheRouteIsMissed() throws Exception {
        RedisServer source = servers.start();
        RedisServer target = servers.start();
        byte[] random = new byte[1_300_001];
        new Random(7).nextBytes(random);
        try (Jedis a = source.jedis();
                Jedis b = target.jedis()) {
            a.set(STRING, random);
            AtomicInteger failed = new AtomicInteger();
            try (RouteRun run = copy(
                    source,
                    target,
                    failsOnce(page -> KeyPart.of(page.data(), 0).step() == KeyPart.Step.MIDDLE, failed))) {
                assertThat(run.awaitEnd().counts().restored()).isEqualTo(1);
            }
            assertThat(failed).hasValue(1);
            FaultRun.assertEqual(source, target);
            assertThat(b.keys("rump:tmp:*")).isEmpty();
        }
    }

    @Test
    void theLastReadWinsEvenIfOnlyItWasReadInParts(@TempDir Path folder) throws Exception {
        RedisServer source = servers.start();
        // it takes no small hash of the other one as a payload
        RedisServer target = servers.start(RedisServers.version("redis-6.2"));
        // as a SCAN may give one key twice
        Path keys = Files.writeString(folder.resolve("keys"), "key\n1\nkey\n2\n");
        byte[] second = new byte[50_000];
        new Random(8).nextBytes(second);
        try (Jedis a = source.jedis();
                Jedis b = target.jedis()) {
            a.hset("key", "field", "first");
            a.mset("1", "one", "2", "two");
            AtomicReference<Page> firstPage = new AtomicReference<>();
            try (Jedis writer = source.jedis();
                    RouteRun run = RouteRun.of(routes -> {
                        routes.from("direct:target").to("rump:target?host=127.0.0.1&port=" + target.port());
                        // slow enough to have read half of the second page for a second
                        routes.from("rump:source?host=127.0.0.1&scanCount=2&maxBytesPerSecond=50kb&port="
                                        + source.port() + "&keysFrom=" + keys)
                                .process(exchange -> {
                                    if (firstPage.get() == null) {
                                        writer.set("key".getBytes(StandardCharsets.US_ASCII), second);
                                        firstPage.set(exchange.getMessage().getBody(Page.class));
                                        exchange.getMessage().setBody(List.of());
                                    }
                                })
                                .to("direct:target");
                    })) {
                Awaitility.await("the second reading")
                        .pollInterval(Duration.ofMillis(2))
                        .until(() -> CommandStats.calls(a, "dump") == PROBES + 3);
                a.set("key", "third");
                run.context().createProducerTemplate().sendBody("direct:target", firstPage.get());

                assertThat(run.awaitEnd().state()).isEqualTo(RunState.COMPLETE);
            }
            assertThat(b.strlen("key")).isEqualTo("third".length());
        }
    }

    @Test
    void onlyTheKeyThatASourceClosesTheConnectionForIsRefused() throws Exception {
        RedisServer source = servers.start();
        RedisServer target = servers.start();
        try (Jedis a = source.jedis();
                Jedis b = target.jedis()) {
            SampleData.fillStrings(a, 200, 100);
            for (int key = 1; key <= 3; key++) {
                for (int i = 0; i < 10; i++) {
                    a.rpush("list " + key, "e".repeat(100_000));
                }
                a.rpush("list " + key, "e".repeat(3_000_000));
            }
            a.configSet("client-output-buffer-limit", "normal 1mb 0 0");
            try (RouteRun run = copy(source, target, exchange -> {})) {
                Counts counts = run.awaitEnd().counts();

                assertThat(counts.refused()).isEqualTo(3);
                assertThat(counts.restored()).isEqualTo(200);
                assertThat(run.ledger().state()).isEqualTo(RunState.REFUSED);
                assertThat(run.ledger().refusals().toString())
                        .contains("\"list 1\"", "\"list 2\"", "\"list 3\"", "client-output-buffer-limit");
            }
            assertThat(b.dbSize()).isEqualTo(200);
        }
    }

    @Test
    void entriesOfAStreamComeInPartsOfTheUsualSize() throws Exception {
        RedisServer source = servers.start();
        RedisServer target = servers.start();
        try (Jedis a = source.jedis();
                Jedis b = target.jedis()) {
            for (int i = 1; i <= 100; i++) {
                a.xadd("stream", new StreamEntryID(i, i), Map.of("field", "v".repeat(50_000 + i)));
            }
            AtomicLong largest = new AtomicLong();
            try (RouteRun run = copy(source, target, exchange -> {
                long bytes = exchange.getMessage().getBody(Page.class).bytes();
                largest.accumulateAndGet(bytes, Math::max);
            })) {
                assertThat(run.awaitEnd().counts().restored()).isEqualTo(1);
            }
            assertThat(largest.get()).isLessThan(600_000);
            FaultRun.assertEqual(source, target);
        }
    }

    @Test
    void leftoverPartsOfAKeyWhoseNameIsTakenExpire() throws Exception {
        RedisServer source = servers.start();
        RedisServer target = servers.start();
        try (Jedis a = source.jedis();
                Jedis b = target.jedis();
                WatchingProxy proxy = new WatchingProxy(target.port())) {
            a.set(STRING, new byte[600_000]);
            b.set("string", "foreign");
            List<Long> lifetimes = new ArrayList<>();
            AtomicBoolean executed = new AtomicBoolean();
            proxy.beforeToServer = text -> {
                if (executed.get()) {
                    b.keys("rump:tmp:*").forEach(key -> lifetimes.add(b.ttl(key)));
                }
                executed.compareAndSet(false, text.contains("EXEC"));
            };
            String keeping = "&onConflict=keep&port=" + proxy.listenPort();
            try (RouteRun run =
                    RouteRun.of(routes -> routes.from(reading(source)).to("rump:target?host=127.0.0.1" + keeping))) {
                assertThat(run.awaitEnd().counts().kept()).isEqualTo(1);
            }
            assertThat(lifetimes).isNotEmpty().allMatch(seconds -> seconds > 0);
            assertThat(b.keys("*")).containsExactly("string");
        }
    }

    @Test
    void keysThatAnEarlierRunWroteByCommandsAreNotForeign() throws Exception {
        RedisServer source = servers.start();
        RedisServer target = servers.start(RedisServers.version("redis-6.2"));
        try (Jedis a = source.jedis();
                Jedis b = target.jedis()) {
            a.hset("for ever", "field", "value");
            a.hset("for an hour", "field", "value");
            a.expire("for an hour", 3_600);
            a.hset("foreign", "field", "value");
            a.expire("foreign", 1_800);
            b.hset("foreign", "field", "value");
            for (int times = 1; times <= 2; times++) {
                try (RouteRun run = RouteRun.of(routes -> routes.from(reading(source))
                        .to("rump:target?host=127.0.0.1&onConflict=keep&port=" + target.port()))) {
                    Counts counts = run.awaitEnd().counts();

                    assertThat(counts.restored())
                            .as(times + " " + counts + run.ledger().failure()
                                    + run.ledger().refusals())
                            .isEqualTo(2);
                    assertThat(counts.kept()).isEqualTo(1);
                }
            }
            assertThat(b.ttl("foreign")).isEqualTo(-1);
            assertThat(b.keys("*")).containsExactlyInAnyOrder("for ever", "for an hour", "foreign");
        }
    }

    private static RouteRun copy(RedisServer source, RedisServer target, Processor between) throws Exception {
        return RouteRun.of(routes ->
                routes.from(reading(source)).process(between).to("rump:target?host=127.0.0.1&port=" + target.port()));
    }

    private static String reading(RedisServer source) {
        return "rump:source?host=127.0.0.1&scanCount=10&bigKey=64kb&port=" + source.port();
    }

    private static Processor failsOnce(Predicate<Page> which, AtomicInteger failed) {
        return exchange -> {
            Page page = exchange.getMessage().getBody(Page.class);
            if (page.size() > 0 && failed.get() == 0 && which.test(page)) {
                failed.incrementAndGet();
                throw new IllegalStateException("lost on the way");
            }
        };
    }
}
