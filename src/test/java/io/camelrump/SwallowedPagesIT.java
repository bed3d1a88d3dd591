package io.camelrump;

import static org.assertj.core.api.Assertions.assertThat;

import io.camelrump.fixtures.CommandStats;
import io.camelrump.fixtures.EditedRoute;
import io.camelrump.fixtures.SampleData;
import io.camelrump.fixtures.ServerPair;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.camel.Predicate;
import org.apache.camel.Processor;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.model.RouteDefinition;
import org.apache.camel.processor.ThrottlerRejectedExecutionException;
import org.apache.camel.processor.aggregate.GroupedBodyAggregationStrategy;
import org.apache.camel.processor.aggregate.UseLatestAggregationStrategy;
import org.apache.camel.support.processor.idempotent.MemoryIdempotentRepository;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Pages that a step keeps from the target, or fails: they are named soon, and the source is not read over and over. */
class SwallowedPagesIT {
    private static final int KEYS = 1000;
    private static final int PAGE = 50;

    @RegisterExtension
    private static final ServerPair PAIR = new ServerPair();

    @RegisterExtension
    private final EditedRoute route = new EditedRoute(PAIR, "latencyGuard=off&queuePages=6&scanCount=" + PAGE);

    @BeforeEach
    void fillSource() {
        SampleData.fillStrings(PAIR.atSource(), KEYS, 20);
    }

    /** Ways to end an exchange well although its page has gone nowhere. */
    enum Swallow {
        DEAD_LETTER {
            @Override
            void route(RouteBuilder routes, RouteDefinition read) {
                read.errorHandler(routes.deadLetterChannel("log:dead?level=OFF"))
                        .process(failsForPage(3))
                        .to(to());
            }
        },
        DO_TRY {
            @Override
            void route(RouteBuilder routes, RouteDefinition read) {
                read.doTry()
                        .process(failsForPage(3))
                        .to(to())
                        .doCatch(IllegalStateException.class)
                        .to("log:caught?level=OFF")
                        .end();
            }
        },
        BATCH_HANDLED {
            @Override
            void route(RouteBuilder routes, RouteDefinition read) {
                read.to("seda:pages");
                routes.from("seda:pages")
                        .onException(IllegalStateException.class)
                        .handled(true)
                        .end()
                        .aggregate(routes.constant(1), new JoinPages())
                        .completionTimeout(50)
                        .process(failsForPage(1))
                        .to(to());
            }
        },
        FILTER {
            @Override
            void route(RouteBuilder routes, RouteDefinition read) {
                read.filter(exceptForPage(3)).to(to());
            }
        },
        STOP {
            @Override
            void route(RouteBuilder routes, RouteDefinition read) {
                AtomicInteger pages = new AtomicInteger();
                read.choice()
                        .when(exchange -> pages.incrementAndGet() == 3)
                        .stop()
                        .otherwise()
                        .to(to());
            }
        },
        IDEMPOTENT_CONSUMER {
            @Override
            void route(RouteBuilder routes, RouteDefinition read) {
                // pages of as many keys are taken for one another
                read.idempotentConsumer(
                                routes.header(RumpConstants.KEYS),
                                MemoryIdempotentRepository.memoryIdempotentRepository())
                        .to(to());
            }
        },
        SAMPLE {
            @Override
            void route(RouteBuilder routes, RouteDefinition read) {
                read.sample(2).to(to());
            }
        },
        THROTTLE {
            @Override
            void route(RouteBuilder routes, RouteDefinition read) {
                read.onException(ThrottlerRejectedExecutionException.class)
                        .handled(true)
                        .end()
                        .throttle(2)
                        .timePeriodMillis(60_000)
                        .rejectExecution(true)
                        .to(to());
            }
        },
        LATEST_OF_GROUP {
            @Override
            int stallSeconds() {
                return 2;
            }

            @Override
            void route(RouteBuilder routes, RouteDefinition read) {
                read.aggregate(routes.constant(1), new UseLatestAggregationStrategy())
                        .completionSize(2)
                        .to(to());
            }
        },
        DISCARDED_GROUP {
            @Override
            int stallSeconds() {
                return 2;
            }

            @Override
            void route(RouteBuilder routes, RouteDefinition read) {
                read.aggregate(routes.constant(1), new GroupedBodyAggregationStrategy())
                        .completionSize(6)
                        .completionTimeout(300)
                        .discardOnCompletionTimeout()
                        .to(to());
            }
        },
        MULTICAST {
            @Override
            void route(RouteBuilder routes, RouteDefinition read) {
                read.multicast().to("direct:kept", "log:audit?level=OFF");
                routes.from("direct:kept").filter(exceptForPage(3)).to(to());
            }
        },
        SPLIT {
            @Override
            void route(RouteBuilder routes, RouteDefinition read) {
                read.split(routes.body()).filter(exceptForPage(3)).to(to());
            }
        },
        WIRE_TAP {
            @Override
            void route(RouteBuilder routes, RouteDefinition read) {
                read.wireTap("direct:kept");
                routes.from("direct:kept").filter(exceptForPage(3)).to(to());
            }
        },
        QUEUES {
            @Override
            void route(RouteBuilder routes, RouteDefinition read) {
                read.multicast().to("seda:pages", "seda:audit");
                routes.from("seda:pages").filter(exceptForPage(3)).to(to());
                routes.from("seda:audit").to("log:audit?level=OFF");
            }
        },
        BATCH {
            @Override
            void route(RouteBuilder routes, RouteDefinition read) {
                read.to("seda:pages");
                routes.from("seda:pages")
                        .errorHandler(routes.defaultErrorHandler().maximumRedeliveries(1))
                        .aggregate(routes.constant(1), new JoinPages())
                        .completionTimeout(50)
                        .filter(exceptForPage(1))
                        .to(to());
            }
        },
        FAILED_LEG {
            @Override
            void route(RouteBuilder routes, RouteDefinition read) {
                read.wireTap("direct:kept");
                routes.from("direct:kept").process(failsForPage(3)).to(to());
            }
        };

        abstract void route(RouteBuilder routes, RouteDefinition read);

        /** Pages that an aggregator may have kept are waited for until this timeout. */
        int stallSeconds() {
            return 30;
        }
    }

    @ParameterizedTest
    @EnumSource
    void pageThatARouteSwallowsIsNamedLongBeforeTheTimeout(Swallow way) throws Exception {
        long start = System.nanoTime();
        route.start("stallTimeout=" + way.stallSeconds() + "s", way::route);

        Ledger ledger = route.run().awaitEnd();
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(15));
        assertThat(ledger.state()).isEqualTo(RunState.INCOMPLETE);
        assertThat(ledger.failure()).contains("A step of the route may swallow pages");
        Counts counts = ledger.counts();
        assertThat(ledger.failure())
                .containsPattern("\\d+ pages that route read-source read are missing: page \\d+ \\(\\d+ keys, ");
        assertThat(counts.settled()).isLessThan(counts.read());
        assertThat(PAIR.atTarget().dbSize()).isEqualTo(counts.restored()).isLessThan(KEYS);
        if (way == Swallow.DEAD_LETTER || way == Swallow.DO_TRY || way == Swallow.BATCH_HANDLED) {
            assertThat(ledger.failure()).contains("handled the failure", "no page ");
        }
        if (way == Swallow.FAILED_LEG) {
            assertThat(ledger.failure()).contains("failed: no page 3");
        }
    }

    /** The handled failure of a step beside the road: the pages go on by copies, and arrive. */
    @Test
    void pagesThatContinueAfterAHandledFailureAreNotMissed() throws Exception {
        route.start("stallTimeout=20s&targets=1", (routes, read) -> {
            read.doTry()
                    .process(exchange -> {
                        throw new IllegalStateException("no audit");
                    })
                    .doCatch(IllegalStateException.class)
                    .end()
                    .multicast()
                    .to("seda:pages");
            routes.from("seda:pages").to(to() + "&maxKeysPerSecond=1000");
        });

        Ledger ledger = route.run().awaitEnd();
        assertThat(ledger.failure()).isNull();
        assertThat(ledger.state()).isEqualTo(RunState.COMPLETE);
    }

    /**
     * An aggregator of the route's own may keep pages for longer than a moment, and no exchange carries them meanwhile.
     */
    @Test
    void pagesThatWaitInAnAggregatorAreNotMissed() throws Exception {
        route.start("stallTimeout=18s", (routes, read) -> read.aggregate(
                        routes.constant(1), new GroupedBodyAggregationStrategy())
                .completionSize(6)
                .completionTimeout(2_000)
                .to(to()));

        Ledger ledger = route.run().awaitEnd();
        assertThat(ledger.failure()).isNull();
        assertThat(ledger.state()).isEqualTo(RunState.COMPLETE);
    }

    /** Steps between source and target that cost a page nothing but time. */
    enum Detour {
        LOOP {
            @Override
            void route(RouteBuilder routes, RouteDefinition read) {
                read.loop(2).to(to());
            }
        },
        LOOP_OF_COPIES {
            @Override
            void route(RouteBuilder routes, RouteDefinition read) {
                read.loop(2).copy().to(to());
            }
        },
        RESEQUENCE {
            @Override
            void route(RouteBuilder routes, RouteDefinition read) {
                read.resequence(routes.body().convertToString())
                        .batch()
                        .size(4)
                        .timeout(200)
                        .to(to());
            }
        },
        ENRICHED_ONCE {
            @Override
            void route(RouteBuilder routes, RouteDefinition read) {
                // the body of one page is replaced, so that its keys have to be read again
                Predicate others = exceptForPage(3);
                read.choice()
                        .when(exchange -> !others.matches(exchange))
                        .enrich("direct:other")
                        .end()
                        .to(to());
                routes.from("direct:other").setBody(routes.constant("something else"));
            }
        };

        abstract void route(RouteBuilder routes, RouteDefinition read);
    }

    @ParameterizedTest
    @EnumSource
    void pageThatTakesADetourArrives(Detour way) throws Exception {
        route.start("stallTimeout=20s", way::route);

        Ledger ledger = route.run().awaitEnd();
        assertThat(ledger.failure()).isNull();
        assertThat(ledger.state()).isEqualTo(RunState.COMPLETE);
        assertThat(PAIR.atTarget().dbSize()).isEqualTo(KEYS);
    }

    @Test
    void stepThatFailsForEveryPageDoesNotHaveTheSourceReadOverAndOver() throws Exception {
        route.start("stallTimeout=2s", (routes, read) -> read.errorHandler(routes.noErrorHandler())
                .process(exchange -> {
                    throw new IllegalStateException("never");
                })
                .to(to()));

        Ledger ledger = route.run().awaitEnd();
        assertThat(ledger.state()).isEqualTo(RunState.INCOMPLETE);
        assertThat(ledger.failure()).contains("failed with: never");
        assertThat(dumps()).isLessThanOrEqualTo(20 * PAGE);
    }

    @Test
    void stepThatAlwaysGetsTheWrongBodyDoesNotHaveTheSourceReadOverAndOver() throws Exception {
        route.start("stallTimeout=2s", (routes, read) -> {
            read.errorHandler(routes.noErrorHandler())
                    .setBody(routes.constant("something else"))
                    .to(to());
        });

        Ledger ledger = route.run().awaitEnd();
        assertThat(ledger.state()).isEqualTo(RunState.INCOMPLETE);
        assertThat(dumps()).isLessThanOrEqualTo(20 * PAGE);
    }

    /** Of a failure that passes the run recovers soon. */
    @Test
    void stepThatFailsForAWhileCostsLittleTime() throws Exception {
        AtomicInteger left = new AtomicInteger(3);
        route.start("stallTimeout=20s", (routes, read) -> read.errorHandler(routes.noErrorHandler())
                .process(exchange -> {
                    if (left.getAndDecrement() > 0) {
                        throw new IllegalStateException("not now");
                    }
                })
                .to(to()));

        Ledger ledger = route.run().awaitEnd();
        assertThat(ledger.state()).isEqualTo(RunState.COMPLETE);
        assertThat(ledger.counts().reread()).isPositive();
    }

    private static String to() {
        return EditedRoute.to("target", PAIR.target().port());
    }

    private static Predicate exceptForPage(int number) {
        AtomicInteger pages = new AtomicInteger();
        return exchange -> pages.incrementAndGet() != number;
    }

    private static Processor failsForPage(int number) {
        AtomicInteger pages = new AtomicInteger();
        return exchange -> {
            if (pages.incrementAndGet() == number) {
                throw new IllegalStateException("no page " + number);
            }
        };
    }

    /** Payloads that the source was asked for. */
    private static long dumps() {
        return CommandStats.calls(PAIR.atSource(), "dump");
    }
}
