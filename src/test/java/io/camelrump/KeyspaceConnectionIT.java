package io.camelrump;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.camelrump.fixtures.RedisServer;
import io.camelrump.fixtures.RedisServers;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.camel.impl.DefaultCamelContext;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.data.redis.RedisConnectionFailureException;
import redis.clients.jedis.Jedis;

class KeyspaceConnectionIT {
    @RegisterExtension
    private final RedisServers servers = new RedisServers();

    @Test
    void anOutageIsReportedOnceAndTheNextPasswordIsRead(@TempDir Path folder) throws Exception {
        Path file = Files.writeString(folder.resolve("password"), "first");
        RedisServer server = servers.start(RedisServers.usual(), "--requirepass", "first");
        PrintStream usual = System.err;
        ByteArrayOutputStream log = new ByteArrayOutputStream();
        System.setErr(new PrintStream(log, true, StandardCharsets.UTF_8));
        try (Jedis jedis = server.jedis();
                DefaultCamelContext context = new DefaultCamelContext()) {
            context.getEndpoint("rump:source?host=127.0.0.1&port=" + server.port() + "&live=true&passwordFile=" + file);
            KeyspaceConnection connections = new KeyspaceConnection();
            connections.setCamelContext(context);
            connections.getConnection().close();

            jedis.configSet("requirepass", "second");
            for (int attempt = 0; attempt < 3; attempt++) {
                assertThatThrownBy(connections::getConnection).isInstanceOf(RedisConnectionFailureException.class);
            }
            Files.writeString(file, "second");
            connections.getConnection().close();
            connections.getConnection().close();
            connections.destroy();
        } finally {
            System.setErr(usual);
        }

        String place = "The keyspace notifications of 127.0.0.1:" + server.port();
        assertThat(log.toString(StandardCharsets.UTF_8))
                .containsOnlyOnce(place + " are not received, so only further scans find changes until they are: ")
                .contains("WRONGPASS")
                .containsOnlyOnce(place + " are received again")
                .doesNotContain("first", "second");
    }
}
