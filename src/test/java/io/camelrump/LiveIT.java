package io.camelrump;

import static io.camelrump.fixtures.FaultRun.assertEqual;
import static io.camelrump.fixtures.FaultRun.fill;
import static io.camelrump.fixtures.FaultRun.size;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.camelrump.fixtures.CommandStats;
import io.camelrump.fixtures.LiveWriter;
import io.camelrump.fixtures.Migration;
import io.camelrump.fixtures.RedisServer;
import io.camelrump.fixtures.RedisServers;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.Protocol;
import redis.clients.jedis.StreamEntryID;
import redis.clients.jedis.Transaction;
import redis.clients.jedis.args.ClientType;
import redis.clients.jedis.params.ClientKillParams;
import redis.clients.jedis.params.ClientKillParams.SkipMe;

/** Changes that are made while a run goes on arrive, and keys that go away are deleted. */
class LiveIT extends LiveFixture {
    @Test
    void changesAfterTheScanArrive() {
        RedisServer source = servers.start();
        RedisServer target = servers.start();
        fill(source, 1_000);

        try (Migration run = live(source, target).start();
                Jedis jedis = source.jedis();
                Jedis arrived = target.jedis()) {
            awaitScanned(run);
            // the last names are known before their values are read
            await().until(() -> size(target) == 1_000);
            assertThat(run.ledger().state()).isEqualTo(RunState.RUNNING);
            jedis.set("new", "value");
            jedis.del("mixed:0");
            jedis.rename("mixed:5", "renamed");
            jedis.pexpire("mixed:10", 20);
            jedis.expire("mixed:15", 1_000);
            jedis.hset("mixed:4", "more", "fields");

            await().atMost(Duration.ofSeconds(5)).untilAsserted(() -> {
                assertThat(arrived.get("new")).isEqualTo("value");
                assertThat(arrived.exists("mixed:0", "mixed:5", "mixed:10")).isZero();
                assertThat(arrived.exists("renamed")).isTrue();
                assertThat(arrived.ttl("mixed:15")).isBetween(990L, 1_000L);
                assertThat(arrived.hget("mixed:4", "more")).isEqualTo("fields");
            });
            changes(run).cutOver();
            Counts counts = run.awaitComplete();

            // the one that expires is deleted at the target, or has expired there too
            assertThat(counts.deleted()).isBetween(2L, 3L);
            assertThat(changes(run).status().gaps()).isZero();
        }
        assertEqual(source, target);
    }

    @Test
    void bothSidesAreEqualWhenTheWriterStops() {
        bothSidesAreEqualWhenTheWriterStops("redis-7.0", "redis-6.2", 3);
    }

    @Tag("long")
    @ParameterizedTest
    @CsvSource({"redis-7.0, redis-7.0, 1", "redis-6.2, redis-7.0, 2"})
    void bothSidesAreEqualWhenTheWriterStops(String from, String to, long seed) {
        RedisServer source = servers.start(RedisServers.version(from));
        RedisServer target = servers.start(RedisServers.version(to));
        fill(source, KEYS);

        try (Migration run = live(source, target)
                .with("rump.target.max-keys-per-second", 20_000)
                .start()) {
            try (LiveWriter writer = LiveWriter.start(source, 500, seed)) {
                awaitScanned(run);
                long written = writer.written();
                await().atMost(Duration.ofSeconds(20)).until(() -> writer.written() > written + 5_000);
            }
            changes(run).cutOver();
            run.awaitComplete();

            assertThat(changes(run).status().gaps()).isZero();
            assertThat(run.ledger().counts().deleted()).isPositive();
        }
        assertEqual(source, target);
    }

    @Test
    void aDrainEndsWhileWritesContinue() {
        RedisServer source = servers.start();
        RedisServer target = servers.start();
        fill(source, KEYS);

        try (Migration run = live(source, target).start()) {
            awaitScanned(run);
            try (LiveWriter writer = LiveWriter.start(source, 500, 6)) {
                await().until(() -> writer.written() > 5_000);
                for (int i = 0; i < 3; i++) {
                    drain(run);
                }
                assertThat(changes(run).writes().reported()).isPositive();
                assertThat(changes(run).writes().keys()).isNotEmpty();
            }
            changes(run).cutOver();
            run.awaitComplete();
        }
        assertEqual(source, target);
    }

    @Test
    void changesOfSomeMillisecondsAreReadTogether() {
        RedisServer source = servers.start();
        RedisServer target = servers.start();
        int writes = 2_000;

        try (Migration run = live(source, target).start();
                Jedis jedis = source.jedis();
                Jedis arrived = target.jedis()) {
            awaitScanned(run);
            drain(run);
            long read = CommandStats.calls(jedis, "dump");
            long begin = System.nanoTime();
            for (int i = 0; i < writes; i++) {
                jedis.incr("counter");
            }
            await().until(() -> String.valueOf(writes).equals(arrived.get("counter")));

            // five milliseconds apart, but where a ping is sent to keep the connection alive
            long millis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begin);
            assertThat(CommandStats.calls(jedis, "dump") - read).isBetween(1L, millis / 4 + 5);
            changes(run).cutOver();
            run.awaitComplete();
        }
        assertEqual(source, target);
    }

    @Test
    void aStreamIsWrittenAgainOnlyIfItsGroupsChanged() {
        RedisServer source = servers.start();
        RedisServer target = servers.start();

        try (Jedis jedis = source.jedis();
                Jedis arrived = target.jedis()) {
            jedis.xadd("stream", StreamEntryID.NEW_ENTRY, Map.of("field", "value"));
            jedis.xgroupCreate("stream", "group", new StreamEntryID(), false);
            try (Migration run = live(source, target).start()) {
                awaitScanned(run);
                drain(run);
                long read = CommandStats.calls(jedis, "dump");
                long written = CommandStats.calls(arrived, "restore");
                Counts counts = run.ledger().counts();
                drain(run);
                assertThat(CommandStats.calls(jedis, "dump")).isGreaterThan(read);
                assertThat(CommandStats.calls(arrived, "restore")).isEqualTo(written);
                assertThat(run.ledger().counts()).isEqualTo(counts);

                jedis.xgroupCreateConsumer("stream", "group", "consumer");
                drain(run);
                assertThat(CommandStats.calls(arrived, "restore")).isGreaterThan(written);

                changes(run).cutOver();
                run.awaitComplete();
            }
        }
        assertEqual(source, target);
    }

    @Test
    void groupsOfAStreamAreFollowedWhereAnotherDatabaseHasNoKeyOfItsName() {
        RedisServer source = servers.start();
        RedisServer target = servers.start();

        try (Jedis jedis = source.jedis();
                Jedis arrived = target.jedis()) {
            jedis.select(1);
            jedis.set("key", "of another database");
            jedis.select(0);
            jedis.set("key", "value");
            try (Migration run =
                    live(source, target).with("rump.source.db", "all").start()) {
                awaitScanned(run);
                jedis.xadd("stream", StreamEntryID.NEW_ENTRY, Map.of("field", "value"));
                await().atMost(Duration.ofSeconds(20)).until(() -> arrived.exists("stream"));
                drain(run);
                jedis.xgroupCreate("stream", "group", new StreamEntryID(), false);
                drain(run);

                assertThat(arrived.xinfoGroups("stream")).hasSize(1);
            }
        }
    }

    @Test
    void keysOfAFlushedSourceAreDeletedOneByOneIfThatIsAllowed() {
        RedisServer source = servers.start();
        RedisServer target = servers.start();
        fill(source, 5_000);

        try (Migration run = live(source, target)
                        .with("rump.source.allow-mass-delete", true)
                        .start();
                Jedis jedis = source.jedis();
                Jedis arrived = target.jedis()) {
            awaitScanned(run);
            jedis.flushAll();
            jedis.set("after", "the flush");

            await().atMost(Duration.ofSeconds(20)).until(() -> size(target) == 1);
            assertThat(arrived.info("commandstats")).doesNotContain("cmdstat_flush");
            changes(run).cutOver();
            run.awaitComplete();
        }
        assertEqual(source, target);
    }

    @Test
    void manyKeysGoneAtOnceAreNotDeletedWithoutAWord() {
        RedisServer source = servers.start();
        RedisServer target = servers.start();
        fill(source, 5_000);

        try (Migration run = live(source, target).start();
                Jedis jedis = source.jedis()) {
            awaitScanned(run);
            // the last names are told before their values are read
            await().atMost(Duration.ofSeconds(20))
                    .until(() -> run.ledger().counts().restored() == 5_000);
            jedis.flushAll();

            await().atMost(Duration.ofSeconds(20))
                    .until(() -> changes(run).status().held() == 5_000);
            assertThat(size(target)).isEqualTo(5_000);

            changes(run).cutOver();
            Ledger ledger = run.awaitEnd();
            assertThat(ledger.state()).isEqualTo(RunState.INCOMPLETE);
            assertThat(ledger.failure()).contains("gone at the source were not deleted", "allowMassDelete");
        }
    }

    @Test
    void reportedDeletesThatWaitToBeReadAreNoLossOfKeys() {
        RedisServer source = servers.start();
        RedisServer target = servers.start();
        try (Jedis jedis = source.jedis()) {
            IntStream.range(0, 200).forEach(i -> jedis.set("z:" + i, "session"));
            try (Migration run = live(source, target)
                    .with("rump.source.max-keys-per-second", 300)
                    .with("batch.keys", 50)
                    .start()) {
                await().atMost(Duration.ofSeconds(20)).until(() -> size(target) == 200);
                // as many sessions begin as end; what changes together is reported, and read, in the order of its names
                try (Transaction service = jedis.multi()) {
                    IntStream.range(0, 400).forEach(i -> service.set("a:" + i, "for a moment"));
                    IntStream.range(0, 400).forEach(i -> service.del("a:" + i));
                    IntStream.range(0, 200).forEach(i -> service.set("n:" + i, "session"));
                    IntStream.range(0, 200).forEach(i -> service.del("z:" + i));
                    service.exec();
                }
                await().atMost(Duration.ofSeconds(20))
                        .until(() -> changes(run).status().waiting() > 200);
                // changes may be missed now, so the target's keys are looked up while those sessions wait to be read
                killTail(jedis);
                await().atMost(Duration.ofSeconds(20))
                        .until(() -> changes(run).status().scans() == 1);

                changes(run).cutOver();
                run.awaitComplete();
            }
        }
        assertEqual(source, target);
    }

    @Test
    void keysThatAreDeletedUnseenWhileTheirPageIsInFlightDoNotStayAtTheTarget() {
        RedisServer source = servers.start();
        RedisServer target = servers.start();
        try (Jedis jedis = source.jedis()) {
            IntStream.range(0, 90).forEach(i -> jedis.set("key:" + i, "value"));
            // so slowly that the first pages wait in the route for more of a batch
            try (Migration run = live(source, target)
                    .with("rump.source.max-keys-per-second", 60)
                    .start()) {
                await().atMost(Duration.ofSeconds(20))
                        .pollInterval(Duration.ofMillis(10))
                        .until(() -> run.ledger().counts().read() >= 40);
                // a change that was reported tells nothing of a delete that was not
                IntStream.range(1, 90).forEach(i -> jedis.set("key:" + i, "changed"));
                await().atMost(Duration.ofSeconds(20))
                        .pollInterval(Duration.ofMillis(10))
                        .until(() -> changes(run).status().waiting() < 45);
                String tail = tail(jedis).orElseThrow();
                try (Transaction unseen = jedis.multi()) {
                    unseen.sendCommand(Protocol.Command.CLIENT, "KILL", "ID", tail);
                    IntStream.range(1, 90).forEach(i -> unseen.del("key:" + i));
                    unseen.exec();
                }

                changes(run).cutOver();
                run.awaitComplete();
            }
        }
        assertEqual(source, target);
    }

    @ParameterizedTest
    @ValueSource(strings = {"+info", "-info"})
    void keysThatAreDeletedByNameAllAtOnceEndTheDeleting(String info) {
        RedisServer source = servers.start();
        RedisServer target = servers.start();
        fill(source, KEYS);
        deny(source, info);

        try (Migration run = live(source, target).start();
                Jedis jedis = source.jedis()) {
            awaitScanned(run);
            for (int i = 0; i < KEYS; i += 100) {
                String[] names = new String[100];
                for (int n = 0; n < 100; n++) {
                    names[n] = "mixed:" + (i + n);
                }
                jedis.unlink(names);
            }

            await().atMost(Duration.ofSeconds(20))
                    .until(() -> changes(run).status().held() > KEYS / 10);
        }
    }

    @Test
    void metersShowHowFarALiveRunIsBehind() {
        RedisServer source = servers.start();
        RedisServer target = servers.start();
        fill(source, 1_000);
        SimpleMeterRegistry meters = new SimpleMeterRegistry();

        try (Migration run = live(source, target).bind("meters", meters).start();
                Jedis jedis = source.jedis()) {
            awaitScanned(run);
            assertThat(gaps(meters)).isZero();
            jedis.clientKill(
                    ClientKillParams.clientKillParams().type(ClientType.NORMAL).skipMe(SkipMe.YES));

            await().atMost(Duration.ofSeconds(20)).until(() -> gaps(meters) == 1);
            await().atMost(Duration.ofSeconds(20))
                    .until(() -> gauge(meters, "waiting.keys") == 0 && gauge(meters, "lag") < 1);
        }
    }

    private static double gaps(SimpleMeterRegistry meters) {
        return meters.get("camel.rump.live.gaps").functionCounter().count();
    }

    private static double gauge(SimpleMeterRegistry meters, String name) {
        return meters.get("camel.rump.live." + name).gauge().value();
    }
}
