package io.camelrump.throttle;

import io.camelrump.fixtures.RedisServer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import redis.clients.jedis.Jedis;

/** Reads a key again and again. */
final class WorkingClient implements AutoCloseable {
    private static final long PAUSE = Duration.ofMillis(2).toNanos();

    private final List<Long> waits = Collections.synchronizedList(new ArrayList<>());
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
                    long begin = System.nanoTime();
                    jedis.get("none");
                    waits.add(System.nanoTime() - begin);
                    LockSupport.parkNanos(pauseNanos);
                }
            }
        });
        thread.start();
    }

    int answers() {
        return waits.size();
    }

    /** The wait that is met by a moment chosen at random among those when it waited. */
    Duration usualWait() {
        long[] sorted =
                List.copyOf(waits).stream().mapToLong(Long::longValue).sorted().toArray();
        long half = Arrays.stream(sorted).sum() / 2;
        int i = 0;
        for (long sum = sorted[0]; sum < half; sum += sorted[i]) {
            i++;
        }
        return Duration.ofNanos(sorted[i]);
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
