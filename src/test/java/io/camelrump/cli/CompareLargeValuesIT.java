package io.camelrump.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.camelrump.fixtures.CommandStats;
import io.camelrump.fixtures.RedisServers;
import io.camelrump.fixtures.SampleData;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.Pipeline;
import redis.clients.jedis.StreamEntryID;

/** Values too large for a page of their own are compared element by element. */
class CompareLargeValuesIT extends CompareFixture {
    @Test
    void largeValuesOfOneVersionAreEqualOnAnother() {
        start(RedisServers.version("redis-6.2"), RedisServers.usual());
        fillLarge(atSource);
        migrate();

        assertThat(compare().exitCode()).isZero();
    }

    @Test
    void oneChangedElementOfALargeValueIsFound() {
        start(RedisServers.version("redis-6.2"), RedisServers.usual());
        fillLarge(atSource);
        migrate();
        atTarget.hset("hash", "field:49999", "other");
        atTarget.srem("set", "member:49999");
        atTarget.sadd("set", "member:x");
        atTarget.zadd("zset", Math.nextUp(16666.0), "member:49998");
        atTarget.lset("list", 49_999, "other");
        atTarget.setrange("string", 2_999_999, "!");
        atTarget.xack("stream", "group", new StreamEntryID("2500-1"));

        assertThat(differing(compare("--rounds", "1")))
                .containsExactlyInAnyOrder(
                        "value \"hash\"",
                        "value \"set\"",
                        "value \"zset\"",
                        "value \"list\"",
                        "value \"string\"",
                        "value \"stream\"");
    }

    @Test
    void anElementThatTookTheNameOrPlaceOfAnotherIsFound() {
        start(RedisServers.version("redis-6.2"), RedisServers.usual());
        fillLarge(atSource);
        migrate();
        atTarget.hdel("hash", "field:7");
        atTarget.hset("hash", "field:x", "value:7");
        atTarget.xdel("stream", new StreamEntryID("4999-1"));
        atTarget.sendCommand(() -> bytes("XADD"), "stream", "5001-1", "n", "4999");

        assertThat(differing(compare("--rounds", "1"))).containsExactlyInAnyOrder("value \"hash\"", "value \"stream\"");
    }

    private static void fillLarge(Jedis jedis) {
        int n = 50_000;
        jedis.sadd("set", strings(n, i -> "member:" + i));
        jedis.rpush("list", strings(n, i -> "item " + i));
        jedis.set("string", "abc".repeat(1_000_000));
        try (Pipeline pipeline = jedis.pipelined()) {
            for (int i = 0; i < n; i++) {
                pipeline.hset("hash", "field:" + i, "value:" + i);
                pipeline.zadd("zset", i / 3d, "member:" + i);
            }
            for (int i = 1; i <= 5_000; i++) {
                pipeline.xadd("stream", new StreamEntryID(i, 1), Map.of("n", "" + i));
            }
        }
        jedis.xgroupCreate("stream", "group", new StreamEntryID("0-0"), false);
        jedis.sendCommand(
                () -> bytes("XREADGROUP"), "GROUP", "group", "ann", "COUNT", "3000", "STREAMS", "stream", ">");
    }

    @Tag("long")
    @Test
    void valuesTooLargeToTravelWithOthersAreComparedAndRepairedToo() {
        SampleData.fillMixed(atSource, 100);
        // two windows and more
        SampleData.fillNoise(atSource, 3, 20_000_000);
        migrate();
        atTarget.setrange("k0", 19_999_999, "!");
        atTarget.append("k1", "!");

        assertThat(differing(compare("--rounds=1"))).containsExactlyInAnyOrder("value \"k0\"", "value \"k1\"");
        assertThat(compare("--repair", "--rounds=1").out()).contains("EQUAL: ").contains("repaired 2");
        assertThat(compare().exitCode()).isZero();
    }

    @Test
    void bigKeysAreComparedAndRepairedWithoutADumpOnEitherSide() {
        fillBig();
        assertThat(CommandRun.of("-from", uri(source), "-to", uri(target), "--big-key=64kb")
                        .exitCode())
                .isZero();
        atSource.configResetStat();
        atTarget.configResetStat();

        assertThat(compare("--big-key=64kb").out()).contains("EQUAL: 6 keys of the source compared, ");
        atTarget.hset("hash", "field:4999", "another");
        atTarget.zincrby("scores", 0.5, "member:77");
        atTarget.srem("set", "member:7");
        atTarget.lset("list", 3_000, "another");
        atTarget.setrange("string", 150_000, "another");
        atTarget.xgroupDestroy("stream", "group");
        CommandRun different = compare("--big-key=64kb", "--rounds=2");
        assertThat(differing(different))
                .containsExactlyInAnyOrder(
                        "value \"hash\"",
                        "value \"scores\"",
                        "value \"set\"",
                        "value \"list\"",
                        "value \"string\"",
                        "value \"stream\"");
        CommandRun repaired = compare("--big-key=64kb", "--rounds=1", "--repair");
        assertThat(repaired.out()).contains("EQUAL: ", "repaired 6, deleted 0");
        for (Jedis server : List.of(atSource, atTarget)) {
            // each of three runs asks with a key that is not there whether it may
            assertThat(CommandStats.calls(server, "dump")).isLessThanOrEqualTo(6);
        }
        assertThat(atTarget.dbSize()).isEqualTo(6);
        assertThat(compare().exitCode()).isZero();
    }

    @Test
    void aKeyThatIsBigAtTheTargetAloneIsNotDumpedThere() {
        fillBig();
        assertThat(CommandRun.of("-from", uri(source), "-to", uri(target), "--big-key=64kb")
                        .exitCode())
                .isZero();
        atSource.del("hash", "set");
        atSource.hset("hash", "field:0", "x");
        atSource.set("set", "a string");
        atTarget.configResetStat();

        CommandRun run = compare("--big-key=64kb", "--rounds=1");

        assertThat(differing(run)).containsExactlyInAnyOrder("value \"hash\"", "type \"set\"");
        // one asks with a key that is not there whether it may
        assertThat(CommandStats.calls(atTarget, "dump")).isLessThanOrEqualTo(2);
    }

    @Test
    void aBigKeyOfAnotherTypeOrExpiryIsReported() {
        fillBig();
        assertThat(CommandRun.of("-from", uri(source), "-to", uri(target), "--big-key=64kb")
                        .exitCode())
                .isZero();
        atTarget.del("hash", "list");
        atTarget.set("hash", "string");
        atTarget.expire("set", 1_000);

        CommandRun run = compare("--big-key=64kb", "--rounds=1");

        assertThat(differing(run)).containsExactlyInAnyOrder("type \"hash\"", "missing \"list\"", "expiry \"set\"");
    }

    private void fillBig() {
        String text = "x".repeat(20);
        try (Pipeline pipeline = atSource.pipelined()) {
            for (int i = 0; i < 5_000; i++) {
                pipeline.hset("hash", "field:" + i, text);
                pipeline.zadd("scores", i, "member:" + i);
                pipeline.sadd("set", "member:" + i);
                pipeline.rpush("list", text + i);
                pipeline.xadd("stream", new StreamEntryID(i + 1, 0), Map.of("f", text));
            }
        }
        atSource.xgroupCreate("stream", "group", new StreamEntryID("0-0"), false);
        atSource.setrange("string", 200_000, text);
    }

    private static String[] strings(int n, java.util.function.IntFunction<String> text) {
        return IntStream.range(0, n).mapToObj(text).toArray(String[]::new);
    }
}
