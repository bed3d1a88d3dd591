package io.camelrump;

import static org.assertj.core.api.Assertions.assertThat;

import io.camelrump.fixtures.RedisServer;
import io.camelrump.fixtures.RedisServers;
import io.camelrump.fixtures.RouteRun;
import io.camelrump.fixtures.SampleData;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.camel.Exchange;
import org.apache.camel.LoggingLevel;
import org.apache.camel.builder.RouteBuilder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import redis.clients.jedis.Jedis;

/** One exchange tells both routes that every key has its outcome. */
class LastExchangeIT {
    private static final int KEYS = 500;

    @RegisterExtension
    private final RedisServers servers = new RedisServers();

    private final List<Counts> atReader = new CopyOnWriteArrayList<>();
    private final List<Counts> atWriter = new CopyOnWriteArrayList<>();

    @Test
    void reachesTheEndOfBothRoutesOnce() throws Exception {
        Counts counts = run(new KeepKeys());

        assertThat(counts.restored()).isEqualTo(KEYS);
        assertThat(atReader).containsExactly(counts);
        assertThat(atWriter).containsExactly(counts);
    }

    @Test
    void reachesTheEndOfBothRoutesWhenEveryKeyWasFiltered() throws Exception {
        KeepKeys none = new KeepKeys();
        none.setInclude("nothing");

        Counts counts = run(none);

        assertThat(counts.filtered()).isEqualTo(KEYS);
        assertThat(atReader).containsExactly(counts);
        assertThat(atWriter).containsExactly(counts);
    }

    @Test
    void reachesTheEndOfBothRoutesWhenTheTargetIsLost() throws Exception {
        RedisServer source = servers.start();
        RedisServer target = servers.start();
        try (Jedis jedis = source.jedis()) {
            SampleData.fillStrings(jedis, KEYS, 10);
        }
        List<Object> ends = new CopyOnWriteArrayList<>();
        RouteBuilder routes = new RouteBuilder() {
            @Override
            public void configure() {
                onException(TransientTargetException.class)
                        .maximumRedeliveries(-1)
                        .redeliveryDelay(50)
                        .retryAttemptedLogLevel(LoggingLevel.DEBUG);
                from("rump:source?host=127.0.0.1&scanCount=20&maxKeysPerSecond=200&port=" + source.port())
                        .to("seda:pages")
                        .process(exchange -> collect(exchange, atReader));
                from("seda:pages")
                        .to("rump:target?host=127.0.0.1&retryFor=300ms&port=" + target.port())
                        .filter(exchange -> exchange.getMessage().getHeader(RumpConstants.STATE) != null)
                        .process(exchange -> ends.add(exchange.getMessage().getHeader(RumpConstants.CAUSE)));
            }
        };
        try (RouteRun run = RouteRun.of(routes, Map.of())) {
            run.awaitSettled(1);
            target.kill9();
            Ledger ledger = run.awaitEnd();

            run.await().until(() -> !ends.isEmpty());
            assertThat(ledger.state()).isEqualTo(RunState.FAILED);
            assertThat(ends).containsExactly(ledger.failure());
        }
    }

    private Counts run(KeepKeys keepKeys) throws Exception {
        RedisServer source = servers.start();
        RedisServer target = servers.start();
        try (Jedis jedis = source.jedis()) {
            SampleData.fillStrings(jedis, KEYS, 10);
        }
        RouteBuilder routes = new RouteBuilder() {
            @Override
            public void configure() {
                from("rump:source?host=127.0.0.1&scanCount=50&port=" + source.port())
                        .process(keepKeys)
                        .to("seda:pages")
                        .process(exchange -> collect(exchange, atReader));
                from("seda:pages")
                        .aggregate(constant(1))
                        .aggregationStrategy("join-pages")
                        .completionTimeout(60_000)
                        .forceCompletionOnStop()
                        .to("rump:target?host=127.0.0.1&port=" + target.port())
                        .process(exchange -> collect(exchange, atWriter));
            }
        };
        try (RouteRun run = RouteRun.of(routes, Map.of("join-pages", new JoinPages()))) {
            Counts counts = run.awaitEnd().counts();
            run.await().until(() -> !atReader.isEmpty() && !atWriter.isEmpty());
            return counts;
        }
    }

    private static void collect(Exchange exchange, List<Counts> ends) {
        if (exchange.getMessage().getHeader(RumpConstants.COMPLETE, false, Boolean.class)) {
            ends.add(exchange.getMessage().getHeader(RumpConstants.COUNTS, Counts.class));
        }
    }
}
