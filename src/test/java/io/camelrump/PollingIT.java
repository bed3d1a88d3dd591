package io.camelrump;

import static org.assertj.core.api.Assertions.assertThat;

import io.camelrump.fixtures.FaultRun;
import io.camelrump.fixtures.RedisServer;
import io.camelrump.fixtures.RedisServers;
import io.camelrump.fixtures.RouteRun;
import io.camelrump.fixtures.SampleData;
import io.camelrump.redis.RedisException;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.apache.camel.Exchange;
import org.apache.camel.health.HealthCheck;
import org.apache.camel.health.HealthCheckAware;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import redis.clients.jedis.Jedis;

/** The options that every Camel consumer has that polls: its scheduler's, and where its errors go. */
class PollingIT {
    private static final int KEYS = 400;

    @RegisterExtension
    private final RedisServers servers = new RedisServers();

    private final RedisServer source = servers.start();
    private final RedisServer target = servers.start();
    private final List<Long> polls = new CopyOnWriteArrayList<>();

    @BeforeEach
    void fillSource() {
        try (Jedis jedis = source.jedis()) {
            SampleData.fillStrings(jedis, KEYS, 10);
        }
    }

    @Test
    void pagesFollowEachOtherAtOnce() throws Exception {
        long began = run("delay=10s");

        assertThat(polls).hasSizeGreaterThan(6);
        assertThat(millis(began, polls.get(polls.size() - 1))).isLessThan(5_000);
    }

    @Test
    void pagesComeAtTheDelayOfASchedulerThatIsNotGreedy() throws Exception {
        run("greedy=false&delay=100");

        assertThat(polls).hasSizeGreaterThan(6);
        for (int i = 1; i < polls.size(); i++) {
            assertThat(millis(polls.get(i - 1), polls.get(i))).as("page %d", i).isGreaterThanOrEqualTo(95);
        }
    }

    @Test
    void theFirstPageComesAfterTheInitialDelay() throws Exception {
        long began = run("initialDelay=700");

        assertThat(millis(began, polls.get(0))).isGreaterThanOrEqualTo(695);
    }

    /** Runs to the end, and tells when it began; {@link #polls} are the moments of its pages. */
    private long run(String options) throws Exception {
        long began = System.nanoTime();
        try (RouteRun run = RouteRun.of(
                routes -> routes.from("rump:source?host=127.0.0.1&scanCount=50&port=" + source.port() + "&" + options)
                        .process(exchange -> polls.add(System.nanoTime()))
                        .to("rump:target?host=127.0.0.1&port=" + target.port()))) {
            assertThat(run.awaitEnd().state()).isEqualTo(RunState.COMPLETE);
            assertThat(run.ledger().counts().restored()).isEqualTo(KEYS);
        }
        return began;
    }

    private static long millis(long from, long to) {
        return TimeUnit.NANOSECONDS.toMillis(to - from);
    }

    @Test
    void theHealthCheckStaysDownAfterARunThatFailed() throws Exception {
        Queue<Object> ends = new ConcurrentLinkedQueue<>();
        try (RouteRun run = RouteRun.of(routes -> routes.from(
                        "rump:source?host=127.0.0.1&scanCount=50&retryFor=1s&delay=50&port=" + source.port())
                .to("rump:target?host=127.0.0.1&maxKeysPerSecond=200&port=" + target.port())
                .filter(exchange -> exchange.getMessage().getHeader(RumpConstants.STATE) != null)
                .process(exchange -> ends.add(exchange.getMessage().getHeader(RumpConstants.CAUSE))))) {
            run.await().until(() -> health(run).getState() == HealthCheck.State.UP);

            source.kill9();
            run.awaitEnd();

            run.await().during(1, TimeUnit.SECONDS).until(() -> health(run).getState() == HealthCheck.State.DOWN);
            assertThat(health(run).getMessage()).hasValueSatisfying(message -> assertThat(message)
                    .contains("FAILED", "127.0.0.1:" + source.port(), "Gave up after 1 s"));
            assertThat(health(run).getDetails())
                    .containsEntry("cause", run.ledger().failure())
                    .containsEntry("restored", run.ledger().counts().restored())
                    .containsKey("seconds");

            assertThat(ends).containsExactly(run.ledger().failure());

            // what healthCheckConsumerEnabled=false of the component does
            check(run).setEnabled(false);
            assertThat(health(run).getState()).isEqualTo(HealthCheck.State.UNKNOWN);
        }
    }

    @Test
    void aRepeatedScanRunsAgainAtTheSchedulersPaceAfterARunThatFailed() throws Exception {
        List<Exception> told = new CopyOnWriteArrayList<>();
        try (RouteRun run = RouteRun.of(routes -> {
            routes.onException(RedisException.class)
                    .handled(true)
                    .process(exchange -> told.add(exchange.getProperty(Exchange.EXCEPTION_CAUGHT, Exception.class)));
            routes.from("rump:source?host=127.0.0.1&scan=repeat&retryFor=200ms&delay=300&bridgeErrorHandler=true&port="
                            + source.port())
                    .to("rump:target?host=127.0.0.1&port=" + target.port());
        })) {
            run.awaitEnd();
            source.kill9();
            run.await().until(() -> told.size() >= 3);
            assertThat(told).allSatisfy(error -> assertThat(error).hasMessageContaining("127.0.0.1:" + source.port()));
            source.restart(false);
            try (Jedis jedis = source.jedis()) {
                jedis.set("made later", "a");
            }
            run.await().until(() -> run.ledger().state() == RunState.COMPLETE);
            run.await().until(() -> {
                try (Jedis jedis = target.jedis()) {
                    return jedis.exists("made later");
                }
            });
        }
    }

    @Test
    void aRepeatedScanThatWasAskedToStopStaysSo() throws Exception {
        try (RouteRun run = RouteRun.of(routes -> routes.from(
                        "rump:source?host=127.0.0.1&scan=repeat&delay=50&scanCount=10&port=" + source.port())
                .to("rump:target?host=127.0.0.1&maxKeysPerSecond=200&port=" + target.port()))) {
            run.awaitSettled(1);
            run.ledger().stopReading();

            assertThat(run.awaitEnd().state()).isEqualTo(RunState.INCOMPLETE);
            run.await()
                    .during(300, TimeUnit.MILLISECONDS)
                    .until(() -> run.ledger().state() == RunState.INCOMPLETE);
        }
    }

    static HealthCheck.Result health(RouteRun run) {
        return check(run).call();
    }

    private static HealthCheck check(RouteRun run) {
        return ((HealthCheckAware) run.context().getRoutes().get(0).getConsumer()).getHealthCheck();
    }

    @Test
    void anErrorOfReadingGoesToTheRouteWhereItIsWantedThere() throws Exception {
        Queue<Exception> told = new ConcurrentLinkedQueue<>();
        try (RouteRun run = RouteRun.of(routes -> {
            routes.onException(RedisException.class)
                    .handled(true)
                    .process(exchange -> told.add(exchange.getProperty(Exchange.EXCEPTION_CAUGHT, Exception.class)));
            routes.from("rump:source?host=127.0.0.1&scanCount=50&retryFor=1s&bridgeErrorHandler=true&port="
                            + source.port())
                    .to("rump:target?host=127.0.0.1&maxKeysPerSecond=200&port=" + target.port());
        })) {
            run.awaitSettled(1);
            source.kill9();
            Ledger ledger = run.awaitEnd();
            run.await().until(() -> !told.isEmpty());

            assertThat(ledger.state()).isEqualTo(RunState.FAILED);
            assertThat(told).allSatisfy(error -> assertThat(error)
                    .hasMessageContainingAll("127.0.0.1:" + source.port(), "Gave up after 1 s"));
            assertThat(ledger.counts().restored())
                    .isEqualTo(FaultRun.size(target))
                    .isLessThan(KEYS);
        }
    }
}
