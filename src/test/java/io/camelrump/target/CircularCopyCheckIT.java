package io.camelrump.target;

import static io.camelrump.fixtures.FaultRun.fill;
import static io.camelrump.fixtures.FaultRun.size;
import static org.assertj.core.api.Assertions.assertThat;

import io.camelrump.Ledger;
import io.camelrump.RunState;
import io.camelrump.fixtures.CommandStats;
import io.camelrump.fixtures.Migration;
import io.camelrump.fixtures.RedisServer;
import io.camelrump.fixtures.RedisServers;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import redis.clients.jedis.Jedis;

class CircularCopyCheckIT {
    @RegisterExtension
    private final RedisServers servers = new RedisServers();

    @Test
    void refusesTheSameDatabaseOfOneServerBeforeAKeyIsWritten() {
        RedisServer server = servers.start();
        fill(server, 20_000);
        long writesBefore = restores(server);

        try (Migration run = Migration.from(server).to(server).start()) {
            Ledger ledger = run.awaitEnd();

            assertThat(ledger.state()).isEqualTo(RunState.FAILED);
            assertThat(ledger.failure()).contains("are the same database of one server");
            assertThat(ledger.counts().restored()).isZero();
        }
        // the probes of what RESTORE can do write nothing
        assertThat(restores(server) - writesBefore).isLessThan(10);
    }

    private static long restores(RedisServer server) {
        try (Jedis jedis = server.jedis()) {
            return CommandStats.calls(jedis, "restore");
        }
    }

    @Test
    void takesAnotherDatabaseOfTheSameServer() {
        RedisServer server = servers.start();
        fill(server, 1_000);

        try (Migration run = Migration.from(server)
                .to(server)
                .with("rump.target.database", 3)
                .start()) {
            run.awaitComplete();
        }
        try (Jedis jedis = server.jedis()) {
            jedis.select(3);
            assertThat(jedis.dbSize()).isEqualTo(size(server));
        }
    }

    @Test
    void refusesAReplicaOfTheOtherSide() {
        RedisServer master = servers.start();
        RedisServer replica = servers.start();
        fill(master, 1_000);
        try (Jedis jedis = replica.jedis()) {
            jedis.replicaof(RedisServer.HOST, master.port());
            Awaitility.await("replication")
                    .until(() -> jedis.info("replication").contains("master_link_status:up"));
        }

        try (Migration run = Migration.from(replica).to(master).start()) {
            Ledger ledger = run.awaitEnd();

            assertThat(ledger.state()).isEqualTo(RunState.FAILED);
            assertThat(ledger.failure()).contains("replica of one another");
        }
    }

    @Test
    void findsOutByAKeyWhereInfoIsRefused() {
        RedisServer server = servers.start();
        fill(server, 1_000);
        try (Jedis jedis = server.jedis()) {
            jedis.aclSetUser("default", "-info");
        }

        try (Migration run = Migration.from(server).to(server).start()) {
            Ledger ledger = run.awaitEnd();

            assertThat(ledger.state()).isEqualTo(RunState.FAILED);
            assertThat(ledger.failure()).contains("hold the same data");
            assertThat(ledger.counts().restored()).isZero();
        }
    }
}
