package io.camelrump;

import static org.assertj.core.api.Assertions.assertThat;

import io.camelrump.fixtures.EditedRoute;
import io.camelrump.fixtures.FaultyProxy;
import io.camelrump.fixtures.RouteRun;
import io.camelrump.fixtures.SampleData;
import io.camelrump.fixtures.ServerPair;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
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
    private static final ServerPair PAIR = new ServerPair();

    @RegisterExtension
    private final EditedRoute route = new EditedRoute(PAIR, "scanCount=50&queuePages=6");

    private final PrintStream standardError = System.err;
    private final ByteArrayOutputStream log = new ByteArrayOutputStream();
    private RouteRun run;

    @BeforeEach
    void fillSource() {
        SampleData.fillStrings(PAIR.atSource(), KEYS, 20);
        System.setErr(new PrintStream(log, true, StandardCharsets.UTF_8));
    }

    @AfterEach
    void showLogAgain() {
        System.setErr(standardError);
    }

    @Test
    void routeThatIsStoppedAndStartedKeepsOneConnection() throws Exception {
        runsWith("", (routes, write) -> write.to(to(PAIR.target().port()) + "&maxKeysPerSecond=500"));
        run.awaitSettled(200);
        // the reader goes on, so the route is stopped with pages on their way
        stopWriting();
        awaitConnections(0);
        assertThat(log.toString(StandardCharsets.UTF_8)).doesNotContain("Retrying for");

        run.context().getRouteController().startRoute("write-target");
        assertThat(run.awaitEnd().state()).isEqualTo(RunState.COMPLETE);
        // every producer of the run was asked at its end whether its server is the same
        awaitConnections(1);
        stopWriting();
        awaitConnections(0);
    }

    @Test
    void redeliveryThatComesLateDoesNotConnectAgain() throws Exception {
        try (FaultyProxy proxy = new FaultyProxy(PAIR.target())) {
            runsWith("", (routes, write) -> write.onException(TransientTargetException.class)
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
        runsWith("", (routes, write) -> write.to(to(PAIR.target().port())));
        run.awaitSettled(200);
        Ledger ledger = run.ledger();
        run.context().stop();
        awaitConnections(0);
        assertThat(log.toString(StandardCharsets.UTF_8)).doesNotContain("Retrying for");
        assertThat(ledger.counts().restored()).isEqualTo(PAIR.atTarget().dbSize());
    }

    /** Keys that wait for room when their producer is stopped are nobody's: the route may send them to another one. */
    @Test
    void keysThatAStoppedProducerHasNotWrittenMayGoToAnother() throws Exception {
        try (FaultyProxy proxy = new FaultyProxy(PAIR.target()).delay(100)) {
            runsWith("", (routes, write) -> write.doTry()
                    .to(to(proxy.port()))
                    .doCatch(Exception.class)
                    .to(EditedRoute.to("second", PAIR.target().port()) + "&database=1")
                    .end());
            route.run().await().until(StoppedRouteIT::isProducerFull);
            ((RumpProducer) route.run().ledger().run().targets().participants().get(0)).stop();
            Ledger ledger = route.run().awaitEnd();
            assertThat(ledger.failure()).isNull();
            assertThat(ledger.counts().restored()).isEqualTo(KEYS);
        }
    }

    /** A comparison that fails gives its keys back as a writer does: a copy of the server may answer for them. */
    @Test
    void keysThatAComparisonHasNotAnsweredForMayGoToAnother() throws Exception {
        SampleData.fillStrings(PAIR.atTarget(), KEYS, 20);
        String compare = "&operation=compare&rounds=1";
        try (FaultyProxy proxy = new FaultyProxy(PAIR.target())) {
            runsWith("maxKeysPerSecond=1000", (routes, write) -> write.doTry()
                    .to(to(proxy.port()) + compare)
                    .doCatch(TransientTargetException.class)
                    .to(EditedRoute.to("second", PAIR.target().port()) + compare)
                    .end());
            run.awaitSettled(200);
            proxy.refuse();
            proxy.cut();
            run.await().until(() -> run.ledger().run().targets().participants().size() == 2);
            proxy.heal();

            Ledger ledger = run.awaitEnd();
            assertThat(ledger.failure()).isNull();
            assertThat(ledger.state()).isEqualTo(RunState.COMPLETE);
            assertThat(ledger.counts().kept()).isEqualTo(KEYS);
        }
    }

    private static boolean isProducerFull() {
        return Thread.getAllStackTraces().values().stream().anyMatch(trace -> {
            List<String> methods =
                    Arrays.stream(trace).map(StackTraceElement::getMethodName).toList();
            return methods.contains("send") && methods.contains("await");
        });
    }

    /** What the run has written is not what the target held before. */
    @ParameterizedTest
    @ValueSource(strings = {"REPLACE", "FAIL"})
    void liveRunKnowsItsOwnKeysWhenItsRouteIsStartedAgain(String policy) throws Exception {
        runsWith("live=true", (routes, write) -> write.to(to(PAIR.target().port()) + "&onConflict=" + policy));
        run.awaitSettled(KEYS);
        stopWriting();
        run.context().getRouteController().startRoute("write-target");
        Jedis from = PAIR.atSource();
        Jedis to = PAIR.atTarget();
        from.set("later", "1");
        awaitOrEnd(() -> to.exists("later"));
        from.del("later");
        awaitOrEnd(() -> !to.exists("later"));
        String first = from.randomKey();
        from.del(first);
        awaitOrEnd(() -> !to.exists(first));
        assertThat(run.ledger().failure()).isNull();
        assertThat(run.ledger().counts().restarts()).isZero();
    }

    private void awaitOrEnd(BooleanSupplier done) {
        run.await().until(() -> run.ledger().state().isFinal() || done.getAsBoolean());
    }

    @Test
    void comparisonThatIsStoppedAndStartedLeavesNoConnection() throws Exception {
        runsWith(
                "maxKeysPerSecond=1000",
                (routes, write) -> write.to(to(PAIR.target().port()) + "&operation=compare&rounds=1"));
        run.awaitSettled(100);
        stopWriting();
        awaitConnections(0);

        run.context().getRouteController().startRoute("write-target");
        assertThat(run.awaitEnd().state()).isEqualTo(RunState.DIFFERENT);
        stopWriting();
        awaitConnections(0);
    }

    /** @param edit of the route that writes */
    private void runsWith(String more, EditedRoute.Edit edit) throws Exception {
        route.start(more, (routes, read) -> {
            read.to("seda:pages");
            edit.configure(routes, routes.from("seda:pages").routeId("write-target"));
        });
        run = route.run();
    }

    private void stopWriting() throws Exception {
        run.context().getRouteController().stopRoute("write-target", 500, TimeUnit.MILLISECONDS);
    }

    private static String to(int port) {
        return EditedRoute.to("target", port);
    }

    private static void awaitConnections(int number) {
        Awaitility.await().atMost(Duration.ofSeconds(10)).until(() -> connections() == number);
    }

    /** Clients of the target but for the one that asks. */
    private static long connections() {
        return PAIR.atTarget().clientList().lines().count() - 1;
    }
}
