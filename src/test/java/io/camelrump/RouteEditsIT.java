package io.camelrump;

import static org.assertj.core.api.Assertions.assertThat;

import io.camelrump.cli.EqualityProof;
import io.camelrump.fixtures.FaultyProxy;
import io.camelrump.fixtures.RedisServer;
import io.camelrump.fixtures.RedisServers;
import io.camelrump.fixtures.RouteRun;
import io.camelrump.fixtures.SampleData;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.camel.AggregationStrategy;
import org.apache.camel.Consumer;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.model.RouteDefinition;
import org.apache.camel.processor.aggregate.GroupedBodyAggregationStrategy;
import org.apache.camel.support.service.ServiceHelper;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import redis.clients.jedis.Jedis;

/**
 * Edits of the route that people make, or get wrong.
 *
 * <p>Whatever the route does: no key counts as restored that the target does not have, no run is complete with keys
 * missing, and what is on its way stays within its bounds.
 */
class RouteEditsIT {
    private static final int KEYS = 1500;
    private static final int QUEUE_PAGES = 6;
    private static final long QUEUE_BYTES = 1024 * 1024;

    @RegisterExtension
    private static final RedisServers SERVERS = new RedisServers();

    private static RedisServer source;
    private static RedisServer target;
    private static RedisServer second;

    private RouteRun run;

    @BeforeEach
    void fillSource() {
        if (source == null) {
            source = SERVERS.start();
            target = SERVERS.start();
            second = SERVERS.start();
        }
        for (RedisServer server : List.of(source, target, second)) {
            try (Jedis jedis = server.jedis()) {
                jedis.flushAll();
            }
        }
        try (Jedis jedis = source.jedis()) {
            SampleData.fillStrings(jedis, KEYS, 100);
        }
    }

    @AfterEach
    void stopRoutes() {
        if (run != null) {
            run.close();
        }
    }

    // --- errors taken care of in the route: the exchange ends well, and nothing has arrived ---

    @Test
    void exceptionHandledLeavesThePageOut() throws Exception {
        runsWith(routes -> {
            routes.onException(IllegalStateException.class).handled(true);
            routes.read().process(failsForPage(3)).to("seda:pages");
            routes.write();
        });
        isIncomplete("A step of the route may swallow pages");
    }

    @Test
    void exceptionContinuedLetsThePageArrive() throws Exception {
        runsWith(routes -> {
            routes.onException(IllegalStateException.class).continued(true);
            routes.read().process(failsForPage(3)).to("seda:pages");
            routes.write();
        });
        isComplete();
    }

    @Test
    void exceptionOfTheTargetContinuedLeavesTheBatchOut() throws Exception {
        try (FaultyProxy proxy = new FaultyProxy(target)) {
            AtomicInteger batches = new AtomicInteger();
            runsWith(routes -> {
                routes.onException(TransientTargetException.class).continued(true);
                routes.read().to("seda:pages");
                routes.from("seda:pages")
                        .process(exchange -> {
                            if (batches.incrementAndGet() == 4) {
                                proxy.cut();
                            }
                        })
                        .to(target("target", proxy.port()));
            });
            isIncomplete("read-source");
        }
    }

    @Test
    void deadLetterChannelLeavesThePageOut() throws Exception {
        runsWith(routes -> {
            routes.errorHandler(routes.deadLetterChannel("log:dead?level=OFF"));
            routes.read().process(failsForPage(3)).to("seda:pages");
            routes.write();
        });
        isIncomplete("A step of the route may swallow pages");
    }

    @Test
    void exceptionCaughtLeavesThePageOut() throws Exception {
        runsWith(routes -> {
            routes.read()
                    .doTry()
                    .process(failsForPage(3))
                    .to("seda:pages")
                    .doCatch(IllegalStateException.class)
                    .to("log:caught?level=OFF")
                    .end();
            routes.write();
        });
        isIncomplete("A step of the route may swallow pages");
    }

    // --- errors left alone, or tried again ---

    @Test
    void pageWhoseStepThrowsIsReadAgain() throws Exception {
        runsWith(routes -> {
            routes.errorHandler(routes.noErrorHandler());
            routes.read().process(failsTimes(2)).to("seda:pages");
            routes.write();
        });
        isComplete();
        assertThat(run.ledger().counts().reread()).isGreaterThanOrEqualTo(2 * 50L);
    }

    @Test
    void batchWhoseStepThrowsIsReadAgain() throws Exception {
        runsWith(routes -> {
            routes.read().to("seda:pages");
            routes.joined().process(failsTimes(2)).to(target());
        });
        isComplete();
        assertThat(run.ledger().counts().reread()).isPositive();
    }

    @Test
    void targetThatIsAwayForAWhileGetsItsPagesAgainWithoutOnException() throws Exception {
        try (FaultyProxy proxy = new FaultyProxy(target)) {
            AtomicInteger batches = new AtomicInteger();
            runsWith(routes -> {
                routes.read().to("seda:pages");
                routes.joined()
                        .process(exchange -> {
                            int batch = batches.incrementAndGet();
                            if (batch == 3) {
                                proxy.refuse();
                                proxy.cut();
                            } else if (batch == 8) {
                                proxy.heal();
                            }
                        })
                        .to(target("target", proxy.port()));
            });
            isComplete();
            assertThat(run.ledger().counts().reread()).isPositive();
        }
    }

    @Test
    void stepThatFailsTwiceIsRedelivered() throws Exception {
        runsWith(routes -> {
            routes.onException(IllegalStateException.class)
                    .maximumRedeliveries(3)
                    .redeliveryDelay(10);
            routes.read().to("seda:pages");
            routes.joined().process(failsTimes(2)).to(target());
        });
        isComplete();
        assertThat(run.ledger().counts().reread()).isZero();
    }

    // --- other ways to join pages, or to take them apart ---

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

    // --- pages that leave the road ---

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

    // --- more targets, more threads, fewer queues ---

    @Test
    void eitherOfTwoTargetsMayFailForAWhile() throws Exception {
        runsWith(routes -> {
            routes.read("targets=2").multicast().to("seda:first", "seda:second");
            routes.joined("seda:first").process(failsTimes(3)).to(target("first", target.port()));
            routes.joined("seda:second").process(failsTimes(2)).to(target("second", second.port()));
        });
        isComplete();
        areEqual(source, second);
        assertThat(run.ledger().counts().restored()).isEqualTo(KEYS);
        assertThat(run.ledger().counts().reread()).isPositive();
    }

    @Test
    void pagesThatOneOfTwoTargetsNeverGetsAreMissed() throws Exception {
        runsWith(routes -> {
            routes.read("targets=2").multicast().to("seda:first", "seda:second");
            routes.joined("seda:first").to(target("first", target.port()));
            routes.joined("seda:second").process(failsForPage(2)).to("log:lost?level=OFF");
        });
        isIncomplete("are missing");
        assertThat(run.ledger().counts().restored()).isZero();
    }

    @ParameterizedTest
    @ValueSource(strings = {"first", "second"})
    void oneOfTwoTargetsWhoseLegFailsForGoodIsMissed(String broken) throws Exception {
        runsWith(routes -> {
            routes.read("targets=2").multicast().to("seda:first", "seda:second");
            for (String leg : List.of("first", "second")) {
                routes.joined("seda:" + leg)
                        .process(failsTimes(leg.equals(broken) ? Integer.MAX_VALUE : 0))
                        .to(target(leg, (leg.equals("first") ? target : second).port()));
            }
        });
        Ledger ledger = run.awaitEnd();
        assertThat(ledger.state()).isEqualTo(RunState.INCOMPLETE);
        assertThat(ledger.failure())
                .contains("read-source", "The last one failed with: not now")
                .doesNotContain(" 0 pages");
        assertThat(ledger.counts().restored()).isZero();
        isBounded();
        try (Jedis jedis = (broken.equals("first") ? target : second).jedis()) {
            assertThat(jedis.dbSize()).isZero();
        }
    }

    @Test
    void severalConsumersAndParallelBatchesArrive() throws Exception {
        runsWith(routes -> {
            routes.read().to("seda:pages?concurrentConsumers=4");
            routes.from("seda:pages?concurrentConsumers=4")
                    .aggregate(routes.constant(1))
                    .aggregationStrategy("join-pages")
                    .completionTimeout(100)
                    .parallelProcessing()
                    .forceCompletionOnStop()
                    .to(target());
        });
        isComplete();
    }

    @Test
    void routeWithoutAQueueArrives() throws Exception {
        runsWith(routes -> {
            routes.read().to("direct:pages");
            routes.from("direct:pages").to(target());
        });
        isComplete();
    }

    @Test
    void twoMigrationsInOneContextKeepTheirOwnBooks() throws Exception {
        try (Jedis jedis = second.jedis()) {
            SampleData.fillMixed(jedis, 300);
        }
        run = RouteRun.of(routes -> {
            routes.from(source("migration=one")).to(target());
            routes.from("rump:other?host=127.0.0.1&migration=two&stallTimeout=2s&port=" + second.port())
                    .to("rump:other?host=127.0.0.1&database=1&port=" + target.port());
        });

        assertThat(run.awaitEnd("one").state()).isEqualTo(RunState.COMPLETE);
        assertThat(run.awaitEnd("two").state()).isEqualTo(RunState.COMPLETE);
        assertThat(run.ledger("one").counts().restored()).isEqualTo(KEYS);
        assertThat(run.ledger("two").counts().restored()).isEqualTo(300);
        try (Jedis jedis = target.jedis()) {
            assertThat(jedis.dbSize()).isEqualTo(KEYS);
            jedis.select(1);
            assertThat(jedis.dbSize()).isEqualTo(300);
        }
    }

    @Test
    void repeatedScanBringsWhatIsNew() throws Exception {
        AtomicInteger ends = new AtomicInteger();
        runsWith(routes -> routes.read("scan=repeat&delay=50")
                .filter(exchange -> exchange.getMessage().getHeader(RumpConstants.COMPLETE) != null)
                .process(exchange -> ends.incrementAndGet())
                .end()
                .to(target()));
        run.await().until(() -> ends.get() == 1);
        try (Jedis jedis = source.jedis()) {
            jedis.set("late", "1");
        }
        try (Jedis jedis = target.jedis()) {
            run.await().until(() -> jedis.exists("late"));
        }
        run.await().until(() -> ends.get() >= 3);
        areEqual(source, target);
    }

    // --- routes stopped and started on the way ---

    @Test
    void readingRouteMayBeSuspendedForAWhile() throws Exception {
        runsAt(500);
        run.awaitSettled(300);
        run.context().getRouteController().suspendRoute("read-source");
        assertThat(run.ledger().state()).isEqualTo(RunState.RUNNING);
        run.context().getRouteController().resumeRoute("read-source");
        isComplete();
    }

    @Test
    void bothRoutesMayBeSuspendedForAWhile() throws Exception {
        runsAt(500);
        run.awaitSettled(300);
        // the reader first: the writing route is suspended when its queue is empty
        run.context().getRouteController().suspendRoute("read-source");
        run.context().getRouteController().suspendRoute("write-target");
        assertThat(run.ledger().state()).isEqualTo(RunState.RUNNING);
        assertThat(run.ledger().pagesOut()).isZero();
        run.context().getRouteController().resumeRoute("write-target");
        run.context().getRouteController().resumeRoute("read-source");
        isComplete();
    }

    /** As a route policy does it. */
    @Test
    void consumerOfTheWritingRouteMayBeSuspendedForAWhile() throws Exception {
        runsAt(1000);
        run.awaitSettled(300);
        Consumer consumer = run.context().getRoute("write-target").getConsumer();
        ServiceHelper.suspendService(consumer);
        run.await().until(() -> run.ledger().pagesOut() == QUEUE_PAGES);
        assertThat(run.ledger().state()).isEqualTo(RunState.RUNNING);
        ServiceHelper.resumeService(consumer);
        isComplete();
    }

    /** The reader goes on, so that the queue is never empty and Camel ends the route's batches by force. */
    @Test
    void writingRouteThatIsSuspendedByForceIsNotMendedByItsResumption() throws Exception {
        runsAt(500);
        run.awaitSettled(300);
        run.context().getRouteController().suspendRoute("write-target", 500, TimeUnit.MILLISECONDS);
        run.context().getRouteController().resumeRoute("write-target");
        isIncomplete("are missing");
        run.context().getShutdownStrategy().setTimeout(2);
    }

    @Test
    void writingRouteThatNeverComesBackFromSuspensionIsMissed() throws Exception {
        runsAt(500);
        run.awaitSettled(300);
        run.context().getRouteController().suspendRoute("write-target", 1, TimeUnit.SECONDS);
        isIncomplete("");
        // what the queue holds has nowhere to go
        run.context().getShutdownStrategy().setTimeout(2);
    }

    @Test
    void writingRouteMayBeStoppedAndStarted() throws Exception {
        runsAt(500);
        run.awaitSettled(300);
        // the reader goes on, so the route is stopped with pages on their way
        run.context().getRouteController().stopRoute("write-target", 1, TimeUnit.SECONDS);
        assertThat(run.ledger().state()).isEqualTo(RunState.RUNNING);
        run.context().getRouteController().startRoute("write-target");
        isComplete();
    }

    @Test
    void targetThatLostItsDataWhileItsRouteWasStoppedGetsAllAnew() throws Exception {
        runsAt(500);
        run.awaitSettled(300);
        // the reader goes on, so the route is stopped with pages on their way
        run.context().getRouteController().stopRoute("write-target", 1, TimeUnit.SECONDS);
        assertThat(run.ledger().state()).isEqualTo(RunState.RUNNING);
        target.restart(false);
        run.context().getRouteController().startRoute("write-target");
        isComplete();
        assertThat(run.ledger().counts().restarts()).isEqualTo(1);
    }

    @Test
    void readingRouteThatIsStoppedAndStartedReadsAllAnew() throws Exception {
        runsSlowly();
        run.awaitSettled(300);
        run.context().getRouteController().stopRoute("read-source", 10, TimeUnit.SECONDS);
        assertThat(run.ledger().state()).isEqualTo(RunState.INCOMPLETE);
        isHonest();

        run.context().getRouteController().startRoute("read-source");
        isComplete();
        assertThat(run.ledger().counts().read()).isEqualTo(KEYS);
    }

    // --- routes ---

    private interface Edit {
        void configure(Routes routes);
    }

    /** The two halves of the shipped route, for edits to be made in. */
    private static final class Routes extends RouteBuilder {
        private final Edit edit;

        Routes(Edit edit) {
            this.edit = edit;
        }

        @Override
        public void configure() {
            edit.configure(this);
        }

        RouteDefinition read() {
            return read("targets=1");
        }

        RouteDefinition read(String more) {
            return from(source(more)).routeId("read-source");
        }

        org.apache.camel.model.ProcessorDefinition<?> joined() {
            return joined("seda:pages");
        }

        org.apache.camel.model.ProcessorDefinition<?> joined(String queue) {
            return from(queue)
                    .routeId(queue.equals("seda:pages") ? "write-target" : "write-" + queue.substring(5))
                    .aggregate(constant(1))
                    .aggregationStrategy("join-pages")
                    .completionTimeout(100)
                    .forceCompletionOnStop();
        }

        void write() {
            joined().to(target());
        }
    }

    private void runsWith(Edit edit) throws Exception {
        JoinPages joinPages = new JoinPages();
        joinPages.setBatchKeys(120);
        run = RouteRun.of(new Routes(edit), Map.of("join-pages", joinPages));
    }

    private void runsSlowly() throws Exception {
        runsAt(1500);
    }

    private void runsAt(int keysPerSecond) throws Exception {
        runsWith(routes -> {
            routes.read().to("seda:pages");
            routes.joined().to(target() + "&maxKeysPerSecond=" + keysPerSecond);
        });
    }

    private static String source(String more) {
        return "rump:source?host=127.0.0.1&scanCount=50&stallTimeout=2s&queuePages=" + QUEUE_PAGES + "&queueBytes="
                + QUEUE_BYTES + "&port=" + source.port() + "&" + more;
    }

    private static String target() {
        return target("target", target.port());
    }

    private static String target(String name, int port) {
        return "rump:" + name + "?host=127.0.0.1&retryFor=10s&port=" + port;
    }

    private static Processor failsForPage(int number) {
        AtomicInteger pages = new AtomicInteger();
        return exchange -> {
            if (pages.incrementAndGet() == number) {
                throw new IllegalStateException("no page " + number);
            }
        };
    }

    private static Processor failsTimes(int times) {
        AtomicInteger left = new AtomicInteger(times);
        return exchange -> {
            if (left.getAndDecrement() > 0) {
                throw new IllegalStateException("not now");
            }
        };
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

    // --- what must hold ---

    private void isComplete() {
        Ledger ledger = run.awaitEnd();
        assertThat(ledger.failure()).isNull();
        assertThat(ledger.state()).isEqualTo(RunState.COMPLETE);
        assertThat(ledger.counts().restored()).isEqualTo(KEYS);
        areEqual(source, target);
        isBounded();
    }

    private void isIncomplete(String cause) {
        Ledger ledger = run.awaitEnd();
        assertThat(ledger.state()).isEqualTo(RunState.INCOMPLETE);
        assertThat(ledger.failure()).contains("read-source", "page ", cause);
        isHonest();
        isBounded();
    }

    private void isHonest() {
        try (Jedis jedis = target.jedis()) {
            assertThat(run.ledger().counts().restored()).isLessThanOrEqualTo(jedis.dbSize());
        }
    }

    private void isBounded() {
        assertThat(run.mostPagesOut()).isLessThanOrEqualTo(QUEUE_PAGES);
        assertThat(run.mostBytesOut()).isLessThanOrEqualTo(QUEUE_BYTES + QUEUE_BYTES / QUEUE_PAGES);
    }

    private static void areEqual(RedisServer left, RedisServer right) {
        try (Jedis from = left.jedis();
                Jedis to = right.jedis()) {
            assertThat(EqualityProof.compare(from, to, Duration.ofMillis(50)).differences())
                    .isEmpty();
        }
    }
}
