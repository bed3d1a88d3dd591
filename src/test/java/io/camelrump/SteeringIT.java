package io.camelrump;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import io.camelrump.fixtures.RouteRun;
import io.camelrump.fixtures.SampleData;
import io.camelrump.fixtures.ServerPair;
import io.camelrump.fixtures.StatusSchema;
import java.time.Duration;
import org.apache.camel.CamelExecutionException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A run is steered while it goes on, by operations that any route can call. */
class SteeringIT {
    private static final int KEYS = 2_000;

    @RegisterExtension
    private static final ServerPair PAIR = new ServerPair();

    @BeforeEach
    void fill() {
        SampleData.fillMixed(PAIR.atSource(), KEYS);
    }

    private static RouteRun run(String options) throws Exception {
        return RouteRun.of(routes -> {
            routes.from("rump:source?host=127.0.0.1&port=" + PAIR.source().port() + "&scanCount=20&" + options)
                    .to("rump:target?host=127.0.0.1&port=" + PAIR.target().port());
        });
    }

    private static JsonNode ask(RouteRun run, String operation, Object body) {
        return StatusSchema.valid(run.context()
                .createProducerTemplate()
                .requestBody("rump:source?operation=" + operation, body, String.class));
    }

    private static JsonNode status(RouteRun run) {
        return ask(run, "status", "");
    }

    @Test
    void statusSaysWhereACopyIsAndHowItEnded() throws Exception {
        try (RouteRun run = run("maxKeysPerSecond=2000")) {
            run.awaitSettled(KEYS / 4);
            JsonNode during = status(run);
            run.awaitEnd();
            JsonNode after = status(run);

            assertThat(during.path("phase").asText()).isEqualTo("copying");
            assertThat(during.path("state").asText()).isEqualTo("running");
            assertThat(during.path("sourceKeys").asLong()).isEqualTo(KEYS);
            assertThat(during.path("keysPerSecond").asLong()).isPositive();
            assertThat(during.path("secondsLeft").asLong(-1)).isBetween(0L, 10L);
            assertThat(during.path("limits").path("maxKeysPerSecond").asLong()).isEqualTo(2000);
            assertThat(during.path("latency").path("sourceMillis").isNumber()).isTrue();
            assertThat(during.path("latency").path("targetMillis").isNumber()).isTrue();
            assertThat(during.path("live").isNull()).isTrue();
            assertThat(during.path("canCutOver").path("reason").asText())
                    .isEqualTo("it is not live, and ends by itself");
            assertThat(after.path("phase").asText()).isEqualTo("ended");
            assertThat(after.path("state").asText()).isEqualTo("complete");
            assertThat(after.path("keys").path("restored").asLong()).isEqualTo(KEYS);
        }
    }

    @Test
    void aPausedRunReadsNothingUntilItIsResumed() throws Exception {
        try (RouteRun run = run("maxKeysPerSecond=1000")) {
            run.awaitSettled(KEYS / 10);

            assertThat(ask(run, "pause", "").path("paused").asBoolean()).isTrue();
            run.await().until(() -> run.ledger().counts().inFlight() == 0);
            long read = run.ledger().counts().read();
            run.await()
                    .during(Duration.ofMillis(500))
                    .until(() -> run.ledger().counts().read() == read);

            assertThat(run.ledger().state()).isEqualTo(RunState.RUNNING);
            assertThat(ask(run, "resume", "").path("paused").asBoolean()).isFalse();
            assertThat(run.awaitEnd().state()).isEqualTo(RunState.COMPLETE);
            assertThat(PAIR.atTarget().dbSize()).isEqualTo(KEYS);
        }
    }

    @Test
    void aLimitHoldsFromTheNextTurnOnAndIsLiftedAgain() throws Exception {
        try (RouteRun run = run("maxKeysPerSecond=100")) {
            run.awaitSettled(20);

            JsonNode slower = ask(run, "limit", "{\"maxBytesPerSecond\": 1000000}");
            assertThat(slower.path("limits").path("maxKeysPerSecond").asLong()).isEqualTo(100);
            assertThat(slower.path("limits").path("maxBytesPerSecond").asLong()).isEqualTo(1_000_000);
            JsonNode free = ask(run, "limit", "{\"maxKeysPerSecond\": 0, \"maxBytesPerSecond\": null}");
            assertThat(free.path("limits").path("maxKeysPerSecond").isNull()).isTrue();
            long begunAt = System.nanoTime();
            run.awaitEnd();

            // 20 s by the first limit
            assertThat(Duration.ofNanos(System.nanoTime() - begunAt)).isLessThan(Duration.ofSeconds(8));
        }
    }

    @Test
    void aLimitThatIsNoneIsRefused() throws Exception {
        try (RouteRun run = run("maxKeysPerSecond=200")) {
            for (String wrong : new String[] {"", "fast", "{}", "{\"maxKeys\": 1}", "{\"maxKeysPerSecond\": -1}"}) {
                assertThatThrownBy(() -> ask(run, "limit", wrong))
                        .as(wrong)
                        .isInstanceOf(CamelExecutionException.class)
                        .hasCauseInstanceOf(UsageException.class);
            }
            assertThat(status(run).path("limits").path("maxKeysPerSecond").asLong())
                    .isEqualTo(200);
        }
    }

    @Test
    void anAbortedRunEndsIncomplete() throws Exception {
        try (RouteRun run = run("maxKeysPerSecond=200")) {
            run.awaitSettled(20);

            ask(run, "abort", "");

            assertThat(run.awaitEnd().state()).isEqualTo(RunState.INCOMPLETE);
            assertThatThrownBy(() -> ask(run, "abort", "")).hasStackTraceContaining("The run is over: INCOMPLETE");
        }
    }

    @Test
    void withoutTheCommandACutoverEndsALiveRunWithAllThatHasChanged() throws Exception {
        try (RouteRun run = run("live=true")) {
            run.await().until(() -> status(run).path("phase").asText().equals("following"));
            PAIR.atSource().set("written", "late");
            ask(run, "pause", "");
            assertThatThrownBy(() -> ask(run, "cutover", "")).hasStackTraceContaining("it is paused: resume it first");
            ask(run, "resume", "");
            assertThat(status(run).path("canCutOver").path("now").asBoolean()).isTrue();

            ask(run, "cutover", "");

            assertThat(run.awaitEnd().state()).isEqualTo(RunState.COMPLETE);
            assertThat(PAIR.atTarget().get("written")).isEqualTo("late");
            assertThatThrownBy(() -> ask(run, "cutover", "")).hasStackTraceContaining("it is over");
        }
    }

    @Test
    void aNameThatNoRunReadsIsRefusedWithThoseThatThereAre() throws Exception {
        try (RouteRun run = run("maxKeysPerSecond=200")) {
            assertThatThrownBy(
                            () -> run.context().createProducerTemplate().requestBody("rump:other?operation=status", ""))
                    .hasRootCauseInstanceOf(ControlRefusedException.class)
                    .hasStackTraceContaining("No run reads rump:other; there is rump:source?migration=rump");
        }
    }
}
