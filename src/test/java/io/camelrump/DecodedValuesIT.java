package io.camelrump;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.camelrump.fixtures.RedisServer;
import io.camelrump.fixtures.RedisServers;
import io.camelrump.fixtures.Reply;
import io.camelrump.fixtures.RouteRun;
import io.camelrump.fixtures.SampleData;
import io.camelrump.fixtures.ScriptedServer;
import io.camelrump.redis.BinaryText;
import io.camelrump.values.JsonDocuments;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.camel.builder.RouteBuilder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
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

    /** They are written in forms that need no commands at any server, however old; streams go on as they are. */
    @ParameterizedTest
    @MethodSource("io.camelrump.fixtures.RedisServers#versions")
    void editedValuesOfTheNewestServerArriveAtEachVersion(RedisServers.Version version) throws Exception {
        RedisServer source = servers.start(RedisServers.find("redis-8.6").orElse(RedisServers.usual()));
        RedisServer target = servers.start(version);
        Set<String> edited = ConcurrentHashMap.newKeySet();
        try (Jedis jedis = source.jedis();
                Jedis arrived = target.jedis();
                RouteRun run = RouteRun.of(routes -> {})) {
            List<byte[]> keys = SampleData.fill(jedis, RedisServers.usual());
            run.context().addRoutes(new RouteBuilder() {
                @Override
                public void configure() {
                    from("rump:source?latencyGuard=off&host=127.0.0.1&port=" + source.port())
                            .split(body(), new JoinPages())
                            .process(exchange -> {
                                DumpedKey key = exchange.getMessage().getBody(DumpedKey.class);
                                if (!key.type().equals("stream")) {
                                    edited.add(key.name());
                                    exchange.getMessage().setBody(key.withValue(key.value()));
                                }
                            })
                            .end()
                            .to("rump:target?host=127.0.0.1&port=" + target.port());
                }
            });
            assertThat(run.awaitEnd().state()).isIn(RunState.COMPLETE, RunState.REFUSED);
            assertThat(run.ledger().refusals())
                    .allSatisfy(refusal -> assertThat(refusal.quotedKey()).contains("stream:"));
            assertThat(edited).hasSizeGreaterThan(30);
            for (byte[] key : keys) {
                String type = jedis.type(key);
                if (edited.contains(BinaryText.of(key)) && jedis.exists(key)) {
                    assertThat(byCommands(arrived, type, key))
                            .as(BinaryText.of(key))
                            .isEqualTo(byCommands(jedis, type, key));
                }
            }
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

    @ParameterizedTest
    @ValueSource(ints = {2, 3})
    void documentsOfTheJsonModulesAreMapsAndLists(int version) {
        DumpedKey key = DumpedKey.of(
                AGAIN,
                JsonDocuments.payload(
                        version, "{\"a\":[1,-2.5,\"\u00fc\\n\",true,null],\"email\":\"a@b\",\"big\":9007199254740993}"),
                Page.NO_EXPIRY);

        assertThat(key.type()).isEqualTo("ReJSON-RL");
        assertThat(key.value()).isInstanceOfSatisfying(Map.class, document -> assertThat(document.get("a"))
                .asString()
                .isEqualTo("[1, -2.5, \u00fc\n, true, null]"));
        assertThat(JsonDocuments.text(key.withField("email", "***")))
                .isEqualTo("{\"a\":[1,-2.5,\"\u00fc\\n\",true,null],\"email\":\"***\",\"big\":9007199254740993}");
        assertThat(JsonDocuments.text(key.withField("none", "x"))).isEqualTo(JsonDocuments.text(key));
        assertThat(JsonDocuments.text(key.withValue(List.of(Map.of("f", 1))))).isEqualTo("[{\"f\":1}]");
        assertThat(key.withValue("text").value()).isEqualTo("text");
        assertThat(key.withValue(12).type()).isEqualTo("ReJSON-RL");
        assertThat(key.json()).contains("\"type\":\"ReJSON-RL\"", "\"value\":{\"a\":[1,");
    }

    @Test
    void aDocumentOfAnUnknownVersionIsTheModulesOwn() {
        DumpedKey key = DumpedKey.of(AGAIN, JsonDocuments.payload(9, "{}"), Page.NO_EXPIRY);

        assertThat(key.type()).isEqualTo("module");
        assertThatThrownBy(key::value).hasMessageContaining("has no decoded value");
    }

    /** No server here has a JSON module: its payloads are put into replies, and taken from commands. */
    @Test
    void aFieldOfADocumentIsMaskedInTransit() throws Exception {
        RedisServer source = servers.start();
        RedisServer target = servers.start();
        try (Jedis jedis = source.jedis();
                ScriptedServer from = new ScriptedServer(source);
                ScriptedServer to = new ScriptedServer(target)) {
            jedis.set("doc", "stands for it");
            from.on("DUMP", Reply.bulk(latin1(JsonDocuments.payload(3, "{\"email\":\"a@b\",\"n\":[1]}"))));
            to.onCall("RESTORE", call -> call.argument(0).equals("doc") ? Reply.OK : Reply.PASS);
            try (RouteRun run =
                    RouteRun.of(routes -> routes.from("rump:source?latencyGuard=off&host=127.0.0.1&port=" + from.port())
                            .split(routes.body(), new JoinPages())
                            .setBody(routes.simple("${body.withField('email', '***')}"))
                            .end()
                            .to("rump:target?host=127.0.0.1&port=" + to.port()))) {
                Ledger ledger = run.awaitEnd();
                assertThat(ledger.failure()).isNull();
                assertThat(ledger.counts().restored()).isEqualTo(1);
            }
            assertThat(to.calls("RESTORE"))
                    .filteredOn(call -> call.argument(0).equals("doc"))
                    .singleElement()
                    .satisfies(call -> assertThat(JsonDocuments.text(DumpedKey.of(
                                    AGAIN, call.argument(2).getBytes(StandardCharsets.ISO_8859_1), Page.NO_EXPIRY)))
                            .isEqualTo("{\"email\":\"***\",\"n\":[1]}"));
        }
    }

    private static String latin1(byte[] bytes) {
        return new String(bytes, StandardCharsets.ISO_8859_1);
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
