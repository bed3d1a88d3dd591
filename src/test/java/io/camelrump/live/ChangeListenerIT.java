package io.camelrump.live;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.camelrump.fixtures.RedisServer;
import io.camelrump.fixtures.RedisServers;
import io.camelrump.redis.ServerAddress;
import io.camelrump.run.ChangeLog;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import redis.clients.jedis.Jedis;

/** Changes that come while a listener pauses are marked together, and a barrier ends the pause. */
class ChangeListenerIT {
    private static final Duration TIMEOUT = Duration.ofSeconds(10);
    private static final long LONG_MILLIS = Duration.ofMinutes(5).toMillis();
    private static final int KEYS = 50;

    @RegisterExtension
    final RedisServers servers = new RedisServers();

    @Test
    void changesAreGatheredUntilABarrierOrASweep() throws IOException {
        RedisServer source = servers.start();
        AtomicInteger woken = new AtomicInteger();
        ChangeLog changes = new ChangeLog(woken::incrementAndGet);

        try (Jedis jedis = source.jedis();
                ChangeListener listener =
                        new ChangeListener(address(source), changes, new GatheringPause(LONG_MILLIS, LONG_MILLIS))) {
            assertThat(listener.open()).isTrue();
            listener.begin();
            new Thread(listener::follow, "listener").start();

            jedis.set("first", "is read at once");
            await().until(() -> changes.status().waiting() == 1);
            assertThat(changes.take(KEYS).size()).isOne();
            for (int i = 0; i < KEYS; i++) {
                jedis.set("key:" + i, "value");
            }
            assertThat(changes.status().waiting()).isZero();

            long barrier = listener.barrier();
            await().atMost(TIMEOUT).until(() -> listener.isPast(barrier));

            assertThat(changes.status().waiting()).isEqualTo(KEYS);
            assertThat(woken).hasValue(2);

            jedis.set("one more", "after the barrier");
            await().until(() -> changes.status().waiting() == KEYS + 1);
            jedis.set("another", "in the pause");
            assertThat(changes.status().waiting()).isEqualTo(KEYS + 1);
            listener.gather(false);
            await().atMost(TIMEOUT).until(() -> changes.status().waiting() == KEYS + 2);
        }
    }

    private static ServerAddress address(RedisServer server) {
        return new ServerAddress(RedisServer.HOST, server.port(), null, null, 0, TIMEOUT, TIMEOUT);
    }
}
