package io.camelrump.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.camelrump.fixtures.RedisServer;
import io.camelrump.fixtures.RedisServers;
import io.camelrump.fixtures.SampleData;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.StreamEntryID;

class EqualityProofIT {

    private static final Duration TOLERANCE = Duration.ofMillis(100);

    @RegisterExtension
    private final RedisServers servers = new RedisServers();

    private Jedis left;
    private Jedis right;

    @BeforeEach
    void startTwo() {
        left = servers.start().jedis();
        right = servers.start().jedis();
    }

    @AfterEach
    void disconnect() {
        left.close();
        right.close();
    }

    static Stream<RedisServers.Version> versionsWithStreams() {
        return RedisServers.versions().stream().filter(version -> version.isLike(5, 0));
    }

    @ParameterizedTest
    @MethodSource("versionsWithStreams")
    void copiesOfEveryKindOfKeyAreEqual(RedisServers.Version version) {
        try (Jedis source = servers.start(version).jedis();
                Jedis target = servers.start(version).jedis()) {
            List<byte[]> keys = SampleData.fill(source, version);
            copy(source, target, keys);

            EqualityProof.Result result = EqualityProof.compare(source, target, TOLERANCE);

            assertThat(result.differences()).isEmpty();
            assertThat(result.keys()).isEqualTo(keys.size());
        }
    }

    @ParameterizedTest
    @MethodSource("versionsWithStreams")
    void valuesWrittenByAnOlderVersionAreEqualOnANewerOne(RedisServers.Version version) {
        RedisServers.Version old = RedisServers.version("redis-6.2");
        try (Jedis source = servers.start(old).jedis();
                Jedis target = servers.start(version).jedis()) {
            copy(source, target, SampleData.fill(source, old));

            assertThat(EqualityProof.compare(source, target, TOLERANCE).differences())
                    .isEmpty();
        }
    }

    @Test
    void valuesAreComparedByCommandsWhereThereIsNoDigest() {
        RedisServers.Version old = RedisServers.version("redis-2.8");
        try (Jedis source = servers.start(old).jedis()) {
            copy(source, right, SampleData.fill(source, old));
            assertThat(EqualityProof.compare(source, right, TOLERANCE).differences())
                    .isEmpty();

            right.zadd("zset:skiplist", 0.5, "member:999");
            right.hset("hash:small", "field", "valuE");

            assertThat(EqualityProof.compare(source, right, TOLERANCE).differences())
                    .containsExactlyInAnyOrder(
                            "key \"zset:skiplist\" holds another zset", "key \"hash:small\" holds another hash");
        }
    }

    @Test
    void findsAChangedByte() {
        finds(jedis -> jedis.setrange("string:100kb", 5_000, "!"), "key \"string:100kb\" holds another string");
    }

    @Test
    void findsAMissingAndAnExtraKeyTheEmptyKeyToo() {
        finds(jedis -> jedis.del(""), "key \"\" is missing on the right");
        right.flushAll();
        finds(jedis -> jedis.set("extra\n", "v"), "key \"extra\\x0a\" is missing on the left");
    }

    @Test
    void theProofFindsAnotherType() {
        finds(
                jedis -> {
                    jedis.del("list:small");
                    jedis.set("list:small", "v");
                },
                "key \"list:small\" is a list against a string");
    }

    @Test
    void findsAnExpiryThatDiffersByASecondOrIsLost() {
        byte[] key = "expiring:list".getBytes(StandardCharsets.UTF_8);
        finds(jedis -> jedis.pexpire(key, jedis.pttl(key) + 1000), "key \"expiring:list\" expires at ");
        right.flushAll();
        finds(jedis -> jedis.persist(key), "key \"expiring:list\" expires at ");
    }

    @Test
    void findsAMissingConsumerGroup() {
        finds(
                jedis -> jedis.xgroupDestroy("stream:never-filled", "waiting"),
                "key \"stream:never-filled\" is a stream with another groups waiting ");
    }

    @Test
    void findsOnePendingEntryMissing() {
        finds(
                jedis -> jedis.xack("stream:groups", "workers", new StreamEntryID("5-0")),
                "key \"stream:groups\" is a stream with another groups workers ");
    }

    @Test
    void findsAFieldThatExpiresAtAnotherTime() {
        RedisServers.Version version = RedisServers.versions().stream()
                .filter(RedisServers.Version::hasFieldExpiry)
                .findFirst()
                .orElse(null);
        assumeThat(version).as("a version with expiring fields").isNotNull();
        try (Jedis source = servers.start(version).jedis();
                Jedis target = servers.start(version).jedis()) {
            copy(source, target, SampleData.fill(source, version));
            target.hpexpire("hash:expiring-fields:3", 7_000_000, "field:2");

            assertThat(EqualityProof.compare(source, target, TOLERANCE).differences())
                    .singleElement()
                    .asString()
                    .startsWith("key \"hash:expiring-fields:3\" has field \"field:2\" expire at ");
        }
    }

    @Test
    void expiryIsComparedByEachServersOwnClock() {
        assumeThat(RedisServers.canShiftClock()).as("faketime is installed").isTrue();
        RedisServer ahead = servers.startShifted(20);
        try (Jedis target = ahead.jedis()) {
            left.psetex("k", 10_000, "v");
            target.psetex("k", left.pttl("k"), "v");

            assertThat(EqualityProof.compare(left, target, TOLERANCE).differences())
                    .isEmpty();
        }
    }

    @Test
    void databasesOfDifferentNumbersCanBeEqual() {
        SampleData.fillMixed(left, 500);
        right.select(3);
        SampleData.fillMixed(right, 500);

        assertThat(EqualityProof.compare(left, right, Duration.ofSeconds(2)).differences())
                .isEmpty();
    }

    @Tag("long")
    @Test
    void oneChangedKeyOfAHundredThousandIsFound() {
        SampleData.fillStrings(left, 50_000, 100);
        SampleData.fillStrings(right, 50_000, 100);
        SampleData.fillMixed(left, 50_000);
        SampleData.fillMixed(right, 50_000);
        right.set("mixed:0", "changed");
        right.expire("mixed:0", 5_400);
        left.expire("mixed:0", 5_400);

        EqualityProof.Result result = EqualityProof.compare(left, right, Duration.ofSeconds(5));

        assertThat(result.keys()).isEqualTo(100_000);
        assertThat(result.differences()).containsExactly("key \"mixed:0\" holds another string");
    }

    private void finds(Consumer<Jedis> change, String difference) {
        left.flushAll();
        copy(left, right, SampleData.fill(left, RedisServers.usual()));
        assertThat(EqualityProof.compare(left, right, TOLERANCE).isEqual()).isTrue();

        change.accept(right);

        assertThat(EqualityProof.compare(left, right, TOLERANCE).differences())
                .isNotEmpty()
                .allSatisfy(words -> assertThat(words).startsWith(difference));
    }

    private static void copy(Jedis source, Jedis target, List<byte[]> keys) {
        for (byte[] key : keys) {
            long ttl = source.pttl(key);
            target.restore(key, Math.max(ttl, 0), source.dump(key));
        }
    }
}
