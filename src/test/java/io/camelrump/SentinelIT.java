package io.camelrump;

import static io.camelrump.fixtures.FaultRun.assertEqual;
import static io.camelrump.fixtures.FaultRun.awaitRestored;
import static io.camelrump.fixtures.FaultRun.fill;
import static io.camelrump.fixtures.FaultRun.slow;
import static io.camelrump.fixtures.RedisSentinels.MASTER_NAME;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.camelrump.fixtures.LiveWriter;
import io.camelrump.fixtures.Migration;
import io.camelrump.fixtures.RedisSentinels;
import io.camelrump.fixtures.RedisServer;
import io.camelrump.fixtures.RedisServers;
import io.camelrump.redis.LogIn;
import io.camelrump.redis.RedisConnection;
import io.camelrump.redis.Sentinels;
import io.camelrump.redis.ServerAddress;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import redis.clients.jedis.Jedis;

/** Where sentinels tell who the master is, a run asks them, and goes where they say. */
class SentinelIT {
    private static final Duration TIMEOUT = Duration.ofSeconds(2);
    private static final int KEYS = 4_000;
    private static final int WRITTEN = 300;

    @RegisterExtension
    private final RedisServers servers = new RedisServers();

    static List<RedisServers.Version> versions() {
        return Stream.of("redis-6.2", "redis-8.0", "valkey-8.1")
                .map(RedisServers::find)
                .flatMap(Optional::stream)
                .toList();
    }

    @Test
    void mastersAreFoundOnBothSides() {
        mastersAreFoundOnBothSides(RedisServers.usual());
    }

    @Tag("long")
    @ParameterizedTest
    @MethodSource("versions")
    void mastersAreFoundOnBothSides(RedisServers.Version version) {
        try (RedisSentinels from = RedisSentinels.start(servers, version);
                RedisSentinels to = RedisSentinels.start(servers, version, "secret")) {
            fill(from.master(), 1_000);

            try (Migration run = Migration.from(from)
                    .to(to)
                    .with("rump.target.sentinel-password", "secret")
                    .start()) {
                run.awaitComplete();
            }

            assertEqual(from.master(), to.master());
        }
    }

    @Test
    void aPauseThatWouldMakeTheSentinelsFailOverIsRefusedBeforeTheFirstKey() {
        RedisServer target = servers.start();
        try (RedisSentinels from = RedisSentinels.start(servers, RedisServers.usual())) {
            fill(from.master(), 100);

            assertThatThrownBy(() -> Migration.from(from)
                            .to(target)
                            .with("rump.source.live", true)
                            .with("rump.source.pause-writes", "5m")
                            .start())
                    .hasStackTraceContaining("down-after-milliseconds");

            assertThat(holds(target, 0)).isTrue();
        }
    }

    private static boolean holds(RedisServer server, long keys) {
        try (Jedis jedis = server.jedis()) {
            return jedis.dbSize() == keys;
        }
    }

    @Test
    void aFailoverOfTheSourceIsFollowed() {
        RedisServer target = servers.start();
        try (RedisSentinels source = RedisSentinels.start(servers, RedisServers.usual())) {
            fill(source.master(), KEYS);
            awaitReplica(source.master());

            try (Migration run = slow(Migration.from(source).to(target)).start()) {
                awaitRestored(run, KEYS / 2);
                source.killMaster();

                assertThat(run.awaitComplete().restarts()).isEqualTo(1);
            }
            assertEqual(source.master(), target);
        }
    }

    @Test
    void aFailoverOfTheTargetIsFollowed() {
        RedisServer source = servers.start();
        fill(source, KEYS);
        try (RedisSentinels target = RedisSentinels.start(servers, RedisServers.usual());
                Migration run = slow(Migration.from(source).to(target)).start()) {
            awaitRestored(run, KEYS / 2);
            target.killMaster();

            assertThat(run.awaitComplete().restarts()).isEqualTo(1);
            assertEqual(source, target.master());
        }
    }

    @Test
    void aTargetThatIsNoLongerNamedIsLeftThoughItAnswers() {
        RedisServer source = servers.start();
        RedisServer other = servers.start();
        fill(source, KEYS);
        try (RedisSentinels target = RedisSentinels.start(servers, RedisServers.usual());
                Migration run = slow(Migration.from(source).to(target)).start()) {
            awaitRestored(run, KEYS / 2);
            target.rename(other);

            assertThat(run.awaitComplete().restarts()).isEqualTo(1);
            assertEqual(source, other);
        }
    }

    @Test
    void aSourceThatIsNoLongerNamedIsLeftThoughItAnswers() {
        RedisServer other = servers.start();
        RedisServer target = servers.start();
        try (RedisSentinels source = RedisSentinels.start(servers, RedisServers.usual())) {
            fill(source.master(), KEYS);
            fill(other, KEYS);
            try (Jedis jedis = other.jedis()) {
                jedis.set("here alone", "1");
            }

            try (Migration run = slow(Migration.from(source).to(target)).start()) {
                awaitRestored(run, KEYS / 2);
                source.rename(other);

                assertThat(run.awaitComplete().restarts()).isEqualTo(1);
            }
            assertEqual(other, target);
        }
    }

    @Test
    @Tag("long")
    void changesAreFollowedOverAFailoverOfEitherSide() {
        try (RedisSentinels source = RedisSentinels.start(servers, RedisServers.usual());
                RedisSentinels target = RedisSentinels.start(servers, RedisServers.usual())) {
            fill(source.master(), KEYS / 2);
            awaitReplica(source.master());
            try (Migration run = Migration.from(source)
                    .to(target)
                    .with("rump.source.live", true)
                    .with("rump.source.allow-mass-delete", true)) {
                try (LiveWriter writer = LiveWriter.start(source::master, WRITTEN, 5)) {
                    run.start();
                    awaitRestored(run, KEYS / 4);
                    source.killMaster();
                    awaitWrites(writer);
                    target.killMaster();
                    awaitWrites(writer);
                }
                Objects.requireNonNull(run.ledger().changes()).cutOver();
                run.awaitComplete();
            }
            assertEqual(source.master(), target.master());
        }
    }

    @Test
    void errorsNameWhatIsWrongWithTheSentinels() {
        try (RedisSentinels sentinels = RedisSentinels.start(servers, RedisServers.usual(), "secret")) {
            String places = sentinels.places();
            String nobody = "127.0.0.1:" + RedisServer.freePort();
            String server = "127.0.0.1:" + sentinels.master().port();

            assertThatThrownBy(() -> open(places, "ordres", "secret"))
                    .hasMessageContaining(places)
                    .hasMessageContaining("know no master named ordres, but " + MASTER_NAME);
            assertThatThrownBy(() -> open(places, MASTER_NAME, null))
                    .hasMessageContaining("NOAUTH")
                    .hasMessageContaining("--from-sentinel-password-file");
            assertThatThrownBy(() -> open(places, MASTER_NAME, "wrong one"))
                    .hasMessageContaining("WRONGPASS")
                    .hasMessageNotContaining("wrong one");
            assertThatThrownBy(() -> open(nobody, MASTER_NAME, null))
                    .hasMessageContaining("No sentinel reports where " + MASTER_NAME + " is")
                    .hasMessageContaining("Connection refused by " + nobody);
            assertThatThrownBy(() -> open(server, MASTER_NAME, null))
                    .hasMessageContaining("is a Redis, not a" + " sentinel");
            // one that answers is enough
            assertThat(open(server + "," + places, MASTER_NAME, "secret"))
                    .isEqualTo(sentinels.master().port());
            assertThat(open(nobody + "," + places, MASTER_NAME, "secret"))
                    .isEqualTo(sentinels.master().port());
        }
    }

    @Test
    void aMasterThatIsAReplicaStillIsWaitedFor() {
        RedisServer target = servers.start();
        try (RedisSentinels source = RedisSentinels.start(servers, RedisServers.usual())) {
            RedisServer master = source.master();
            fill(master, 100);
            RedisServer replica =
                    servers.start(RedisServers.usual(), "--replicaof", RedisServer.HOST, "" + master.port());
            awaitReplica(replica);
            source.rename(replica);

            try (Migration run = Migration.from(source).to(target)) {
                CompletableFuture<Void> start = CompletableFuture.runAsync(run::start);
                try (Jedis jedis = replica.jedis()) {
                    await("the replica was asked")
                            .atMost(Duration.ofSeconds(30))
                            .until(() -> jedis.info("commandstats").contains("cmdstat_role"));
                    jedis.replicaofNoOne();
                }
                start.join();
                run.awaitComplete();
            }
            assertEqual(replica, target);
        }
    }

    /** The port of the master that was found. */
    private static int open(String places, String name, String password) {
        LogIn logIn = LogIn.of(null, password);
        Sentinels sentinels = new Sentinels(Objects.requireNonNull(Sentinels.nodes(places)), name, logIn);
        ServerAddress address = new ServerAddress("", 6379, LogIn.of(null, null), 0, TIMEOUT, TIMEOUT, null, sentinels);
        try (RedisConnection connection = RedisConnection.open(address)) {
            return connection.address().port();
        }
    }

    private static void awaitWrites(LiveWriter writer) {
        long before = writer.written();
        await("writes go on").atMost(Duration.ofSeconds(30)).until(() -> writer.written() > before + 500);
    }

    /** Waits until replicas have, or this replica has, all that was written. */
    private static void awaitReplica(RedisServer server) {
        try (Jedis jedis = server.jedis()) {
            await("replica in step").atMost(Duration.ofSeconds(30)).until(() -> {
                String info = jedis.info("replication");
                return info.contains("role:slave")
                        ? info.contains("master_link_status:up")
                        : jedis.waitReplicas(1, 1_000) == 1;
            });
        }
    }
}
