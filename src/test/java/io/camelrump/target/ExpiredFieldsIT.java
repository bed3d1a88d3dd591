package io.camelrump.target;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.camelrump.fixtures.RedisServer;
import io.camelrump.fixtures.RedisServers;
import io.camelrump.keys.DatabaseMapping;
import io.camelrump.options.ServerOptions;
import io.camelrump.options.TargetOptions;
import io.camelrump.options.ThrottleOptions;
import io.camelrump.redis.Cursor;
import io.camelrump.redis.KeyList;
import io.camelrump.redis.RedisConnection;
import io.camelrump.redis.ServerAddress;
import io.camelrump.redis.ServerClock;
import io.camelrump.redis.SourceFeatures;
import io.camelrump.run.PageData;
import io.camelrump.run.Reading;
import io.camelrump.run.Receipt;
import io.camelrump.run.RetryKeys;
import io.camelrump.run.Run;
import io.camelrump.shard.Share;
import io.camelrump.source.PartReader;
import io.camelrump.throttle.TurnPacer;
import io.camelrump.throttle.WorkBudget;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import redis.clients.jedis.Jedis;

/** Fields of a hash that is read in parts, and whose time is up when they arrive. */
class ExpiredFieldsIT {
    private static final byte[] KEY = "hash".getBytes(StandardCharsets.US_ASCII);

    @RegisterExtension
    private final RedisServers servers = new RedisServers();

    static Stream<RedisServers.Version> versions() {
        return RedisServers.versions().stream().filter(RedisServers.Version::hasFieldExpiry);
    }

    @ParameterizedTest
    @MethodSource("versions")
    void expiredFieldsAreNotMissedAtTheTarget(RedisServers.Version version) throws Exception {
        RedisServer server = servers.start(version);
        try (Jedis jedis = server.jedis()) {
            jedis.hset("hash", "stays", "value");
            jedis.hset("hash", "short", "value");
            jedis.hset("hash", "shorter", "value");
            jedis.hpexpire("hash", 200, "short", "shorter");

            Run run = new Run("fields", 1);
            writeWhenExpired(server, jedis, run);

            assertThat(run.report().counts().restored()).isEqualTo(1);
            assertThat(run.pages().isSettled()).isTrue();
            jedis.select(1);
            assertThat(jedis.hgetAll("hash")).containsOnlyKeys("stays");
        }
    }

    @ParameterizedTest
    @MethodSource("versions")
    void aHashOfNothingElseHasVanished(RedisServers.Version version) throws Exception {
        RedisServer server = servers.start(version);
        try (Jedis jedis = server.jedis()) {
            jedis.hset("hash", "short", "value");
            jedis.hpexpire("hash", 200, "short");
            jedis.select(1);
            jedis.hset("hash", "older", "value");
            jedis.select(0);

            Run run = new Run("fields", 1);
            writeWhenExpired(server, jedis, run);

            assertThat(run.report().counts().vanished()).isEqualTo(1);
            assertThat(run.pages().isSettled()).isTrue();
            jedis.select(1);
            assertThat(jedis.dbSize()).isZero();
        }
    }

    /** Reads the hash of database 0, and writes it to database 1 when the time of the field called short is up. */
    private static void writeWhenExpired(RedisServer server, Jedis jedis, Run run) throws Exception {
        PageData read = read(server);
        await().atMost(Duration.ofSeconds(5)).until(() -> jedis.hget("hash", "short") == null);
        try (Target target = new Target(
                address(server, 1),
                new WritePlan("target", new ServerOptions(), new TargetOptions(), new ThrottleOptions(), Share.WHOLE),
                false)) {
            target.open();
            Receipt receipt = Objects.requireNonNull(run.pages().open(read, run.epoch()));
            target.write(List.of(read.out(receipt, true)), false, new WriteReport());
        }
    }

    private static PageData read(RedisServer server) throws Exception {
        try (RedisConnection source = RedisConnection.open(address(server, 0))) {
            PartReader reader = new PartReader(
                    DatabaseMapping.of(0, null, null), PartReader.Mode.VALUES, new TurnPacer(WorkBudget.unbounded()));
            reader.enqueue(RetryKeys.byParts(KeyList.of(KEY), 0, Cursor.START, Reading.FIRST));
            return Objects.requireNonNull(
                    reader.next(source, SourceFeatures.ofWatching(source, null), ServerClock.measure(source)));
        }
    }

    private static ServerAddress address(RedisServer server, int database) {
        Duration timeout = Duration.ofSeconds(5);
        return new ServerAddress(RedisServer.HOST, server.port(), null, null, database, timeout, timeout);
    }
}
