package io.camelrump.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.camelrump.fixtures.RedisServer;
import io.camelrump.fixtures.RedisServers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.Pipeline;
import redis.clients.jedis.StreamEntryID;

/** Many keys, a thousand of them changed at the target by the least that there is. */
class PlantedDifferencesIT {
    private static final int PLANTED = 1_000;
    private static final int KINDS = 8;
    private static final int PIPELINE = 5_000;
    private static final double SCORE = 0.1 + 0.2;
    private static final long EXPIRES_AT = System.currentTimeMillis() + 86_400_000;

    @RegisterExtension
    private final RedisServers servers = new RedisServers();

    @TempDir
    Path folder;

    /** Fields expire from Redis 7.4 and Valkey 9 on; elsewhere a hash has an odd value instead. */
    private final RedisServers.Version version = RedisServers.versions().stream()
            .filter(RedisServers.Version::hasFieldExpiry)
            .findFirst()
            .orElseGet(RedisServers::usual);

    private final Map<String, String> planted = new TreeMap<>();

    @Tag("long")
    @Test
    void everyOneOfAThousandIsFoundAndNoOther() throws Exception {
        everyOneOfAThousandIsFoundAndNoOther(16_000);
    }

    @Tag("long")
    @ParameterizedTest
    @ValueSource(ints = 1_000_000)
    void everyOneOfAThousandIsFoundAndNoOther(int keys) throws Exception {
        RedisServer source = servers.start(version);
        RedisServer target = servers.start(version);
        try (Jedis atSource = source.jedis();
                Jedis atTarget = target.jedis()) {
            fill(atSource, keys);
            CommandRun copied = run(source, target);
            assertThat(copied.out()).contains("restored " + inThousands(keys));
            plant(atTarget, keys);
        }
        Path json = folder.resolve("differences.json");

        CommandRun run = run(source, target, "compare", "--json", json.toString());

        assertThat(run.out()).contains("differing 1,000: ");
        assertThat(found(json)).isEqualTo(planted);
        assertThat(run.exitCode()).isEqualTo(5);
        CommandRun repair = run(source, target, "compare", "--repair", "--prune", "--rounds=1");
        assertThat(repair.out()).contains("EQUAL: " + inThousands(keys) + " keys", "repaired 875, deleted 125");
        assertThat(repair.exitCode()).isZero();
    }

    /** At full speed: this test's own connections would be the other clients that the guard protects. */
    private static CommandRun run(RedisServer source, RedisServer target, String... more) {
        List<String> arguments = new ArrayList<>(List.of(more));
        arguments.addAll(List.of("-from", uri(source), "-to", uri(target), "--latency-guard=off"));
        return CommandRun.of(arguments.toArray(String[]::new));
    }

    private static String inThousands(int number) {
        return String.format(Locale.ROOT, "%,d", number);
    }

    private void fill(Jedis jedis, int keys) {
        try (Pipeline pipeline = jedis.pipelined()) {
            for (int i = 0; i < keys; i++) {
                String key = "key:" + i;
                switch (i % KINDS) {
                    case 0 -> pipeline.set(key, "value " + i);
                    case 1 -> pipeline.zadd(key, Map.of("member", SCORE, "other", 2.0));
                    case 2 -> {
                        pipeline.xadd(key, new StreamEntryID(1, 1), Map.of("field", "value"));
                        pipeline.xgroupCreate(key, "group", new StreamEntryID(0, 0), false);
                        pipeline.sendCommand(() -> bytes("XREADGROUP"), "GROUP", "group", "ann", "STREAMS", key, ">");
                    }
                    case 3 -> {
                        pipeline.hset(key, Map.of("field", "value", "other", "1"));
                        if (version.hasFieldExpiry()) {
                            pipeline.hpexpireAt(key, EXPIRES_AT, "field");
                        }
                    }
                    case 4 -> {
                        pipeline.set(key, "expiring");
                        pipeline.pexpireAt(key, EXPIRES_AT + i);
                    }
                    case 5 -> pipeline.rpush(key, "a", "b", "" + i);
                    case 6 -> pipeline.sadd(key, "a", "b", "" + i);
                    default -> pipeline.set(key, Long.toString(i));
                }
                if (i % PIPELINE == 0) {
                    pipeline.sync();
                }
            }
        }
    }

    private void plant(Jedis jedis, int keys) {
        for (int n = 0; n < PLANTED; n++) {
            int kind = n % KINDS;
            String key = "key:" + (keys / PLANTED * n / KINDS * KINDS + kind);
            plant(jedis, kind, kind == KINDS - 1 ? "extra:" + n : key);
        }
        assertThat(planted).hasSize(PLANTED);
    }

    private void plant(Jedis jedis, int kind, String key) {
        switch (kind) {
            case 0 -> {
                jedis.setrange(key, 0, "V");
                planted(key, "value");
            }
            case 1 -> {
                jedis.zadd(key, Math.nextUp(SCORE), "member");
                planted(key, "value");
            }
            case 2 -> {
                assertThat(jedis.xack(key, "group", new StreamEntryID(1, 1))).isOne();
                planted(key, "value");
            }
            case 3 -> {
                changeField(jedis, key);
                planted(key, "value");
            }
            case 4 -> {
                jedis.pexpireAt(key, jedis.pexpireTime(key) + 1_000);
                planted(key, "expiry");
            }
            case 5 -> {
                jedis.del(key);
                planted(key, "missing");
            }
            case 6 -> {
                jedis.del(key);
                jedis.set(key, "a");
                planted(key, "type");
            }
            default -> {
                jedis.set(key, "v");
                planted(key, "extra");
            }
        }
    }

    private void changeField(Jedis jedis, String key) {
        if (version.hasFieldExpiry()) {
            jedis.hpexpireAt(key, EXPIRES_AT + 1_000, "field");
        } else {
            jedis.hset(key, "field", "valuE");
        }
    }

    private void planted(String key, String cause) {
        planted.put("\"" + key + "\"", cause);
    }

    private static Map<String, String> found(Path json) throws java.io.IOException {
        Map<String, String> found = new TreeMap<>();
        for (JsonNode difference : new ObjectMapper().readTree(json.toFile()).path("differences")) {
            found.put(difference.path("key").asText(), difference.path("cause").asText());
        }
        return found;
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static String uri(RedisServer server) {
        return "redis://127.0.0.1:" + server.port();
    }
}
