package io.camelrump;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.camelrump.fixtures.FaultyProxy;
import io.camelrump.fixtures.RedisServer;
import io.camelrump.fixtures.RedisServers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.Pipeline;
import redis.clients.jedis.Response;
import redis.clients.jedis.exceptions.JedisConnectionException;

@Tag("alone")
class FaultyProxyIT {

    @RegisterExtension
    private static final RedisServers SERVERS = new RedisServers();

    private FaultyProxy proxy;

    @BeforeEach
    void putTheProxyInFront() {
        proxy = new FaultyProxy(SERVERS.start());
    }

    @AfterEach
    void takeItAway() {
        String prefix = "faulty-proxy-" + proxy.port();
        proxy.close();
        assertThat(Thread.getAllStackTraces().keySet())
                .noneMatch(thread -> thread.getName().startsWith(prefix));
    }

    @Test
    void delayIsPaidOncePerRoundTripAndNotPerCommand() {
        proxy.delay(50);
        try (Jedis jedis = connect()) {
            long begin = System.nanoTime();
            List<Response<String>> replies = new ArrayList<>();
            try (Pipeline pipeline = jedis.pipelined()) {
                for (int i = 0; i < 1000; i++) {
                    replies.add(pipeline.set("k" + i, "v".repeat(1000)));
                }
            }

            assertThat(replies).allMatch(reply -> reply.get().equals("OK"));
            assertThat(Duration.ofNanos(System.nanoTime() - begin))
                    .isBetween(Duration.ofMillis(100), Duration.ofMillis(1500));
        }
    }

    @Test
    void cutEndsOpenConnectionsAndLetsNewOnesIn() {
        Jedis broken = connect();
        broken.ping();

        proxy.cut();

        assertThatThrownBy(broken::ping).isInstanceOf(JedisConnectionException.class);
        try (Jedis jedis = connect()) {
            assertThat(jedis.ping()).isEqualTo("PONG");
        }
    }

    @Test
    void cutAfterLetsExactlyThatManyBytesThrough() {
        try (Jedis jedis = connect()) {
            jedis.ping();
            long before = proxy.passed(FaultyProxy.Direction.TO_CLIENT);
            proxy.cutAfter(FaultyProxy.Direction.TO_CLIENT, 3);

            assertThatThrownBy(jedis::ping).isInstanceOf(JedisConnectionException.class);
            assertThat(proxy.passed(FaultyProxy.Direction.TO_CLIENT) - before).isEqualTo(3);
        }
    }

    @Test
    void stalledConnectionAnswersOnceHealed() {
        try (Jedis jedis = new Jedis(RedisServer.HOST, proxy.port(), 300)) {
            jedis.ping();
            proxy.stall();
            assertThatThrownBy(jedis::ping).hasMessageContaining("timed out");
        }

        proxy.heal();
        try (Jedis jedis = connect()) {
            assertThat(jedis.ping()).isEqualTo("PONG");
        }
    }

    @Test
    void refusesNewConnectionsWhileOpenOnesContinue() {
        try (Jedis open = connect()) {
            open.ping();

            proxy.refuse();

            assertThatThrownBy(() -> connect().ping()).isInstanceOf(JedisConnectionException.class);
            assertThat(open.ping()).isEqualTo("PONG");
        }
    }

    private Jedis connect() {
        return new Jedis(RedisServer.HOST, proxy.port(), 5_000);
    }
}
