package io.camelrump;

import static io.camelrump.fixtures.FaultRun.awaitRestored;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.camelrump.fixtures.FaultRun;
import io.camelrump.fixtures.LiveWriter;
import io.camelrump.fixtures.Migration;
import io.camelrump.fixtures.RedisCluster;
import io.camelrump.fixtures.RedisServer;
import io.camelrump.fixtures.RedisServers;
import io.camelrump.redis.Slot;
import io.camelrump.run.ChangeLog;
import java.time.Duration;
import java.util.Comparator;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import redis.clients.jedis.Jedis;

/** Live runs follow slots that move, and masters that die or come back as others: what those confirmed is void. */
class ClusterTargetLiveIT extends ClusterTargetFixture {
    /** So many that what a writer deletes of them is no mass. */
    private static final int MANY = 5_000;

    @Test
    void deletesAreFollowedWhereOneMasterWasFullAtTheStart() {
        RedisServer source = filled(RedisServers.usual(), FEW);
        RedisCluster cluster = RedisCluster.start(servers, RedisServers.usual(), MASTERS, 0);
        RedisServer full = cluster.masters().get(1);
        FaultRun.config(full, "maxmemory", "1");

        try (Migration run = Migration.from(source)
                        .to(cluster.masters().get(0))
                        .with("rump.source.live", true)
                        .start();
                Jedis jedis = source.jedis()) {
            FaultRun.config(full, "maxmemory", "0");
            awaitRestored(run, jedis.dbSize());
            for (int i = 0; i < 50; i++) {
                jedis.del("mixed:" + i);
            }
            Objects.requireNonNull(run.ledger().changes()).cutOver();
            run.awaitComplete();
        }

        assertEqual(source, cluster);
    }

    @Test
    void changesAreFollowedWhileSlotsMove() {
        RedisServer source = filled(RedisServers.usual(), MANY);
        RedisCluster cluster = RedisCluster.start(servers, RedisServers.usual(), MASTERS, 0);

        try (Migration run = Migration.from(source).to(cluster.masters().get(0)).with("rump.source.live", true)) {
            try (LiveWriter writer = LiveWriter.start(source, 300, 11)) {
                run.start();
                awaitRestored(run, MANY / 5);
                CompletableFuture<Void> reshard = CompletableFuture.runAsync(() -> cluster.reshard(
                        cluster.masters().get(0), cluster.masters().get(2), 0, MOVED_SLOTS - 1));
                long before = writer.written();
                await("writes go on").atMost(Duration.ofSeconds(30)).until(() -> writer.written() > before + 1_000);
                reshard.join();
            }
            Objects.requireNonNull(run.ledger().changes()).cutOver();
            run.awaitComplete();
        }
        assertEqual(source, cluster);
    }

    @Test
    @Tag("long")
    void changesAreFollowedOverTheDeathOfAMaster() {
        RedisServer source = filled(RedisServers.usual(), MANY);
        RedisCluster cluster =
                RedisCluster.start(servers, RedisServers.usual(), MASTERS, 1, "--cluster-node-timeout", "1000");

        try (Migration run = Migration.from(source).to(cluster.masters().get(0)).with("rump.source.live", true)) {
            try (LiveWriter writer = LiveWriter.start(source, 300, 12)) {
                run.start();
                awaitRestored(run, MANY / 5);
                cluster.masters().get(1).kill9();
                long before = writer.written();
                await("writes go on").atMost(Duration.ofSeconds(30)).until(() -> writer.written() > before + 2_000);
            }
            Objects.requireNonNull(run.ledger().changes()).cutOver();
            assertThat(run.awaitComplete().restarts()).isEqualTo(1);
        }
        assertEqual(source, cluster);
    }

    @Test
    void aMasterThatComesBackElsewhereWithoutItsKeysBeginsAnew() {
        RedisCluster cluster = RedisCluster.start(servers, RedisServers.usual(), MASTERS, 0);

        assertBeginsAnew(cluster, cluster.masters().get(0), () -> {
            cluster.masters().get(1).move();
            cluster.awaitWhole();
        });
    }

    @Tag("long")
    @Test
    void aMasterThatComesBackWithoutItsMemoryIsNotAskedWhoOwnsTheSlots() {
        RedisCluster cluster = RedisCluster.start(servers, RedisServers.usual(), MASTERS, 1);
        // the one that is asked first
        RedisServer lost = cluster.masters().stream()
                .min(Comparator.comparing(master -> String.valueOf(master.port())))
                .orElseThrow();
        int place = cluster.masters().indexOf(lost);

        assertBeginsAnew(cluster, cluster.masters().get((place + 1) % MASTERS), () -> {
            lost.kill9();
            awaitMaster(cluster.replicas().get(place));
            lost.restart(false);
        });
    }

    @Test
    void aMasterWhoseSlotsAreGivenAwayWithoutItsKeysBeginsAnew() {
        RedisCluster cluster = RedisCluster.start(servers, RedisServers.usual(), MASTERS, 0);
        RedisServer lost = cluster.masters().get(0);

        assertBeginsAnew(cluster, cluster.masters().get(1), () -> {
            lost.kill9();
            cluster.giveSlots(lost, cluster.masters().get(2));
        });
    }

    /** Keys that a live run has written are lost by what happens, and are all there at its end. */
    private void assertBeginsAnew(RedisCluster cluster, RedisServer asked, Runnable loss) {
        RedisServer source = filled(RedisServers.usual(), FEW);
        try (Migration run = live(source, asked).start()) {
            awaitRestored(run, FEW);
            loss.run();
            cutOver(run);

            assertThat(run.awaitComplete().restarts()).isEqualTo(1);
        }
        assertEqual(source, cluster);
    }

    @Tag("long")
    @Test
    void aMasterThatThrewKeysAwayIsNotForgottenWithItsSlots() {
        RedisServer source = filled(RedisServers.usual(), FEW);
        RedisCluster cluster = RedisCluster.start(servers, RedisServers.usual(), MASTERS, 0);
        RedisServer evicting = cluster.masters().get(0);

        try (Migration run = live(source, cluster.masters().get(1)).start()) {
            awaitRestored(run, FEW);
            FaultRun.config(evicting, "maxmemory-policy", "allkeys-random");
            FaultRun.config(evicting, "maxmemory", "1");
            try (Jedis jedis = evicting.jedis()) {
                await("it evicts").atMost(Duration.ofSeconds(30)).until(() -> {
                    jedis.ping();
                    return !jedis.info("stats").contains("evicted_keys:0\r");
                });
            }
            FaultRun.config(evicting, "maxmemory", "0");
            cluster.reshard(evicting, cluster.masters().get(2), 0, Slot.COUNT / MASTERS - 1);
            cutOver(run);

            assertThat(run.awaitEnd().failure()).contains("evicted");
        }
    }

    @Tag("long")
    @Test
    void unseenDeletesAreLookedForOverTheDeathOfAMaster() {
        RedisServer source = filled(RedisServers.usual(), FEW);
        RedisCluster cluster = RedisCluster.start(servers, RedisServers.usual(), MASTERS, 1);

        try (Migration run = live(source, cluster.masters().get(0)).start()) {
            awaitRestored(run, FEW);
            cluster.masters().get(1).kill9();
            awaitMaster(cluster.replicas().get(1));
            ChangeLog changes = run.ledger().run().changes();
            changes.gaps().flushed();
            long ticket = changes.drain();

            await("the drain ends").atMost(Duration.ofSeconds(30)).until(() -> changes.drained(ticket) != null);
            cutOver(run);
            assertThat(run.awaitComplete().restarts()).isEqualTo(1);
        }
        assertEqual(source, cluster);
    }

    private static Migration live(RedisServer source, RedisServer target) {
        return Migration.from(source).to(target).with("rump.source.live", true).with("rump.source.scan-count", 100);
    }

    private static void cutOver(Migration run) {
        Objects.requireNonNull(run.ledger().changes()).cutOver();
    }

    private static void awaitMaster(RedisServer replica) {
        try (Jedis jedis = replica.jedis()) {
            await("a replica takes over")
                    .atMost(Duration.ofSeconds(30))
                    .until(() -> jedis.info("replication").contains("role:master")
                            && jedis.clusterInfo().contains("cluster_state:ok"));
        }
    }
}
