package io.camelrump.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.camelrump.fixtures.Reply;
import io.camelrump.fixtures.ScriptedServer;
import java.io.IOException;
import java.net.ProtocolException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Replies that no heap should have to hold. */
class LongRepliesIT {
    private static final int MB = 1024 * 1024;
    private static final byte[] NAME = "name".getBytes(StandardCharsets.US_ASCII);

    @Test
    void namesOfASampleAreAskedForFewAtATimeAndNotAfterALongOne() throws IOException {
        try (ScriptedServer server = new ScriptedServer()) {
            server.onCall("RANDOMKEY", call -> call.nth() == 5 ? longName() : Reply.bulk("name"));
            try (RedisConnection connection = RedisConnection.open(address(server))) {
                assertThat(RandomKeys.of(connection, 100))
                        .hasSize(11)
                        .containsOnly(NAME, null)
                        .containsOnlyOnce((Object) null);
            }
            assertThat(server.count("RANDOMKEY")).isEqualTo(11);
        }
    }

    @Test
    void aNameThatIsLongerThanAnyOtherReplyIsNoneOfASample() throws IOException {
        try (ScriptedServer server = new ScriptedServer()) {
            server.on("RANDOMKEY", longName());
            try (RedisConnection connection = RedisConnection.open(address(server))) {
                assertThat(RandomKeys.of(connection, 100)).containsExactly((Object) null);
                assertThat(connection.call("PING")).isEqualTo("PONG");
            }
        }
    }

    @Test
    void anInfoOf40MegabytesIsRefused() {
        try (ScriptedServer server = new ScriptedServer()) {
            server.on("INFO", out -> {
                Reply.repeated("$" + 40 * MB + "\r\n", "a:b\r\n".repeat(MB), 8).send(out);
                out.write("\r\n".getBytes(StandardCharsets.US_ASCII));
            });
            try (RedisConnection connection = RedisConnection.open(address(server))) {
                assertThatThrownBy(connection::info)
                        .isInstanceOf(ProtocolException.class)
                        .hasMessageContaining("INFO");
            }
        }
    }

    @Test
    void aPageOfMoreNamesThanAnyScanGivesIsRefused() {
        try (ScriptedServer server = new ScriptedServer()) {
            server.on("SCAN", Reply.raw("*2\r\n$1\r\n0\r\n*16777217\r\n"));
            try (RedisConnection connection = RedisConnection.open(address(server))) {
                assertThatThrownBy(() -> ScanReply.of(connection, Cursor.START, 10))
                        .isInstanceOf(ReplyException.class)
                        .hasMessageContaining("16777217");
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"+", "-", ":", "$"})
    void aLineWithoutEndIsRefused(String type) throws IOException {
        try (ScriptedServer server = new ScriptedServer()) {
            server.on("GET", Reply.repeated(type, "1".repeat(MB), 100));
            try (RedisConnection connection = RedisConnection.open(address(server))) {
                assertThatThrownBy(() -> connection.call("GET", NAME)).isInstanceOf(ProtocolException.class);
            }
            try (RedisConnection connection = RedisConnection.open(address(server))) {
                connection.out().command(2).arg("GET").arg(NAME).flush();
                connection.in().type();
                assertThatThrownBy(() -> connection.in().skipLine()).isInstanceOf(ProtocolException.class);
            }
        }
    }

    private static Reply longName() {
        return out -> {
            Reply.repeated("$" + 70 * MB + "\r\n", "x".repeat(MB), 70).send(out);
            out.write("\r\n".getBytes(StandardCharsets.US_ASCII));
        };
    }

    private static ServerAddress address(ScriptedServer server) {
        return new ServerAddress(
                "127.0.0.1", server.port(), null, null, 0, Duration.ofSeconds(5), Duration.ofSeconds(20));
    }
}
