package io.camelrump;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.camelrump.fixtures.RedisServers;
import io.camelrump.fixtures.SampleData;
import io.camelrump.redis.BinaryText;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.params.RestoreParams;

/** Values as collections of Java are what the commands of their types give, and servers take them back. */
class DecodedValuesIT {
    private static final byte[] AGAIN = {'a', 'g', 'a', 'i', 'n'};
    /** Of each width in which servers pack numbers, on both sides of its bounds. */
    private static final long[] NUMBERS = {
        0,
        1,
        12,
        13,
        127,
        128,
        255,
        4095,
        4096,
        32767,
        32768,
        8388607,
        8388608,
        2147483647L,
        2147483648L,
        Long.MAX_VALUE
    };

    private static final ObjectMapper JSON = new ObjectMapper();

    @RegisterExtension
    private final RedisServers servers = new RedisServers();

    @ParameterizedTest
    @MethodSource("io.camelrump.fixtures.RedisServers#versions")
    void valuesOfEveryEncodingComeAndGoUnharmed(RedisServers.Version version) {
        try (Jedis jedis = servers.start(version).jedis()) {
            List<byte[]> keys = SampleData.fill(jedis, version);
            fillNumbers(jedis, keys);
            int decoded = 0;
            for (byte[] key : keys) {
                String type = jedis.type(key);
                byte[] payload = Objects.requireNonNull(jedis.dump(key));
                if (type.equals("stream") || payload[0] >= 22) {
                    assertThatThrownBy(() ->
                                    DumpedKey.of(key, payload, Page.NO_EXPIRY).value())
                            .hasMessageContaining("has no decoded value");
                    continue;
                }
                DumpedKey dumped = DumpedKey.of(key, payload, Page.NO_EXPIRY);
                Object value = Objects.requireNonNull(dumped.value());
                assertThat(dumped.type()).isEqualTo(type);
                assertThat(value).as(dumped.name()).isEqualTo(byCommands(jedis, type, key));

                jedis.del(AGAIN);
                byte[] encoded = Objects.requireNonNull(dumped.withValue(value).payload());
                jedis.restore(AGAIN, 0, encoded, new RestoreParams());
                assertThat(jedis.type(AGAIN)).isEqualTo(type);
                assertThat(byCommands(jedis, type, AGAIN)).as(dumped.name()).isEqualTo(value);
                decoded++;
            }
            assertThat(decoded).isGreaterThan(25);
        }
    }

    private static void fillNumbers(Jedis jedis, List<byte[]> keys) {
        for (long number : NUMBERS) {
            for (String text : List.of(String.valueOf(number), String.valueOf(-number))) {
                jedis.set("number:" + text, text);
                keys.add(BinaryText.bytes("number:" + text));
                jedis.rpush("numbers:list", text, "x" + text);
                jedis.hset("numbers:hash", text, text);
                jedis.sadd("numbers:set", text, "x");
                jedis.zadd("numbers:zset", Double.parseDouble(text) / 3, text);
                if (Math.abs(number) < 32768) {
                    jedis.sadd("numbers:short", text);
                }
                jedis.sadd("numbers:long", text);
            }
        }
        jedis.zadd("numbers:zset", Double.POSITIVE_INFINITY, "inf");
        jedis.zadd("numbers:zset", Double.NEGATIVE_INFINITY, "-inf");
        jedis.zadd("numbers:zset", 1.5, "y".repeat(100));
        jedis.rpush("large:list", "z".repeat(20_000), "a", "b".repeat(70), "c".repeat(5000));
        jedis.set("compressed", "abcabcabd".repeat(3000));
        List.of("list", "hash", "set", "zset", "short", "long")
                .forEach(name -> keys.add(BinaryText.bytes("numbers:" + name)));
        keys.add(BinaryText.bytes("large:list"));
        keys.add(BinaryText.bytes("compressed"));
    }

    private static Object byCommands(Jedis jedis, String type, byte[] key) {
        switch (type) {
            case "string":
                return BinaryText.of(jedis.get(key));
            case "list":
                List<String> list = new ArrayList<>();
                jedis.lrange(key, 0, -1).forEach(element -> list.add(BinaryText.of(element)));
                return list;
            case "set":
                Set<String> set = new LinkedHashSet<>();
                jedis.smembers(key).forEach(element -> set.add(BinaryText.of(element)));
                return set;
            case "hash":
                Map<String, String> hash = new LinkedHashMap<>();
                jedis.hgetAll(key).forEach((field, value) -> hash.put(BinaryText.of(field), BinaryText.of(value)));
                return hash;
            default:
                Map<String, Double> scores = new LinkedHashMap<>();
                jedis.zrangeWithScores(key, 0, -1)
                        .forEach(member -> scores.put(BinaryText.of(member.getBinaryElement()), member.getScore()));
                return scores;
        }
    }

    @Test
    void valuesBecomeWhatJavaHasForThem() {
        try (Jedis jedis = servers.start().jedis()) {
            jedis.set("string", "s");
            jedis.sadd("set", "1", "2");
            jedis.zadd("zset", 1, "a");

            restore(jedis, dumped(jedis, "string").withValue(Map.of("f", 1)), "hash");
            restore(jedis, dumped(jedis, "string").withValue(List.of("b", "a", "b")), "list");
            restore(jedis, dumped(jedis, "string").withValue(Set.of("a")), "new set");
            restore(jedis, dumped(jedis, "set").withValue(List.of("b", "a", "b")), "set");
            restore(jedis, dumped(jedis, "zset").withValue(Map.of("a", "2.5")), "zset");
            restore(jedis, dumped(jedis, "zset").withValue(7), "string");

            assertThat(jedis.hgetAll("hash")).isEqualTo(Map.of("f", "1"));
            assertThat(jedis.lrange("list", 0, -1)).containsExactly("b", "a", "b");
            assertThat(jedis.smembers("new set")).containsExactly("a");
            assertThat(jedis.smembers("set")).containsExactlyInAnyOrder("a", "b");
            assertThat(jedis.zscore("zset", "a")).isEqualTo(2.5);
            assertThat(jedis.get("string")).isEqualTo("7");
        }
    }

    @Test
    void keysAreJsonThatHasAllOfThem() throws Exception {
        try (Jedis jedis = servers.start().jedis()) {
            jedis.hset("h\"\n", "f\\", "\u00fc\uD83D\uDE00\u0001");
            jedis.zadd("z", Map.of("a", 1.5, "b", Double.POSITIVE_INFINITY));
            jedis.rpush("l".getBytes(), new byte[] {(byte) 0xff}, "b".getBytes());

            assertThat(json(jedis, "h\"\n"))
                    .isEqualTo(JSON.readTree(("{'key':'h\\\"\\n','type':'hash','database':0,'ttl':null,'value':"
                                    + "{'f\\\\':'\u00fc\uD83D\uDE00\\u0001'}}")
                            .replace('\'', '"')));
            assertThat(json(jedis, "z").path("value").toString()).isEqualTo("{\"a\":1.5,\"b\":\"Infinity\"}");
            assertThat(dumped(jedis, "l").json()).endsWith("\"value\":[\"\\udcff\",\"b\"]}");
        }
    }

    private static JsonNode json(Jedis jedis, String key) throws Exception {
        return JSON.readTree(dumped(jedis, key).json());
    }

    @Test
    void valuesThatNoServerHasAreRefused() {
        try (Jedis jedis = servers.start().jedis()) {
            jedis.set("string", "s");
            DumpedKey key = dumped(jedis, "string");
            assertThatThrownBy(() -> key.withValue(Map.of())).hasMessageContaining("empty value");
            List<String> nothing = new ArrayList<>();
            nothing.add(null);
            assertThatThrownBy(() -> key.withValue(nothing)).hasMessageContaining("null");
            byte[] payload = Objects.requireNonNull(key.payload());
            payload[2] ^= 1;
            assertThatThrownBy(
                            () -> DumpedKey.of(AGAIN, payload, Page.NO_EXPIRY).value())
                    .hasMessageContaining("no whole one");
        }
    }

    private static DumpedKey dumped(Jedis jedis, String key) {
        return DumpedKey.of(BinaryText.bytes(key), jedis.dump(key), Page.NO_EXPIRY);
    }

    private static void restore(Jedis jedis, DumpedKey key, String name) {
        jedis.del(name);
        jedis.restore(name, 0, Objects.requireNonNull(key.payload()));
    }
}
