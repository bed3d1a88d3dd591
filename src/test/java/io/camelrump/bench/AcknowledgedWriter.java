package io.camelrump.bench;

import io.camelrump.fixtures.RedisServer;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.Pipeline;
import redis.clients.jedis.Response;
import redis.clients.jedis.exceptions.JedisException;

/**
 * A client that sets keys at random at a steady rate, and knows of each key the last value that the server has
 * acknowledged.
 */
final class AcknowledgedWriter implements AutoCloseable {
    private static final int AT_ONCE = 20;
    private static final int MOST_BEHIND_MILLIS = 100;

    /** By the number of the key: the last acknowledged value; 0 for none. */
    private final int[] acknowledged;

    private final Jedis jedis;
    private final int rate;
    private final Thread thread = new Thread(this::write, "acknowledged-writer");
    private volatile boolean ended;
    private volatile long written;

    /** @param keys that it chooses from, named string:0, string:1 and so on */
    AcknowledgedWriter(RedisServer server, int keys, int rate) {
        // it waits as long as a pause of the writes may last
        jedis = new Jedis(RedisServer.HOST, server.port(), (int) TimeUnit.MINUTES.toMillis(5));
        acknowledged = new int[keys];
        this.rate = rate;
        thread.start();
    }

    private void write() {
        long between = TimeUnit.SECONDS.toNanos(AT_ONCE) / rate;
        Random random = new Random(rate);
        long due = System.nanoTime();
        int value = 0;
        try {
            while (!ended) {
                int[] keys = random.ints(AT_ONCE, 0, acknowledged.length).toArray();
                List<Response<String>> replies = new ArrayList<>(AT_ONCE);
                try (Pipeline pipeline = jedis.pipelined()) {
                    for (int key : keys) {
                        replies.add(pipeline.set("string:" + key, value(++value)));
                    }
                }
                for (int i = 0; i < AT_ONCE; i++) {
                    if ("OK".equals(replies.get(i).get())) {
                        acknowledged[keys[i]] = value - AT_ONCE + i + 1;
                    }
                }
                written += AT_ONCE;
                due = Math.max(due + between, System.nanoTime() - TimeUnit.MILLISECONDS.toNanos(MOST_BEHIND_MILLIS));
                LockSupport.parkNanos(due - System.nanoTime());
            }
        } catch (JedisException e) {
            // its connection was closed while it waited
        }
    }

    private static String value(int n) {
        return String.format(Locale.ROOT, "%0100d", n);
    }

    /** Writes that were acknowledged. */
    long written() {
        return written;
    }

    /** Ends it, also where it waits for an answer: what was not acknowledged by then never happened. */
    @Override
    public void close() throws InterruptedException {
        ended = true;
        jedis.disconnect();
        thread.join();
    }

    /** How many keys a server has otherwise than they were acknowledged; it must have ended. */
    long missingAt(RedisServer server) {
        long missing = 0;
        try (Jedis there = server.jedis()) {
            for (int from = 0; from < acknowledged.length; from += 1_000) {
                List<Integer> keys = new ArrayList<>();
                for (int key = from; key < Math.min(acknowledged.length, from + 1_000); key++) {
                    if (acknowledged[key] != 0) {
                        keys.add(key);
                    }
                }
                if (keys.isEmpty()) {
                    continue;
                }
                List<String> values =
                        there.mget(keys.stream().map(key -> "string:" + key).toArray(String[]::new));
                for (int i = 0; i < values.size(); i++) {
                    missing += value(acknowledged[keys.get(i)]).equals(values.get(i)) ? 0 : 1;
                }
            }
        }
        return missing;
    }
}
