package io.camelrump;

import static io.camelrump.fixtures.FaultRun.assertEqual;
import static io.camelrump.fixtures.FaultRun.fill;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.camelrump.fixtures.LiveWriter;
import io.camelrump.fixtures.RedisServer;
import io.camelrump.fixtures.RedisServers;
import io.camelrump.fixtures.RouteRun;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.Executors;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.apache.camel.Exchange;
import org.apache.camel.ProducerTemplate;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.model.ProcessorDefinition;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import redis.clients.jedis.Jedis;

/** Of two readings of a key the later one stands at the target, whatever a person makes of the route between. */
class LiveOrderIT {
    private static final int KEYS = 5_000;
    private static final int MOST_DELAY_MILLIS = 30;

    @RegisterExtension
    private final RedisServers servers = new RedisServers();

    private final Random random = new Random(5);
    private RedisServer source;
    private RedisServer target;

    /** An edit of the route that lets pages overtake each other. */
    private record Edit(String name, String queue, UnaryOperator<ProcessorDefinition<?>> steps) {
        @Override
        public String toString() {
            return name;
        }
    }

    private static Stream<Edit> edits() {
        JoinPages joining = new JoinPages();
        joining.setBatchKeys(200);
        return Stream.of(
                new Edit("several consumers", "seda:pages?concurrentConsumers=4", steps -> steps),
                new Edit("parallel aggregate", "seda:pages", steps -> steps.aggregate(joining)
                        .constant("one")
                        .completionTimeout(50)
                        .parallelProcessing()
                        .executorService(Executors.newFixedThreadPool(3, LiveOrderIT::daemon))),
                new Edit("threads", "seda:pages", steps -> steps.threads(3, 3)));
    }

    /** No test's JVM waits for it. */
    private static Thread daemon(Runnable work) {
        Thread thread = new Thread(work, "parallel-aggregate");
        thread.setDaemon(true);
        return thread;
    }

    @ParameterizedTest
    @MethodSource("edits")
    void bothSidesAreEqualThoughPagesOvertakeEachOther(Edit edit) throws Exception {
        startServers();
        try (RouteRun run = RouteRun.of(
                new RouteBuilder() {
                    @Override
                    public void configure() {
                        from(reading()).to("seda:pages?size=16&blockWhenFull=true");
                        edit.steps()
                                .apply(from(edit.queue()))
                                .delay(exchangeDelay())
                                .syncDelayed()
                                .to(writing());
                    }
                },
                Map.of())) {
            writeAWhile(run);
            Objects.requireNonNull(run.ledger().changes()).cutOver();

            assertThat(run.awaitEnd().state()).as(run.ledger().failure()).isEqualTo(RunState.COMPLETE);
        }
        assertEqual(source, target);
    }

    @Test
    void twoStepsThatWriteToOneServerAreRefused() throws Exception {
        startServers();
        try (RouteRun run = RouteRun.of(
                new RouteBuilder() {
                    @Override
                    public void configure() {
                        from(reading())
                                .loadBalance()
                                .roundRobin()
                                .to(writing(), writing() + "&maxKeysPerSecond=1000000");
                    }
                },
                Map.of())) {
            Ledger ledger = run.awaitEnd();

            assertThat(ledger.state()).isEqualTo(RunState.FAILED);
            assertThat(ledger.failure()).contains("Two steps of the routes write to", "let a single step");
        }
    }

    /** What the rule is for: without a reader behind them nothing shows which of two readings is the later one. */
    @Test
    void withoutTheOrderOfReadingTheOlderValueWouldStayForEver() throws Exception {
        startServers();
        try (Jedis jedis = source.jedis();
                Jedis arrived = target.jedis();
                RouteRun run = RouteRun.of(
                        new RouteBuilder() {
                            @Override
                            public void configure() {
                                from("direct:page").to(writing());
                            }
                        },
                        Map.of());
                ProducerTemplate template = run.context().createProducerTemplate()) {
            byte[] key = "key".getBytes(java.nio.charset.StandardCharsets.US_ASCII);
            jedis.set("key", "old");
            DumpedKey scanned = DumpedKey.of(key, jedis.dump(key), Page.NO_EXPIRY);
            jedis.set("key", "new");
            DumpedKey changed = DumpedKey.of(key, jedis.dump(key), Page.NO_EXPIRY);

            for (DumpedKey reading : List.of(changed, scanned)) {
                template.sendBody("direct:page", reading);
            }

            assertThat(arrived.get("key")).isEqualTo("old");
        }
    }

    private void startServers() {
        source = servers.start();
        target = servers.start();
        fill(source, KEYS);
    }

    private String reading() {
        return "rump:source?host=127.0.0.1&live=true&scanCount=200&port=" + source.port();
    }

    private String writing() {
        return "rump:target?host=127.0.0.1&port=" + target.port();
    }

    private org.apache.camel.Expression exchangeDelay() {
        return new org.apache.camel.support.ExpressionAdapter() {
            @Override
            public Object evaluate(Exchange exchange) {
                synchronized (random) {
                    return random.nextInt(MOST_DELAY_MILLIS);
                }
            }
        };
    }

    private void writeAWhile(RouteRun run) {
        try (LiveWriter writer = LiveWriter.start(source, 100, 13)) {
            await().atMost(Duration.ofSeconds(30))
                    .until(() ->
                            run.ledger().state().isFinal() || run.ledger().progress() == 1 && writer.written() > 5_000);
        }
    }
}
