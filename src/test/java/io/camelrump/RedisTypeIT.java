package io.camelrump;

import static org.assertj.core.api.Assertions.assertThat;

import io.camelrump.fixtures.RedisServers;
import io.camelrump.fixtures.SampleData;
import java.util.Locale;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import redis.clients.jedis.Jedis;

class RedisTypeIT {

    @RegisterExtension
    private final RedisServers servers = new RedisServers();

    @ParameterizedTest
    @MethodSource("io.camelrump.fixtures.RedisServers#versions")
    void findsTheTypeOfEveryPayload(RedisServers.Version version) {
        try (Jedis jedis = servers.start(version).jedis()) {
            for (byte[] key : SampleData.fill(jedis, version)) {
                RedisType type = RedisType.ofPayload(jedis.dump(key)[0]);

                assertThat(type.name().toLowerCase(Locale.ROOT)).isEqualTo(jedis.type(key));
            }
        }
    }
}
