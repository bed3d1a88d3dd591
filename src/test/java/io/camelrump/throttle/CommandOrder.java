package io.camelrump.throttle;

import io.camelrump.fixtures.RedisServer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.awaitility.Awaitility;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.JedisMonitor;
import redis.clients.jedis.exceptions.JedisConnectionException;

/** Commands in the order in which a server runs them, by MONITOR. */
final class CommandOrder implements AutoCloseable {
    private final List<String> lines = Collections.synchronizedList(new ArrayList<>());
    private final Jedis jedis;
    private final Thread thread;

    CommandOrder(RedisServer server) {
        jedis = server.jedis();
        thread = new Thread(() -> {
            try {
                jedis.monitor(new JedisMonitor() {
                    @Override
                    public void onCommand(String line) {
                        lines.add(line);
                    }
                });
            } catch (JedisConnectionException e) {
                // it was closed
            }
        });
        thread.start();
        Awaitility.await().atMost(Duration.ofSeconds(10)).until(() -> !lines.isEmpty());
    }

    /**
     * How many calls of one command usually stand between two of another one, among the later half of them: at first it
     * is not known whether there are other clients.
     */
    int usualRow(String command, String other) {
        List<String> all = List.copyOf(lines);
        long calls = all.stream().filter(line -> isOf(line, command)).count();
        List<Integer> rows = new ArrayList<>();
        long seen = 0;
        int row = 0;
        for (String line : all) {
            if (isOf(line, command)) {
                seen++;
                row++;
            } else if (isOf(line, other)) {
                if (row > 0 && seen > calls / 2) {
                    rows.add(row);
                }
                row = 0;
            }
        }
        Collections.sort(rows);
        return rows.get(rows.size() / 2);
    }

    private static boolean isOf(String line, String command) {
        return line.contains("] \"" + command + "\"");
    }

    @Override
    public void close() {
        jedis.disconnect();
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
