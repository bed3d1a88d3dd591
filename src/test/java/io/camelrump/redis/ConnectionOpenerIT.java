package io.camelrump.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assertions.assertTimeout;

import io.camelrump.fixtures.Reply;
import io.camelrump.fixtures.ScriptedServer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
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
    void aReplyToTheLogInWithoutEndIsRefusedByItsLength() {
        try (ScriptedServer server = new ScriptedServer()) {
            server.on("AUTH", out -> {
                out.write('+');
                byte[] part = new byte[64 * 1024];
                while (true) {
                    out.write(part);
                }
            });
            Duration timeout = Duration.ofSeconds(20);
            ServerAddress address =
                    new ServerAddress("127.0.0.1", server.port(), "reader", "secret", 0, timeout, timeout);

            assertTimeout(Duration.ofSeconds(10), () -> assertThatThrownBy(() -> RedisConnection.open(address))
                    .isInstanceOfSatisfying(RedisException.class, error -> assertThat(error.isPermanent())
                            .isTrue())
                    .hasMessageContaining("AUTH")
                    .hasMessageNotContaining("secret"));
        }
    }

    @Test
    void aLogInTakesOneRoundTrip() {
        try (ScriptedServer server = new ScriptedServer()) {
            server.on("AUTH", Reply.SILENCE).on("PING", Reply.SILENCE).on("HELLO", Reply.SILENCE);
            server.on("SELECT", Reply.raw("+OK\r\n+PONG\r\n*0\r\n+OK\r\n"));
            Duration timeout = Duration.ofSeconds(5);

            RedisConnection.open(new ServerAddress("127.0.0.1", server.port(), null, "secret", 3, timeout, timeout))
                    .close();

            assertThat(server.calls("SELECT")).hasToString("[SELECT 3]");
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

    /** The words of Redis below 6.0 are among them; server and file do not change at one moment. */
    @ParameterizedTest
    @CsvSource({
        "AUTH, ERR invalid password",
        "AUTH, WRONGPASS invalid username-password pair or user is disabled.",
        "AUTH, 'ERR Client sent AUTH, but no password is set'",
        "PING, NOAUTH Authentication required."
    })
    void aRefusedLogInIsTriedAgainWhereThePasswordIsOfAFileAndTheServerTookOneBefore(
            String command, String error, @TempDir Path folder) throws Exception {
        Path file = Files.writeString(folder.resolve("password"), "first");
        try (ScriptedServer server = new ScriptedServer()) {
            Duration timeout = Duration.ofSeconds(5);
            int port = server.port();
            ServerAddress fixed = new ServerAddress("127.0.0.1", port, null, "first", 0, timeout, timeout);
            LogIn logIn = new LogIn(Credential.of(null), new PasswordFile(file));
            ServerAddress address = new ServerAddress("127.0.0.1", port, logIn, 0, timeout, timeout, null, null);
            server.on(command, Reply.error(error));
            assertRefused(address, true);
            server.off(command);
            RedisConnection.open(address).close();
            server.on(command, Reply.error(error));

            assertRefused(address, false);
            assertRefused(fixed, true);
        }
    }

    private static void assertRefused(ServerAddress address, boolean permanent) {
        assertThatThrownBy(() -> RedisConnection.open(address))
                .isInstanceOfSatisfying(RedisException.class, error -> assertThat(error.isPermanent())
                        .isEqualTo(permanent))
                .hasMessageContaining(" said: ");
    }

    private static ServerAddress address(ScriptedServer server) {
        return new ServerAddress(
                "127.0.0.1", server.port(), null, null, 3, Duration.ofMillis(300), Duration.ofSeconds(60));
    }
}
