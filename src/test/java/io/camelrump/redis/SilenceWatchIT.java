package io.camelrump.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.camelrump.fixtures.FaultyProxy;
import io.camelrump.fixtures.RedisServer;
import io.camelrump.fixtures.RedisServers;
import io.camelrump.fixtures.Reply;
import io.camelrump.fixtures.ScriptedServer;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Connections that fall silent, with a reply timeout of a few seconds instead of a minute. */
class SilenceWatchIT {
    @RegisterExtension
    private static final RedisServers SERVERS = new RedisServers();

    private static final RedisServer SERVER = SERVERS.start();

    private static ServerAddress at(int port, Duration replyTimeout) {
        return new ServerAddress(RedisServer.HOST, port, null, null, 0, Duration.ofMillis(200), replyTimeout);
    }

    @Test
    void aSilentConnectionIsGivenUpIfTheServerAnswersAnotherOne() throws Exception {
        try (FaultyProxy proxy = new FaultyProxy(SERVER);
                RedisConnection connection = RedisConnection.open(at(proxy.port(), Duration.ofSeconds(2)))) {
            proxy.leaveHalfOpen();

            assertThatThrownBy(() -> connection.call("DBSIZE"))
                    .isInstanceOf(SilentConnectionException.class)
                    .satisfies(e -> assertThat(ErrorText.failure(connection.address(), (IOException) e))
                            .hasMessageContaining("answered a new one: the old one is given up"));
        }
    }

    @Test
    void aWriteThatNobodyTakesIsGivenUpToo() throws Exception {
        try (FaultyProxy proxy = new FaultyProxy(SERVER);
                RedisConnection connection = RedisConnection.open(at(proxy.port(), Duration.ofSeconds(2)))) {
            proxy.leaveHalfOpen();
            byte[] large = new byte[64 * 1024 * 1024];

            assertThatThrownBy(() -> connection
                            .out()
                            .command(3)
                            .arg("SET")
                            .arg("key")
                            .arg(large)
                            .flush())
                    .isInstanceOf(SilentConnectionException.class);
        }
    }

    @Test
    void aServerThatAnswersNobodyIsWaitedFor() throws Exception {
        try (ScriptedServer server = new ScriptedServer(SERVER);
                RedisConnection connection = RedisConnection.open(at(server.port(), Duration.ofSeconds(2)))) {
            server.on("*", Reply.SILENCE);

            assertThatThrownBy(() -> connection.call("DBSIZE")).isInstanceOf(SocketTimeoutException.class);
            assertThat(server.accepted()).isGreaterThan(1);
        }
    }

    /** The server is slow to answer this command, and no other: the reply comes in time. */
    @Test
    void aReplyThatComesIsTakenWhileAnotherConnectionIsOpened() throws Exception {
        try (ScriptedServer server = new ScriptedServer(SERVER);
                RedisConnection connection = RedisConnection.open(at(server.port(), Duration.ofSeconds(2)))) {
            server.onCall("DBSIZE", call -> {
                await().until(() -> server.accepted() > 1);
                return Reply.number(5);
            });
            server.on("PING", Reply.SILENCE);

            assertThat(connection.call("DBSIZE")).isEqualTo(5L);
        }
    }

    @Test
    void aComparisonThatFailsPrintsNoTraceOfItsThread() {
        List<Throwable> uncaught = new CopyOnWriteArrayList<>();
        List<Thread> probes = new CopyOnWriteArrayList<>();
        var usual = Thread.getDefaultUncaughtExceptionHandler();
        Thread.setDefaultUncaughtExceptionHandler((thread, e) -> uncaught.add(e));
        try (SilenceWatch watch = new SilenceWatch(at(SERVER.port(), Duration.ofSeconds(2)), () -> {
            probes.add(Thread.currentThread());
            throw new IllegalStateException("as an error of this program");
        })) {
            watch.reads();
            await().until(() -> !probes.isEmpty() && !probes.get(0).isAlive());
        } finally {
            Thread.setDefaultUncaughtExceptionHandler(usual);
        }
        assertThat(uncaught).isEmpty();
    }
}
