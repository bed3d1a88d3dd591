package io.camelrump.bench;

import io.camelrump.fixtures.SampleData;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.Pipeline;
import redis.clients.jedis.params.SetParams;

/** What is migrated. */
enum DataSet {
    EMPTY("nothing", 0) {
        @Override
        void fill(Jedis jedis) {
            // stays empty: what a run costs before its first key
        }
    },
    STRINGS("1 M strings of 100 B", 1_000_000) {
        @Override
        void fill(Jedis jedis) {
            strings(jedis, keys(), 100);
        }
    },
    MIXED("300 k of five types", 300_000) {
        @Override
        void fill(Jedis jedis) {
            SampleData.fillMixed(jedis, keys());
        }
    },
    LARGE("200 x 1 MB + 100 k small", 100_200) {
        @Override
        void fill(Jedis jedis) {
            strings(jedis, 100_000, 40);
            for (int i = 0; i < 200; i++) {
                jedis.set(key("large:", i), i % 2 == 0 ? random(new Random(i), 1 << 20) : json(i));
            }
        }
    },
    MEDIUM("4 k strings of 50 kB", 4_000) {
        @Override
        void fill(Jedis jedis) {
            strings(jedis, keys(), 50_000);
        }
    },
    PARTS("a hash of 20 MB", 1) {
        @Override
        void fill(Jedis jedis) {
            Random random = new Random(1);
            for (int i = 0; i < 200; i++) {
                Map<byte[], byte[]> fields = new HashMap<>();
                for (int n = 0; n < 1_000; n++) {
                    fields.put(key("field:", 1_000 * i + n), random(random, 80));
                }
                jedis.hset(key("large:", 0), fields);
            }
        }
    },
    SMALL("10 k strings of 100 B", 10_000) {
        @Override
        void fill(Jedis jedis) {
            strings(jedis, keys(), 100);
        }
    };

    private static final int PIPELINE = 2_000;

    private final String title;
    private final int keys;

    DataSet(String title, int keys) {
        this.title = title;
        this.keys = keys;
    }

    abstract void fill(Jedis jedis);

    String title() {
        return title;
    }

    int keys() {
        return keys;
    }

    /** Values that do not compress, a tenth of them with an expiry. */
    static void strings(Jedis jedis, int n, int bytes) {
        Random random = new Random(n);
        try (Pipeline pipeline = jedis.pipelined()) {
            for (int i = 0; i < n; i++) {
                SetParams params = i % 10 == 0 ? new SetParams().ex(3_600L + i % 3_600) : new SetParams();
                pipeline.set(key("string:", i), random(random, bytes), params);
                if (i % PIPELINE == PIPELINE - 1) {
                    pipeline.sync();
                }
            }
        }
    }

    private static byte[] key(String prefix, int i) {
        return (prefix + i).getBytes(StandardCharsets.US_ASCII);
    }

    private static byte[] random(Random random, int bytes) {
        byte[] value = new byte[bytes];
        random.nextBytes(value);
        return value;
    }

    private static byte[] json(int seed) {
        Random random = new Random(seed);
        StringBuilder text = new StringBuilder(1 << 20).append('[');
        while (text.length() < (1 << 20) - 64) {
            text.append("{\"id\":").append(random.nextInt()).append(",\"name\":\"customer\",\"open\":true},");
        }
        return text.append("{}]").toString().getBytes(StandardCharsets.US_ASCII);
    }
}
