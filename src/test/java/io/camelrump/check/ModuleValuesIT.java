package io.camelrump.check;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.camelrump.ConflictPolicy;
import io.camelrump.fixtures.RedisServer;
import io.camelrump.fixtures.RedisServers;
import io.camelrump.fixtures.SampleData;
import io.camelrump.needs.Intent;
import io.camelrump.needs.Side;
import io.camelrump.redis.ServerAddress;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import redis.clients.jedis.Jedis;

class ModuleValuesIT {
    @RegisterExtension
    private final RedisServers servers = new RedisServers();

    @Test
    void oneValueAmongManyKeysIsFound() throws Exception {
        RedisServers.Version version = RedisServers.find("redis-8.0").orElse(null);
        assumeThat(version).as("a version that comes with a module").isNotNull();
        RedisServer server = servers.start(version);
        try (Jedis jedis = server.jedis()) {
            SampleData.fillStrings(jedis, 5_000, 10);
            jedis.sendCommand(() -> "VADD".getBytes(), "vectors", "VALUES", "3", "1", "2", "3", "element");
        }
        Side source = Side.of("source", address(server), 0);
        try {
            assertThat(new ModuleValues(source, reading(Set.of())).payloads())
                    .singleElement()
                    .satisfies(payload ->
                            assertThat(PayloadKind.of(payload)).startsWith("module vectorset, form 7 of version "));
            assertThat(new ModuleValues(source, reading(Set.of("hash"))).payloads())
                    .isEmpty();
        } finally {
            source.connection().close();
        }
    }

    private static ServerAddress address(RedisServer server) {
        Duration patience = Duration.ofSeconds(5);
        return new ServerAddress(RedisServer.HOST, server.port(), null, null, 0, patience, patience);
    }

    private static Intent reading(Set<String> types) {
        return new Intent(
                0,
                0,
                null,
                types,
                ConflictPolicy.REPLACE,
                0,
                false,
                new Intent.Selected(false, List.of(), Map.of()),
                Set.of());
    }
}
