package io.camelrump.bench;

import io.camelrump.fixtures.RedisServer;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import redis.clients.jedis.Jedis;

/** A client that has the server stand still for 20 of each 25 ms, as one that is slow for its own reasons does. */
final class Standstills implements Clients {
    private static final String SECONDS = "0.02";
    private static final long BETWEEN_NANOS = TimeUnit.MILLISECONDS.toNanos(5);

    private final Thread thread;
    private volatile boolean ended;

    Standstills(RedisServer server) {
        thread = new Thread(() -> run(server), "standstills");
        thread.start();
    }

    private void run(RedisServer server) {
        try (Jedis jedis = server.jedis()) {
            while (!ended) {
                jedis.sendCommand(() -> "DEBUG".getBytes(StandardCharsets.US_ASCII), "SLEEP", SECONDS);
                LockSupport.parkNanos(BETWEEN_NANOS);
            }
        }
    }

    @Override
    public double[] end() throws InterruptedException {
        ended = true;
        thread.join();
        return new double[0];
    }
}
