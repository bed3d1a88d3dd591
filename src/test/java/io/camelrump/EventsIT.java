package io.camelrump;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import io.camelrump.fixtures.EventSchema;
import io.camelrump.fixtures.RouteRun;
import io.camelrump.fixtures.SampleData;
import io.camelrump.fixtures.ServerPair;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.apache.camel.builder.RouteBuilder;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A route is given what happens to a run, and holds it up in nothing. */
class EventsIT {
    private static final int KEYS = 2_000;
    private static final String EVENTS = "rump:source?operation=events";

    @RegisterExtension
    private static final ServerPair PAIR = new ServerPair();

    private final List<Message> heard = new CopyOnWriteArrayList<>();

    @BeforeEach
    void fill() {
        SampleData.fillMixed(PAIR.atSource(), KEYS);
    }

    private static void copy(RouteBuilder routes, String options) {
        routes.from("rump:source?host=127.0.0.1&port=" + PAIR.source().port() + "&scanCount=20" + options)
                .to("rump:target?host=127.0.0.1&port=" + PAIR.target().port());
    }

    private RouteRun run(String options) throws Exception {
        return RouteRun.of(routes -> {
            copy(routes, options);
            routes.from(EVENTS).process(this::note);
        });
    }

    private void note(Exchange exchange) {
        heard.add(exchange.getMessage().copy());
    }

    private List<String> words() {
        return heard.stream()
                .map(event -> event.getHeader(RumpConstants.EVENT, String.class))
                .toList();
    }

    private Message event(String word) {
        return heard.get(words().indexOf(word));
    }

    private void awaitEvent(RouteRun run, String word) {
        run.await().until(() -> words().contains(word));
    }

    private static void cutOver(RouteRun run) {
        run.context().createProducerTemplate().requestBody("rump:source?operation=cutover", "");
    }

    @Test
    void aCopyReportsItsStartAndItsEndWithItsCounts() throws Exception {
        try (RouteRun run = run("")) {
            run.awaitEnd();
            awaitEvent(run, "ended");

            assertThat(words()).containsExactly("started", "ended");
            Message end = heard.get(1);
            assertThat(end.getHeader(RumpConstants.STATE)).isEqualTo(RunState.COMPLETE);
            assertThat(end.getHeader(RumpConstants.COUNTS, Counts.class).restored())
                    .isEqualTo(KEYS);
            assertThat(end.getHeader(RumpConstants.MIGRATION)).isEqualTo("rump");
            assertThat(end.getHeader(RumpConstants.TEXT, String.class)).startsWith("Run rump ended COMPLETE");
            assertThat(end.getHeader(Exchange.CONTENT_TYPE)).isEqualTo("application/json");
            JsonNode json = EventSchema.valid(end.getBody(String.class));
            assertThat(json.path("event").asText()).isEqualTo("ended");
            assertThat(json.path("state").asText()).isEqualTo("complete");
            assertThat(json.path("keys").path("restored").asLong()).isEqualTo(KEYS);
            assertThat(json.path("live").isNull()).isTrue();
        }
    }

    @Test
    void aLiveRunReportsItsFirstCopyGapsAndItsCutover() throws Exception {
        try (RouteRun run = run("&live=true")) {
            awaitEvent(run, "verified");
            LiveFixture.killTail(PAIR.atSource());
            awaitEvent(run, "gap");

            cutOver(run);
            awaitEvent(run, "ended");

            assertThat(words())
                    .containsSubsequence("started", "first-copy-complete", "gap", "cutover-begun")
                    .contains("verified")
                    .endsWith("at-the-barrier", "converged", "ended");
            assertThat(heard).allSatisfy(event -> EventSchema.valid(event.getBody(String.class)));
            assertThat(event("gap").getHeader(RumpConstants.CAUSE)).isEqualTo("change notifications were interrupted");
            JsonNode begun = EventSchema.valid(event("cutover-begun").getBody(String.class));
            assertThat(begun.path("cause").asText()).isEqualTo("a person has asked for it");
            assertThat(begun.path("phase").asText()).isEqualTo("cutting-over");
            assertThat(begun.path("live").path("gaps").asLong()).isEqualTo(1);
            assertThat(heard.get(6).getHeader(RumpConstants.AS_OF))
                    .isEqualTo(run.ledger().cutover().convergedAsOf());
        }
    }

    @Test
    void aRunThatFailsReportsTheCause() throws Exception {
        String key = PAIR.atSource().randomKey();
        PAIR.atTarget().set(key, "of the target");
        try (RouteRun run = RouteRun.of(routes -> {
            routes.from("rump:source?host=127.0.0.1&port=" + PAIR.source().port())
                    .to("rump:target?onConflict=fail&host=127.0.0.1&port="
                            + PAIR.target().port());
            routes.from(EVENTS).process(this::note);
        })) {
            awaitEvent(run, "ended");

            assertThat(words()).containsExactly("started", "failed", "ended");
            assertThat(heard.get(1).getHeader(RumpConstants.CAUSE, String.class))
                    .contains(key);
            assertThat(heard.get(2).getHeader(RumpConstants.STATE)).isEqualTo(RunState.FAILED);
        }
    }

    @Test
    void aRunThatIsAbortedReportsItsEnd() throws Exception {
        try (RouteRun run = run("&maxKeysPerSecond=200")) {
            run.awaitSettled(20);
            run.context().createProducerTemplate().requestBody("rump:source?operation=abort", "");
            awaitEvent(run, "ended");

            assertThat(words()).containsExactly("started", "ended");
            assertThat(heard.get(1).getHeader(RumpConstants.STATE)).isEqualTo(RunState.INCOMPLETE);
        }
    }

    @ParameterizedTest
    @CsvSource({"true, true", "true, false", "false, true", "false, false"})
    void aRunWhoseContextStopsReportsItsEnd(boolean live, boolean heardFirst) throws Exception {
        RouteRun run = RouteRun.of(routes -> {
            if (heardFirst) {
                routes.from(EVENTS).process(this::note);
            }
            copy(routes, live ? "&live=true" : "&maxKeysPerSecond=200");
            if (!heardFirst) {
                routes.from(EVENTS).process(this::note);
            }
        });
        Ledger ledger = run.ledger();
        try (run) {
            awaitEvent(run, live ? "verified" : "started");
            run.awaitSettled(20);
        }

        assertThat(words()).startsWith("started").endsWith("ended");
        assertThat(event("ended").getHeader(RumpConstants.STATE)).isEqualTo(RunState.INCOMPLETE);
        assertThat(ledger.state()).isEqualTo(RunState.INCOMPLETE);
    }

    @Test
    void aContextThatStopsDoesNotWaitForARunThatIsSuspended() throws Exception {
        RouteRun run = run("&live=true");
        Ledger ledger = run.ledger();
        try (run) {
            awaitEvent(run, "verified");
            String reading = run.context().getRoutes().get(0).getId();
            run.context().getRouteController().suspendRoute(reading);
        }

        assertThat(ledger.state()).isEqualTo(RunState.INCOMPLETE);
    }

    @Test
    void eachRunThatIsRepeatedReportsItsStartAndEnd() throws Exception {
        try (RouteRun run = run("&scan=repeat&delay=50")) {
            run.await().until(() -> words().size() >= 4);

            assertThat(words().subList(0, 4)).containsExactly("started", "ended", "started", "ended");
        }
    }

    @Test
    void aRouteThatHangsAtAnEventDoesNotHoldTheRunUp() throws Exception {
        CountDownLatch released = new CountDownLatch(1);
        try (RouteRun run = RouteRun.of(routes -> {
            copy(routes, "");
            routes.from(EVENTS).process(exchange -> {
                note(exchange);
                released.await(60, TimeUnit.SECONDS);
            });
        })) {
            run.await().until(() -> words().size() == 1);

            assertThat(run.awaitEnd().state()).isEqualTo(RunState.COMPLETE);
            assertThat(words()).containsExactly("started");
            released.countDown();
            awaitEvent(run, "ended");
        }
    }

    @Test
    void aRouteThatFailsAtAnEventIsGivenTheNextOneAndSoIsAnotherRoute() throws Exception {
        List<String> other = new CopyOnWriteArrayList<>();
        try (RouteRun run = RouteRun.of(routes -> {
            copy(routes, "");
            routes.from(EVENTS).process(exchange -> {
                note(exchange);
                throw new IllegalStateException("the chat is away");
            });
            routes.from(EVENTS)
                    .process(exchange -> other.add(exchange.getMessage().getHeader(RumpConstants.EVENT, String.class)));
        })) {
            awaitEvent(run, "ended");

            assertThat(run.awaitEnd().state()).isEqualTo(RunState.COMPLETE);
            assertThat(words()).containsExactly("started", "ended");
            run.await().until(() -> other.equals(words()));
        }
    }

    @Test
    void eachListenerHearsOfTheRunThatItNames() throws Exception {
        List<String> other = new CopyOnWriteArrayList<>();
        try (RouteRun run = RouteRun.of(routes -> {
            copy(routes, "&migration=first");
            copy(routes, "&migration=second&match=none");
            routes.from(EVENTS + "&migration=first").process(this::note);
            routes.from(EVENTS + "&migration=second")
                    .process(exchange ->
                            other.add(exchange.getMessage().getHeader(RumpConstants.MIGRATION, String.class)));
        })) {
            run.awaitEnd("first");
            run.awaitEnd("second");
            run.await().until(() -> words().size() == 2 && other.size() == 2);

            assertThat(heard).allMatch(event -> "first".equals(event.getHeader(RumpConstants.MIGRATION)));
            assertThat(other).containsOnly("second");
        }
    }

    @ParameterizedTest
    @CsvSource({
        "rump:source?operation=status, direct:a, operation=status of rump:source has no meaning in from:",
        "direct:a, rump:source?operation=events, operation=events of rump:source has no meaning in to:"
    })
    void anOperationAtTheWrongEndOfARouteIsRefused(String from, String to, String objection) {
        assertThatThrownBy(() -> RouteRun.of(routes -> routes.from(from).to(to)))
                .hasStackTraceContaining(objection);
    }
}
