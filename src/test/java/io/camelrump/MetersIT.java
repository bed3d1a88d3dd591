package io.camelrump;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.camelrump.fixtures.FaultRun;
import io.camelrump.fixtures.FaultyProxy;
import io.camelrump.fixtures.MeterNames;
import io.camelrump.fixtures.Migration;
import io.camelrump.fixtures.RedisCluster;
import io.camelrump.fixtures.RedisServer;
import io.camelrump.fixtures.RedisServers;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.time.Duration;
import java.time.Instant;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import redis.clients.jedis.Jedis;

class MetersIT {
    private static final int KEYS = 2_000;

    @RegisterExtension
    private final RedisServers servers = new RedisServers();

    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();

    @Test
    void countsKeysByOutcomeWhereTheRegistryHasAMeterRegistry() {
        RedisServer source = servers.start();
        RedisServer target = servers.start();
        FaultRun.fill(source, KEYS);

        try (Migration run =
                Migration.from(source).to(target).bind("meters", meters).start()) {
            Counts counts = run.awaitComplete();

            assertThat(meters.get("camel.rump.keys")
                            .tag("migration", "rump")
                            .tag("routeId", "read-source")
                            .tag("outcome", "restored")
                            .counter()
                            .count())
                    .isEqualTo(counts.restored())
                    .isEqualTo(KEYS);
            assertThat(count("camel.rump.read.keys")).isEqualTo(KEYS);
            assertThat(count("camel.rump.read")).isEqualTo(counts.bytes());
            assertThat(count("camel.rump.written.keys")).isEqualTo(KEYS);
            assertThat(count("camel.rump.written")).isGreaterThan(counts.bytes());
            assertThat(meters.get("camel.rump.target.round.trip")
                            .tag("node", "127.0.0.1:" + target.port())
                            .timer()
                            .count())
                    .isPositive();
        }
    }

    @Test
    void gaugesShowTheCourseOfARunAndItsEnd() {
        RedisServer source = servers.start();
        RedisServer target = servers.start();
        FaultRun.fill(source, KEYS);
        double before = Instant.now().toEpochMilli() / 1e3;

        try (Migration run =
                Migration.from(source).to(target).bind("meters", meters).start()) {
            run.awaitComplete();

            assertThat(gauge("camel.rump.in.flight.pages")).isZero();
            assertThat(gauge("camel.rump.scan")).isEqualTo(1);
            assertThat(gauge("camel.rump.source.keys")).isEqualTo(KEYS);
            assertThat(gauge("camel.rump.start.timestamp")).isBetween(before, gauge("camel.rump.end.timestamp"));
            assertThat(gauge("camel.rump.state", "state", "complete")).isEqualTo(1);
            assertThat(gauge("camel.rump.phase", "phase", "ended")).isEqualTo(1);
            assertThat(gauge("camel.rump.left")).isNaN();
            assertThat(gauge("camel.rump.live.lag")).isNaN();
            assertThat(gauge("camel.rump.limit.keys")).isInfinite();
        }
    }

    @Test
    void eachNodeOfATargetHasItsOwnMeters() {
        RedisServer source = servers.start();
        FaultRun.fill(source, KEYS);
        RedisCluster target = RedisCluster.start(servers, RedisServers.usual(), 3, 0);
        try (Migration run = Migration.from(source)
                .to(target.masters().get(0))
                .with("rump.target.mode", "CLUSTER")
                .bind("meters", meters)
                .start()) {
            run.awaitComplete();

            assertThat(meters.get("camel.rump.written.keys").counters())
                    .hasSize(3)
                    .allMatch(node -> node.count() > 0);
            assertThat(meters.get("camel.rump.written.keys").counters().stream()
                            .mapToDouble(node -> node.count())
                            .sum())
                    .isGreaterThanOrEqualTo(KEYS);
        }
    }

    @Test
    void retriesAreCountedByTheirCause() {
        RedisServer source = servers.start();
        RedisServer target = servers.start();
        FaultRun.fill(source, KEYS);
        try (FaultyProxy proxy = new FaultyProxy(target);
                Migration run = FaultRun.slow(Migration.from(source).to(proxy.port()))
                        .bind("meters", meters)
                        .start()) {
            FaultRun.awaitRestored(run, 100);
            proxy.cut();
            FaultRun.config(target, "maxmemory", "1");

            await().atMost(Duration.ofSeconds(20)).until(() -> retries("connection") > 0 && retries("not-ready") > 0);

            FaultRun.config(target, "maxmemory", "0");
            run.awaitComplete();
            assertThat(count("camel.rump.restarts")).isZero();
        }
    }

    @Test
    void theSourcesRoundTripAndWhatTheGuardDidAreMeasured() {
        RedisServer source = servers.start();
        RedisServer target = servers.start();
        FaultRun.fill(source, KEYS);
        try (Jedis other = source.jedis();
                Migration run = FaultRun.slow(Migration.from(source).to(target))
                        .with("rump.source.latency-guard", "on")
                        .bind("meters", meters)
                        .start()) {
            await().atMost(Duration.ofSeconds(20)).until(() -> {
                other.ping();
                return meters.find("camel.rump.source.round.trip").timer() != null;
            });
            run.awaitComplete();

            assertThat(meters.get("camel.rump.source.round.trip")
                            .tag("node", "127.0.0.1:" + source.port())
                            .timer()
                            .mean(TimeUnit.SECONDS))
                    .isBetween(0.0, 1.0);
            assertThat(meters.get("camel.rump.guard.slowed").functionCounter().count())
                    .isNotNegative();
        }
    }

    @Test
    void namesAndUnitsAreThoseThatPrometheusExpects() {
        RedisServer source = servers.start();
        RedisServer target = servers.start();
        FaultRun.fill(source, 100);
        PrometheusMeterRegistry prometheus = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
        try (Migration run = Migration.from(source)
                .to(target)
                .bind("meters", prometheus)
                .with("rump.source.latency-guard", "on")
                .start()) {
            run.awaitComplete();
            await().until(() -> prometheus.find("camel.rump.source.round.trip").timer() != null);

            assertThat(MeterNames.in(prometheus.scrape())).isEqualTo(MeterNames.ALL);
        }
    }

    @Test
    void tagsAreBounded() {
        RedisServer source = servers.start();
        RedisServer target = servers.start();
        FaultRun.fill(source, 100);
        try (Migration run =
                Migration.from(source).to(target).bind("meters", meters).start()) {
            run.awaitComplete();

            assertThat(tagsOf(meters))
                    .containsOnly(
                            "camelContext", "routeId", "migration", "outcome", "cause", "state", "phase", "node", "le");
        }
    }

    private static Set<String> tagsOf(MeterRegistry registry) {
        return registry.getMeters().stream()
                .filter(meter -> meter.getId().getName().startsWith("camel.rump."))
                .flatMap(meter -> meter.getId().getTags().stream())
                .map(Tag::getKey)
                .collect(Collectors.toSet());
    }

    private double retries(String cause) {
        return meters.get("camel.rump.retries").tag("cause", cause).counter().count();
    }

    private double count(String name) {
        return meters.get(name).counter().count();
    }

    private double gauge(String name, String... tags) {
        return meters.get(name).tags(tags).gauge().value();
    }
}
