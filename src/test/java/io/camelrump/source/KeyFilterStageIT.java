package io.camelrump.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.camelrump.fixtures.CommandStats;
import io.camelrump.fixtures.RedisServer;
import io.camelrump.fixtures.RedisServers;
import io.camelrump.fixtures.SampleData;
import io.camelrump.keys.DatabaseMapping;
import io.camelrump.keys.KeySelection;
import io.camelrump.keys.ScanPlan;
import io.camelrump.options.BigKeyOptions;
import io.camelrump.options.SourceOptions;
import io.camelrump.redis.Cursor;
import io.camelrump.redis.KeyList;
import io.camelrump.redis.RedisConnection;
import io.camelrump.redis.ServerAddress;
import io.camelrump.throttle.TurnPacer;
import io.camelrump.throttle.WorkBudget;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.params.XAddParams;

/** What the source tells of keys between their SCAN and their DUMP. */
class KeyFilterStageIT {
    private static final int KEYS = 300;
    private static final int BIG = 64 * 1024;

    @RegisterExtension
    private final RedisServers servers = new RedisServers();

    private final RedisServer source = servers.start();

    @Test
    void theSizeOfEachKeyStaysWithItWhenOthersAreSortedOut() throws IOException {
        try (Jedis jedis = source.jedis();
                RedisConnection connection = RedisConnection.open(address(source))) {
            byte[][] names = new byte[KEYS][];
            for (int i = 0; i < KEYS; i++) {
                names[i] = ("key:" + i).getBytes(StandardCharsets.US_ASCII);
                switch (i % 3) {
                    case 0 -> jedis.sadd(names[i], names[i]);
                    case 1 -> jedis.set(names[i], new byte[100 * i]);
                    // each second one is big
                    default -> jedis.set(names[i], new byte[i % 2 == 0 ? 2 * BIG : i]);
                }
            }

            KeyChunk taken = sift(connection, names);

            assertThat(taken.keys().size()).isEqualTo(KEYS / 2);
            KeyChunk some =
                    taken.with(taken.keys().select(IntStream.range(3, KEYS / 4).toArray()));
            requireSizes(taken, jedis);
            requireSizes(some, jedis);
        }
    }

    /**
     * The server's statistics stand for the sizes of short strings; after another kind of key has come, or a string has
     * grown, each is asked about.
     */
    @ParameterizedTest
    @ValueSource(strings = {"a hash", "a stream", "a long string", "an empty string that grew"})
    void statisticsDoForShortStringsAlone(String kind) throws IOException {
        assumeThat(RedisServers.find("redis-8.6")).isPresent();
        RedisServer newest = servers.start(RedisServers.version("redis-8.6"));
        try (Jedis jedis = newest.jedis();
                RedisConnection connection = RedisConnection.open(address(newest))) {
            SampleData.fillStrings(jedis, KEYS, 50);
            byte[][] names = jedis.keys("*".getBytes(StandardCharsets.US_ASCII)).toArray(byte[][]::new);
            KeyFilterStage sieve = new KeyFilterStage(
                    Objects.requireNonNull(KeyMetadataQueries.of(plan(Set.of()), null, connection, connection.info())));

            KeyChunk taken = Objects.requireNonNull(siftAll(sieve, connection, names));
            assertThat(taken.sizeOfUnasked()).isBetween(50, 512);
            assertThat(CommandStats.calls(jedis, "memory|usage")).isEqualTo(1);

            switch (kind) {
                case "a hash" -> jedis.hset("other", "field", "x".repeat(2 * BIG));
                case "a stream" -> jedis.xadd("other", Map.of("field", "x".repeat(2 * BIG)), new XAddParams());
                case "a long string" -> jedis.set("other", "x".repeat(2 * BIG));
                default -> {
                    jedis.set("other", "");
                    jedis.setbit("other", 16L * BIG, true);
                }
            }
            names[0] = "other".getBytes(StandardCharsets.US_ASCII);
            assertThat(siftAll(sieve, connection, names)).isNull();
            KeyChunk one = sift(sieve, connection);

            assertThat(one.keys().size()).isEqualTo(KEYS - 1);
            assertThat(sieve.takeBig().get(0)).isEqualTo(names[0]);
            requireSizes(one, jedis);
        }
    }

    private static @Nullable KeyChunk siftAll(KeyFilterStage sieve, RedisConnection connection, byte[][] names)
            throws IOException {
        KeyChunk chunk = new KeyChunk(KeyList.of(names), 0, Cursor.START);
        sieve.add(chunk);
        assertThat(sieve.asksForAll(chunk, connection.out())).isTrue();
        assertThat(sieve.hasUnasked()).isFalse();
        connection.out().flush();
        return sieve.readForAll(connection);
    }

    private static ServerAddress address(RedisServer server) {
        Duration patience = Duration.ofSeconds(5);
        return new ServerAddress(RedisServer.HOST, server.port(), null, null, 0, patience, patience);
    }

    private static KeyChunk sift(RedisConnection connection, byte[][] names) throws IOException {
        KeyFilterStage sieve = new KeyFilterStage(Objects.requireNonNull(
                KeyMetadataQueries.of(plan(Set.of("string")), null, connection, connection.info())));
        KeyChunk all = new KeyChunk(KeyList.of(names), 0, Cursor.START);
        sieve.add(all);
        return sift(sieve, connection);
    }

    private static KeyChunk sift(KeyFilterStage sieve, RedisConnection connection) throws IOException {
        sieve.ask(Objects.requireNonNull(sieve.unasked()), new TurnPacer(WorkBudget.unbounded()), connection.out());
        connection.out().flush();
        KeyChunk taken = null;
        while (taken == null) {
            taken = sieve.read(connection);
        }
        return taken;
    }

    private static ScanPlan plan(Set<String> types) {
        KeySelection selection = new KeySelection(null, name -> true, types, null, null, 0, null, Long.MAX_VALUE);
        BigKeyOptions bigKeys = new BigKeyOptions();
        bigKeys.setBigKey(BIG + "b");
        return new ScanPlan(
                new SourceOptions(),
                bigKeys,
                DatabaseMapping.of(0, null, null),
                selection,
                KEYS,
                KEYS,
                null,
                null,
                1 << 20,
                8 << 20);
    }

    private static void requireSizes(KeyChunk chunk, Jedis jedis) {
        while (chunk.hasUnasked()) {
            long told = chunk.sizeOfUnasked();
            byte[] key = chunk.keys().get(chunk.ask());
            assertThat(told)
                    .as(new String(key, StandardCharsets.US_ASCII))
                    .isEqualTo(jedis.memoryUsage(key).longValue());
        }
    }
}
