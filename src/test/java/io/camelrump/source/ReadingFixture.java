package io.camelrump.source;

import static org.awaitility.Awaitility.await;

import io.camelrump.fixtures.RedisServer;
import io.camelrump.fixtures.RedisServers;
import io.camelrump.fixtures.SampleData;
import io.camelrump.redis.ServerClock;
import java.lang.reflect.Field;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.extension.RegisterExtension;
import redis.clients.jedis.Jedis;

/** Servers to be read from, and what readings of them wait for. */
abstract class ReadingFixture {
    @RegisterExtension
    final RedisServers servers = new RedisServers();

    static String at(RedisServer server) {
        return "?host=127.0.0.1&port=" + server.port();
    }

    /** Long enough for something to happen that must not. */
    static void pause(long millis) {
        await().pollDelay(Duration.ofMillis(millis)).until(() -> true);
    }

    static Object field(Object of, String name) throws Exception {
        Field field = of.getClass().getDeclaredField(name);
        field.setAccessible(true);
        return field.get(of);
    }

    static void strings(RedisServer server, int keys) {
        try (Jedis jedis = server.jedis()) {
            SampleData.fillStrings(jedis, keys, 50);
        }
    }

    /** As if the clock had been measured more than a minute ago. */
    static void makeStale(Object consumer) throws Exception {
        Object connection = field(field(field(consumer, "session"), "reader"), "connection");
        Field clock = SourceConnection.class.getDeclaredField("clock");
        clock.setAccessible(true);
        ServerClock known = (ServerClock) clock.get(connection);
        clock.set(
                connection,
                new ServerClock(known.offsetMicros(), System.nanoTime() - TimeUnit.MINUTES.toNanos(2), true));
    }
}
