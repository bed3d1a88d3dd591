package io.camelrump;

import static org.assertj.core.api.Assertions.assertThat;

import io.camelrump.fixtures.FaultRun;
import io.camelrump.fixtures.Migration;
import io.camelrump.fixtures.RedisServer;
import io.camelrump.fixtures.RedisServers;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class MetersIT {
    @RegisterExtension
    private final RedisServers servers = new RedisServers();

    @Test
    void countsKeysByOutcomeWhereTheRegistryHasAMeterRegistry() {
        RedisServer source = servers.start();
        RedisServer target = servers.start();
        FaultRun.fill(source, 2_000);
        SimpleMeterRegistry meters = new SimpleMeterRegistry();

        try (Migration run =
                Migration.from(source).to(target).bind("meters", meters).start()) {
            Counts counts = run.awaitComplete();

            assertThat(meters.get("camel.rump.keys")
                            .tag("migration", "rump")
                            .tag("outcome", "restored")
                            .counter()
                            .count())
                    .isEqualTo(counts.restored())
                    .isEqualTo(2_000);
            assertThat(meters.get("camel.rump.pages.out").gauge().value()).isZero();
            assertThat(meters.get("camel.rump.progress").gauge().value()).isEqualTo(1);
        }
    }
}
