package io.camelrump;

import static org.assertj.core.api.Assertions.assertThat;

import io.camelrump.cli.EqualityProof;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.camel.Predicate;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.model.RouteDefinition;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import redis.clients.jedis.Jedis;

/** Routes with more than one producer: each key is answered by as many as the consumer's {@code targets}, and by no other. */
class SeveralTargetsIT {
    private static final int KEYS = 3000;

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
        fill(KEYS);
    }

    @AfterEach
    void stopRoutes() {
        if (run != null) {
            // what a failed run has left in the route is of no use
            run.context().getShutdownStrategy().setTimeout(1);
            run.close();
        }
    }

    private static void fill(int keys) {
        try (Jedis jedis = source.jedis()) {
            SampleData.fillStrings(jedis, keys, 20);
        }
    }

    // --- one producer too many ---

    /** How a second target is added without a word to the consumer. */
    enum Second {
        STEP {
            @Override
            void route(RouteBuilder routes, RouteDefinition read) {
                read.to(to("target", target)).to(to("second", second));
            }
        },
        MULTICAST {
            @Override
            void route(RouteBuilder routes, RouteDefinition read) {
                read.multicast().to(to("target", target), to("second", second));
            }
        },
        PARALLEL_MULTICAST {
            @Override
            void route(RouteBuilder routes, RouteDefinition read) {
                read.multicast().parallelProcessing().to(to("target", target), to("second", second));
            }
        },
        RECIPIENT_LIST {
            @Override
            void route(RouteBuilder routes, RouteDefinition read) {
                read.recipientList(routes.constant(to("target", target) + ";" + to("second", second)), ";");
            }
        },
        WIRE_TAP {
            @Override
            void route(RouteBuilder routes, RouteDefinition read) {
                read.wireTap(to("second", second)).to(to("target", target));
            }
        },
        QUEUES {
            @Override
            void route(RouteBuilder routes, RouteDefinition read) {
                read.multicast().to("seda:first", "seda:second");
                routes.from("seda:first").to(to("target", target));
                routes.from("seda:second").to(to("second", second));
            }
        },
        LATE_QUEUE {
            @Override
            void route(RouteBuilder routes, RouteDefinition read) {
                read.multicast().to("seda:first", "seda:second");
                routes.from("seda:first").to(to("target", target));
                // the first target has answered for all, while pages wait for the second one
                routes.from("seda:second").delay(500).syncDelayed().to(to("second", second));
            }
        },
        QUEUE_AND_BATCH {
            @Override
            void route(RouteBuilder routes, RouteDefinition read) {
                read.to("seda:pages");
                routes.from("seda:pages")
                        .aggregate(routes.constant(1), new JoinPages())
                        .completionTimeout(100)
                        .to(to("target", target))
                        // the first target has answered for all, long before the second one gets them
                        .delay(500)
                        .to(to("second", second));
            }
        },
        COMPARISON {
            @Override
            void route(RouteBuilder routes, RouteDefinition read) {
                read.to(to("target", target)).to(to("second", second) + "&operation=compare");
            }
        };

        abstract void route(RouteBuilder routes, RouteDefinition read);
    }

    @ParameterizedTest
    @EnumSource
    void secondTargetThatTheConsumerDoesNotExpectFailsTheRoute(Second way) throws Exception {
        runsWith("targets=1", way::route);
        failsBy("set targets=2");
    }

    /** So few that the first target has answered for all of them before the second one gets any. */
    @Test
    void secondTargetOfASinglePageFailsTheRouteToo() throws Exception {
        try (Jedis jedis = source.jedis()) {
            jedis.flushAll();
        }
        fill(10);
        runsWith("targets=1", Second.QUEUE_AND_BATCH::route);
        failsBy("set targets=2");
    }

    @Test
    void thirdTargetIsOneTooManyForTwo() throws Exception {
        runsWith("targets=2", (routes, read) -> read.multicast()
                .to(to("target", target), to("second", second), to("third", target) + "&database=1"));
        failsBy("set targets=3");
    }

    @Test
    void expectedSecondTargetGetsEveryKey() throws Exception {
        runsWith("targets=2", (routes, read) -> read.to(to("target", target)).to(to("second", second)));
        isComplete();
        areEqual(target);
        areEqual(second);
    }

    /** Two steps that write to one place are one target, whose second answer changes nothing. */
    @Test
    void sameTargetTwiceIsOne() throws Exception {
        runsWith("targets=1", (routes, read) -> read.to(to("target", target)).to(to("target", target)));
        isComplete();
        areEqual(target);
    }

    // --- Acknowledge ---

    @Test
    void acknowledgeBeforeATargetFailsTheRoute() throws Exception {
        runsWith("targets=1", (routes, read) -> read.process(new Acknowledge()).to(to("target", target)));
        failsBy("Acknowledge");
        assertThat(run.ledger().failure()).contains("take Acknowledge out", "targets=2");
    }

    @Test
    void acknowledgeBehindATargetFailsTheRoute() throws Exception {
        runsWith("targets=1", (routes, read) -> read.to(to("target", target)).process(new Acknowledge()));
        failsBy("Acknowledge");
    }

    @Test
    void transportBesideATargetCountsAsOne() throws Exception {
        runsWith("targets=2", (routes, read) -> read.multicast()
                .to(to("target", target))
                .pipeline()
                .to("log:transport?level=OFF")
                .process(new Acknowledge())
                .end());
        isComplete();
        areEqual(target);
    }

    @Test
    void twoTransportsCountAsTwo() throws Exception {
        runsWith("targets=2", (routes, read) -> read.to("log:one?level=OFF")
                .process(new Acknowledge())
                .to("log:two?level=OFF")
                .process(new Acknowledge()));
        assertThat(run.awaitEnd().state()).isEqualTo(Ledger.State.COMPLETE);
        assertThat(run.ledger().counts().handedOn()).isEqualTo(KEYS);
    }

    // --- keys that go here or there ---

    @Test
    void keysOfOnePageMayGoToDifferentTargets() throws Exception {
        runsWith("targets=1", (routes, read) -> {
            read.to("seda:pages");
            routes.from("seda:pages")
                    .split(routes.body())
                    .choice()
                    .when(hasEvenKey())
                    .to(to("target", target))
                    .otherwise()
                    .to(to("second", second));
        });
        isComplete();
        areShared();
    }

    @Test
    void keysMayBeSentByARecipientList() throws Exception {
        runsWith("targets=1", (routes, read) -> {
            read.to("seda:pages");
            routes.from("seda:pages").split(routes.body()).recipientList(routes.method(new ByKey(), "recipient"), ";");
        });
        isComplete();
        areShared();
    }

    /** Both have to be asked about each key, so that they write alone and wait for one another's replies. */
    @Test
    void keysMayGoToDifferentTargetsThatKeepWhatTheyHave() throws Exception {
        for (RedisServer server : List.of(target, second)) {
            try (Jedis jedis = server.jedis()) {
                jedis.set("foreign", "1");
            }
        }
        runsWith("targets=1", (routes, read) -> {
            read.to("seda:pages");
            routes.from("seda:pages")
                    .split(routes.body())
                    .choice()
                    .when(hasEvenKey())
                    .to(to("target", target) + "&onConflict=KEEP")
                    .otherwise()
                    .to(to("second", second) + "&onConflict=KEEP");
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
            return isEven(key) ? to("target", target) : to("second", second);
        }
    }

    // --- routes ---

    private interface Edit {
        void configure(RouteBuilder routes, RouteDefinition read);
    }

    private void runsWith(String more, Edit edit) throws Exception {
        run = RouteRun.of(
                new RouteBuilder() {
                    @Override
                    public void configure() {
                        edit.configure(
                                this,
                                from("rump:source?host=127.0.0.1&scanCount=100&stallTimeout=5s&port=" + source.port()
                                                + "&" + more)
                                        .routeId("read-source"));
                    }
                },
                Map.of());
    }

    private static String to(String name, RedisServer server) {
        return "rump:" + name + "?host=127.0.0.1&retryFor=10s&port=" + server.port();
    }

    // --- what must hold ---

    private void failsBy(String cause) {
        Ledger ledger = run.awaitEnd();
        assertThat(ledger.state()).isEqualTo(Ledger.State.FAILED);
        assertThat(ledger.failure()).contains(cause, "targets=");
    }

    private void isComplete() {
        Ledger ledger = run.awaitEnd();
        assertThat(ledger.failure()).isNull();
        assertThat(ledger.state()).isEqualTo(Ledger.State.COMPLETE);
        assertThat(ledger.counts().restored()).isEqualTo(KEYS);
    }

    private static void areEqual(RedisServer other) {
        try (Jedis from = source.jedis();
                Jedis to = other.jedis()) {
            assertThat(EqualityProof.compare(from, to, Duration.ofMillis(50)).differences())
                    .isEmpty();
        }
    }

    private static void areShared() {
        try (Jedis first = target.jedis();
                Jedis other = second.jedis()) {
            assertThat(first.dbSize()).isPositive();
            assertThat(other.dbSize()).isPositive();
            assertThat(first.dbSize() + other.dbSize()).isEqualTo(KEYS);
        }
    }
}
