package io.camelrump.target;

import static io.camelrump.fixtures.FaultRun.awaitRestored;
import static io.camelrump.fixtures.FaultRun.fill;
import static io.camelrump.fixtures.FaultRun.size;
import static io.camelrump.fixtures.FaultRun.slow;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.camelrump.ConflictPolicy;
import io.camelrump.Counts;
import io.camelrump.Ledger;
import io.camelrump.Outcome;
import io.camelrump.RunState;
import io.camelrump.TransientTargetException;
import io.camelrump.fixtures.Migration;
import io.camelrump.fixtures.RedisServer;
import io.camelrump.fixtures.RedisServers;
import io.camelrump.fixtures.SampleData;
import io.camelrump.fixtures.SmallHeapRun;
import io.camelrump.fixtures.WatchingProxy;
import io.camelrump.options.ServerOptions;
import io.camelrump.options.TargetOptions;
import io.camelrump.options.ThrottleOptions;
import io.camelrump.redis.KeyList;
import io.camelrump.redis.RedisConnection;
import io.camelrump.redis.RedisException;
import io.camelrump.redis.ServerAddress;
import io.camelrump.redis.ServerClock;
import io.camelrump.run.PageData;
import io.camelrump.run.Run;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import redis.clients.jedis.Jedis;

/** Rare moments of writing in which keys could be lost, dated wrongly, or foreign ones overwritten. */
@SuppressWarnings("deprecation")
public class WritingEdgesIT {
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
        return new WritePlan("t", new ServerOptions(), options, new ThrottleOptions());
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
                KeyList.of(names), all.toByteArray(), offsets, lengths, expiries, new PageData.Origin(0, 0, 0));
        return page.out(Objects.requireNonNull(ledger.pages().open(page, ledger.start())), false);
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

    /** The target comes back empty while the reader is in a long stretch of the keyspace without wanted keys. */
    @Test
    void isNotCompleteWhenTheTargetWasLostDuringTheLastRead() {
        RedisServer source = servers.start();
        RedisServer target = servers.start();
        String wanted;
        try (Jedis jedis = source.jedis()) {
            SampleData.fillStrings(jedis, 400_000, 8);
            wanted = jedis.scan("0", new redis.clients.jedis.params.ScanParams().count(5))
                    .getResult()
                    .get(0);
        }
        try (Migration run = Migration.from(source)
                .to(target)
                .with("scan.count", 5)
                .with("scan.match", wanted)
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
                    .with("restore.on-conflict", "keep")
                    .with("stall.timeout", "3s")
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
        fill(source, 15_000);
        try (Jedis jedis = other.jedis()) {
            jedis.set("mixed:1", "foreign");
            jedis.set("mixed:10000", "foreign");
        }
        try (WatchingProxy proxy = new WatchingProxy(target.port());
                Migration run = slow(Migration.from(source).to(proxy.listenPort()))
                        .with("restore.on-conflict", "keep")
                        .start()) {
            awaitRestored(run, 2_500);
            proxy.port = other.port();
            proxy.cut();
            Ledger ledger = run.awaitEnd();
            try (Jedis jedis = other.jedis()) {}
            assertThat(ledger.counts().kept()).isEqualTo(2);
        }
    }

    /** The name of the source leads to the target from some moment on. */
    @Test
    void refusesASourceThatBecameTheTarget() throws Exception {
        RedisServer source = servers.start();
        RedisServer target = servers.start();
        fill(source, 30_000);
        try (WatchingProxy proxy = new WatchingProxy(source.port());
                Migration run =
                        slow(Migration.from(proxy.listenPort()).to(target)).start()) {
            awaitRestored(run, 10_000);
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
        fill(source, 30_000);
        try (Migration run = slow(Migration.from(source).to(target)).start()) {
            awaitRestored(run, 10_000);
            try (Jedis jedis = target.jedis()) {
                jedis.replicaof(RedisServer.HOST, master.port());
                Awaitility.await().until(() -> jedis.info("replication").contains("master_link_status:up"));
                jedis.replicaofNoOne();
            }
            assertThat(run.awaitEnd().state()).isEqualTo(RunState.COMPLETE);
            assertThat(size(target)).isEqualTo(30_000);
        }
    }

    /** No INFO, and every key expires. */
    @Test
    void noticesALossWhereInfoIsRefusedAndAllKeysExpire() {
        RedisServer source = servers.start();
        RedisServer target = servers.start();
        try (Jedis jedis = source.jedis();
                var pipeline = jedis.pipelined()) {
            for (int i = 0; i < 30_000; i++) {
                pipeline.setex("session:" + i, 3_600, "v");
            }
        }
        try (Jedis jedis = target.jedis()) {
            jedis.aclSetUser("default", "-info");
        }
        try (Migration run = slow(Migration.from(source).to(target)).start()) {
            awaitRestored(run, 15_000);
            target.kill9();
            target.restart(false);
            assertThat(run.awaitEnd().state()).isEqualTo(RunState.COMPLETE);
            assertThat(size(target)).isEqualTo(30_000);
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
        fill(source, 30_000);
        replicaOf(target);
        try (Migration run = slow(Migration.from(source).to(target))
                .with("restore.wait-replicas", 1)
                .start()) {
            awaitRestored(run, 5_000);
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
                .with("restore.wait-replicas", 1)
                .with("retry.for", "20s")
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
                        .with("restore.on-conflict", "keep")
                        .start();
                Jedis jedis = target.jedis()) {
            Counts counts = run.awaitComplete();
            assertThat(counts.kept()).isEqualTo(1);
            assertThat(counts.restored()).isEqualTo(100);
            assertThat(jedis.strlen("mine")).isEqualTo(70 * 1024 * 1024);
        }
    }

    @Test
    void keepsManyForeignKeysInASmallHeap() throws Exception {
        RedisServer source = servers.start();
        RedisServer target = servers.start();
        try (Jedis jedis = target.jedis();
                Jedis from = source.jedis()) {
            SampleData.fillNoise(jedis, 100, 1024 * 1024);
            SampleData.fillNoise(from, 100, 3);
        }
        try (SmallHeapRun run = SmallHeapRun.start("64m", source, target, "restore.on-conflict=keep")) {
            String output = run.awaitOutput();
            assertThat(output).contains("COMPLETE", "kept=100");
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

            move(clock, "+300s");
            // as if a minute had passed
            target.server().clock =
                    new ServerClock(target.server().clock.offsetMicros(), System.nanoTime() - 61_000_000_000L, true);
            write(target, List.of(page(ledger, "after a minute", good, expiry)));
            assertThat(jedis.pttl("after a minute")).isBetween(3_570_000L, 3_600_000L);

            move(clock, "-300s");
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

    /** The server never sees half a file. */
    public static void move(Path clock, String shift) throws Exception {
        Path next = Files.writeString(clock.resolveSibling("next"), shift);
        Files.move(next, clock, StandardCopyOption.ATOMIC_MOVE);
    }

    /** A server with a password has no connection left for a while. */
    @Test
    void tooManyClientsIsPassing() {
        RedisServer server = servers.start(RedisServers.usual(), "--requirepass", "pw", "--maxclients", "1");
        try (Jedis jedis = server.jedis()) {
            jedis.ping();
            assertThatThrownBy(() -> RedisConnection.open(new ServerAddress(
                            "127.0.0.1", server.port(), null, "pw", 0, Duration.ofSeconds(5), Duration.ofSeconds(5))))
                    .isInstanceOfSatisfying(RedisException.class, refused -> assertThat(refused.isLasting())
                            .isFalse())
                    .hasMessageContaining("max number of clients");
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
                target.open();
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
                    .with("stall.timeout", "3s")
                    .start()) {
                Ledger ledger = run.awaitEnd();
                assertThat(ledger.state()).isEqualTo(RunState.COMPLETE);
            }
        }
    }

    /** No signal at all: the target takes no more bytes, the run ends by itself, its stop does not. */
    @Test
    void theStopEndsWhileAWriteIsStuck() throws Exception {
        RedisServer source = servers.start();
        RedisServer target = servers.start();
        try (Jedis jedis = source.jedis()) {
            SampleData.fillNoise(jedis, 6, 20 * 1024 * 1024);
        }
        Migration run = Migration.from(source)
                .to(target)
                .with("stall.timeout", "3s")
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
