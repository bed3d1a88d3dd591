package io.camelrump.target;

import static io.camelrump.fixtures.FaultRun.awaitRestored;
import static io.camelrump.fixtures.FaultRun.fill;
import static io.camelrump.fixtures.FaultRun.slow;
import static org.assertj.core.api.Assertions.assertThat;

import io.camelrump.ConflictPolicy;
import io.camelrump.Ledger;
import io.camelrump.Outcome;
import io.camelrump.RunState;
import io.camelrump.TransientTargetException;
import io.camelrump.fixtures.Migration;
import io.camelrump.fixtures.RedisServer;
import io.camelrump.fixtures.RedisServers;
import io.camelrump.fixtures.SampleData;
import io.camelrump.fixtures.WatchingProxy;
import io.camelrump.options.ServerOptions;
import io.camelrump.options.TargetOptions;
import io.camelrump.options.ThrottleOptions;
import io.camelrump.redis.KeyList;
import io.camelrump.redis.ServerAddress;
import io.camelrump.redis.ServerClock;
import io.camelrump.run.PageData;
import io.camelrump.run.PageOrigin;
import io.camelrump.run.PayloadList;
import io.camelrump.run.Run;
import io.camelrump.shard.Share;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import redis.clients.jedis.Jedis;

/** Pages that are written while the target is slow, full, short of replicas, or has another clock. */
@SuppressWarnings("deprecation")
class PageWritesIT {
    @RegisterExtension
    private final RedisServers servers = new RedisServers();

    private static Target target(int port, ConflictPolicy policy) {
        return new Target(
                new ServerAddress("127.0.0.1", port, null, null, 0, Duration.ofSeconds(5), Duration.ofSeconds(60)),
                plan(policy, 0),
                false);
    }

    private static WritePlan plan(ConflictPolicy policy, int replicas) {
        TargetOptions options = new TargetOptions();
        options.setOnConflict(policy);
        options.setWaitReplicas(replicas);
        return new WritePlan("t", new ServerOptions(), options, new ThrottleOptions(), Share.WHOLE);
    }

    private static WriteReport write(Target target, List<PageData> pages) throws Exception {
        WriteReport report = new WriteReport();
        target.write(pages, false, report);
        return report;
    }

    private static PageData page(Run ledger, Object... keyPayloadExpiry) {
        int n = keyPayloadExpiry.length / 3;
        byte[][] names = new byte[n][];
        int[] offsets = new int[n];
        int[] lengths = new int[n];
        long[] expiries = new long[n];
        java.io.ByteArrayOutputStream all = new java.io.ByteArrayOutputStream();
        for (int i = 0; i < n; i++) {
            names[i] = ((String) keyPayloadExpiry[3 * i]).getBytes(StandardCharsets.UTF_8);
            byte[] payload = (byte[]) keyPayloadExpiry[3 * i + 1];
            offsets[i] = all.size();
            lengths[i] = payload.length;
            all.writeBytes(payload);
            expiries[i] = ((Number) keyPayloadExpiry[3 * i + 2]).longValue();
        }
        PageData page = new PageData(
                KeyList.of(names),
                new PayloadList(all.toByteArray(), offsets, lengths),
                expiries,
                new PageOrigin(0, 0, 0));
        return page.out(Objects.requireNonNull(ledger.pages().open(page, ledger.epoch())), false);
    }

    /** A payload that this version writes; the server is empty afterwards. */
    private static byte[] payload(RedisServer server) {
        try (Jedis jedis = server.jedis()) {
            jedis.set("x", "v");
            byte[] payload = jedis.dump("x");
            jedis.flushAll();
            return payload;
        }
    }

    private static void pause(long millis) {
        if (millis > 0) {
            Awaitility.await()
                    .pollDelay(Duration.ofMillis(millis))
                    .pollInterval(Duration.ofMillis(1))
                    .until(() -> true);
        }
    }

    /** A key that expires between the asking and the reply shifts all replies of a target below 3.0. */
    @Test
    void repliesStayInStepWhenAKeyExpiresUnderWay() throws Exception {
        RedisServer old = servers.start(RedisServers.version("redis-2.8"));
        byte[] good = payload(old);
        byte[] bad = "no payload at all".getBytes(StandardCharsets.US_ASCII);
        Run ledger = new Run("r", 1);
        try (WatchingProxy proxy = new WatchingProxy(old.port());
                Target target = target(proxy.listenPort(), ConflictPolicy.REPLACE)) {
            target.open();
            proxy.beforeToClient = text -> pause(700);
            write(
                    target,
                    List.of(page(
                            ledger, "soon", good, System.currentTimeMillis() + 300, "k2", good, PageData.NO_EXPIRY)));
            proxy.beforeToClient = text -> {};
            WriteReport report = write(target, List.of(page(ledger, "bad", bad, PageData.NO_EXPIRY)));
            try (Jedis jedis = old.jedis()) {}
            assertThat(report.count(Outcome.RESTORED)).isZero();
            assertThat(ledger.pages().takeReread())
                    .as("the refused key is asked for by parts")
                    .isNotNull();
        }
    }

    private RedisServer replicaOf(RedisServer target) {
        RedisServer replica = servers.start();
        try (Jedis jedis = replica.jedis()) {
            jedis.replicaof(RedisServer.HOST, target.port());
            Awaitility.await().until(() -> jedis.info("replication").contains("master_link_status:up"));
        }
        return replica;
    }

    /** Read-only for a moment, with --wait-replicas. */
    @Test
    void waitsWhileTheTargetIsAReplicaAlsoWhenReplicasAreAskedFor() {
        RedisServer source = servers.start();
        RedisServer target = servers.start();
        RedisServer master = servers.start();
        fill(source, 12_000);
        replicaOf(target);
        try (Migration run = slow(Migration.from(source).to(target))
                .with("rump.target.wait-replicas", 1)
                .start()) {
            awaitRestored(run, 2_000);
            master.pause();
            try (Jedis jedis = target.jedis()) {
                jedis.replicaof(RedisServer.HOST, master.port());
                Awaitility.await()
                        .until(() -> jedis.info("errorstats").contains("errorstat_READONLY")
                                || run.ledger().state().isFinal());
                jedis.replicaofNoOne();
            }
            Ledger ledger = run.awaitEnd();
            assertThat(ledger.state()).isEqualTo(RunState.COMPLETE);
        }
    }

    /** One key is too large for the target, with --wait-replicas. */
    @Test
    void refusesOnlyTheKeyThatIsTooLargeAlsoWhenReplicasAreAskedFor() {
        RedisServer source = servers.start();
        RedisServer target = servers.start(RedisServers.usual(), "--proto-max-bulk-len", "1mb");
        replicaOf(target);
        fill(source, 5_000);
        try (Jedis jedis = source.jedis()) {
            jedis.set("large".getBytes(StandardCharsets.US_ASCII), SampleData.noise(2 * 1024 * 1024));
        }
        try (Migration run = Migration.from(source)
                .to(target)
                .with("rump.target.wait-replicas", 1)
                .with("camel.component.rump.retry-for", "20s")
                .start()) {
            Ledger ledger = run.awaitEnd();
            assertThat(ledger.state()).isEqualTo(RunState.REFUSED);
            assertThat(ledger.counts().refused()).isEqualTo(1);
        }
    }

    /** The probe of what the target can do deletes a key. */
    @Test
    void aReconnectDeletesNothing() throws Exception {
        RedisServer server = servers.start();
        byte[] good = payload(server);
        Run ledger = new Run("r", 1);
        try (WatchingProxy proxy = new WatchingProxy(server.port());
                Target target = target(proxy.listenPort(), ConflictPolicy.REPLACE)) {
            target.open();
            write(target, List.of(page(ledger, "rump:probe", good, PageData.NO_EXPIRY)));
            proxy.cut();
            PageData next = page(ledger, "k2", good, PageData.NO_EXPIRY);
            try {
                write(target, List.of(next));
            } catch (TransientTargetException e) {
                write(target, List.of(next));
            }
            try (Jedis jedis = server.jedis()) {
                assertThat(jedis.exists("rump:probe")).isTrue();
            }
        }
    }

    /** The clock of a target is set while keys are written to it. */
    @Test
    void aTargetWhoseClockWasMovedIsMeasuredAgain(@TempDir Path folder) throws Exception {
        org.junit.jupiter.api.Assumptions.assumeTrue(RedisServers.canShiftClock());
        Path clock = Files.writeString(folder.resolve("clock"), "+0s");
        RedisServer server = servers.startFollowing(clock);
        byte[] good = payload(server);
        long expiry = System.currentTimeMillis() + 3_600_000;
        Run ledger = new Run("r", 1);
        try (WatchingProxy proxy = new WatchingProxy(server.port());
                Jedis jedis = server.jedis();
                Target target = target(proxy.listenPort(), ConflictPolicy.REPLACE)) {
            target.open();
            write(target, List.of(page(ledger, "before", good, expiry)));
            assertThat(jedis.pttl("before")).isBetween(3_570_000L, 3_600_000L);

            RedisServers.moveClock(clock, "+300s");
            // as if a minute had passed
            target.server().process().clock = new ServerClock(
                    target.server().process().clock.offsetMicros(), System.nanoTime() - 61_000_000_000L, true);
            write(target, List.of(page(ledger, "after a minute", good, expiry)));
            assertThat(jedis.pttl("after a minute")).isBetween(3_570_000L, 3_600_000L);

            RedisServers.moveClock(clock, "-300s");
            proxy.cut();
            PageData page = page(ledger, "after a reconnect", good, expiry);
            try {
                write(target, List.of(page));
            } catch (TransientTargetException e) {
                write(target, List.of(page));
            }
            assertThat(jedis.pttl("after a reconnect")).isBetween(3_570_000L, 3_600_000L);
        }
    }

    /** A target below 5.0 that is read-only when it is first asked what it can do. */
    @Test
    void asksAgainWhatATargetCanDoThatCouldNotWrite() throws Exception {
        RedisServer old = servers.start(RedisServers.version("redis-2.8"));
        byte[] good = payload(old);
        try (Jedis jedis = old.jedis()) {
            jedis.slaveof("127.0.0.1", 1);
            Run ledger = new Run("r", 1);
            try (Target target = target(old.port(), ConflictPolicy.REPLACE)) {
                PageData page = page(ledger, "k1", good, PageData.NO_EXPIRY);
                try {
                    write(target, List.of(page));
                } catch (TransientTargetException e) {
                }
                jedis.slaveofNoOne();
                WriteReport report = write(target, List.of(page));
                assertThat(report.count(Outcome.RESTORED)).isEqualTo(1);
            }
        }
    }

    /** Our own key, in another order of its table, is met while the target gets full. */
    @Test
    void ourOwnKeyIsNotForeignWhileTheTargetIsFull() throws Exception {
        RedisServer source = servers.start();
        RedisServer target = servers.start();
        Map<String, String> hash = new HashMap<>();
        for (int i = 0; i < 2_000; i++) {
            hash.put("f" + i, "v" + i);
        }
        try (Jedis from = source.jedis();
                Jedis to = target.jedis()) {
            from.hset("h", hash);
            from.set("big", "x".repeat(100));
            to.set("bystander", "1");
            Run ledger = new Run("r", 1);
            try (Target t = target(target.port(), ConflictPolicy.FAIL)) {
                t.open();
                write(t, List.of(page(ledger, "h", from.dump("h"), PageData.NO_EXPIRY)));
                long used = Long.parseLong(to.info("memory").replaceAll("(?s).*used_memory:(\\d+).*", "$1"));
                to.configSet("maxmemory", String.valueOf(used + 3_000_000));
                byte[] noise = SampleData.noise(200_000);
                from.set("n".getBytes(), noise);
                byte[] big = from.dump("n");
                List<Object> items = new ArrayList<>(List.of("h", from.dump("h"), PageData.NO_EXPIRY));
                for (int i = 0; i < 40; i++) {
                    items.addAll(List.of("n" + i, big, PageData.NO_EXPIRY));
                }
                Exception thrown = null;
                try {
                    write(t, List.of(page(ledger, items.toArray())));
                } catch (Exception e) {
                    thrown = e;
                }
                assertThat(thrown).isInstanceOf(TransientTargetException.class);
                assertThat(ledger.report().counts().kept()).isZero();
            }
        }
    }

    /** What a lagging replica has not got is not confirmed on the second try, either. */
    @Test
    void waitsForReplicasOnTheSecondTryToo() throws Exception {
        RedisServer server = servers.start();
        RedisServer replica = replicaOf(server);
        byte[] good = payload(server);
        Run ledger = new Run("r", 1);
        try (Target target = new Target(
                new ServerAddress(
                        "127.0.0.1", server.port(), null, null, 0, Duration.ofSeconds(2), Duration.ofSeconds(60)),
                plan(ConflictPolicy.KEEP, 1),
                false)) {
            target.open();
            replica.pause();
            PageData page = page(ledger, "k1", good, PageData.NO_EXPIRY);
            for (int i = 0; i < 2; i++) {
                try {
                    write(target, List.of(page));
                } catch (TransientTargetException e) {
                }
            }
            assertThat(ledger.report().counts().restored()).isZero();
        }
    }

    /** One large value over a slow link takes longer than stallTimeout; bytes flow all the time. */
    @Test
    @Tag("long")
    void aSlowWriteIsNoStall() throws Exception {
        RedisServer source = servers.start();
        RedisServer target = servers.start();
        try (Jedis jedis = source.jedis()) {
            jedis.set("large".getBytes(StandardCharsets.US_ASCII), SampleData.noise(40 * 1024 * 1024));
        }
        try (WatchingProxy proxy = new WatchingProxy(target.port())) {
            proxy.beforeToServer = text -> pause(text.length() > 10_000 ? 20 : 0);
            try (Migration run = Migration.from(source)
                    .to(proxy.listenPort())
                    .with("rump.source.stall-timeout", "3s")
                    .start()) {
                Ledger ledger = run.awaitEnd();
                assertThat(ledger.state()).isEqualTo(RunState.COMPLETE);
            }
        }
    }
}
