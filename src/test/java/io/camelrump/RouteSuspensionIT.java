package io.camelrump;

import static org.assertj.core.api.Assertions.assertThat;

import io.camelrump.fixtures.CommandStats;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.apache.camel.Consumer;
import org.apache.camel.support.service.ServiceHelper;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import redis.clients.jedis.Jedis;

/** Routes that are suspended, stopped and started while pages are in flight. */
class RouteSuspensionIT extends RouteEditsFixture {
    /** Keys that one SCAN asks for. */
    private static final int PAGE = 50;

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
    void suspendedRouteReadsNoFurtherThanThePageAtHand() throws Exception {
        runsWith(routes -> {
            routes.read("maxKeysPerSecond=500").to("seda:pages");
            routes.write();
        });
        run.awaitSettled(300);
        run.context().getRouteController().suspendRoute("read-source");
        long dumped = dumps();
        run.await().until(() -> run.ledger().pagesOut() == 0);

        // long enough for five pages more
        Awaitility.await().during(Duration.ofMillis(500)).until(() -> dumps() <= dumped + PAGE);
        assertThat(run.ledger().counts().read()).isLessThan(KEYS - PAGE);
        assertThat(run.ledger().state()).isEqualTo(RunState.RUNNING);
        run.context().getRouteController().resumeRoute("read-source");
        isComplete();
    }

    private static long dumps() {
        try (Jedis jedis = source.jedis()) {
            return CommandStats.calls(jedis, "dump");
        }
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

    private void runsSlowly() throws Exception {
        runsAt(1500);
    }

    private void runsAt(int keysPerSecond) throws Exception {
        runsWith(routes -> {
            routes.read().to("seda:pages");
            routes.joined().to(target() + "&maxKeysPerSecond=" + keysPerSecond);
        });
    }
}
