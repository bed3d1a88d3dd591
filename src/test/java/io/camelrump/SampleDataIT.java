package io.camelrump;

import static org.assertj.core.api.Assertions.assertThat;

import io.camelrump.fixtures.RedisServers;
import io.camelrump.fixtures.SampleData;
import java.nio.ByteBuffer;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import redis.clients.jedis.Jedis;

class SampleDataIT {

    @RegisterExtension
    private final RedisServers servers = new RedisServers();

    @ParameterizedTest
    @MethodSource("io.camelrump.fixtures.RedisServers#versions")
    void everyKeyItSaysItMadeExistsAndNoOther(RedisServers.Version version) {
        try (Jedis jedis = servers.start(version).jedis()) {
            List<byte[]> made = SampleData.fill(jedis, version);

            assertThat(made).allMatch(jedis::exists);
            assertThat(made.stream().map(ByteBuffer::wrap))
                    .doesNotHaveDuplicates()
                    .hasSize((int) jedis.dbSize());
        }
    }

    @Test
    void fillsManyKeysOfBothKinds() {
        try (Jedis jedis = servers.start().jedis()) {
            SampleData.fillStrings(jedis, 10_000, 20);
            SampleData.fillMixed(jedis, 10_000);

            assertThat(jedis.dbSize()).isEqualTo(20_000);
            assertThat(jedis.strlen("string:9999")).isEqualTo(20);
            assertThat(jedis.ttl("mixed:10")).isBetween(3_000L, 7_300L);
        }
    }
}
