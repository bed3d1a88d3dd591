package io.camelrump;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.camel.AggregationStrategy;
import org.apache.camel.Exchange;
import org.apache.camel.processor.aggregate.GroupedBodyAggregationStrategy;
import org.junit.jupiter.api.Test;
import redis.clients.jedis.Jedis;

/** Other ways to join pages or to take them apart, and pages that leave the route. */
class RouteEditsIT extends RouteEditsFixture {
    @Test
    void groupedPagesArrive() throws Exception {
        runsWith(routes -> {
            routes.read().to("seda:pages");
            routes.from("seda:pages")
                    .aggregate(routes.constant(1), new GroupedBodyAggregationStrategy())
                    .completionSize(4)
                    .completionTimeout(100)
                    .forceCompletionOnStop()
                    .to(target());
        });
        isComplete();
    }

    @Test
    void listOfDumpedKeysOfOnesOwnArrives() throws Exception {
        runsWith(routes -> {
            routes.read().to("seda:pages");
            routes.from("seda:pages")
                    .aggregate(routes.constant(1), new ListOfKeys())
                    .completionSize(4)
                    .completionTimeout(100)
                    .forceCompletionOnStop()
                    .to(target());
        });
        isComplete();
    }

    @Test
    void keysSplitAndAggregatedAgainArrive() throws Exception {
        runsWith(routes -> {
            routes.read().split(routes.body()).to("seda:keys?size=500&blockWhenFull=true");
            routes.from("seda:keys")
                    .aggregate(routes.constant(1), new GroupedBodyAggregationStrategy())
                    .completionSize(120)
                    .completionTimeout(100)
                    .forceCompletionOnStop()
                    .to(target());
        });
        isComplete();
    }

    @Test
    void keysSplitOneByOneArrive() throws Exception {
        runsWith(routes -> routes.read().split(routes.body()).to(target()));
        isComplete();
    }

    @Test
    void keyDroppedAfterTheSplitIsMissed() throws Exception {
        AtomicInteger keys = new AtomicInteger();
        runsWith(routes -> routes.read()
                .split(routes.body())
                .filter(exchange -> keys.incrementAndGet() != 333)
                .to(target()));
        isIncomplete("A step of the route may swallow pages");
        assertThat(run.ledger().pagesOut()).isEqualTo(1);
    }

    @Test
    void batchesThatTimeOutAndAreDiscardedAreMissed() throws Exception {
        runsWith(routes -> {
            routes.read().to("seda:pages");
            routes.from("seda:pages")
                    .aggregate(routes.constant(1), new GroupedBodyAggregationStrategy())
                    .completionSize(4)
                    .completionTimeout(100)
                    .discardOnCompletionTimeout()
                    .to(target());
        });
        isIncomplete("A step of the route may swallow pages");
    }

    @Test
    void filteredPagesAreMissed() throws Exception {
        AtomicInteger pages = new AtomicInteger();
        runsWith(routes -> {
            routes.read().filter(exchange -> pages.incrementAndGet() != 7).to("seda:pages");
            routes.write();
        });
        isIncomplete("A step of the route may swallow pages");
    }

    @Test
    void stoppedPagesAreMissed() throws Exception {
        AtomicInteger pages = new AtomicInteger();
        runsWith(routes -> {
            routes.read()
                    .filter(exchange -> pages.incrementAndGet() == 7)
                    .stop()
                    .end()
                    .to("seda:pages");
            routes.write();
        });
        isIncomplete("A step of the route may swallow pages");
    }

    @Test
    void pagesThatAFullQueueDiscardsAreMissed() throws Exception {
        runsWith(routes -> {
            routes.read().to("seda:pages?size=1&discardWhenFull=true");
            routes.from("seda:pages?size=1").to(target() + "&maxKeysPerSecond=2000");
        });
        isIncomplete("A step of the route may swallow pages");
    }

    @Test
    void routeWithoutATargetSaysSo() throws Exception {
        runsWith(routes -> routes.read().to("log:pages?level=OFF"));
        isIncomplete("no rump: producer or Acknowledge stands at its end");
        assertThat(run.ledger().counts().restored()).isZero();
        assertThat(run.ledger().pagesOut()).isEqualTo(QUEUE_PAGES);
    }

    @Test
    void transportThatTookThePagesSaysSoByAcknowledge() throws Exception {
        Queue<DumpedKey> transported = new ConcurrentLinkedQueue<>();
        runsWith(routes -> routes.read()
                .process(failsTimes(2))
                .process(exchange -> exchange.getMessage().getBody(Page.class).forEach(transported::add))
                .process(new Acknowledge()));

        assertThat(run.awaitEnd().state()).isEqualTo(RunState.COMPLETE);
        assertThat(run.ledger().counts().handedOn()).isEqualTo(KEYS);
        assertThat(run.ledger().counts().restored()).isZero();
        assertThat(transported).hasSize(KEYS);
        isBounded();
    }

    @Test
    void tappedPagesKeepTheirBytes() throws Exception {
        Queue<DumpedKey> tapped = new ConcurrentLinkedQueue<>();
        runsWith(routes -> {
            routes.read().wireTap("seda:tap").to("seda:pages");
            routes.from("seda:tap")
                    .process(exchange ->
                            exchange.getMessage().getBody(Page.class).forEach(tapped::add));
            routes.write();
        });
        isComplete();
        run.await().until(() -> tapped.size() == KEYS);
        try (Jedis jedis = source.jedis()) {
            assertThat(tapped).allSatisfy(key -> assertThat(key.payload()).isEqualTo(jedis.dump(key.key())));
        }
    }

    private static final class ListOfKeys implements AggregationStrategy {
        @Override
        public Exchange aggregate(Exchange oldExchange, Exchange newExchange) {
            List<DumpedKey> keys = new ArrayList<>();
            if (oldExchange != null) {
                List<?> joined = oldExchange.getMessage().getBody(List.class);
                joined.forEach(key -> keys.add((DumpedKey) key));
            }
            newExchange.getMessage().getBody(Page.class).forEach(keys::add);
            newExchange.getMessage().setBody(keys);
            return newExchange;
        }
    }
}
