package io.camelrump;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.Pipeline;
import redis.clients.jedis.params.SetParams;

/** Data for a server: one key of every type and encoding it can hold, or many keys fast. */
public final class SampleData {

    private static final long SEED = 42;
    private static final int PIPELINE = 2000;

    private final Jedis jedis;
    private final RedisServers.Version version;
    private final List<byte[]> made = new ArrayList<>();

    private SampleData(Jedis jedis, RedisServers.Version version) {
        this.jedis = jedis;
        this.version = version;
    }

    /** Makes every kind of key that this version knows and gives their names. */
    public static List<byte[]> fill(Jedis jedis, RedisServers.Version version) {
        SampleData data = new SampleData(jedis, version);
        data.strings();
        data.oddNames();
        data.lists();
        data.setsAndHashes();
        data.sortedSets();
        data.expiring();
        if (version.isLike(5, 0)) {
            data.streams();
            data.streamGroups();
        }
        if (version.hasFieldExpiry()) {
            data.fieldExpiry();
        }
        return data.made;
    }

    /** Sets string:0 to string:n-1 to random bytes, the same each time. */
    public static void fillStrings(Jedis jedis, int n, int valueBytes) {
        Random random = new Random(SEED);
        byte[] value = new byte[valueBytes];
        try (Pipeline pipeline = jedis.pipelined()) {
            for (int i = 0; i < n; i++) {
                random.nextBytes(value);
                pipeline.set(bytes("string:" + i), value.clone());
                flushAt(pipeline, i);
            }
        }
    }

    /** Bytes that no server compresses: a value of them takes as much in a payload. */
    public static byte[] noise(int bytes) {
        byte[] noise = new byte[bytes];
        new Random(SEED).nextBytes(noise);
        return noise;
    }

    /** Keys k0, k1 and so on, with such values. */
    public static void fillNoise(Jedis jedis, int n, int valueBytes) {
        byte[] noise = noise(valueBytes);
        for (int i = 0; i < n; i++) {
            jedis.set(("k" + i).getBytes(StandardCharsets.US_ASCII), noise);
        }
    }

    /** Makes mixed:0 to mixed:n-1, small keys of all five old types, a tenth of them expiring in 1 to 2 hours. */
    public static void fillMixed(Jedis jedis, int n) {
        Random random = new Random(SEED);
        try (Pipeline pipeline = jedis.pipelined()) {
            for (int i = 0; i < n; i++) {
                String key = "mixed:" + i;
                String text = Long.toHexString(random.nextLong());
                switch (i % 5) {
                    case 0 -> pipeline.set(key, text);
                    case 1 -> pipeline.rpush(key, text, "second", "3");
                    case 2 -> pipeline.sadd(key, text, "other", "7");
                    case 3 -> pipeline.zadd(key, random.nextDouble(), text);
                    default -> pipeline.hset(key, text, "value");
                }
                if (i % 10 == 0) {
                    pipeline.expire(key, 3600L + random.nextInt(3600));
                }
                flushAt(pipeline, i);
            }
        }
    }

    private static void flushAt(Pipeline pipeline, int i) {
        if (i % PIPELINE == PIPELINE - 1) {
            pipeline.sync();
        }
    }

    private void strings() {
        jedis.set(key("string:int"), bytes("1234567890123"));
        jedis.set(key("string:embstr"), bytes("short"));
        jedis.set(key("string:raw"), random(300));
        jedis.set(key("string:compressible"), bytes("abc".repeat(20_000)));
        jedis.set(key("string:empty"), new byte[0]);
        jedis.set(key("string:binary"), new byte[] {0, -1, '\r', '\n', 0, 127, -128});
        jedis.set(key("string:100kb"), random(100_000));
        jedis.setbit(key("bitmap"), 70_001, true);
        jedis.pfadd(key("hyperloglog:sparse"), bytes("a"), bytes("b"));
        jedis.pfadd(key("hyperloglog:dense"), numbers("visitor", 20_000));
    }

    private void oddNames() {
        for (byte[] name : List.of(
                new byte[0],
                new byte[] {0},
                new byte[] {-1, 0, -2},
                bytes("line\r\nbreak"),
                bytes("a}b"),
                bytes("{x}"),
                bytes("x{}y"),
                bytes("with space *?[a-z]\\"),
                bytes("gr\u00fc\u00dfe \u4f60\u597d"))) {
            jedis.set(key(name), bytes("named oddly"));
        }
    }

    private void lists() {
        jedis.rpush(key("list:small"), bytes("a"), bytes("-5"), new byte[0], bytes("4294967296"));
        jedis.rpush(key("list:long"), numbers("item", 5_000));
        byte[] nodes = key("list:nodes");
        for (int i = 0; i < 20; i++) {
            jedis.rpush(nodes, random(5_000));
        }
        jedis.rpush(key("list:plain-node"), bytes("before"), random(70_000), bytes("after"));
    }

    private void setsAndHashes() {
        jedis.sadd(key("set:intset"), bytes("1"), bytes("-70000"), bytes("9000000000"));
        jedis.sadd(key("set:small"), bytes("a"), bytes("b"), new byte[] {0, -1});
        jedis.sadd(key("set:hashtable"), numbers("member", 3_000));
        byte[] small = key("hash:small");
        jedis.hset(small, bytes("field"), bytes("value"));
        jedis.hset(small, new byte[0], new byte[] {0, '\r', '\n'});
        byte[] large = key("hash:hashtable");
        IntStream.range(0, 2_000).forEach(i -> jedis.hset(large, bytes("field:" + i), bytes("value:" + i * 7)));
        jedis.hset(key("hash:long-value"), bytes("field"), random(1_000));
    }

    private void sortedSets() {
        for (String size : List.of("small", "skiplist")) {
            byte[] key = key("zset:" + size);
            jedis.zadd(key, Double.POSITIVE_INFINITY, bytes("top"));
            jedis.zadd(key, Double.NEGATIVE_INFINITY, bytes("bottom"));
            jedis.zadd(key, 0.1 + 0.2, bytes("odd"));
            jedis.zadd(key, -1e-300, bytes("tiny"));
            jedis.zadd(key, 9_007_199_254_740_993d, bytes("past-2^53"));
            jedis.zadd(key, -0.0, new byte[] {0, -1});
        }
        byte[] large = bytes("zset:skiplist");
        IntStream.range(0, 1_000).forEach(i -> jedis.zadd(large, i / 3d, bytes("member:" + i)));
        if (version.isLike(3, 2)) {
            byte[] geo = key("geo");
            jedis.geoadd(geo, 13.361389, 38.115556, bytes("Palermo"));
            jedis.geoadd(geo, 15.087269, 37.502669, bytes("Catania"));
        }
    }

    private void expiring() {
        jedis.set(key("expiring:far"), bytes("v"), SetParams.setParams().ex(86_400L * 365 * 50));
        jedis.set(key("expiring:10s"), bytes("v"), SetParams.setParams().px(10_000));
        jedis.rpush(key("expiring:list"), bytes("v"));
        jedis.pexpire(bytes("expiring:list"), 3_600_123);
    }

    private void streams() {
        byte[] stream = key("stream:entries");
        for (int i = 1; i <= 500; i++) {
            send(
                    "XADD",
                    stream,
                    bytes(i + "-" + i % 3),
                    bytes("field"),
                    bytes("value " + i),
                    bytes("n" + i),
                    bytes("x"));
        }
        send("XDEL", stream, bytes("7-1"));
        send("XDEL", stream, bytes("500-2"));
        byte[] emptied = key("stream:emptied");
        send("XADD", emptied, bytes("5-1"), bytes("a"), bytes("b"));
        send("XDEL", emptied, bytes("5-1"));
        send("XGROUP", bytes("CREATE"), key("stream:never-filled"), bytes("waiting"), bytes("$"), bytes("MKSTREAM"));
    }

    private void streamGroups() {
        byte[] stream = key("stream:groups");
        for (int i = 1; i <= 20; i++) {
            send("XADD", stream, bytes(i + "-0"), bytes("f"), bytes("v" + i));
        }
        send("XGROUP", bytes("CREATE"), stream, bytes("workers"), bytes("0"));
        send("XGROUP", bytes("CREATE"), stream, bytes("ahead"), bytes("15-0"));
        read(stream, "workers", "ann", 6);
        read(stream, "workers", "bob", 5);
        send("XACK", stream, bytes("workers"), bytes("2-0"), bytes("8-0"));
        // pending, though its entry is gone
        send("XDEL", stream, bytes("3-0"));
        send("XCLAIM", stream, bytes("workers"), bytes("bob"), bytes("0"), bytes("4-0"));
        if (version.isLike(6, 2)) {
            send("XGROUP", bytes("CREATECONSUMER"), stream, bytes("ahead"), bytes("idle"));
        }
        // pending, though its entry is gone, and no largest deleted id tells of that
        for (int left : new int[] {8, 0}) {
            byte[] trimmed = key("stream:trimmed-to-" + left);
            for (int i = 1; i <= 20; i++) {
                send("XADD", trimmed, bytes(i + "-0"), bytes("f"), bytes("v" + i));
            }
            send("XGROUP", bytes("CREATE"), trimmed, bytes("workers"), bytes("0"));
            read(trimmed, "workers", "ann", 15);
            send("XTRIM", trimmed, bytes("MAXLEN"), bytes("" + left));
        }
    }

    private void read(byte[] stream, String group, String consumer, int count) {
        byte[] n = bytes(String.valueOf(count));
        send(
                "XREADGROUP",
                bytes("GROUP"),
                bytes(group),
                bytes(consumer),
                bytes("COUNT"),
                n,
                bytes("STREAMS"),
                stream,
                bytes(">"));
    }

    private void fieldExpiry() {
        for (int fields : new int[] {3, 1_000}) {
            byte[] hash = key("hash:expiring-fields:" + fields);
            IntStream.range(0, fields).forEach(i -> jedis.hset(hash, bytes("field:" + i), bytes("value")));
            send("HPEXPIRE", hash, bytes("7200000"), bytes("FIELDS"), bytes("1"), bytes("field:0"));
            send("HPEXPIRE", hash, bytes("9200123"), bytes("FIELDS"), bytes("1"), bytes("field:2"));
        }
    }

    private void send(String command, byte[]... arguments) {
        jedis.sendCommand(() -> bytes(command), arguments);
    }

    private byte[] key(String name) {
        return key(bytes(name));
    }

    private byte[] key(byte[] name) {
        made.add(name);
        return name;
    }

    private static byte[][] numbers(String prefix, int n) {
        return IntStream.range(0, n).mapToObj(i -> bytes(prefix + ":" + i)).toArray(byte[][]::new);
    }

    private static byte[] random(int size) {
        byte[] bytes = new byte[size];
        new Random(SEED + size).nextBytes(bytes);
        return bytes;
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
