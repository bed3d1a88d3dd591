package io.camelrump;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import io.camelrump.cli.EqualityProof;
import io.camelrump.fixtures.LiveWriter;
import io.camelrump.fixtures.RedisServer;
import io.camelrump.fixtures.RedisServers;
import io.camelrump.fixtures.RouteRun;
import io.camelrump.fixtures.SampleData;
import io.camelrump.fixtures.ServerPair;
import io.camelrump.fixtures.StatusSchema;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Predicate;
import org.apache.camel.CamelExecutionException;
import org.apache.camel.builder.RouteBuilder;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import redis.clients.jedis.Jedis;

/** A live run in an application of its own, with no command: any route has it cut over, as a whole. */
class OperationCutoverIT {
    private static final int KEYS = 2_000;

    @RegisterExtension
    private static final ServerPair PAIR = new ServerPair();

    @RegisterExtension
    private final RedisServers servers = new RedisServers();

    private final AtomicReference<Object> reported = new AtomicReference<>();

    @BeforeEach
    void fill() {
        SampleData.fillMixed(PAIR.atSource(), KEYS);
    }

    private RouteRun run(String options) throws Exception {
        return RouteRun.of(routes -> routes.from(source(options))
                .to(target(PAIR.target()))
                .filter()
                .header(RumpConstants.STATE)
                .process(exchange -> reported.set(exchange.getMessage().getHeader(RumpConstants.STATE))));
    }

    private static String source(String options) {
        return "rump:source?host=127.0.0.1&port=" + PAIR.source().port() + "&live=true" + options;
    }

    private static String target(RedisServer server) {
        return "rump:target-" + server.port() + "?host=127.0.0.1&port=" + server.port();
    }

    private static JsonNode ask(RouteRun run, String operation) {
        return StatusSchema.valid(run.context()
                .createProducerTemplate()
                .requestBody("rump:source?operation=" + operation, "", String.class));
    }

    private static String phase(RouteRun run) {
        return ask(run, "status").path("phase").asText();
    }

    private static void assertEqual(RedisServer target) {
        try (Jedis atTarget = target.jedis()) {
            assertThat(EqualityProof.compare(PAIR.atSource(), atTarget, Duration.ofMillis(200))
                            .differences())
                    .isEmpty();
        }
    }

    @Test
    void aRunWhoseSourceIsWrittenToConvergesOnceItsWritersHaveStopped() throws Exception {
        try (RouteRun run = run("")) {
            try (LiveWriter writer = LiveWriter.start(PAIR.source(), 50, 3)) {
                ask(run, "cutover");
                run.await().until(() -> phase(run).equals("cutting-over"));
                long written = writer.written();
                run.await().until(() -> writer.written() > written);
                assertThat(ask(run, "status").path("canCutOver").path("now").asBoolean())
                        .isFalse();
            }
            run.awaitEnd();
            run.await().until(() -> run.ledger().isOver());

            JsonNode status = ask(run, "status");
            assertThat(run.ledger().state()).as(status.toString()).isEqualTo(RunState.COMPLETE);
            assertThat(status.path("cutover").path("convergedAsOf").isTextual()).isTrue();
            assertThat(status.path("cutover").path("verifiedKeys").asLong()).isGreaterThanOrEqualTo(KEYS);
            assertThat(status.path("cutover").path("comparedAtCutover").asLong())
                    .isLessThan(KEYS);
            assertThat(status.path("cutover").path("pauseSeconds").isNull()).isTrue();
            assertThat(reported).hasValue(RunState.COMPLETE);
            assertEqual(PAIR.target());
        }
    }

    @Test
    void aRunWhoseSourceIsWrittenToWithoutEndSaysThatItHasNotConverged() throws Exception {
        try (RouteRun run = run("&cutoverTimeout=2s");
                LiveWriter writer = LiveWriter.start(PAIR.source(), 50, 4)) {
            ask(run, "cutover");
            run.awaitEnd();

            JsonNode status = ask(run, "status");
            assertThat(run.ledger().state()).as(status.toString()).isEqualTo(RunState.NOT_CONVERGED);
            assertThat(run.ledger().state().exitCode()).isEqualTo(7);
            assertThat(run.ledger().failure()).startsWith("not converged: ").contains("writes per second");
            assertThat(status.path("cutover").path("convergedAsOf").isNull()).isTrue();
            assertThat(status.path("cutover").path("missing").asText()).contains("writes per second");
            run.await().until(() -> reported.get() == RunState.NOT_CONVERGED);
            long written = writer.written();
            run.await().until(() -> writer.written() > written);
        }
    }

    @Test
    void aPauseHoldsTheWritersUpUntilBothSidesAreEqualAndTheirWritesFailFromThenOn() throws Exception {
        try (RouteRun run = run("&pauseWrites=3s&failWaitingWrites=true")) {
            LiveWriter writer = LiveWriter.start(PAIR.source(), 50, 5);
            try {
                run.await().until(() -> phase(run).equals("following"));
                ask(run, "cutover");
                run.await().until(() -> phase(run).equals("converged"));
            } finally {
                writer.close();
            }
            assertEqual(PAIR.target());
            run.await().until(() -> run.ledger().isOver());

            JsonNode cutover = ask(run, "status").path("cutover");
            assertThat(run.ledger().state()).isEqualTo(RunState.COMPLETE);
            assertThat(cutover.path("pauseSeconds").asDouble()).isBetween(2.9, 3.1);
            assertThat(cutover.path("pauseToConvergedSeconds").asDouble()).isLessThan(2);
            assertThat(cutover.path("closedClients").asLong()).isPositive();
        }
    }

    @Test
    void writersContinueAfterAPauseThatEndsTooEarly() throws Exception {
        try (RouteRun run = run("&pauseWrites=1ms&cutoverTimeout=20s")) {
            try (LiveWriter writer = LiveWriter.start(PAIR.source(), 50, 6)) {
                run.await().until(() -> phase(run).equals("following"));
                ask(run, "cutover");
                long written = writer.written();
                run.await().until(() -> writer.written() > written + 1_000);
                assertThat(run.ledger().state()).isEqualTo(RunState.RUNNING);
            }
            assertThat(run.awaitEnd().state()).isEqualTo(RunState.COMPLETE);
            assertEqual(PAIR.target());
        }
    }

    @Test
    void eachOfTwoTargetsIsComparedAndWhatDiffersIsCopiedAgain() throws Exception {
        RedisServer second = servers.start();
        try (RouteRun run = RouteRun.of(routes ->
                        routes.from(source("&targets=2")).multicast().to(target(PAIR.target()), target(second)));
                Jedis atSecond = second.jedis()) {
            run.await().until(() -> phase(run).equals("following"));
            String key = PAIR.atSource().randomKey();
            atSecond.del(key);

            ask(run, "cutover");

            assertThat(run.awaitEnd().state()).isEqualTo(RunState.COMPLETE);
            run.await().until(() -> run.ledger().isOver());
            assertThat(run.ledger().cutover().convergedAsOf()).isNotNull();
            assertEqual(PAIR.target());
            assertEqual(second);
        }
    }

    @Test
    void keysThatARouteSpreadsOverServersAreNotSaidToBeEqual() throws Exception {
        RedisServer second = servers.start();
        try (RouteRun run = spread(second, name -> name[name.length - 1] % 2 == 0)) {
            ask(run, "cutover");

            assertThat(run.awaitEnd().state()).isEqualTo(RunState.NOT_CONVERGED);
            assertThat(run.ledger().failure()).contains("other servers than targets=1 says", "finalCompare=none");
        }
    }

    @Test
    void aProducerThatARouteSendsNoKeysIsNoTargetOfTheRun() throws Exception {
        RedisServer second = servers.start();
        try (RouteRun run = spread(second, name -> false)) {
            ask(run, "cutover");

            assertThat(run.awaitEnd().state()).isEqualTo(RunState.COMPLETE);
            assertEqual(second);
        }
    }

    /** Has keys go to a second server, but for those that are of the first one by their names. */
    private static RouteRun spread(RedisServer second, Predicate<byte[]> ofFirst) throws Exception {
        return RouteRun.of(
                new RouteBuilder() {
                    @Override
                    public void configure() {
                        from(source(""))
                                .split(body())
                                .choice()
                                .when(exchange -> ofFirst.test(exchange.getMessage()
                                        .getBody(DumpedKey.class)
                                        .key()))
                                .to(target(PAIR.target()))
                                .otherwise()
                                .to(target(second));
                    }
                },
                Map.of());
    }

    @Test
    void withNothingToCompareTheRunEndsWhenAllIsCopiedAndSaysOfNoConvergence() throws Exception {
        try (RouteRun run = run("&finalCompare=none")) {
            run.await().until(() -> phase(run).equals("following"));
            PAIR.atSource().set("written", "late");

            ask(run, "cutover");

            assertThat(run.awaitEnd().state()).isEqualTo(RunState.COMPLETE);
            run.await().until(() -> run.ledger().isOver());
            assertThat(ask(run, "status").path("cutover").path("convergedAsOf").isNull())
                    .isTrue();
            assertThat(PAIR.atTarget().get("written")).isEqualTo("late");
        }
    }

    @Test
    void aPausedRunCutsOverWhenItIsResumedAndCannotBePausedFromThenOn() throws Exception {
        try (RouteRun run = run("&cutoverTimeout=30s");
                LiveWriter writer = LiveWriter.start(PAIR.source(), 50, 7)) {
            ask(run, "cutover");
            run.await().until(() -> phase(run).equals("cutting-over"));

            assertThatThrownBy(() -> ask(run, "pause"))
                    .isInstanceOf(CamelExecutionException.class)
                    .hasStackTraceContaining("cutting over");
            assertThat(ask(run, "status").path("paused").asBoolean()).isFalse();
            assertThat(writer.written()).isPositive();
        }
    }

    @Test
    void writesAreNotPausedWhereTheCopyGoesToTheSameServer() throws Exception {
        assertThatThrownBy(() -> RouteRun.of(routes -> routes.from(source("&pauseWrites=5s"))
                        .to("rump:target?host=127.0.0.1&database=1&port="
                                + PAIR.source().port())))
                .hasStackTraceContaining("would hold up the copy too");

        assertThat(PAIR.atSource().set("written", "at once")).isEqualTo("OK");
        assertThat(PAIR.atSource().dbSize()).isEqualTo(KEYS + 1);
    }

    @ParameterizedTest
    @CsvSource({"true, client|pause", "true, dump", "false, restore", "false, dump"})
    void aRightThatTheRunWillNeedIsMissedBeforeItsFirstKey(boolean atSource, String right) {
        Jedis server = atSource ? PAIR.atSource() : PAIR.atTarget();
        server.aclSetUser("limited", "reset", "on", ">secret", "~*", "&*", "+@all", "-" + right);
        String user = "&username=limited&password=secret";

        assertThatThrownBy(() -> RouteRun.of(routes -> routes.from(source("&pauseWrites=5s" + (atSource ? user : "")))
                        .to(target(PAIR.target()) + (atSource ? "" : user))))
                .hasStackTraceContaining("Add the rule +" + right);

        assertThat(PAIR.atTarget().dbSize()).isZero();
    }

    @Test
    void nothingOfTheComparisonIsShownToTheApplication() throws Exception {
        try (RouteRun run = run("")) {
            run.await().until(() -> phase(run).equals("following"));

            assertThat(run.context().getRegistry().findByType(Ledger.class)).containsExactly(run.ledger());
            assertThat(run.context().getRoutes()).hasSize(1);
            assertThat(run.context().getEndpoints()).hasSize(3);
        }
    }
}
