package io.camelrump.target;

import static io.camelrump.fixtures.FaultRun.awaitRestored;
import static io.camelrump.fixtures.FaultRun.fill;
import static io.camelrump.fixtures.FaultRun.size;
import static io.camelrump.fixtures.FaultRun.slow;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.camelrump.Ledger;
import io.camelrump.RunState;
import io.camelrump.cli.EqualityProof;
import io.camelrump.fixtures.Migration;
import io.camelrump.fixtures.RedisServer;
import io.camelrump.fixtures.RedisServers;
import io.camelrump.fixtures.Reply;
import io.camelrump.fixtures.SampleData;
import io.camelrump.fixtures.ScriptedServer;
import io.camelrump.fixtures.WatchingProxy;
import io.camelrump.redis.RedisConnection;
import io.camelrump.redis.RedisException;
import io.camelrump.redis.ServerAddress;
import java.time.Duration;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import redis.clients.jedis.Jedis;

/** Rare moments of a run in which the target is lost, another server than before, out of reach, or full of clients. */
@SuppressWarnings("deprecation")
class WritingEdgesIT {
    @RegisterExtension
    private final RedisServers servers = new RedisServers();

    /** The target comes back empty while the reader is in a long stretch of the keyspace without wanted keys. */
    @Test
    void isNotCompleteWhenTheTargetWasLostDuringTheLastRead() {
        RedisServer source = servers.start();
        RedisServer target = servers.start();
        String wanted;
        try (Jedis jedis = source.jedis()) {
            SampleData.populate(jedis, 400_000, 8);
            wanted = jedis.scan("0", new redis.clients.jedis.params.ScanParams().count(5))
                    .getResult()
                    .get(0);
        }
        try (Migration run = Migration.from(source)
                .to(target)
                .with("rump.source.scan-count", 5)
                .with("rump.source.match", wanted)
                .start()) {
            Awaitility.await()
                    .pollInterval(Duration.ofMillis(1))
                    .pollDelay(Duration.ZERO)
                    .until(() ->
                            run.ledger().pagesOut() > 0 || run.ledger().state().isFinal());
            target.kill9();
            target.restart(false);
            Ledger ledger = run.awaitEnd();
            assertThat(ledger.state()).isEqualTo(RunState.COMPLETE);
            assertThat(size(target)).isEqualTo(1);
        }
    }

    /** The name of the source leads to the target from some moment on. */
    @Test
    void refusesASourceThatBecameTheTarget() throws Exception {
        RedisServer source = servers.start();
        RedisServer target = servers.start();
        fill(source, 12_000);
        try (WatchingProxy proxy = new WatchingProxy(source.port());
                Migration run =
                        slow(Migration.from(proxy.listenPort()).to(target)).start()) {
            awaitRestored(run, 4_000);
            proxy.port = target.port();
            proxy.cut();
            Ledger ledger = run.awaitEnd();
            assertThat(ledger.state()).isEqualTo(RunState.FAILED);
        }
    }

    /** The target takes the data of another master for a moment, the process stays the same. */
    @Test
    void noticesThatTheTargetTookTheDataOfAnotherMaster() {
        RedisServer source = servers.start();
        RedisServer target = servers.start();
        RedisServer master = servers.start();
        fill(source, 12_000);
        try (Migration run = slow(Migration.from(source).to(target)).start()) {
            awaitRestored(run, 4_000);
            try (Jedis jedis = target.jedis()) {
                jedis.replicaof(RedisServer.HOST, master.port());
                Awaitility.await().until(() -> jedis.info("replication").contains("master_link_status:up"));
                jedis.replicaofNoOne();
            }
            assertThat(run.awaitEnd().state()).isEqualTo(RunState.COMPLETE);
            assertThat(size(target)).isEqualTo(12_000);
        }
    }

    /** No INFO, and every key expires. */
    @Test
    void noticesALossWhereInfoIsRefusedAndAllKeysExpire() {
        RedisServer source = servers.start();
        RedisServer target = servers.start();
        try (Jedis jedis = source.jedis();
                var pipeline = jedis.pipelined()) {
            for (int i = 0; i < 12_000; i++) {
                pipeline.setex("session:" + i, 3_600, "v");
            }
        }
        try (Jedis jedis = target.jedis()) {
            jedis.aclSetUser("default", "-info");
        }
        try (Migration run = slow(Migration.from(source).to(target)).start()) {
            awaitRestored(run, 6_000);
            target.kill9();
            target.restart(false);
            assertThat(run.awaitEnd().state()).isEqualTo(RunState.COMPLETE);
            assertThat(size(target)).isEqualTo(12_000);
        }
    }

    /** Below 5.0 RESTORE takes the time that is left, and not an instant. */
    @Test
    void expiryIsExactWhereAnOldTargetRestoresLate() {
        RedisServer source = servers.start();
        RedisServer target = servers.start(RedisServers.version("redis-2.8"));
        try (Jedis from = source.jedis();
                Jedis to = target.jedis();
                ScriptedServer late = new ScriptedServer(target)) {
            from.psetex("k", 600_000, "v");
            late.onCall("RESTORE", call -> {
                long until = System.nanoTime() + Duration.ofMillis(300).toNanos();
                while (System.nanoTime() < until) {
                    Thread.onSpinWait();
                }
                return Reply.PASS;
            });

            try (Migration run = Migration.from(source).to(late.port()).start()) {
                assertThat(run.awaitComplete().restored()).isEqualTo(1);
            }

            assertThat(EqualityProof.compare(from, to, Duration.ofMillis(50)).differences())
                    .isEmpty();
        }
    }

    /** The clocks of both servers are an hour ahead of ours; one of them refuses TIME. */
    @Test
    void expiryIsExactWhereOneSideRefusesTime() {
        org.junit.jupiter.api.Assumptions.assumeTrue(RedisServers.canShiftClock());
        RedisServer source = servers.startShifted(3600);
        RedisServer target = servers.startShifted(3600);
        try (Jedis from = source.jedis();
                Jedis to = target.jedis()) {
            from.setex("s", 1800, "v");
            from.setex("l", 36000, "v");
            to.aclSetUser("default", "-time");
            try (Migration run = Migration.from(source).to(target).start()) {
                assertThat(run.awaitComplete().restored()).isEqualTo(2);
                assertThat(to.ttl("s")).isBetween(1790L, 1800L);
                assertThat(to.ttl("l")).isBetween(35990L, 36000L);
            }
        }
    }

    /** A server with a password has no connection left for a while. */
    @Test
    void tooManyClientsIsTransient() {
        RedisServer server = servers.start(RedisServers.usual(), "--requirepass", "pw", "--maxclients", "1");
        try (Jedis jedis = server.jedis()) {
            jedis.ping();
            assertThatThrownBy(() -> RedisConnection.open(new ServerAddress(
                            "127.0.0.1", server.port(), null, "pw", 0, Duration.ofSeconds(5), Duration.ofSeconds(5))))
                    .isInstanceOfSatisfying(RedisException.class, refused -> assertThat(refused.isPermanent())
                            .isFalse())
                    .hasMessageContaining("max number of clients");
        }
    }

    /** No signal at all: the target takes no more bytes, the run ends by itself, its stop does not. */
    @Tag("long")
    @Test
    void theStopEndsWhileAWriteIsStuck() throws Exception {
        RedisServer source = servers.start();
        RedisServer target = servers.start();
        try (Jedis jedis = source.jedis()) {
            SampleData.fillNoise(jedis, 6, 20 * 1024 * 1024);
        }
        Migration run = Migration.from(source)
                .to(target)
                .with("rump.source.stall-timeout", "3s")
                .stopWithin(3)
                .start();
        awaitRestored(run, 1);
        target.pause();
        Ledger ledger = run.awaitEnd();
        Thread stop = new Thread(run::close);
        stop.setDaemon(true);
        stop.start();
        stop.join(20_000);
        boolean stopped = !stop.isAlive();
        target.resume();
        stop.join();
        assertThat(stopped).isTrue();
    }
}
