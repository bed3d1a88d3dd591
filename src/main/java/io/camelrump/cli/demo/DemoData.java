package io.camelrump.cli.demo;

import java.util.Map;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.Pipeline;
import redis.clients.jedis.StreamEntryID;
import redis.clients.jedis.params.XAddParams;

/** Keys of every type, a quarter of them with an expiry. */
public final class DemoData {
    private static final int PIPELINE_KEYS = 5_000;
    private static final int KINDS = 9;
    private static final long DAY_SECONDS = 86_400;

    private DemoData() {}

    public static void fill(int port, int keys) {
        try (Jedis jedis = new Jedis("127.0.0.1", port)) {
            fill(jedis, keys);
        }
    }

    public static void fill(Jedis jedis, int keys) {
        for (int first = 0; first < keys; first += PIPELINE_KEYS) {
            try (Pipeline pipeline = jedis.pipelined()) {
                for (int i = first; i < Math.min(keys, first + PIPELINE_KEYS); i++) {
                    write(pipeline, i);
                }
            }
        }
    }

    private static void write(Pipeline pipeline, int i) {
        String key;
        switch (i % KINDS) {
            case 0 -> pipeline.set(key = "text:" + i, "value of key " + i);
            case 1 -> pipeline.set(key = "number:" + i, String.valueOf(i));
            case 2 -> pipeline.hset(key = "user:" + i, Map.of("name", "user " + i, "visits", String.valueOf(i % 97)));
            case 3 -> pipeline.rpush(key = "list:" + i, "one", "two", String.valueOf(i));
            case 4 -> pipeline.sadd(key = "tags:" + i, "red", "green", "tag" + i % 31);
            case 5 -> pipeline.sadd(key = "ids:" + i, "1", "22", String.valueOf(i));
            case 6 -> pipeline.zadd(key = "board:" + i, Map.of("ann", 1.5, "bob", i / 7.0, "cid", -3.25));
            case 7 -> pipeline.pfadd(key = "visitors:" + i, "a" + i, "b" + i, "c" + i);
            default -> stream(pipeline, key = "events:" + i, i);
        }
        if (i % 4 == 0) {
            pipeline.expire(key, DAY_SECONDS + i);
        }
    }

    private static void stream(Pipeline pipeline, String key, int i) {
        pipeline.xadd(key, Map.of("event", "login", "user", String.valueOf(i)), XAddParams.xAddParams());
        if (i % 2 == 0) {
            pipeline.xgroupCreate(key, "workers", new StreamEntryID(0, 0), false);
        }
    }
}
