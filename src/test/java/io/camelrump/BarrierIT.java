package io.camelrump;

import static org.assertj.core.api.Assertions.assertThat;

import io.camelrump.fixtures.EventSchema;
import io.camelrump.fixtures.RedisServer;
import io.camelrump.fixtures.RouteRun;
import io.camelrump.fixtures.SampleData;
import io.camelrump.fixtures.ServerPair;
import io.camelrump.fixtures.StatusSchema;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.camel.Processor;
import org.apache.camel.builder.RouteBuilder;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.StreamEntryID;
import redis.clients.jedis.exceptions.JedisException;

/** A route switches the clients at the barrier of a cutover, while both sides are equal and nothing is applied. */
class BarrierIT {
    private static final int KEYS = 1_000;

    @RegisterExtension
    private static final ServerPair PAIR = new ServerPair();

    private final List<String> events = new CopyOnWriteArrayList<>();

    @BeforeEach
    void fill() {
        SampleData.fillMixed(PAIR.atSource(), KEYS);
    }

    @AfterEach
    void resumeWrites() {
        PAIR.atSource().clientUnpause();
    }

    private static void follow(RouteBuilder routes, String options) {
        routes.from("rump:source?live=true&latencyGuard=off&host=127.0.0.1&port="
                        + PAIR.source().port() + options)
                .to("rump:target?host=127.0.0.1&port=" + PAIR.target().port());
    }

    /** A live run, and a route that does this at the barrier. */
    private RouteRun run(String options, Processor atBarrier) throws Exception {
        return RouteRun.of(routes -> {
            follow(routes, options);
            routes.from("rump:source?operation=events").process(exchange -> {
                String event = exchange.getMessage().getHeader(RumpConstants.EVENT, String.class);
                EventSchema.valid(exchange.getMessage().getBody(String.class));
                events.add(event);
                if (event.equals("at-the-barrier")) {
                    atBarrier.process(exchange);
                }
            });
        });
    }

    private static void steer(RouteRun run, String operation) {
        StatusSchema.valid(run.context()
                .createProducerTemplate()
                .requestBody("rump:source?operation=" + operation, "", String.class));
    }

    private static void await(RouteRun run, RunPhase phase) {
        run.await().until(() -> run.ledger().phase() == phase);
    }

    private static void cutOver(RouteRun run) {
        await(run, RunPhase.FOLLOWING);
        steer(run, "cutover");
    }

    @Test
    void bothSidesAreEqualAtTheBarrierAndTheRunHasNotConvergedBeforeTheRouteHasEnded() throws Exception {
        List<Object> seen = new CopyOnWriteArrayList<>();
        try (RouteRun run = run("&pauseWrites=20s", exchange -> {
            seen.add(PAIR.atTarget().get("late"));
            seen.add(exchange.getContext()
                    .getRegistry()
                    .lookupByNameAndType("rump-ledger-rump", Ledger.class)
                    .state());
            seen.add(exchange.getMessage().getHeader(RumpConstants.PAUSE_LEFT, Long.class) > 0);
        })) {
            await(run, RunPhase.FOLLOWING);
            PAIR.atSource().set("late", "a");
            steer(run, "cutover");

            assertThat(run.awaitEnd().state()).isEqualTo(RunState.COMPLETE);
            assertThat(seen).containsExactly("a", RunState.RUNNING, true);
            PAIR.atSource().clientUnpause();
            run.await().until(() -> events.contains("ended"));
            assertThat(events).endsWith("cutover-begun", "at-the-barrier", "converged", "ended");
        }
    }

    @Test
    void eachAcknowledgedWriteOfAClientIsAtTheTargetOnceItIsSwitched() throws Exception {
        AtomicReference<RedisServer> server = new AtomicReference<>(PAIR.source());
        AtomicBoolean ended = new AtomicBoolean();
        Set<String> acknowledged = ConcurrentHashMap.newKeySet();
        CompletableFuture<Void> client = CompletableFuture.runAsync(() -> {
            for (int i = 0; !ended.get(); i++) {
                try (Jedis jedis = new Jedis(RedisServer.HOST, server.get().port(), 300)) {
                    for (int j = 0; j < 50; j++) {
                        jedis.set("client:" + i + ":" + j, "a");
                        acknowledged.add("client:" + i + ":" + j);
                    }
                } catch (JedisException e) {
                    // it waited for the end of the pause, and is switched by now
                }
            }
        });
        try (RouteRun run = run("&pauseWrites=20s", exchange -> server.set(PAIR.target()))) {
            cutOver(run);
            assertThat(run.awaitEnd().state()).isEqualTo(RunState.COMPLETE);
            int before = acknowledged.size();
            run.await().until(() -> acknowledged.size() > before + 500);
        } finally {
            ended.set(true);
            client.join();
        }

        assertThat(acknowledged).hasSizeGreaterThan(600).allMatch(key -> PAIR.atTarget()
                .exists(key));
    }

    @Test
    void nothingIsAppliedToTheTargetWhileTheRouteRuns() throws Exception {
        CountDownLatch switched = new CountDownLatch(1);
        try (RouteRun run = run("", exchange -> switched.await(60, TimeUnit.SECONDS))) {
            PAIR.atSource().xadd("stream:a", StreamEntryID.NEW_ENTRY, Map.of("a", "b"));
            cutOver(run);
            run.await().until(() -> events.contains("at-the-barrier"));
            PAIR.atSource().set("written too late", "a");
            PAIR.atSource().del("mixed:1");
            PAIR.atTarget().xtrim("stream:a", 0, false);

            // streams are read again each 5 s
            run.await()
                    .during(Duration.ofSeconds(6))
                    .atMost(Duration.ofSeconds(8))
                    .until(() -> !PAIR.atTarget().exists("written too late")
                            && PAIR.atTarget().exists("mixed:1")
                            && PAIR.atTarget().xlen("stream:a") == 0);
            await(run, RunPhase.UNDECIDED);
            switched.countDown();
            steer(run, "cutover");

            assertThat(run.awaitEnd().state()).isEqualTo(RunState.COMPLETE);
            assertThat(PAIR.atTarget().exists("written too late")).isFalse();
            assertThat(PAIR.atTarget().exists("mixed:1")).isTrue();
            assertThat(PAIR.atTarget().xlen("stream:a")).isZero();
        }
    }

    @Test
    void aRouteThatFailsStopsTheWritingUntilAPersonAbortsAndThenTheRunFollowsOn() throws Exception {
        try (RouteRun run = run("&pauseWrites=30s", exchange -> {
            throw new IllegalStateException("the name server is away");
        })) {
            cutOver(run);
            await(run, RunPhase.UNDECIDED);
            PAIR.atSource().set("afterwards", "a");
            run.await().during(Duration.ofSeconds(1)).until(() -> !PAIR.atTarget()
                    .exists("afterwards"));
            run.await().until(() -> events.contains("undecided"));

            steer(run, "abort");

            run.await().until(() -> PAIR.atTarget().exists("afterwards"));
            await(run, RunPhase.FOLLOWING);
            run.await().until(() -> events.contains("not-converged"));
            assertThat(run.ledger().state()).isEqualTo(RunState.RUNNING);
            steer(run, "abort");
            assertThat(run.awaitEnd().state()).isEqualTo(RunState.INCOMPLETE);
        }
    }

    @Test
    void aRouteThatTakesLongerThanThePauseLeavesItToAPersonToSayThatItDidSwitch() throws Exception {
        CountDownLatch never = new CountDownLatch(1);
        try (RouteRun run = run("&pauseWrites=1s", exchange -> never.await(60, TimeUnit.SECONDS))) {
            cutOver(run);
            await(run, RunPhase.UNDECIDED);
            PAIR.atSource().set("to the old server", "a");
            PAIR.atTarget().set("to the new server", "a");

            steer(run, "cutover");

            assertThat(run.awaitEnd().state()).isEqualTo(RunState.COMPLETE);
            run.await().until(() -> run.ledger().cutover() != null);
            assertThat(run.ledger().cutover().convergedAsOf()).isNotNull();
            assertThat(PAIR.atTarget().exists("to the old server")).isFalse();
            assertThat(PAIR.atTarget().exists("to the new server")).isTrue();
        } finally {
            never.countDown();
        }
    }

    @Test
    void anExchangeThatIsRolledBackHasNotSwitched() throws Exception {
        try (RouteRun run = run("&pauseWrites=30s", exchange -> exchange.setRollbackOnly(true))) {
            cutOver(run);
            await(run, RunPhase.UNDECIDED);
        }
    }
}
