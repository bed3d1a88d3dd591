package io.camelrump.cutover;

import static org.assertj.core.api.Assertions.assertThat;

import io.camelrump.ServerMode;
import io.camelrump.fixtures.RedisServer;
import io.camelrump.fixtures.RedisServers;
import io.camelrump.fixtures.Reply;
import io.camelrump.fixtures.ScriptedServer;
import io.camelrump.redis.ServerAddress;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A pause of the writes at a source that does not answer at the moment when it begins. */
class WritePauseIT {
    private static final Duration LENGTH = Duration.ofSeconds(5);

    private final AtomicBoolean held = new AtomicBoolean();

    @RegisterExtension
    private final RedisServers servers = new RedisServers();

    private WritePause pause(ScriptedServer source) {
        Duration timeout = Duration.ofSeconds(5);
        ServerAddress address = new ServerAddress(RedisServer.HOST, source.port(), null, null, 0, timeout, timeout);
        return new WritePause(() -> address, ServerMode.AUTO, LENGTH, false, held::set);
    }

    @ParameterizedTest
    @ValueSource(strings = {"PUBSUB", "CLIENT PAUSE"})
    void aSourceThatIsBusyWhenItBeginsIsAskedAgain(String command) {
        AtomicInteger asked = new AtomicInteger();
        try (ScriptedServer source = new ScriptedServer(servers.start())) {
            source.onCall(
                    command,
                    call -> asked.getAndIncrement() == 0
                            ? Reply.error("BUSY Redis is busy running a script")
                            : Reply.PASS);

            try (WritePause pause = pause(source)) {
                pause.look();
                assertThat(pause.isHeld()).isFalse();
                assertThat(held).isFalse();

                pause.look();

                assertThat(pause.isHeld()).isTrue();
                assertThat(held).isTrue();
                assertThat(pause.gaps()).isZero();
                assertThat(lengths(source)).last().isEqualTo("5000");
            }
        }
    }

    @Test
    void aReplyThatIsLostDoesNotLetThePauseLastLonger() {
        AtomicInteger asked = new AtomicInteger();
        RedisServer server = servers.start();
        try (ScriptedServer source = new ScriptedServer(server)) {
            source.onCall("CLIENT PAUSE", call -> asked.getAndIncrement() == 0 ? Reply.CUT : Reply.PASS);

            try (WritePause pause = pause(source)) {
                pause.look();
                pause.look();

                assertThat(pause.isHeld()).isTrue();
                assertThat(lengths(source)).hasSize(2).first().isEqualTo("5000");
                assertThat(Integer.parseInt(lengths(source).get(1))).isLessThan(5_000);
            }
        }
    }

    private static List<String> lengths(ScriptedServer source) {
        return source.calls("CLIENT").stream()
                .filter(call -> call.argument(0).equals("PAUSE"))
                .map(call -> call.argument(1))
                .toList();
    }
}
