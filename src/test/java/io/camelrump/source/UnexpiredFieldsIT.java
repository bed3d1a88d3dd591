package io.camelrump.source;

import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import io.camelrump.fixtures.Reply;
import io.camelrump.fixtures.ScriptedServer;
import io.camelrump.redis.CommandPipeline;
import io.camelrump.redis.RedisConnection;
import io.camelrump.redis.RedisException;
import io.camelrump.redis.ServerAddress;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

class UnexpiredFieldsIT {
    private static final Duration SOON = Duration.ofSeconds(5);

    @Test
    void aScanOfEmptyPagesThatTurnsInACircleEnds() {
        try (ScriptedServer server = new ScriptedServer();
                RedisConnection connection = RedisConnection.open(
                        new ServerAddress("127.0.0.1", server.port(), null, null, 0, SOON, SOON))) {
            server.onCall("HSCAN", call -> Reply.page(call.nth() % 4 < 2 ? "7" : "9"));
            Map<Integer, byte[]> hashes = Map.of(0, new byte[] {'a'}, 1, new byte[] {'b'});

            assertTimeoutPreemptively(SOON, () -> assertThatThrownBy(
                            () -> UnexpiredFields.without(hashes, new CommandPipeline(connection)))
                    .isInstanceOf(RedisException.class)
                    .hasMessageContaining("127.0.0.1:" + server.port() + " answered HSCAN by the cursor 7 once more"));
        }
    }
}
