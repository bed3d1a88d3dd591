package io.camelrump.throttle;

import io.camelrump.fixtures.RedisServer;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import redis.clients.jedis.Jedis;

/** Reads a key again and again. */
final class WorkingClient implements AutoCloseable {
    private static final long PAUSE = Duration.ofMillis(2).toNanos();

    private final AtomicInteger answers = new AtomicInteger();
    private final Thread thread;
    private volatile boolean ended;

    /** Some hundred times a second. */
    WorkingClient(RedisServer server) {
        this(server, PAUSE);
    }

    /** @param pauseNanos between two answers and the next commands */
    WorkingClient(RedisServer server, long pauseNanos) {
        thread = new Thread(() -> {
            try (Jedis jedis = server.jedis()) {
                while (!ended) {
                    jedis.get("none");
                    answers.incrementAndGet();
                    LockSupport.parkNanos(pauseNanos);
                }
            }
        });
        thread.start();
    }

    int answers() {
        return answers.get();
    }

    @Override
    public void close() {
        ended = true;
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
