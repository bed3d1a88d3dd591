package io.camelrump;

import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import redis.clients.jedis.RedisClusterClient;
import redis.clients.jedis.exceptions.JedisException;

/** A service that goes on writing to a cluster, whichever of its nodes are there, until it is closed. */
public final class ClusterWriter implements AutoCloseable {
    private static final String[] TYPES = {"s", "l", "h", "z", "t"};

    private final RedisCluster cluster;
    private final int keys;
    private final Random random;
    private final Thread thread = new Thread(this::write, "cluster-writer");
    private final AtomicLong written = new AtomicLong();
    private volatile boolean ended;

    private ClusterWriter(RedisCluster cluster, int keys, long seed) {
        this.cluster = cluster;
        this.keys = keys;
        this.random = new Random(seed);
    }

    /** Writes to so many keys of each of five types. */
    public static ClusterWriter start(RedisCluster cluster, int keys, long seed) {
        ClusterWriter writer = new ClusterWriter(cluster, keys, seed);
        writer.thread.start();
        return writer;
    }

    public void awaitWrites(long more) {
        long before = written.get();
        await("writes go on").atMost(Duration.ofSeconds(60)).until(() -> written.get() >= before + more);
    }

    private void write() {
        while (!ended) {
            try (RedisClusterClient client = cluster.client()) {
                while (!ended) {
                    operate(client);
                    written.incrementAndGet();
                }
            } catch (JedisException e) {
                // a node that is gone is found again where its replica has taken over
                LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(5));
            }
        }
    }

    private String key(String type) {
        return type + ":" + random.nextInt(keys);
    }

    private void operate(RedisClusterClient to) {
        String value = Long.toHexString(random.nextLong());
        switch (random.nextInt(12)) {
            case 0, 1 -> to.set(key("s"), value);
            case 2 -> to.append("{same}" + random.nextInt(9), value);
            case 3 -> to.lpush(key("l"), value);
            case 4 -> to.rpop(key("l"));
            case 5 -> to.hset(key("h"), "f" + random.nextInt(20), value);
            case 6 -> to.zadd(key("z"), random.nextDouble(), "m" + random.nextInt(20));
            case 7 -> to.sadd(key("t"), "m" + random.nextInt(50));
            case 8, 9 -> to.del(key(TYPES[random.nextInt(TYPES.length)]));
            case 10 -> to.pexpire(key("s"), 600_000L + random.nextInt(600_000));
            default -> to.copy("{same}" + random.nextInt(9), "{same}" + random.nextInt(9), true);
        }
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
