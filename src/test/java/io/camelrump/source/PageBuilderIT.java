package io.camelrump.source;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.camelrump.Pages;
import io.camelrump.fixtures.FaultyProxy;
import io.camelrump.fixtures.RedisCluster;
import io.camelrump.fixtures.RedisServer;
import io.camelrump.fixtures.RedisServers;
import io.camelrump.keys.SampleLimit;
import io.camelrump.redis.Cursor;
import io.camelrump.redis.KeyList;
import io.camelrump.redis.RedisConnection;
import io.camelrump.redis.RespReader;
import io.camelrump.redis.ServerAddress;
import io.camelrump.redis.ServerClock;
import io.camelrump.redis.Slot;
import io.camelrump.run.PageData;
import java.io.ByteArrayInputStream;
import java.time.Duration;
import java.util.BitSet;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.RedisClusterClient;

/** Pages whose expiries are asked for again at a cluster's node. */
class PageBuilderIT {
    private static final Duration SOON = Duration.ofSeconds(3);

    @RegisterExtension
    private final RedisServers servers = new RedisServers();

    /** Below 7.0 an expiry is what remains and the time of day; the machine may stop between the two queries. */
    @Test
    void anExpiryIsAskedForAgainUntilItsTimeOfDayIsKnown() throws Exception {
        RedisServer source = servers.start();
        byte[] key = "key".getBytes(US_ASCII);
        KeyChunk chunk = new KeyChunk(KeyList.of(key), 0, Cursor.START);
        PageBuilder page = new PageBuilder(chunk, 0, 64, false);
        page.add(chunk, new RespReader(new ByteArrayInputStream("v\r\n".getBytes(US_ASCII)), 64), 1, 3_600_000);
        page.date(-1, -1);

        try (Jedis jedis = source.jedis();
                FaultyProxy proxy = new FaultyProxy(source);
                RedisConnection connection = RedisConnection.open(
                        new ServerAddress(RedisServer.HOST, proxy.port(), null, null, 0, SOON, SOON))) {
            jedis.psetex(key, 3_600_000, key);
            proxy.holdBack(8, "*1\r\n$4\r\nTIME\r\n".length(), 100);

            page.retime(connection, ServerClock.unknown(), new WholeServer(new SampleLimit(0)));

            assertThat(page.build().expiresAtMillis(0)).isCloseTo(jedis.pexpireTime(key), within(20L));
        }
    }

    @Test
    void aKeyThatHasMovedBeforeItsExpiryWasKnownLeavesThePage() throws Exception {
        RedisCluster pair = RedisCluster.start(servers, RedisServers.usual(), 2, 0);
        List<byte[]> keys = IntStream.range(0, 9)
                .mapToObj(i -> ("key " + i).getBytes(US_ASCII))
                .toList();
        try (RedisClusterClient client = pair.client()) {
            keys.forEach(key -> client.set(key, key));
        }
        KeyChunk chunk = new KeyChunk(KeyList.of(keys.toArray(new byte[0][])), 0, Cursor.START);
        PageBuilder page = new PageBuilder(chunk, 0, 64, false);
        while (!chunk.isRead()) {
            page.add(chunk, new RespReader(new ByteArrayInputStream("v\r\n".getBytes(US_ASCII)), 64), 1, 3_600_000);
        }
        page.date(-1, -1);
        NodeAssignment node = new NodeAssignment("first", false, false, new SampleLimit(0), () -> false, held -> held);

        try (RedisConnection connection =
                RedisConnection.open(new ServerAddress(RedisServer.HOST, pair.port(), null, null, 0, SOON, SOON))) {
            page.retime(connection, ServerClock.unknown(), node);
        }

        BitSet moved = node.takeStrayed();
        assertThat(moved.cardinality()).isBetween(1, 8);
        PageData built = page.build();
        assertThat(Pages.keys(built))
                .isEqualTo(keys.stream()
                        .filter(key -> !moved.get(Slot.of(key)))
                        .map(key -> new String(key, US_ASCII))
                        .toList());
        assertThat(IntStream.range(0, built.size()).mapToObj(built::payload))
                .allSatisfy(payload -> assertThat(payload).isEqualTo("v".getBytes(US_ASCII)));
    }
}
