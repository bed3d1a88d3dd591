package io.camelrump;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.camelrump.fixtures.FaultRun;
import io.camelrump.fixtures.FaultyProxy;
import io.camelrump.fixtures.Migration;
import io.camelrump.fixtures.RedisServer;
import java.time.Duration;
import org.apache.camel.Route;
import org.apache.camel.health.HealthCheck;
import org.apache.camel.health.HealthCheckAware;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.params.ClientKillParams;

/** Readiness of a live run follows both of its servers; liveness does not, so that no platform restarts it for them. */
class HealthIT extends LiveFixture {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private RedisServer source;
    private RedisServer target;

    @BeforeEach
    void startServers() {
        source = servers.start();
        target = servers.start();
        FaultRun.fill(source, 200);
    }

    @Test
    void aRunIsReadyWhileBothServersAnswerAndNotWhileOneIsAway() {
        try (FaultyProxy toSource = new FaultyProxy(source);
                FaultyProxy toTarget = new FaultyProxy(target);
                Migration run = Migration.from(toSource.port())
                        .to(toTarget.port())
                        .with("rump.source.live", true)
                        .start()) {
            awaitReady(run);

            toTarget.refuse();
            toTarget.cut();
            awaitNotReady(run, "127.0.0.1:" + toTarget.port());
            toTarget.heal();
            awaitReady(run);

            // where nothing else is read just then, its reports are what is missed
            toSource.refuse();
            toSource.cut();
            awaitNotReady(run, "ource");
            toSource.heal();
            awaitReady(run);
        }
    }

    @Test
    void aRunIsNotReadyWhileItsTargetTakesNoWrites() {
        try (Migration run = live(source, target).start()) {
            awaitReady(run);
            FaultRun.config(target, "maxmemory", "1");

            awaitNotReady(run, "OOM");

            FaultRun.config(target, "maxmemory", "0");
            awaitReady(run);
        }
    }

    @Test
    void aRunIsNotReadyWhileItsSourceReportsNoChanges() {
        try (Migration run = live(source, target).start();
                Jedis jedis = source.jedis()) {
            awaitReady(run);
            deny(source, "-client|tracking");
            jedis.clientKill(ClientKillParams.clientKillParams().id(tail(jedis).orElseThrow()));

            awaitNotReady(run, "no change notifications");

            deny(source, "+client|tracking");
            awaitReady(run);
        }
    }

    private void awaitReady(Migration run) {
        await().atMost(PATIENCE).untilAsserted(() -> {
            writeOneKey();
            assertThat(check(run).call().getState()).isEqualTo(HealthCheck.State.UP);
        });
    }

    private void awaitNotReady(Migration run, String cause) {
        await().atMost(PATIENCE).untilAsserted(() -> {
            writeOneKey();
            HealthCheck.Result result = check(run).call();
            assertThat(result.getState()).isEqualTo(HealthCheck.State.DOWN);
            assertThat(result.getMessage())
                    .hasValueSatisfying(message -> assertThat(message).contains(cause));
        });
        assertThat(check(run).isLiveness()).isFalse();
    }

    /** What has to be written shows whether it can be. */
    private void writeOneKey() {
        try (Jedis jedis = source.jedis()) {
            jedis.incr("counter");
        }
    }

    private static HealthCheck check(Migration run) {
        return run.main().getCamelContext().getRoutes().stream()
                .map(Route::getConsumer)
                .filter(RumpConsumer.class::isInstance)
                .map(consumer -> ((HealthCheckAware) consumer).getHealthCheck())
                .findFirst()
                .orElseThrow();
    }
}
