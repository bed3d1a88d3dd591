package io.camelrump;

import static io.camelrump.fixtures.EditedRoute.to;
import static org.assertj.core.api.Assertions.assertThat;

import io.camelrump.cli.EqualityProof;
import io.camelrump.fixtures.EditedRoute;
import io.camelrump.fixtures.RedisServer;
import io.camelrump.fixtures.RedisServers;
import io.camelrump.fixtures.SampleData;
import io.camelrump.fixtures.ServerPair;
import java.time.Duration;
import java.util.List;
import org.apache.camel.Predicate;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.model.RouteDefinition;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import redis.clients.jedis.Jedis;

/**
 * Routes with more than one producer: each key is answered by as many as the consumer's {@code targets}, and by no
 * other.
 */
class SeveralTargetsIT {
    private static final int KEYS = 3000;

    @RegisterExtension
    private static final ServerPair PAIR = new ServerPair();

    @RegisterExtension
    private static final RedisServers MORE_SERVERS = new RedisServers();

    private static RedisServer second;

    @RegisterExtension
    private final EditedRoute route = new EditedRoute(PAIR, "scanCount=100&stallTimeout=2s");

    @BeforeEach
    void fillSource() {
        if (second == null) {
            second = MORE_SERVERS.start();
        }
        try (Jedis jedis = second.jedis()) {
            jedis.flushAll();
        }
        SampleData.fillStrings(PAIR.atSource(), KEYS, 20);
    }

    // --- one producer too many ---

    /** How a second target is added without a word to the consumer. */
    enum Second {
        STEP {
            @Override
            void route(RouteBuilder routes, RouteDefinition read) {
                read.to(toTarget()).to(toSecond());
            }
        },
        MULTICAST {
            @Override
            void route(RouteBuilder routes, RouteDefinition read) {
                read.multicast().to(toTarget(), toSecond());
            }
        },
        PARALLEL_MULTICAST {
            @Override
            void route(RouteBuilder routes, RouteDefinition read) {
                read.multicast().parallelProcessing().to(toTarget(), toSecond());
            }
        },
        RECIPIENT_LIST {
            @Override
            void route(RouteBuilder routes, RouteDefinition read) {
                read.recipientList(routes.constant(toTarget() + ";" + toSecond()), ";");
            }
        },
        WIRE_TAP {
            @Override
            void route(RouteBuilder routes, RouteDefinition read) {
                read.wireTap(toSecond()).to(toTarget());
            }
        },
        QUEUES {
            @Override
            void route(RouteBuilder routes, RouteDefinition read) {
                read.multicast().to("seda:first", "seda:second");
                routes.from("seda:first").to(toTarget());
                routes.from("seda:second").to(toSecond());
            }
        },
        LATE_QUEUE {
            @Override
            void route(RouteBuilder routes, RouteDefinition read) {
                read.multicast().to("seda:first", "seda:second");
                routes.from("seda:first").to(toTarget());
                // the first target has answered for all, while pages wait for the second one
                routes.from("seda:second").delay(500).syncDelayed().to(toSecond());
            }
        },
        LATE_DELAY {
            @Override
            void route(RouteBuilder routes, RouteDefinition read) {
                read.multicast().to("seda:first", "seda:second");
                routes.from("seda:first").to(toTarget());
                routes.from("seda:second").delay(500).asyncDelayed().to(toSecond());
            }
        },
        LATE_WIRE_TAP {
            @Override
            void route(RouteBuilder routes, RouteDefinition read) {
                read.wireTap("direct:second").to(toTarget());
                routes.from("direct:second").delay(500).asyncDelayed().to(toSecond());
            }
        },
        WIRE_TAP_BEHIND {
            @Override
            void route(RouteBuilder routes, RouteDefinition read) {
                read.to(toTarget()).wireTap("direct:second");
                routes.from("direct:second").delay(500).to(toSecond());
            }
        },
        IMPATIENT_MULTICAST {
            @Override
            void route(RouteBuilder routes, RouteDefinition read) {
                read.multicast().parallelProcessing().timeout(100).to(toTarget(), "direct:second");
                routes.from("direct:second").delay(500).asyncDelayed().to(toSecond());
            }
        },
        QUEUE_AND_BATCH {
            @Override
            void route(RouteBuilder routes, RouteDefinition read) {
                read.to("seda:pages");
                routes.from("seda:pages")
                        .aggregate(routes.constant(1), new JoinPages())
                        .completionTimeout(100)
                        .to(toTarget())
                        // the first target has answered for all, long before the second one gets them
                        .delay(500)
                        .to(toSecond());
            }
        },
        COMPARISON {
            @Override
            void route(RouteBuilder routes, RouteDefinition read) {
                read.to(toTarget()).to(toSecond() + "&operation=compare");
            }
        };

        abstract void route(RouteBuilder routes, RouteDefinition read);
    }

    @ParameterizedTest
    @EnumSource
    void secondTargetThatTheConsumerDoesNotExpectFailsTheRoute(Second way) throws Exception {
        route.start("targets=1", way::route);
        failsBy("set targets=2");
    }

    /** So few that the first target has answered for all of them before the second one gets any. */
    @ParameterizedTest
    @EnumSource(
            names = {
                "LATE_QUEUE",
                "LATE_DELAY",
                "LATE_WIRE_TAP",
                "WIRE_TAP_BEHIND",
                "IMPATIENT_MULTICAST",
                "QUEUE_AND_BATCH"
            })
    void secondTargetOfASinglePageFailsTheRouteToo(Second way) throws Exception {
        PAIR.atSource().flushAll();
        SampleData.fillStrings(PAIR.atSource(), 10, 20);
        route.start("targets=1", way::route);
        failsBy("set targets=2");
    }

    /** An exchange beside the road may go on for as long as it likes: the run says so, and ends. */
    @Test
    void exchangesThatContinueAreWaitedForWithABound() throws Exception {
        route.start("targets=1", (routes, read) -> {
            read.wireTap("direct:audit").to(toTarget());
            routes.from("direct:audit")
                    .routeId("audit")
                    .delay(60_000)
                    .asyncDelayed()
                    .to("log:audit?level=OFF");
        });
        isComplete();
        assertThat(route.run().ledger().remarks()).anyMatch(remark -> remark.contains("had not ended (in audit)"));
    }

    @Test
    void otherExchangesOfTheHostAreNotWaitedFor() throws Exception {
        route.start("targets=1", (routes, read) -> {
            read.to(toTarget());
            routes.from("timer:host?repeatCount=1&delay=-1")
                    .delay(60_000)
                    .asyncDelayed()
                    .to("log:host?level=OFF");
        });
        isComplete();
        assertThat(route.run().ledger().end().duration()).isLessThan(Duration.ofSeconds(5));
        assertThat(route.run().ledger().remarks()).isEmpty();
    }

    @Test
    void thirdTargetIsOneTooManyForTwo() throws Exception {
        route.start("targets=2", (routes, read) -> read.multicast()
                .to(toTarget(), toSecond(), to("third", PAIR.target().port()) + "&database=1"));
        failsBy("set targets=3");
    }

    @Test
    void expectedSecondTargetGetsEveryKey() throws Exception {
        route.start("targets=2", (routes, read) -> read.to(toTarget()).to(toSecond()));
        isComplete();
        areEqual(PAIR.target());
        areEqual(second);
    }

    /** Two steps that write to one place are one target, whose second answer changes nothing. */
    @Test
    void sameTargetTwiceIsOne() throws Exception {
        route.start("targets=1", (routes, read) -> read.to(toTarget()).to(toTarget()));
        isComplete();
        areEqual(PAIR.target());
    }

    // --- Acknowledge ---

    @Test
    void acknowledgeBeforeATargetFailsTheRoute() throws Exception {
        route.start(
                "targets=1", (routes, read) -> read.process(new Acknowledge()).to(toTarget()));
        failsBy("Acknowledge");
        assertThat(route.run().ledger().failure()).contains("take Acknowledge out", "targets=2");
    }

    @Test
    void acknowledgeBehindATargetFailsTheRoute() throws Exception {
        route.start("targets=1", (routes, read) -> read.to(toTarget()).process(new Acknowledge()));
        failsBy("Acknowledge");
    }

    @Test
    void transportBesideATargetCountsAsOne() throws Exception {
        route.start("targets=2", (routes, read) -> read.multicast()
                .to(toTarget())
                .pipeline()
                .to("log:transport?level=OFF")
                .process(new Acknowledge())
                .end());
        isComplete();
        areEqual(PAIR.target());
    }

    @Test
    void twoTransportsCountAsTwo() throws Exception {
        route.start("targets=2", (routes, read) -> read.to("log:one?level=OFF")
                .process(new Acknowledge())
                .to("log:two?level=OFF")
                .process(new Acknowledge()));
        assertThat(route.run().awaitEnd().state()).isEqualTo(RunState.COMPLETE);
        assertThat(route.run().ledger().counts().handedOn()).isEqualTo(KEYS);
    }

    // --- keys that go here or there ---

    @Test
    void keysOfOnePageMayGoToDifferentTargets() throws Exception {
        route.start("targets=1", (routes, read) -> {
            read.to("seda:pages");
            routes.from("seda:pages")
                    .split(routes.body())
                    .choice()
                    .when(hasEvenKey())
                    .to(toTarget())
                    .otherwise()
                    .to(toSecond());
        });
        isComplete();
        areShared();
    }

    @Test
    void keysMayBeSentByARecipientList() throws Exception {
        route.start("targets=1", (routes, read) -> {
            read.to("seda:pages");
            routes.from("seda:pages").split(routes.body()).recipientList(routes.method(new ByKey(), "recipient"), ";");
        });
        isComplete();
        areShared();
    }

    /** Both have to be asked about each key, so that they write alone and wait for one another's replies. */
    @Test
    void keysMayGoToDifferentTargetsThatKeepWhatTheyHave() throws Exception {
        for (RedisServer server : List.of(PAIR.target(), second)) {
            try (Jedis jedis = server.jedis()) {
                jedis.set("foreign", "1");
            }
        }
        route.start("targets=1", (routes, read) -> {
            read.to("seda:pages");
            routes.from("seda:pages")
                    .split(routes.body())
                    .choice()
                    .when(hasEvenKey())
                    .to(toTarget() + "&onConflict=KEEP")
                    .otherwise()
                    .to(toSecond() + "&onConflict=KEEP");
        });
        isComplete();
    }

    private static Predicate hasEvenKey() {
        return exchange -> isEven(exchange.getMessage().getBody(DumpedKey.class));
    }

    private static boolean isEven(DumpedKey key) {
        return key.key()[key.key().length - 1] % 2 == 0;
    }

    /** Named by the route. */
    public static final class ByKey {
        public String recipient(DumpedKey key) {
            return isEven(key) ? toTarget() : toSecond();
        }
    }

    // --- routes ---

    private static String toTarget() {
        return to("target", PAIR.target().port());
    }

    private static String toSecond() {
        return to("second", second.port());
    }

    // --- what must hold ---

    private void failsBy(String cause) {
        Ledger ledger = route.run().awaitEnd();
        assertThat(ledger.state()).isEqualTo(RunState.FAILED);
        assertThat(ledger.failure()).contains(cause, "targets=");
    }

    private void isComplete() {
        Ledger ledger = route.run().awaitEnd();
        assertThat(ledger.failure()).isNull();
        assertThat(ledger.state()).isEqualTo(RunState.COMPLETE);
        assertThat(ledger.counts().restored()).isEqualTo(KEYS);
    }

    private static void areEqual(RedisServer other) {
        try (Jedis to = other.jedis()) {
            assertThat(EqualityProof.compare(PAIR.atSource(), to, Duration.ofMillis(50))
                            .differences())
                    .isEmpty();
        }
    }

    private static void areShared() {
        long atFirst = PAIR.atTarget().dbSize();
        try (Jedis other = second.jedis()) {
            assertThat(atFirst).isPositive();
            assertThat(other.dbSize()).isPositive();
            assertThat(atFirst + other.dbSize()).isEqualTo(KEYS);
        }
    }
}
