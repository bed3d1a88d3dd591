package io.camelrump.cutover;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.camelrump.ServerMode;
import io.camelrump.fixtures.RedisCluster;
import io.camelrump.fixtures.RedisServer;
import io.camelrump.fixtures.RedisServers;
import io.camelrump.fixtures.Reply;
import io.camelrump.fixtures.ScriptedServer;
import io.camelrump.redis.ServerAddress;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.exceptions.JedisConnectionException;

/** Connections that wait to write are closed while the pause lasts, and nobody else's. */
class LiftedPauseIT {
    @RegisterExtension
    private final RedisServers servers = new RedisServers();

    private RedisServer server;
    private Jedis operator;
    private Jedis worker;

    @BeforeEach
    void connect() {
        server = servers.start();
        operator = server.jedis();
        worker = new Jedis(RedisServer.HOST, server.port(), 30_000);
    }

    @AfterEach
    void disconnect() {
        worker.close();
        operator.close();
    }

    private static WritePause pause(int port, Duration length) {
        Duration timeout = Duration.ofSeconds(5);
        ServerAddress address = new ServerAddress(RedisServer.HOST, port, null, null, 0, timeout, timeout);
        return new WritePause(() -> address, ServerMode.AUTO, length, true, held -> {});
    }

    private CompletableFuture<List<String>> pop() {
        CompletableFuture<List<String>> popped = CompletableFuture.supplyAsync(() -> worker.blpop(20, "queue"));
        await().until(() -> operator.clientList().lines().anyMatch(client -> client.contains("cmd=blpop")));
        return popped;
    }

    private static void closeFor(WritePause pause, Duration time) {
        await().pollDelay(Duration.ZERO)
                .pollInterval(Duration.ofMillis(20))
                .during(time)
                .until(() -> {
                    pause.closeWaiting();
                    return true;
                });
    }

    @Test
    void aWorkerThatIsHeldUpLosesItsConnection() {
        try (WritePause pause = pause(server.port(), Duration.ofSeconds(20))) {
            pause.look();
            CompletableFuture<List<String>> popped = pop();

            closeFor(pause, Duration.ofMillis(600));

            assertThatThrownBy(popped::join).hasCauseInstanceOf(JedisConnectionException.class);
            assertThat(pause.times().closed()).isEqualTo(1);
        }
    }

    @Test
    void aWorkerThatWaitsForAnElementSinceSomebodyLiftedThePauseKeepsItsConnection() {
        try (WritePause pause = pause(server.port(), Duration.ofSeconds(20))) {
            pause.look();
            CompletableFuture<List<String>> popped = pop();
            operator.clientUnpause();

            closeFor(pause, Duration.ofMillis(600));

            operator.rpush("queue", "element");
            assertThat(popped.join()).containsExactly("queue", "element");
            assertThat(pause.times().closed()).isZero();
        }
    }

    @Test
    void aWorkerThatWaitsAtTheEndOfThePauseKeepsItsConnection() {
        try (WritePause pause = pause(server.port(), Duration.ofMillis(400))) {
            pause.look();
            await().pollDelay(Duration.ofMillis(390)).until(() -> true);
            CompletableFuture<List<String>> popped = pop();

            closeFor(pause, Duration.ofMillis(600));

            operator.rpush("queue", "element");
            assertThat(popped.join()).containsExactly("queue", "element");
        }
    }

    @Test
    void aPauseThatIsLiftedIsNoticedAtEachMasterOfACluster() throws IOException {
        RedisCluster cluster = RedisCluster.start(servers, RedisServers.usual(), 3, 0);
        try (WritePause pause = pause(cluster.port(), Duration.ofSeconds(20))) {
            pause.look();

            for (RedisServer master : cluster.masters()) {
                try (Jedis jedis = master.jedis()) {
                    await().until(() -> jedis.clientList()
                            .lines()
                            .anyMatch(client -> client.contains("cmd=pfcount") && client.contains("flags=b")));
                }
            }
        }
    }

    @Test
    void clientsThatWaitAreCountedWithoutOurOwn() {
        try (WritePause pause = pause(server.port(), Duration.ofSeconds(20))) {
            pause.look();
            pop();

            pause.converged();

            assertThat(pause.times().waiting()).isEqualTo(1);
        }
    }

    @ParameterizedTest
    @CsvSource({"readonly, false", "write, true"})
    void aClientThatWaitsInACommandOfAModuleIsClosedOnlyIfThatWrites(String flag, boolean closed) {
        String waiting = "id=99999 addr=127.0.0.1:1 name= idle=0 flags=b cmd=graph.query\n";
        try (ScriptedServer source = new ScriptedServer(server);
                WritePause pause = pause(source.port(), Duration.ofSeconds(20))) {
            pause.look();
            String all = operator.clientList();
            source.onCall("CLIENT LIST", call -> call.words().contains("ID") ? Reply.PASS : Reply.bulk(all + waiting));
            source.on(
                    "COMMAND INFO",
                    Reply.array(
                            Reply.array(Reply.bulk("graph.query"), Reply.number(-1), Reply.array(Reply.bulk(flag)))));

            closeFor(pause, Duration.ofMillis(300));

            assertThat(source.calls("CLIENT").stream()
                            .filter(call -> call.argument(0).equals("KILL"))
                            .anyMatch(call -> call.words().contains("99999")))
                    .isEqualTo(closed);
        }
    }
}
