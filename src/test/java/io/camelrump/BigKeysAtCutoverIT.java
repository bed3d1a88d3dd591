package io.camelrump;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.camelrump.fixtures.RouteRun;
import io.camelrump.fixtures.ServerPair;
import io.camelrump.fixtures.StatusSchema;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import redis.clients.jedis.Jedis;

/** Big keys that are read once more while a cutover waits are named before it. */
class BigKeysAtCutoverIT {
    private static final String HASH =
            "for i = 1, 20000 do redis.call('HSET', KEYS[1], 'field' .. i, string.rep('x', 20)) end";
    private static final String STREAM =
            "for i = 1, 20000 do redis.call('XADD', KEYS[1], '*', 'field', string.rep('x', 200)) end";

    @RegisterExtension
    private static final ServerPair PAIR = new ServerPair();

    private static RouteRun run() throws Exception {
        return RouteRun.of(
                routes -> routes.from("rump:source?host=127.0.0.1&live=true&bigKey=64kb&latencyGuard=off&port="
                                + PAIR.source().port())
                        .to("rump:target?host=127.0.0.1&bigKey=64kb&port="
                                + PAIR.target().port()));
    }

    private static JsonNode canCutOver(RouteRun run) {
        return StatusSchema.valid(run.context()
                        .createProducerTemplate()
                        .requestBody("rump:source?operation=status", "", String.class))
                .path("canCutOver");
    }

    @Test
    void aBigKeyThatKeepsChangingIsNamedWithItsSizeAndTimeUntilItRests() throws Exception {
        PAIR.atSource().eval(HASH, 1, "big");
        ScheduledExecutorService writers = Executors.newSingleThreadScheduledExecutor();
        try (Jedis writer = PAIR.source().jedis();
                RouteRun run = run()) {
            writers.scheduleWithFixedDelay(() -> writer.hincrBy("big", "count", 1), 0, 1, TimeUnit.MILLISECONDS);
            run.await().until(() -> !canCutOver(run).path("bigKeys").isEmpty());
            JsonNode named = canCutOver(run).path("bigKeys").path(0);
            assertThat(named.path("key").asText()).isEqualTo("\"big\"");
            assertThat(named.path("bytes").asLong()).isGreaterThan(64_000);
            assertThat(canCutOver(run).path("bigKeySeconds").asDouble())
                    .isEqualTo(named.path("seconds").asDouble());

            writers.shutdown();

            run.await().until(() -> canCutOver(run).path("bigKeys").isEmpty());
        } finally {
            writers.shutdownNow();
        }
    }

    @Test
    void aBigStreamIsNamedAsItsGroupsMayChangeUnreported() throws Exception {
        PAIR.atSource().eval(STREAM, 1, "log");
        try (RouteRun run = run()) {
            run.await().until(() -> !canCutOver(run).path("bigKeys").isEmpty());

            assertThat(canCutOver(run).path("bigKeys").path(0).path("key").asText())
                    .isEqualTo("\"log\"");
        }
    }
}
