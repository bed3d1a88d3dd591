package io.camelrump;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.camelrump.fixtures.RedisServer;
import io.camelrump.fixtures.RedisServers;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.exceptions.JedisConnectionException;

class RedisServersIT {

    @RegisterExtension
    private final RedisServers servers = new RedisServers();

    @ParameterizedTest
    @MethodSource("io.camelrump.fixtures.RedisServers#versions")
    void dataOutlivesARestartOnlyWhenAsked(RedisServers.Version version) {
        RedisServer server = servers.start(version);
        try (Jedis jedis = server.jedis()) {
            jedis.set("k", "v");
        }

        server.restart(true);
        try (Jedis jedis = server.jedis()) {
            assertThat(jedis.get("k")).isEqualTo("v");
        }

        server.restart(false);
        try (Jedis jedis = server.jedis()) {
            assertThat(jedis.dbSize()).isZero();
        }
    }

    @Test
    void killedServerRefusesConnectionsUntilItIsStartedAgain() {
        RedisServer server = servers.start();

        server.kill9();
        assertThatThrownBy(() -> server.jedis().ping()).isInstanceOf(JedisConnectionException.class);

        server.restart(true);
        try (Jedis jedis = server.jedis()) {
            assertThat(jedis.ping()).isEqualTo("PONG");
        }
    }

    @Test
    void pausedServerAnswersNothingUntilItIsResumed() {
        RedisServer server = servers.start();
        server.pause();
        assertThatThrownBy(() -> new Jedis(RedisServer.HOST, server.port(), 200).ping())
                .hasMessageContaining("timed out");

        server.resume();
        try (Jedis jedis = server.jedis()) {
            assertThat(jedis.ping()).isEqualTo("PONG");
        }
    }

    @Test
    void connectsWithThePasswordOfTheServer() {
        try (Jedis jedis = servers.start(RedisServers.usual(), "--requirepass", "open sesame")
                .jedis()) {
            assertThat(jedis.ping()).isEqualTo("PONG");
        }
    }

    @Test
    void saysWhyAServerDoesNotStart() {
        assertThatThrownBy(() -> servers.start(RedisServers.usual(), "--no-such-option", "1"))
                .hasMessageContaining("no-such-option");
    }

    @Test
    void shiftedServerHasAnotherTime() {
        assumeThat(RedisServers.canShiftClock()).as("faketime is installed").isTrue();
        try (Jedis now = servers.start().jedis();
                Jedis ahead = servers.startShifted(20).jedis()) {
            long difference = Long.parseLong(ahead.time().get(0))
                    - Long.parseLong(now.time().get(0));

            assertThat(difference).isBetween(19L, 21L);
        }
    }
}
