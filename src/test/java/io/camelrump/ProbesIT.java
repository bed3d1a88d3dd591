package io.camelrump;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.camelrump.fixtures.RedisServer;
import io.camelrump.fixtures.RedisServers;
import io.camelrump.redis.ErrorReply;
import io.camelrump.redis.ErrorText;
import io.camelrump.redis.PayloadProbe;
import io.camelrump.redis.RedisConnection;
import io.camelrump.redis.RedisException;
import io.camelrump.redis.ServerAddress;
import io.camelrump.redis.ServerClock;
import io.camelrump.redis.ServerInfo;
import io.camelrump.redis.SourceFeatures;
import io.camelrump.source.KeyMetadataQueries;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.exceptions.JedisDataException;

/** A server that cannot answer now (a script holds it up) says nothing of what it can do. */
class ProbesIT {
    @RegisterExtension
    private static final RedisServers servers = new RedisServers();

    private static final RedisServer SERVER = servers.start();

    private RedisConnection connection;
    private CompletableFuture<?> script;

    private interface Probe {
        Object on(RedisConnection connection) throws Exception;
    }

    private enum Asked {
        SIZES_OF_KEYS(KeyMetadataQueries::reportsMemoryUsage),
        FEATURES_OF_A_SOURCE(SourceFeatures::of),
        WATCH(SourceFeatures::watches),
        TIME(ServerClock::measure),
        INFO(RedisConnection::info),
        ONE_SECTION(connection -> connection.info("stats")),
        NUMBER_OF_KEYS(RedisConnection::databaseSize),
        PAYLOADS(connection -> ErrorText.definitive(
                connection.address(),
                "RESTORE",
                PayloadProbe.of(connection, ServerInfo.HIDDEN).refusal(new byte[] {0, 1, 'v'})));

        private final Probe probe;

        Asked(Probe probe) {
            this.probe = probe;
        }
    }

    @BeforeEach
    void holdUp() throws Exception {
        try (Jedis jedis = SERVER.jedis()) {
            jedis.configSet("lua-time-limit", "1");
        }
        connection = RedisConnection.open(new ServerAddress(
                RedisServer.HOST, SERVER.port(), null, null, 0, Duration.ofSeconds(5), Duration.ofSeconds(5), null));
        script = CompletableFuture.runAsync(() -> {
            try (Jedis jedis = SERVER.jedis()) {
                jedis.eval("while true do end");
            } catch (JedisDataException e) {
                // it is killed
            }
        });
        Awaitility.await().until(() -> connection.call("PING") instanceof ErrorReply error && error.isTransient());
    }

    @AfterEach
    void endTheScript() throws Exception {
        connection.call("SCRIPT", "KILL");
        script.join();
        connection.close();
    }

    @ParameterizedTest
    @EnumSource
    void noAnswerIsNotANo(Asked asked) {
        assertThatThrownBy(() -> asked.probe.on(connection))
                .isInstanceOfSatisfying(RedisException.class, e -> assertThat(e.isServerNotReady())
                        .isTrue())
                .hasMessageContaining("BUSY");
    }

    @Test
    void theAnswerThatComesAfterwardsCounts() throws Exception {
        connection.call("SCRIPT", "KILL");
        script.join();

        assertThat(KeyMetadataQueries.reportsMemoryUsage(connection)).isTrue();
    }
}
