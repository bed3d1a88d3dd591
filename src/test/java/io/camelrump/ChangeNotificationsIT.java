package io.camelrump;

import static io.camelrump.fixtures.FaultRun.assertEqual;
import static io.camelrump.fixtures.FaultRun.fill;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.camelrump.fixtures.LiveWriter;
import io.camelrump.fixtures.Migration;
import io.camelrump.fixtures.RedisServer;
import io.camelrump.fixtures.RedisServers;
import io.camelrump.fixtures.Reply;
import io.camelrump.fixtures.ScriptedServer;
import io.camelrump.run.ChangeLog;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import redis.clients.jedis.Jedis;

/** Changes become known by tracking, by keyspace notifications, or by another scan. */
class ChangeNotificationsIT extends LiveFixture {
    @Test
    void aGapInChangeNotificationsIsClosedByAnotherScan() {
        RedisServer source = servers.start();
        RedisServer target = servers.start();
        fill(source, KEYS);

        try (Migration run = live(source, target).start();
                Jedis jedis = source.jedis()) {
            try (LiveWriter writer = LiveWriter.start(source, 300, 7)) {
                awaitScanned(run);
                for (int gap = 1; gap <= 3; gap++) {
                    long gaps = gap;
                    long before = writer.written();
                    killTail(jedis);
                    await().atMost(Duration.ofSeconds(20))
                            .until(() -> changes(run).status().gaps() == gaps && writer.written() > before + 1_000);
                }
            }
            changes(run).cutOver();
            run.awaitComplete();

            assertThat(changes(run).status().scans()).isBetween(1L, 3L);
        }
        assertEqual(source, target);
    }

    @Test
    void aTargetWhoseNamesTurnInACircleEndsTheRun() {
        RedisServer source = servers.start();
        RedisServer real = servers.start();
        try (ScriptedServer target = new ScriptedServer(real);
                Jedis jedis = source.jedis();
                Migration run = Migration.from(source)
                        .to(target.port())
                        .with("rump.source.live", true)
                        .start()) {
            jedis.set("key", "value");
            awaitScanned(run);
            target.onCall("SCAN", call -> Reply.page(call.nth() % 2 == 0 ? "7" : "9", "key"));
            killTail(jedis);

            assertThat(run.awaitEnd(Duration.ofSeconds(20)).failure())
                    .contains("127.0.0.1:" + target.port() + " answered SCAN by the cursor ", " once more");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                ">2\r\n:1\r\n:2\r\n",
                ">2\r\n$10\r\ninvalidate\r\n:5\r\n",
                ">2\r\n$10\r\ninvalidate\r\n*1\r\n:5\r\n",
                "*0\r\n",
                ":5\r\n+\r\n",
                "+PONG\r\n"
            })
    void anOddNotificationIsAGapThatAnotherScanCloses(String odd) {
        RedisServer source = servers.start();
        RedisServer target = servers.start();
        fill(source, 100);
        AtomicInteger pings = new AtomicInteger();

        try (ScriptedServer between = new ScriptedServer(source)) {
            // those of the tail have numbers
            between.onCall(
                    "PING",
                    call -> call.words().size() > 1 && pings.incrementAndGet() == 3 ? Reply.raw(odd) : Reply.PASS);
            try (Migration run = Migration.from(between.port())
                            .to(target)
                            .with("rump.source.live", true)
                            .start();
                    Jedis jedis = source.jedis()) {
                await().atMost(Duration.ofSeconds(20))
                        .until(() -> changes(run).status().gaps() == 1
                                && changes(run).status().scans() == 1);
                jedis.set("since", "the gap");
                changes(run).cutOver();
                run.awaitComplete();
            }
        }
        assertEqual(source, target);
    }

    @Test
    @Tag("long")
    void swappedDatabasesAreNoticed() {
        RedisServer source = servers.start();
        RedisServer target = servers.start();
        fill(source, 5_000);

        try (Migration run = live(source, target).start();
                Jedis jedis = source.jedis()) {
            jedis.select(1);
            for (int i = 0; i < 5_000; i++) {
                jedis.set("other:" + i, "value");
            }
            awaitScanned(run);
            jedis.swapDB(0, 1);
            await().atMost(Duration.ofSeconds(20))
                    .until(() -> changes(run).status().gaps() == 1);
            await().atMost(Duration.ofSeconds(20))
                    .until(() -> changes(run).status().held() == 5_000);
        }
    }

    @Test
    void aDatabaseThatAppearsMeanwhileIsRead() {
        RedisServer source = servers.start();
        RedisServer target = servers.start();
        fill(source, 1_000);

        try (Migration run = live(source, target).with("rump.source.db", "all").start();
                Jedis jedis = source.jedis();
                Jedis arrived = target.jedis()) {
            awaitScanned(run);
            jedis.select(7);
            jedis.set("new", "value");

            arrived.select(7);
            await().atMost(Duration.ofSeconds(20)).until(() -> arrived.exists("new"));
        }
    }

    @Test
    void eachDatabaseIsFollowedWhereTheSourceWasEmptyAtItsScan() {
        RedisServer source = servers.start();
        RedisServer target = servers.start();

        try (Migration run = live(source, target).with("rump.source.db", "all").start();
                Jedis jedis = source.jedis();
                Jedis arrived = target.jedis()) {
            awaitScanned(run);
            jedis.set("first", "value");
            jedis.select(3);
            jedis.set("other", "value");
            await().atMost(Duration.ofSeconds(20)).until(() -> arrived.exists("first"));
            arrived.select(3);
            await().atMost(Duration.ofSeconds(20)).until(() -> arrived.exists("other"));

            // empty while the source is scanned again for another one
            jedis.del("other");
            await().atMost(Duration.ofSeconds(20)).until(() -> !arrived.exists("other"));
            jedis.select(5);
            jedis.set("third", "value");
            arrived.select(5);
            await().atMost(Duration.ofSeconds(20)).until(() -> arrived.exists("third"));
            jedis.select(3);
            long scans = changes(run).status().scans();
            jedis.set("other", "again");
            arrived.select(3);
            await().atMost(Duration.ofSeconds(20)).until(() -> arrived.exists("other"));
            assertThat(changes(run).status().scans()).isEqualTo(scans);
        }
        assertEqual(source, target);
    }

    @Test
    void aGapCountsAsLagUntilItIsClosed() {
        ChangeLog changes = new ChangeLog(() -> {});
        assertThat(changes.status().lag()).isZero();

        changes.gaps().suspectAll();
        await().atMost(Duration.ofSeconds(5)).until(() -> changes.status().lag().toMillis() > 10);
        assertThat(changes.gaps().takeScan()).isTrue();
        assertThat(changes.gaps().takeSweep()).isTrue();
        assertThat(changes.status().lag()).isPositive();

        changes.gaps().caughtUp();
        assertThat(changes.status().lag()).isZero();
    }

    @Test
    void aServerWithoutResp3ReportsChangesByRedirection() {
        // HELLO goes past every ACL rule
        RedisServer source = servers.start(RedisServers.usual(), "--rename-command", "HELLO", "");
        RedisServer target = servers.start();
        fill(source, 1_000);

        try (Migration run = live(source, target).start();
                Jedis jedis = source.jedis();
                LiveWriter writer = LiveWriter.start(source, 100, 9)) {
            awaitScanned(run);
            await().atMost(Duration.ofSeconds(20)).until(() -> writer.written() > 5_000);
            writer.close();
            changes(run).cutOver();
            run.awaitComplete();

            assertThat(changes(run).status().by()).isEqualTo(ChangeSource.TRACKING);
            assertThat(jedis.clientList()).containsPattern("flags=t?Bt? .* redir=\\d+");
        }
        assertEqual(source, target);
    }

    @Test
    void keyspaceNotificationsReportChangesWhereTheyAreOn() {
        RedisServer source = servers.start();
        RedisServer target = servers.start();
        fill(source, 1_000);
        deny(source, "-client|tracking");
        try (Jedis jedis = source.jedis()) {
            jedis.configSet("notify-keyspace-events", "AE");
        }

        try (Migration run = live(source, target)
                        .routes("classpath:META-INF/camel-rump/routes/migrate.camel.yaml,"
                                + "classpath:META-INF/camel-rump/routes/keyspace-events.camel.yaml")
                        .start();
                Jedis jedis = source.jedis();
                Jedis arrived = target.jedis()) {
            awaitScanned(run);
            jedis.set(new byte[] {0, -1, 7}, new byte[] {1});
            jedis.del("mixed:0");

            await().atMost(Duration.ofSeconds(5))
                    .until(() -> arrived.exists(new byte[] {0, -1, 7}) && !arrived.exists("mixed:0"));
            assertThat(changes(run).status().by()).isEqualTo(ChangeSource.NOTIFICATIONS);
        }
    }

    @Test
    @Tag("long")
    void aServerWithoutChangeNotificationsIsScannedRepeatedly() {
        RedisServer source = servers.start();
        RedisServer target = servers.start();
        fill(source, 1_000);
        deny(source, "-client|tracking");

        try (Migration run = live(source, target).start();
                Jedis jedis = source.jedis();
                Jedis arrived = target.jedis()) {
            awaitScanned(run);
            jedis.set("new", "value");
            jedis.del("mixed:0");

            await().atMost(Duration.ofSeconds(30)).until(() -> arrived.exists("new") && !arrived.exists("mixed:0"));
            assertThat(changes(run).status().by()).isEqualTo(ChangeSource.SCANS);
        }
    }

    /** One that is read within a turn never looks as if it were being scanned. */
    @Test
    void aSmallSourceWithoutNotificationsIsNotScannedWithoutRest() throws Exception {
        RedisServer source = servers.start();
        RedisServer target = servers.start();
        deny(source, "-client|tracking");
        try (Jedis jedis = source.jedis();
                Migration run = live(source, target).start()) {
            jedis.set("first", "a");
            await().atMost(Duration.ofSeconds(30))
                    .until(() -> changes(run).status().scans() > 0);
            long scans = changes(run).status().scans();

            await().during(Duration.ofSeconds(2))
                    .atMost(Duration.ofSeconds(3))
                    .until(() -> changes(run).status().scans() <= scans + 1);
        }
    }
}
