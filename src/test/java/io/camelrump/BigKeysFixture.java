package io.camelrump;

import static org.assertj.core.api.Assertions.assertThat;

import io.camelrump.cli.EqualityProof;
import io.camelrump.fixtures.RedisServers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.extension.RegisterExtension;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.Pipeline;
import redis.clients.jedis.StreamEntryID;
import redis.clients.jedis.params.XReadGroupParams;

/** Keys above the limit, of every type. */
abstract class BigKeysFixture {
    static final String LIMIT = "64kb";
    static final int FIELDS = 40_000;

    @RegisterExtension
    final RedisServers servers = new RedisServers();

    /** Makes a key above the limit of every type that this version has, and gives their number. */
    static int fillBig(Jedis jedis, RedisServers.Version version) {
        fillHash(jedis, FIELDS);
        List<String> made = new ArrayList<>(List.of("hash", "string", "list", "large elements", "set", "zset"));
        byte[] random = new byte[300_001];
        new java.util.Random(2).nextBytes(random);
        jedis.set("string".getBytes(StandardCharsets.US_ASCII), random);
        jedis.pexpire("string", 5_000_000);
        try (Pipeline pipeline = jedis.pipelined()) {
            for (int i = 0; i < 5_000; i++) {
                pipeline.rpush("list", "element " + i % 100);
                pipeline.sadd("set", "member " + i);
                pipeline.zadd("zset", i / 3.0, "member " + i);
            }
            for (int i = 0; i < 5; i++) {
                pipeline.rpush("large elements", "e".repeat(100_000 + i));
            }
        }
        jedis.expire("zset", 9_000);
        if (version.hasFieldExpiry()) {
            jedis.hpexpire("hash", 8_000_000, "field 7");
        }
        if (version.isLike(5, 0)) {
            made.add("stream");
            fillStream(jedis);
        }
        return made.size();
    }

    static void fillHash(Jedis jedis, int fields) {
        Map<String, String> some = new HashMap<>();
        for (int i = 0; i < fields; i++) {
            some.put("field " + i, "value " + i);
            if (some.size() == 1_000) {
                jedis.hmset("hash", some);
                some.clear();
            }
        }
    }

    static void fillStream(Jedis jedis) {
        jedis.xgroupCreate("stream", "group", new StreamEntryID(0, 0), true);
        for (int i = 1; i <= 5_000; i++) {
            jedis.xadd("stream", new StreamEntryID(i, i), Map.of("field", "value " + i));
        }
        jedis.xreadGroup(
                "group",
                "consumer",
                XReadGroupParams.xReadGroupParams().count(2_000),
                Map.of("stream", StreamEntryID.XREADGROUP_UNDELIVERED_ENTRY));
        // pending, and gone
        jedis.xdel("stream", new StreamEntryID(5, 5), new StreamEntryID(2_000, 2_000));
    }

    static void assertEqual(Jedis a, Jedis b) {
        assertThat(EqualityProof.compare(a, b, Duration.ofMillis(100)).differences())
                .isEmpty();
    }
}
