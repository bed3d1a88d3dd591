package io.camelrump;

import static org.assertj.core.api.Assertions.assertThat;

import io.camelrump.fixtures.RedisServer;
import io.camelrump.fixtures.RedisServers;
import io.camelrump.fixtures.RouteRun;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Properties;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import redis.clients.jedis.Jedis;

/** A route whose URIs are the names of two servers, and nothing else. */
class NamedOptionsIT {
    @RegisterExtension
    private final RedisServers servers = new RedisServers();

    @Test
    void aRouteOfTwoNamesCopiesWhatTheirPropertiesSay(@TempDir Path folder) throws Exception {
        RedisServer source = servers.start(RedisServers.usual(), "--requirepass", "s3cret");
        RedisServer target = servers.start();
        Path file = Files.writeString(
                folder.resolve("two-names.camel.yaml"),
                "- route: {from: {uri: rump:source, steps: [{to: {uri: rump:target}}]}}");
        Properties properties = new Properties();
        properties.putAll(Map.of(
                "rump.source.host",
                RedisServer.HOST,
                "rump.source.port",
                String.valueOf(source.port()),
                "rump.source.password",
                "s3cret",
                "rump.source.include-key",
                "user:*",
                "rump.target.host",
                RedisServer.HOST,
                "rump.target.port",
                String.valueOf(target.port()),
                "rump.target.database",
                "3",
                "camel.component.rump.ttl",
                "false"));
        try (Jedis jedis = source.jedis()) {
            jedis.psetex("user:1", 60_000, "a");
            jedis.set("order:1", "b");
        }
        try (Jedis jedis = target.jedis();
                RouteRun run = RouteRun.of(file, properties)) {
            assertThat(run.awaitEnd().state()).isEqualTo(RunState.COMPLETE);
            jedis.select(3);
            assertThat(jedis.keys("*")).containsExactly("user:1");
            assertThat(jedis.pttl("user:1")).isEqualTo(-1);
            assertThat(ManagementFactory.getPlatformMBeanServer()
                            .queryNames(null, null)
                            .toString())
                    .doesNotContain("s3cret");
        }
    }
}
