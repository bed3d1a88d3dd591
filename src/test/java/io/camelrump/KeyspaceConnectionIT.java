package io.camelrump;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.camelrump.fixtures.RedisServer;
import io.camelrump.fixtures.RedisServers;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.apache.camel.impl.DefaultCamelContext;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.data.redis.RedisConnectionFailureException;
import org.springframework.data.redis.connection.RedisConnection;
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

    @Test
    @EnabledOnOs(OS.LINUX)
    void aConnectionOnWhichNothingComesIsAskedWithinSecondsWhetherItsOtherEndIsThere() throws Exception {
        RedisServer server = servers.start();
        try (DefaultCamelContext context = new DefaultCamelContext()) {
            context.getEndpoint("rump:source?host=127.0.0.1&port=" + server.port() + "&live=true");
            KeyspaceConnection connections = new KeyspaceConnection();
            connections.setCamelContext(context);
            RedisConnection connection = connections.getConnection();

            assertThat(connection.ping()).isEqualTo("PONG");
            assertThat(hundredthsUntilKeepalive(server.port())).isBetween(1L, 1500L);
            connection.close();
            connections.destroy();
        }
    }

    @Test
    void aUnixSocketIsConnectedTo(@TempDir Path folder) throws Exception {
        Path socket = folder.resolve("redis.sock");
        servers.start(RedisServers.usual(), "--unixsocket", socket.toString());
        try (DefaultCamelContext context = new DefaultCamelContext()) {
            context.getEndpoint("rump:source?host=" + socket + "&live=true");
            KeyspaceConnection connections = new KeyspaceConnection();
            connections.setCamelContext(context);
            RedisConnection connection = connections.getConnection();

            assertThat(connection.ping()).isEqualTo("PONG");
            connection.close();
            connections.destroy();
        }
    }

    /** The fields of an established connection: number, own end, other end, state, queues, timer and when it ends. */
    private static long hundredthsUntilKeepalive(int port) throws IOException {
        String end = String.format("0100007F:%04X", port);
        return Stream.of("/proc/self/net/tcp", "/proc/self/net/tcp6")
                .flatMap(table -> lines(Path.of(table)))
                .map(line -> line.trim().split("\\s+"))
                .filter(fields -> fields[2].endsWith(end) && fields[3].equals("01") && fields[5].startsWith("02:"))
                .mapToLong(fields -> Long.parseLong(fields[5].substring(3), 16))
                .min()
                .orElseThrow();
    }

    private static Stream<String> lines(Path table) {
        try {
            return Files.readAllLines(table).stream().skip(1);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
