package io.camelrump.cutover;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertTimeout;

import io.camelrump.LeftBehind;
import io.camelrump.fixtures.RedisServer;
import io.camelrump.fixtures.ServerPair;
import io.camelrump.redis.ServerAddress;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.JedisPubSub;

/** Subscribers, clients that wait and cached scripts are found at the source, as far as its user may ask. */
class LeftBehindIT {
    @RegisterExtension
    private static final ServerPair PAIR = new ServerPair();

    private Jedis subscriber;
    private Jedis worker;

    @BeforeEach
    void connect() {
        subscriber = PAIR.source().jedis();
        worker = PAIR.source().jedis();
        PAIR.atSource().scriptFlush();
        PAIR.atTarget().scriptFlush();
    }

    @AfterEach
    void release() {
        PAIR.atSource().aclSetUser("default", "+@all");
        subscriber.close();
        worker.close();
    }

    private void subscribeAndWait() {
        subscriber.clientSetname("news-reader");
        CompletableFuture.runAsync(() -> subscriber.subscribe(new JedisPubSub() {}, "news"));
        CompletableFuture.runAsync(() -> worker.blpop(60, "jobs"));
        await().until(() -> PAIR.atSource().pubsubChannels().contains("news")
                && PAIR.atSource().info("clients").contains("blocked_clients:1"));
    }

    private static LeftBehind look() {
        return LeftBehindSearch.among(List.of(at(PAIR.source())), () -> List.of(at(PAIR.target())));
    }

    private static ServerAddress at(RedisServer server) {
        Duration timeout = Duration.ofSeconds(5);
        return new ServerAddress(RedisServer.HOST, server.port(), null, null, 0, timeout, timeout);
    }

    @Test
    void clientsThatSubscribeOrWaitAtTheSourceAreNamed() {
        subscribeAndWait();
        PAIR.atSource().scriptLoad("return 1");
        PAIR.atSource().scriptLoad("return 2");
        PAIR.atTarget().scriptLoad("return 2");

        LeftBehind found = look();

        assertThat(found.subscribers()).isEqualTo(1);
        assertThat(found.blocked()).isEqualTo(1);
        assertThat(found.scripts()).isEqualTo(1);
        assertThat(found.clients()).hasSize(2).anyMatch(client -> client.endsWith("(news-reader) by subscribe"));
        assertThat(found.text())
                .startsWith(
                        "No copy carries what is left at the source: 1 client subscribes at the source, 1 client waits"
                                + " there in a blocking command, 1 cached script is missing at the target");
    }

    @Test
    void aSourceWithoutSubscribersOrScriptsLeavesNothingBehind() {
        assertThat(look()).isEqualTo(new LeftBehind(0L, 0L, 0L, List.of()));
        assertThat(look().text()).isNull();
    }

    @Test
    void aUserWhoMayNotListClientsStillHearsOfTheirNumber() {
        subscribeAndWait();
        PAIR.atSource().aclSetUser("default", "-client|list");

        LeftBehind found = look();

        assertThat(found.subscribers()).isEqualTo(1);
        assertThat(found.blocked()).isEqualTo(1);
        assertThat(found.clients()).isEmpty();
    }

    @Test
    void aTargetIsAskedForScriptsOnlyIfTheSourceHasSome() {
        LeftBehind found = LeftBehindSearch.among(List.of(at(PAIR.source())), () -> {
            throw new AssertionError("asked");
        });

        assertThat(found.scripts()).isZero();
    }

    @Test
    void aTargetThatIsFrozenLeavesTheScriptsUnknownSoon() {
        PAIR.atSource().scriptLoad("return 1");
        PAIR.target().pause();
        try {
            LeftBehind found = assertTimeout(
                    Duration.ofSeconds(4),
                    () -> LeftBehindSearch.among(
                            List.of(at(PAIR.source())),
                            () -> List.of(at(PAIR.target()).within(LeftBehindSearch.MOST_WAIT))));

            assertThat(found.scripts()).isNull();
        } finally {
            PAIR.target().resume();
        }
    }

    @Test
    void countsThatNoServerReportsAreUnknown() {
        PAIR.atSource().aclSetUser("default", "-client|list", "-info", "-pubsub");

        LeftBehind found = look();

        assertThat(found).isEqualTo(new LeftBehind(null, null, null, List.of()));
        assertThat(found.text())
                .isEqualTo(
                        "Whether clients subscribe at the source, or clients wait there in blocking commands, or cached"
                                + " scripts are missing at the target is not known, as a server does not say.");
    }
}
