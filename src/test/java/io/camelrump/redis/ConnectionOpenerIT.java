package io.camelrump.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assertions.assertTimeout;

import io.camelrump.fixtures.Reply;
import io.camelrump.fixtures.ScriptedServer;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ConnectionOpenerIT {
    @ParameterizedTest
    @ValueSource(strings = {"PING HELLO", "SELECT"})
    void aServerThatIsSilentAfterTheLogInIsNotWaitedForAsLongAsForAReply(String commands) {
        try (ScriptedServer server = new ScriptedServer()) {
            for (String command : commands.split(" ")) {
                server.on(command, Reply.SILENCE);
            }

            assertTimeout(Duration.ofSeconds(10), () -> assertThatThrownBy(() -> RedisConnection.open(address(server)))
                    .isInstanceOfSatisfying(RedisException.class, error -> assertThat(error.isPermanent())
                            .isFalse())
                    .hasMessageContaining("did not answer in time"));
        }
    }

    @Test
    void aReplyMayTakeLongerThanTheLogIn() throws Exception {
        try (ScriptedServer server = new ScriptedServer()) {
            server.onCall("DBSIZE", call -> out -> {
                long until = System.nanoTime() + Duration.ofMillis(600).toNanos();
                while (System.nanoTime() < until) {
                    Thread.onSpinWait();
                }
                Reply.number(7).send(out);
            });
            try (RedisConnection connection = RedisConnection.open(address(server))) {
                assertThat(connection.databaseSize()).isEqualTo(7);
            }
        }
    }

    private static ServerAddress address(ScriptedServer server) {
        return new ServerAddress(
                "127.0.0.1", server.port(), null, null, 3, Duration.ofMillis(300), Duration.ofSeconds(60), null, null);
    }
}
