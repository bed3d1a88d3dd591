package io.camelrump;

import static org.assertj.core.api.Assertions.assertThat;

import io.camelrump.cli.EqualityProof;
import java.time.Duration;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import redis.clients.jedis.Jedis;

class ExactnessIT {

    private static final Duration CLOSE = Duration.ofMillis(5);

    @RegisterExtension
    private final RedisServers servers = new RedisServers();

    @ParameterizedTest
    @MethodSource("io.camelrump.ServerPairs#upwards")
    void everyTypeAndEncodingArrivesEqual(RedisServers.Version from, RedisServers.Version to) {
        RedisServer source = servers.start(from);
        RedisServer target = servers.start(to);
        try (Jedis a = source.jedis();
                Jedis b = target.jedis()) {
            int keys = SampleData.fill(a, from).size();

            try (Migration run =
                    Migration.from(source).to(target).with("scan.count", 10).start()) {
                Counts counts = run.awaitComplete();

                assertThat(counts.restored()).isGreaterThanOrEqualTo(keys);
            }
            assertEqual(a, b);
        }
    }

    private static void assertEqual(Jedis source, Jedis target) {
        assertThat(EqualityProof.compare(source, target, CLOSE).differences()).isEmpty();
    }
}
