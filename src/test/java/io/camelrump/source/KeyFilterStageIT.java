package io.camelrump.source;

import static org.assertj.core.api.Assertions.assertThat;

import io.camelrump.fixtures.RedisServer;
import io.camelrump.fixtures.RedisServers;
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
import java.util.Objects;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import redis.clients.jedis.Jedis;

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
                RedisConnection connection = RedisConnection.open(new ServerAddress(
                        RedisServer.HOST,
                        source.port(),
                        null,
                        null,
                        0,
                        Duration.ofSeconds(5),
                        Duration.ofSeconds(5)))) {
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

    private static KeyChunk sift(RedisConnection connection, byte[][] names) throws IOException {
        KeySelection strings =
                new KeySelection(null, name -> true, Set.of("string"), null, null, 0, null, Long.MAX_VALUE);
        BigKeyOptions bigKeys = new BigKeyOptions();
        bigKeys.setBigKey(BIG + "b");
        ScanPlan options = new ScanPlan(
                new SourceOptions(),
                bigKeys,
                DatabaseMapping.of(0, null, null),
                strings,
                KEYS,
                KEYS,
                null,
                null,
                1 << 20,
                8 << 20);
        KeyFilterStage sieve = new KeyFilterStage(
                Objects.requireNonNull(KeyMetadataQueries.of(options, null, connection, connection.info())));
        KeyChunk all = new KeyChunk(KeyList.of(names), 0, Cursor.START);
        sieve.add(all);
        sieve.ask(all, new TurnPacer(WorkBudget.unbounded()), connection.out());
        connection.out().flush();
        KeyChunk taken = null;
        while (taken == null) {
            taken = sieve.read(connection);
        }
        return taken;
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
