package io.camelrump;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.model.RouteDefinition;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import redis.clients.jedis.Jedis;

/** What a writing route leaves at its target when it is stopped: no connection, and no alarm in the log. */
class StoppedRouteIT {
    private static final int KEYS = 1000;

    @RegisterExtension
    private static final RedisServers SERVERS = new RedisServers();

    private static RedisServer source;
    private static RedisServer target;

    private final PrintStream standardError = System.err;
    private final ByteArrayOutputStream log = new ByteArrayOutputStream();
    private RouteRun run;

    @BeforeEach
    void fillSource() {
        if (source == null) {
            source = SERVERS.start();
            target = SERVERS.start();
            try (Jedis jedis = source.jedis()) {
                SampleData.fillStrings(jedis, KEYS, 20);
            }
        }
        try (Jedis jedis = target.jedis()) {
            jedis.flushAll();
        }
        System.setErr(new PrintStream(log, true, StandardCharsets.UTF_8));
    }

    @AfterEach
    void stopRoutes() {
        run.context().getShutdownStrategy().setTimeout(1);
        run.close();
        System.setErr(standardError);
    }

    @Test
    void routeThatIsStoppedAndStartedKeepsOneConnection() throws Exception {
        runsWith((routes, write) -> write.to(to(target.port()) + "&maxKeysPerSecond=500"));
        run.awaitSettled(200);
        // the reader goes on, so the route is stopped with pages on their way
        stopWriting();
        awaitConnections(0);
        assertThat(log.toString(StandardCharsets.UTF_8)).doesNotContain("Trying again");

        run.context().getRouteController().startRoute("write-target");
        assertThat(run.awaitEnd().state()).isEqualTo(Ledger.State.COMPLETE);
        // every producer of the run was asked at its end whether its server is the same
        awaitConnections(1);
        stopWriting();
        awaitConnections(0);
    }

    @Test
    void redeliveryThatComesLateDoesNotConnectAgain() throws Exception {
        try (FaultyProxy proxy = new FaultyProxy(target)) {
            runsWith((routes, write) -> write.onException(TransientTargetException.class)
                    .maximumRedeliveries(-1)
                    .redeliveryDelay(20)
                    .logRetryAttempted(false)
                    .end()
                    .to(to(proxy.port()) + "&maxKeysPerSecond=500"));
            run.awaitSettled(200);
            proxy.refuse();
            proxy.cut();
            run.await().until(() -> run.ledger().counts().settled() > 0);
            stopWriting();
            proxy.heal();
            Awaitility.await()
                    .during(Duration.ofMillis(500))
                    .atMost(Duration.ofSeconds(10))
                    .until(() -> connections() == 0);
        }
    }

    @Test
    void sentBatchesAreAnsweredWhenTheContextStops() throws Exception {
        runsWith((routes, write) -> write.to(to(target.port())));
        run.awaitSettled(200);
        Ledger ledger = run.ledger();
        run.context().stop();
        awaitConnections(0);
        assertThat(log.toString(StandardCharsets.UTF_8)).doesNotContain("Trying again");
        try (Jedis jedis = target.jedis()) {
            assertThat(ledger.counts().restored()).isEqualTo(jedis.dbSize());
        }
    }

    /** What the run has written is not what the target held before. */
    @ParameterizedTest
    @ValueSource(strings = {"REPLACE", "FAIL"})
    void liveRunKnowsItsOwnKeysWhenItsRouteIsStartedAgain(String policy) throws Exception {
        runsWith("&live=true", (routes, write) -> write.to(to(target.port()) + "&onConflict=" + policy));
        run.awaitSettled(KEYS);
        stopWriting();
        run.context().getRouteController().startRoute("write-target");
        try (Jedis from = source.jedis();
                Jedis to = target.jedis()) {
            from.set("later", "1");
            awaitOrEnd(() -> to.exists("later"));
            from.del("later");
            awaitOrEnd(() -> !to.exists("later"));
            String first = from.randomKey();
            byte[] value = from.dump(first);
            from.del(first);
            awaitOrEnd(() -> !to.exists(first));
            from.restore(first, 0, value);
        }
        assertThat(run.ledger().failure()).isNull();
        assertThat(run.ledger().counts().restarts()).isZero();
    }

    private void awaitOrEnd(BooleanSupplier done) {
        run.await().until(() -> run.ledger().state().isFinal() || done.getAsBoolean());
    }

    @Test
    void comparisonThatIsStoppedAndStartedLeavesNoConnection() throws Exception {
        runsWith(
                "&maxKeysPerSecond=1000",
                (routes, write) -> write.to(to(target.port()) + "&operation=compare&rounds=1"));
        run.awaitSettled(100);
        stopWriting();
        awaitConnections(0);

        run.context().getRouteController().startRoute("write-target");
        assertThat(run.awaitEnd().state()).isEqualTo(Ledger.State.DIFFERENT);
        stopWriting();
        awaitConnections(0);
    }

    private interface Edit {
        void configure(RouteBuilder routes, RouteDefinition write);
    }

    private void runsWith(Edit edit) throws Exception {
        runsWith("", edit);
    }

    private void runsWith(String more, Edit edit) throws Exception {
        run = RouteRun.of(
                new RouteBuilder() {
                    @Override
                    public void configure() {
                        from("rump:source?host=127.0.0.1&scanCount=50&queuePages=6&port=" + source.port() + more)
                                .routeId("read-source")
                                .to("seda:pages");
                        edit.configure(this, from("seda:pages").routeId("write-target"));
                    }
                },
                Map.of());
    }

    private void stopWriting() throws Exception {
        run.context().getRouteController().stopRoute("write-target", 500, TimeUnit.MILLISECONDS);
    }

    private static String to(int port) {
        return "rump:target?host=127.0.0.1&retryFor=20s&port=" + port;
    }

    private static void awaitConnections(int number) {
        Awaitility.await().atMost(Duration.ofSeconds(10)).until(() -> connections() == number);
    }

    /** Clients of the target but for the one that asks. */
    private static long connections() {
        try (Jedis jedis = target.jedis()) {
            return jedis.clientList().lines().count() - 1;
        }
    }
}
