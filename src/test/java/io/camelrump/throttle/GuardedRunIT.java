package io.camelrump.throttle;

import static org.assertj.core.api.Assertions.assertThat;

import io.camelrump.SourceLatency;
import io.camelrump.fixtures.Migration;
import io.camelrump.fixtures.RedisServer;
import io.camelrump.fixtures.RedisServers;
import io.camelrump.fixtures.SampleData;
import java.time.Duration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import redis.clients.jedis.Jedis;

class GuardedRunIT {
    @RegisterExtension
    private static final RedisServers SERVERS = new RedisServers();

    private static final RedisServer SOURCE = SERVERS.start();
    private static final RedisServer TARGET = SERVERS.start();

    @BeforeEach
    void empty() {
        try (Jedis a = SOURCE.jedis();
                Jedis b = TARGET.jedis()) {
            a.flushAll();
            b.flushAll();
        }
    }

    @Tag("alone")
    @Test
    void anotherClientWaitsForOneLargeValueAtATime() {
        try (Jedis a = SOURCE.jedis()) {
            SampleData.fillNoise(a, 800, 50_000);
        }
        Duration unguarded = waitBeside("off");

        assertThat(waitBeside("on")).isLessThan(unguarded.dividedBy(2));
    }

    /** The wait that another client meets at most moments of a run. */
    private static Duration waitBeside(String guard) {
        try (WorkingClient other = new WorkingClient(SOURCE);
                Migration run = Migration.from(SOURCE)
                        .to(TARGET)
                        .with("rump.source.latency-guard", guard)
                        .start()) {
            assertThat(run.awaitComplete().restored()).isEqualTo(800);
            return other.usualWait();
        }
    }

    @Test
    void aRunBesideAWorkingClientReportsTurnsAndValuesLongerThanThem() {
        try (Jedis a = SOURCE.jedis()) {
            SampleData.fillNoise(a, 60, 500_000);
        }
        try (WorkingClient other = new WorkingClient(SOURCE);
                Migration run = Migration.from(SOURCE)
                        .to(TARGET)
                        .with("rump.source.latency-guard", "50us")
                        // long enough for some probes
                        .with("rump.source.max-keys-per-second", 60)
                        .start()) {
            assertThat(run.awaitComplete().restored()).isEqualTo(60);

            SourceLatency latency = run.ledger().sourceLatency();
            assertThat(latency).isNotNull();
            assertThat(latency.slowed()).isPositive();
            assertThat(latency.longValues()).isBetween(10L, 60L);
            assertThat(other.answers()).isPositive();
        }
    }

    @Test
    void aRunIsGuardedWhereTheServerKeepsItsStatisticsToItself() {
        try (Jedis a = SOURCE.jedis()) {
            SampleData.fillStrings(a, 3_000, 100);
            a.aclSetUser("quiet", "on", ">secret", "~*", "+@all", "-info");
        }
        try (Migration run = Migration.from(SOURCE)
                .to(TARGET)
                .with("rump.source.username", "quiet")
                .with("rump.source.password", "secret")
                .with("rump.source.latency-guard", "on")
                .with("rump.source.max-keys-per-second", 6_000)
                .start()) {
            assertThat(run.awaitComplete().restored()).isEqualTo(3_000);

            SourceLatency latency = run.ledger().sourceLatency();
            assertThat(latency).isNotNull();
            assertThat(latency.slowed()).isPositive();
        }
    }

    @Test
    void aRunWithoutLatencyGuardReportsNoLatency() {
        try (Migration run = Migration.from(SOURCE)
                .to(TARGET)
                .with("rump.source.latency-guard", "off")
                .start()) {
            run.awaitComplete();

            assertThat(run.ledger().sourceLatency()).isNull();
        }
    }
}
