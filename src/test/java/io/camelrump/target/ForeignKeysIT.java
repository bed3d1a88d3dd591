package io.camelrump.target;

import static io.camelrump.fixtures.FaultRun.awaitRestored;
import static io.camelrump.fixtures.FaultRun.fill;
import static io.camelrump.fixtures.FaultRun.slow;
import static org.assertj.core.api.Assertions.assertThat;

import io.camelrump.Counts;
import io.camelrump.Ledger;
import io.camelrump.RunState;
import io.camelrump.fixtures.Migration;
import io.camelrump.fixtures.RedisServer;
import io.camelrump.fixtures.RedisServers;
import io.camelrump.fixtures.SampleData;
import io.camelrump.fixtures.SmallHeapRun;
import io.camelrump.fixtures.WatchingProxy;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import redis.clients.jedis.Jedis;

/** Keys that were at the target before are kept where that is wanted. */
@SuppressWarnings("deprecation")
class ForeignKeysIT {
    @RegisterExtension
    private final RedisServers servers = new RedisServers();

    /** A foreign key goes away between RESTORE and the look at it. */
    @Test
    void aForeignKeyThatGoesAwayLeavesNoKeyUnanswered() throws Exception {
        RedisServer source = servers.start();
        RedisServer target = servers.start();
        fill(source, 100);
        try (Jedis jedis = target.jedis();
                Jedis from = source.jedis();
                WatchingProxy proxy = new WatchingProxy(target.port())) {
            from.set("mine", "new");
            jedis.set("mine", "foreign");
            proxy.beforeToServer = text -> {
                if (text.contains("PEXPIRETIME") && text.contains("mine")) {
                    jedis.del("mine");
                }
            };
            try (Migration run = Migration.from(source)
                    .to(proxy.listenPort())
                    .with("rump.target.on-conflict", "keep")
                    .with("rump.source.stall-timeout", "3s")
                    .start()) {
                Ledger ledger = run.awaitEnd();
                assertThat(ledger.state()).isEqualTo(RunState.COMPLETE);
            }
        }
    }

    /** The target was empty at the start, and is another server with foreign keys later. */
    @Test
    void keepsForeignKeysOfAnotherServerBehindTheSameAddress() throws Exception {
        RedisServer source = servers.start();
        RedisServer target = servers.start();
        RedisServer other = servers.start();
        fill(source, 6_000);
        try (Jedis jedis = other.jedis()) {
            jedis.set("mixed:1", "foreign");
            jedis.set("mixed:4000", "foreign");
        }
        try (WatchingProxy proxy = new WatchingProxy(target.port());
                Migration run = slow(Migration.from(source).to(proxy.listenPort()))
                        .with("rump.target.on-conflict", "keep")
                        .start()) {
            awaitRestored(run, 1_000);
            proxy.port = other.port();
            proxy.cut();
            Ledger ledger = run.awaitEnd();
            try (Jedis jedis = other.jedis()) {}
            assertThat(ledger.counts().kept()).isEqualTo(2);
        }
    }

    /** A foreign value that is large. */
    @Test
    void keepsALargeForeignKey() {
        RedisServer source = servers.start();
        RedisServer target = servers.start();
        fill(source, 100);
        try (Jedis jedis = target.jedis();
                Jedis from = source.jedis()) {
            from.set("mine", "new");
            jedis.set("mine".getBytes(StandardCharsets.US_ASCII), SampleData.noise(70 * 1024 * 1024));
        }
        try (Migration run = Migration.from(source)
                        .to(target)
                        .with("rump.target.on-conflict", "keep")
                        .start();
                Jedis jedis = target.jedis()) {
            Counts counts = run.awaitComplete();
            assertThat(counts.kept()).isEqualTo(1);
            assertThat(counts.restored()).isEqualTo(100);
            assertThat(jedis.strlen("mine")).isEqualTo(70 * 1024 * 1024);
        }
    }

    @Tag("long")
    @Test
    void keepsManyForeignKeysInASmallHeap() throws Exception {
        RedisServer source = servers.start();
        RedisServer target = servers.start();
        try (Jedis jedis = target.jedis();
                Jedis from = source.jedis()) {
            SampleData.fillNoise(jedis, 100, 1024 * 1024);
            SampleData.fillNoise(from, 100, 3);
        }
        try (SmallHeapRun run = SmallHeapRun.start("64m", source, target, "rump.target.on-conflict=keep")) {
            String output = run.awaitOutput();
            assertThat(output).contains("COMPLETE", "kept=100");
        }
    }
}
