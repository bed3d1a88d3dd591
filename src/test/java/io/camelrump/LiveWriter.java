package io.camelrump;

import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.Pipeline;
import redis.clients.jedis.Protocol;
import redis.clients.jedis.StreamEntryID;
import redis.clients.jedis.exceptions.JedisException;
import redis.clients.jedis.params.SetParams;
import redis.clients.jedis.params.XAddParams;
import redis.clients.jedis.params.XReadGroupParams;

/**
 * A service that goes on writing to a server, with operations of every kind, from a seed: what it does is the same each
 * time, when it does so is not.
 */
public final class LiveWriter implements AutoCloseable {
    private static final String[] TYPES = {"s", "n", "l", "h", "z", "t", "x"};
    private static final int OPERATIONS_AT_ONCE = 50;
    private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(5);
    private static final String SCRIPT = "redis.call('SET', KEYS[1], ARGV[1]) return redis.call('DEL', KEYS[2])";

    private final Supplier<RedisServer> server;
    private final int keys;
    private final Random random;
    private final Thread thread = new Thread(this::write, "live-writer");
    private final AtomicLong written = new AtomicLong();
    private volatile boolean ended;
    private volatile RuntimeException failure;

    private LiveWriter(Supplier<RedisServer> server, int keys, long seed) {
        this.server = server;
        this.keys = keys;
        this.random = new Random(seed);
    }

    /** Writes to so many keys of each of seven types until it is closed. */
    public static LiveWriter start(RedisServer server, int keys, long seed) {
        return start(() -> server, keys, seed);
    }

    /** The same to a server that is asked for at each connection. */
    public static LiveWriter start(Supplier<RedisServer> server, int keys, long seed) {
        LiveWriter writer = new LiveWriter(server, keys, seed);
        writer.thread.start();
        return writer;
    }

    /** Operations that the server has answered. */
    public long written() {
        return written.get();
    }

    private void write() {
        while (!ended) {
            try (Jedis jedis = server.get().jedis()) {
                while (!ended) {
                    try (Pipeline pipeline = jedis.pipelined()) {
                        for (int i = 0; i < OPERATIONS_AT_ONCE; i++) {
                            operate(pipeline);
                        }
                    }
                    written.addAndGet(OPERATIONS_AT_ONCE);
                    readStreams(jedis);
                    flushAnotherDatabase(jedis);
                }
            } catch (JedisException e) {
                // a server that is gone for a while is written to again
                LockSupport.parkNanos(PAUSE_NANOS);
            } catch (RuntimeException e) {
                failure = e;
                return;
            }
        }
    }

    private String key(String type) {
        return type + ":" + random.nextInt(keys);
    }

    private String anyKey() {
        return key(TYPES[random.nextInt(TYPES.length)]);
    }

    private void operate(Pipeline to) {
        String value = Long.toHexString(random.nextLong());
        switch (random.nextInt(26)) {
            case 0, 1 -> to.set(key("s"), value);
            case 2 -> to.append(key("s"), value);
            case 3 -> to.incr(key("n"));
            case 4 -> to.lpush(key("l"), value);
            case 5 -> to.rpop(key("l"));
            case 6, 7 -> to.hset(key("h"), "f" + random.nextInt(20), value);
            case 8 -> to.hdel(key("h"), "f" + random.nextInt(20));
            case 9, 10 -> to.zadd(key("z"), random.nextDouble(), "m" + random.nextInt(20));
            case 11 -> to.zrem(key("z"), "m" + random.nextInt(20));
            case 12, 13 -> to.sadd(key("t"), "m" + random.nextInt(50));
            case 14 -> to.srem(key("t"), "m" + random.nextInt(50));
            case 15 ->
                to.xadd(key("x"), Map.of("f", value), XAddParams.xAddParams().maxLen(20));
            case 16, 17 -> to.del(anyKey());
            case 18 -> to.pexpire(anyKey(), 3L + random.nextInt(1_000));
            case 19 -> to.pexpire(anyKey(), 60_000L + random.nextInt(600_000));
            case 20 -> to.persist(anyKey());
            case 21 -> to.rename(key("s"), key("s"));
            case 22 -> to.copy(key("h"), key("h"), true);
            case 23 -> to.set(key("s"), value, SetParams.setParams().px(3L + random.nextInt(200)));
            case 24 -> to.eval(SCRIPT, List.of(key("s"), key("n")), List.of(value));
            default -> {
                to.sendCommand(Protocol.Command.MULTI, new byte[0][]);
                to.set(key("s"), value);
                to.del(key("l"));
                to.sendCommand(Protocol.Command.EXEC, new byte[0][]);
            }
        }
    }

    /** What no server tells of: groups, and what they read and acknowledge. */
    private void readStreams(Jedis jedis) {
        String stream = key("x");
        if (!"stream".equals(jedis.type(stream))) {
            return;
        }
        try {
            jedis.xgroupCreate(stream, "g", new StreamEntryID(), false);
        } catch (JedisException e) {
            // it is there already
        }
        try {
            var read = jedis.xreadGroup(
                    "g",
                    "c" + random.nextInt(3),
                    XReadGroupParams.xReadGroupParams().count(5),
                    Map.of(stream, StreamEntryID.XREADGROUP_UNDELIVERED_ENTRY));
            if (read != null && random.nextBoolean()) {
                jedis.xack(stream, "g", read.get(0).getValue().get(0).getID());
            }
        } catch (JedisException e) {
            // it has expired meanwhile
        }
    }

    private void flushAnotherDatabase(Jedis jedis) {
        if (random.nextInt(200) == 0) {
            jedis.select(5);
            jedis.set("s:1", "of another database");
            jedis.flushDB();
            jedis.select(0);
        }
    }

    /** Waits until no key is left that would expire while both sides are compared. */
    private void awaitShortLived() {
        try (Jedis jedis = server.get().jedis()) {
            await("keys that live for less than 2 s")
                    .atMost(Duration.ofSeconds(20))
                    .until(() -> jedis.keys("*:*").stream()
                            .filter(key -> !key.startsWith("mixed:"))
                            .mapToLong(jedis::pttl)
                            .noneMatch(millis -> millis >= 0 && millis < 2_000));
        }
    }

    /** Stops writing; what was sent is answered by then, and what was to live for a moment is gone. */
    @Override
    public void close() {
        ended = true;
        try {
            thread.join(30_000);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        if (failure != null) {
            throw new AssertionError("the writer failed", failure);
        }
        awaitShortLived();
    }
}
