package io.camelrump;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.camelrump.fixtures.EditedRoute;
import io.camelrump.fixtures.RouteRun;
import io.camelrump.fixtures.SampleData;
import io.camelrump.fixtures.ServerPair;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.camel.Exchange;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.health.HealthCheck;
import org.apache.camel.health.HealthCheckHelper;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Books of a run whose pages another process has read: what has come, what became of it, and what is missing. */
class ReceivedRunIT {
    private static final int KEYS = 300;

    @RegisterExtension
    private static final ServerPair PAIR = new ServerPair();

    @RegisterExtension
    private final EditedRoute route = new EditedRoute(PAIR, "scanCount=50&stallTimeout=5s");

    /** What a transport took, one message after the other; the end marker is the last. */
    private final List<byte[]> taken = new CopyOnWriteArrayList<>();

    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();

    @BeforeEach
    void read() throws Exception {
        SampleData.fillStrings(PAIR.atSource(), KEYS, 20);
        handOn("");
        route.run().awaitEnd();
        await().until(() -> taken.size() > KEYS / 100);
    }

    @Test
    void runIsCompleteWhenTheEndMarkerAndEveryPageBeforeItHaveCome() throws Exception {
        try (RouteRun writer = writer("")) {
            send(writer, taken);
            Ledger ledger = awaitEnd(writer, RunState.COMPLETE);

            assertThat(ledger.counts().read()).isEqualTo(KEYS);
            assertThat(ledger.counts().restored()).isEqualTo(KEYS);
            assertThat(ledger.counts().bytes())
                    .isEqualTo(route.run().ledger().counts().bytes());
            assertThat(health(writer).getState()).isEqualTo(HealthCheck.State.UP);
            assertThat(health(writer).getDetails()).containsEntry("restored", (long) KEYS);
            assertThat(meters.find("camel.rump.read.keys")
                            .tag("migration", ledger.migration())
                            .counter()
                            .count())
                    .isEqualTo(KEYS);
        }
    }

    @Test
    void pagesThatNeverComeAreNamed() throws Exception {
        byte[] lost = taken.remove(2);
        try (RouteRun writer = writer("&stallTimeout=1s")) {
            send(writer, taken);
            Ledger ledger = awaitEnd(writer, RunState.INCOMPLETE);

            assertThat(ledger.failure()).isEqualTo("It has not got pages 2.");
            assertThat(health(writer).getState()).isEqualTo(HealthCheck.State.DOWN);
            send(writer, List.of(lost));
            awaitEnd(writer, RunState.COMPLETE);
            assertThat(ledger.counts().restored()).isEqualTo(KEYS);
            assertThat(health(writer).getState()).isEqualTo(HealthCheck.State.UP);
        }
    }

    @Test
    void writerThatIsStoppedBeforeTheEndMarkerHasComeIsIncomplete() throws Exception {
        Ledger ledger;
        try (RouteRun writer = writer("")) {
            send(writer, taken.subList(0, 2));
            ledger = ledger(writer);
        }

        assertThat(ledger.state()).isEqualTo(RunState.INCOMPLETE);
        assertThat(ledger.failure()).isEqualTo("Its writer was stopped before the end. Its end marker has not come.");
    }

    @Test
    void doubleIsNeitherWrittenNorCountedAgain() throws Exception {
        try (RouteRun writer = writer("")) {
            send(writer, taken.subList(0, 2));
            PAIR.atTarget().flushAll();
            send(writer, taken);
            Ledger ledger = awaitEnd(writer, RunState.COMPLETE);

            assertThat(ledger.counts().restored()).isEqualTo(KEYS);
            assertThat(PAIR.atTarget().dbSize()).isLessThan(KEYS);
        }
    }

    @Test
    void pagesThatArePlayedOnceMoreFromTheFirstAreWrittenOnceMore() throws Exception {
        try (RouteRun writer = writer("")) {
            send(writer, taken);
            awaitEnd(writer, RunState.COMPLETE);
            PAIR.atTarget().flushAll();
            send(writer, taken);
            awaitEnd(writer, RunState.COMPLETE);

            assertThat(PAIR.atTarget().dbSize()).isEqualTo(KEYS);
        }
    }

    @Test
    void pagesWrittenToATargetThatWasReplacedAreMissingAgain() throws Exception {
        try (RouteRun writer = writer("&stallTimeout=1s")) {
            send(writer, taken.subList(0, 2));
            PAIR.target().restart(false);
            PAIR.atTarget().disconnect();
            send(writer, taken.subList(2, taken.size()));
            Ledger ledger = awaitEnd(writer, RunState.INCOMPLETE);

            assertThat(ledger.failure()).isEqualTo("It has not got pages 0-1.");
            send(writer, taken.subList(0, 2));
            awaitEnd(writer, RunState.COMPLETE);
            assertThat(PAIR.atTarget().dbSize()).isEqualTo(KEYS);
        }
    }

    @Test
    void pageThatIsTooOldIsLeftToTheTransport() throws Exception {
        try (RouteRun writer = writer("")) {
            Exchange done = writer.context().createProducerTemplate().send("direct:bytes", exchange -> {
                exchange.getMessage().setBody(taken.get(0));
                exchange.getMessage().setHeader(RumpConstants.WRITE_WITHIN, -1);
            });

            assertThat(done.getException()).hasMessageContaining("another process may have them now");
            assertThat(PAIR.atTarget().dbSize()).isZero();
            send(writer, taken);
            awaitEnd(writer, RunState.COMPLETE);
        }
    }

    @Test
    void olderReadingThatComesLateIsLeftOut() throws Exception {
        taken.clear();
        PAIR.atSource().flushAll();
        PAIR.atSource().set("key", "older");
        handOn("live=true");
        await().until(() ->
                !taken.isEmpty() && text(taken.get(taken.size() - 1)).contains("older"));
        byte[] older = taken.get(taken.size() - 1);
        PAIR.atSource().set("key", "newer");
        await().until(() -> text(taken.get(taken.size() - 1)).contains("newer"));
        try (RouteRun writer = writer("")) {
            send(writer, List.of(taken.get(taken.size() - 1), older));

            assertThat(PAIR.atTarget().get("key")).isEqualTo("newer");
            assertThat(ledger(writer).counts().restored()).isEqualTo(2);
        }
    }

    private static String text(byte[] message) {
        return new String(message, StandardCharsets.ISO_8859_1);
    }

    private void handOn(String options) throws Exception {
        route.start(options, (routes, read) -> read.marshal()
                .custom("rump")
                .process(exchange -> taken.add(exchange.getMessage().getBody(byte[].class)))
                .process(new Acknowledge()));
    }

    private RouteRun writer(String options) throws Exception {
        String target = EditedRoute.to("target", PAIR.target().port()) + options;
        return RouteRun.of(
                new RouteBuilder() {
                    @Override
                    public void configure() {
                        onException(TransientTargetException.class)
                                .maximumRedeliveries(-1)
                                .redeliveryDelay(50);
                        from("direct:bytes").unmarshal().custom("rump").to(target);
                    }
                },
                Map.of("meters", meters));
    }

    private static void send(RouteRun writer, List<byte[]> messages) {
        for (byte[] message : messages) {
            Exchange done = writer.context()
                    .createProducerTemplate()
                    .send("direct:bytes", exchange -> exchange.getMessage().setBody(message));
            assertThat(done.getException()).isNull();
        }
    }

    private static Ledger ledger(RouteRun writer) {
        return writer.context()
                .getRegistry()
                .findByType(Ledger.class)
                .iterator()
                .next();
    }

    private static Ledger awaitEnd(RouteRun writer, RunState state) {
        await().untilAsserted(() -> assertThat(ledger(writer).state()).isEqualTo(state));
        return ledger(writer);
    }

    private static HealthCheck.Result health(RouteRun writer) {
        return HealthCheckHelper.invokeReadiness(writer.context()).stream()
                .filter(result -> result.getCheck().getId().equals("rump-received-target"))
                .findFirst()
                .orElseThrow();
    }
}
