package io.camelrump.bench;

import io.camelrump.fixtures.SampleData;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.function.Consumer;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.Pipeline;
import redis.clients.jedis.params.SetParams;
import redis.clients.jedis.params.XAddParams;

/**
 * What a source holds; the same at each call.
 *
 * @param keys how many of them
 */
record DataSet(String title, int keys, Consumer<Jedis> content) {
    static final DataSet NOTHING = new DataSet("nothing", 0, jedis -> {});

    private static final int PIPELINE_BYTES = 1 << 20;
    private static final int MEGABYTE = 1 << 20;
    private static final byte[] BIG = bytes("big");

    /** Values that do not compress, a tenth of them with an expiry. */
    static DataSet strings(int keys, int bytes) {
        return new DataSet(
                counted(keys, "strings of " + (bytes < 1_000 ? bytes + " B" : bytes / 1_000 + " kB")),
                keys,
                jedis -> fill(jedis, keys, bytes));
    }

    static DataSet oneKey() {
        return new DataSet("one string", 1, jedis -> fill(jedis, 1, 100));
    }

    static DataSet mixed(int keys) {
        return new DataSet(counted(keys, "keys of five types"), keys, jedis -> SampleData.fillMixed(jedis, keys));
    }

    /** What {@link SteadyWriter} writes to. */
    static DataSet written() {
        return new DataSet(counted(SteadyWriter.KEYS, "strings of 100 B"), SteadyWriter.KEYS, SteadyWriter::fill);
    }

    /** Values of a megabyte, half of them such as compress, and small ones. */
    static DataSet large() {
        int small = 100_000;
        int large = 200;
        return new DataSet("200 values of 1 MB and 100,000 small keys", small + large, jedis -> {
            fill(jedis, small, 40);
            for (int i = 0; i < large; i++) {
                jedis.set(bytes("large:" + i), i % 2 == 0 ? random(new Random(i), MEGABYTE) : json(i));
            }
        });
    }

    static DataSet hash() {
        return big("hash", (pipeline, i, value) -> pipeline.hset(BIG, bytes("field:" + i), value));
    }

    static DataSet list() {
        return big("list", (pipeline, i, value) -> pipeline.rpush(BIG, value));
    }

    static DataSet set() {
        return big("set", (pipeline, i, value) -> pipeline.sadd(BIG, value));
    }

    static DataSet sortedSet() {
        return big("sorted set", (pipeline, i, value) -> pipeline.zadd(BIG, i, value));
    }

    static DataSet stream() {
        return big(
                "stream",
                (pipeline, i, value) -> pipeline.xadd(BIG, Map.of(bytes("field"), value), new XAddParams().id(i + 1)));
    }

    static DataSet string() {
        return new DataSet("a string of 20 MB", 1, jedis -> jedis.set(BIG, random(new Random(1), 20 * MEGABYTE)));
    }

    private interface Element {
        void add(Pipeline pipeline, int number, byte[] value);
    }

    /** One key of many elements. */
    private static DataSet big(String type, Element element) {
        return new DataSet("a " + type + " of 20 MB", 1, jedis -> {
            Random random = new Random(1);
            try (Pipeline pipeline = jedis.pipelined()) {
                for (int i = 0; i < 200_000; i++) {
                    element.add(pipeline, i, random(random, 80));
                    if (i % 1_000 == 0) {
                        pipeline.sync();
                    }
                }
            }
        });
    }

    void fill(Jedis jedis) {
        content.accept(jedis);
    }

    private static String counted(int keys, String what) {
        return String.format(Locale.ROOT, "%,d %s", keys, what);
    }

    private static void fill(Jedis jedis, int keys, int bytes) {
        Random random = new Random(keys);
        int atOnce = Math.max(1, PIPELINE_BYTES / bytes);
        try (Pipeline pipeline = jedis.pipelined()) {
            for (int i = 0; i < keys; i++) {
                SetParams params = i % 10 == 0 ? new SetParams().ex(3_600L + i % 3_600) : new SetParams();
                pipeline.set(bytes("string:" + i), random(random, bytes), params);
                if (i % atOnce == atOnce - 1) {
                    pipeline.sync();
                }
            }
        }
    }

    private static byte[] bytes(String name) {
        return name.getBytes(StandardCharsets.US_ASCII);
    }

    private static byte[] random(Random random, int bytes) {
        byte[] value = new byte[bytes];
        random.nextBytes(value);
        return value;
    }

    private static byte[] json(int seed) {
        Random random = new Random(seed);
        StringBuilder text = new StringBuilder(MEGABYTE).append('[');
        while (text.length() < MEGABYTE - 64) {
            text.append("{\"id\":").append(random.nextInt()).append(",\"name\":\"customer\",\"open\":true},");
        }
        return bytes(text.append("{}]").toString());
    }
}
