package io.camelrump;

import static io.camelrump.fixtures.FaultRun.KEYS;
import static io.camelrump.fixtures.FaultRun.assertEqual;
import static io.camelrump.fixtures.FaultRun.awaitRestored;
import static io.camelrump.fixtures.FaultRun.config;
import static io.camelrump.fixtures.FaultRun.fill;
import static io.camelrump.fixtures.FaultRun.slow;
import static org.assertj.core.api.Assertions.assertThat;

import io.camelrump.fixtures.FaultyProxy;
import io.camelrump.fixtures.Migration;
import io.camelrump.fixtures.RedisServer;
import io.camelrump.fixtures.RedisServers;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import redis.clients.jedis.Jedis;

/** The target is a replica for a time, or has replicas that must hold the keys. */
class ReplicatedTargetIT {
    @RegisterExtension
    private final RedisServers servers = new RedisServers();

    @Test
    void waitsWhileTheTargetIsAReplicaForATime() {
        RedisServer source = servers.start();
        RedisServer target = servers.start();
        RedisServer master = servers.start();
        fill(source, KEYS);

        try (Migration run = slow(Migration.from(source).to(target)).start()) {
            awaitRestored(run, KEYS / 4);
            // the link to a master that is paused never comes up, so nothing is thrown away meanwhile
            master.pause();
            try (Jedis jedis = target.jedis()) {
                jedis.replicaof(RedisServer.HOST, master.port());
                Awaitility.await("a refused write")
                        .until(() -> jedis.info("errorstats").contains("errorstat_READONLY"));
                jedis.replicaofNoOne();
            }
            run.awaitComplete();
        }
        assertEqual(source, target);
    }

    @Test
    void waitsWhileTheTargetHasTooFewReplicas() {
        RedisServer source = servers.start();
        RedisServer target = servers.start();
        fill(source, KEYS);

        try (Migration run = slow(Migration.from(source).to(target)).start()) {
            awaitRestored(run, KEYS / 4);
            config(target, "min-replicas-to-write", "1");
            try (Jedis jedis = target.jedis()) {
                Awaitility.await("a refused write")
                        .until(() -> jedis.info("errorstats").contains("errorstat_NOREPLICAS"));
            }
            assertThat(run.ledger().state()).isEqualTo(RunState.RUNNING);
            config(target, "min-replicas-to-write", "0");

            assertThat(run.awaitComplete().refused()).isZero();
        }
        assertEqual(source, target);
    }

    @Test
    @Tag("long")
    void needsTheReplicasThatAreAskedFor() {
        RedisServer source = servers.start();
        RedisServer target = servers.start();
        fill(source, 2_000);

        try (Migration run = Migration.from(source)
                .to(target)
                .with("rump.target.wait-replicas", 1)
                .with("camel.component.rump.retry-for", "1s")
                .start()) {
            Ledger ledger = run.awaitEnd();

            assertThat(ledger.state()).isEqualTo(RunState.FAILED);
            assertThat(ledger.failure())
                    .contains("0 of 1 replicas")
                    .matches(".*; 0 keys were written, and [12]\\d{3} more that too few replicas are known to have\\.");
            assertThat(ledger.counts().restored()).isZero();
        }
    }

    @Test
    void countsKeysThatTheReplicasHave() {
        RedisServer source = servers.start();
        RedisServer target = servers.start();
        RedisServer replica = servers.start();
        fill(source, 2_000);
        try (Jedis jedis = replica.jedis()) {
            jedis.replicaof(RedisServer.HOST, target.port());
            Awaitility.await("replication")
                    .until(() -> jedis.info("replication").contains("master_link_status:up"));
        }

        try (Migration run = Migration.from(source)
                .to(target)
                .with("rump.target.wait-replicas", 1)
                .start()) {
            run.awaitComplete();
        }
        assertEqual(source, replica);
        batchesAreSentWhileTheReplicasOfOthersAreWaitedFor(source, target);
    }

    /** Over a distance each batch would take two round trips more. */
    private static void batchesAreSentWhileTheReplicasOfOthersAreWaitedFor(RedisServer source, RedisServer target) {
        int batches = 40;
        int roundTrip = 40;
        try (FaultyProxy distance = new FaultyProxy(target).delay(roundTrip / 2);
                Migration run = Migration.from(source)
                        .to(distance.port())
                        .with("rump.target.wait-replicas", 1)
                        .with("rump.source.scan-count", 2_000 / batches)
                        .with("batch.keys", 2_000 / batches)
                        .start()) {
            long begin = System.nanoTime();

            run.awaitComplete();

            assertThat(TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begin)).isLessThan(batches * roundTrip);
        }
    }

    @Test
    void aRunContinuesWhenTheTargetGetsItsFirstReplica() {
        RedisServer source = servers.start();
        RedisServer target = servers.start();
        fill(source, 500);

        try (Migration run = Migration.from(source)
                        .to(target)
                        .with("rump.source.live", true)
                        .start();
                Jedis jedis = target.jedis()) {
            awaitRestored(run, 500);
            servers.start(RedisServers.usual(), "--replicaof", RedisServer.HOST, "" + target.port());
            Awaitility.await("the replica has its data")
                    .atMost(Duration.ofSeconds(30))
                    .until(() -> jedis.info("replication").contains("state=online"));
            Objects.requireNonNull(run.ledger().changes()).cutOver();

            assertThat(run.awaitComplete().restarts()).isZero();
        }
        assertEqual(source, target);
    }

    @Test
    void beginsAnewWhenTheTargetWasAReplicaMeanwhile() {
        RedisServer source = servers.start();
        RedisServer target = servers.start();
        RedisServer other = servers.start();
        fill(source, 500);

        try (Migration run = Migration.from(source)
                        .to(target)
                        .with("rump.source.live", true)
                        .start();
                Jedis jedis = target.jedis()) {
            awaitRestored(run, 500);
            jedis.replicaof(RedisServer.HOST, other.port());
            Awaitility.await("it has the other's data")
                    .atMost(Duration.ofSeconds(30))
                    .until(() -> jedis.info("replication").contains("master_link_status:up"));
            jedis.replicaofNoOne();
            Objects.requireNonNull(run.ledger().changes()).cutOver();

            assertThat(run.awaitComplete().restarts()).isEqualTo(1);
        }
        assertEqual(source, target);
    }
}
