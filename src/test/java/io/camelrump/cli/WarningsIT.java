package io.camelrump.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.camelrump.cli.demo.DemoData;
import io.camelrump.fixtures.RedisServer;
import io.camelrump.fixtures.RedisServers;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.StreamEntryID;

/** What a person is told beside the counts, in a process of its own: the lines go to standard error. */
class WarningsIT {
    @RegisterExtension
    private final RedisServers servers = new RedisServers();

    private RedisServer source;
    private RedisServer target;

    @BeforeEach
    void startServers() {
        source = servers.start();
        target = servers.start();
    }

    @Test
    void keysAtTheTargetAndDroppedExpiriesAreReported() throws Exception {
        DemoData.fill(source.port(), 100);
        try (Jedis jedis = target.jedis()) {
            jedis.mset("a", "1", "b", "2", "c", "3");
        }
        try (RumpProcess run = RumpProcess.between(source, target, List.of(), "-ttl=false")) {
            assertThat(run.exitCode()).as(run.output()).isZero();
            assertThat(run.err().lines())
                    .hasSize(2)
                    .anyMatch(line -> line.contains(
                            "holds 3 keys already; those with names that the source has too are" + " replaced"))
                    .anyMatch(line -> line.contains("Expiries are dropped: every key lives forever"));
            assertThat(run.out()).startsWith("COMPLETE: 100 keys");
        }
    }

    @Test
    void aUserWhoMayNotWatchAKeyIsWarned() throws Exception {
        try (Jedis jedis = source.jedis()) {
            jedis.set("key", "value");
            jedis.aclSetUser("default", "-watch");
        }
        try (RumpProcess run = RumpProcess.between(source, target, List.of())) {
            assertThat(run.exitCode()).as(run.output()).isZero();
            assertThat(run.err().lines())
                    .hasSize(1)
                    .allMatch(line -> line.contains("the ACL rules +watch +multi +exec make such a copy a snapshot"));
        }
    }

    @Test
    void aReplicaThatLosesWhatGroupsHaveReadIsReportedWhereThereAreStreams() {
        RedisServer replica =
                servers.start(RedisServers.version("redis-7.0"), "--replicaof", RedisServer.HOST, "" + source.port());
        try (Jedis jedis = source.jedis();
                Jedis read = replica.jedis()) {
            jedis.set("key", "value");
            await().until(() -> read.exists("key"));
            assertThat(migrate(replica).err()).isEmpty();

            jedis.xadd("stream", StreamEntryID.NEW_ENTRY, Map.of("field", "value"));
            jedis.xgroupCreate("stream", "group", new StreamEntryID(), false);
            await().until(() -> read.exists("stream"));
        }

        assertThat(migrate(replica).out())
                .contains(
                        replica.port() + " is a replica of a version that does not replicate how many entries consumer"
                                + " groups have read",
                        "--read-from master");
        assertThat(migrate(source).out()).contains("COMPLETE: 2 keys").doesNotContain("replica");
    }

    private CommandRun migrate(RedisServer from) {
        return CommandRun.of("-from", RumpProcess.uri(from), "-to", RumpProcess.uri(target), "--on-conflict=replace");
    }

    @Test
    void aScanThatStartsAgainIsReported() throws Exception {
        DemoData.fill(source.port(), 10_000);
        try (RumpProcess run = RumpProcess.between(
                        source, target, List.of(), "--scan-count=10", "--batch-keys=10", "--max-keys-per-second=5000");
                Jedis jedis = target.jedis()) {
            await().atMost(Duration.ofSeconds(30))
                    .pollInterval(Duration.ofMillis(5))
                    .until(() -> jedis.dbSize() >= 500);
            source.restart(true);

            assertThat(run.exitCode()).as(run.output()).isZero();
            assertThat(run.err())
                    .contains("Retrying for up to 60 s")
                    .contains("is another server process than before: the scan restarts from the beginning");
            assertThat(run.out()).contains("COMPLETE: ");
            assertThat(jedis.dbSize()).isEqualTo(10_000);
        }
    }

    @Test
    void aSilentRunThatFailsPrintsItsErrorAlone() throws Exception {
        DemoData.fill(source.port(), 100);
        try (Jedis jedis = target.jedis()) {
            jedis.set("a", "1");
            jedis.replicaof(RedisServer.HOST, RedisServer.freePort());
        }
        try (RumpProcess run = RumpProcess.between(source, target, List.of(), "-silent", "--retry-for=1s")) {
            assertThat(run.exitCode()).as(run.output()).isEqualTo(1);
            assertThat(run.err()).startsWith("rump: ").contains("READONLY").hasLineCount(1);
            assertThat(run.out()).isEmpty();
        }
    }
}
