package io.camelrump.source;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.awaitility.Awaitility.await;

import io.camelrump.DumpedKey;
import io.camelrump.Page;
import io.camelrump.RunState;
import io.camelrump.fixtures.FaultyProxy;
import io.camelrump.fixtures.RedisServer;
import io.camelrump.fixtures.RedisServers;
import io.camelrump.fixtures.Reply;
import io.camelrump.fixtures.RouteRun;
import io.camelrump.fixtures.ScriptedServer;
import io.camelrump.keys.DatabaseMapping;
import io.camelrump.keys.KeySelection;
import io.camelrump.keys.SampleLimit;
import io.camelrump.keys.ScanPlan;
import io.camelrump.keys.SourceDatabase;
import io.camelrump.options.BigKeyOptions;
import io.camelrump.options.SourceOptions;
import io.camelrump.redis.Cursor;
import io.camelrump.redis.KeyList;
import io.camelrump.redis.RedisConnection;
import io.camelrump.redis.RespReader;
import io.camelrump.redis.ServerAddress;
import io.camelrump.redis.ServerClock;
import io.camelrump.redis.SourceFeatures;
import io.camelrump.run.ChangeLog;
import io.camelrump.run.PageData;
import io.camelrump.run.Reading;
import io.camelrump.run.RetryKeys;
import io.camelrump.throttle.RateLimiter;
import io.camelrump.throttle.TurnPacer;
import io.camelrump.throttle.WorkBudget;
import java.io.ByteArrayInputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import redis.clients.jedis.Jedis;

/** Expiries are read exactly, whatever the clocks and the errors of the source. */
@Timeout(150)
class ReadingExpiriesIT extends ReadingFixture {
    /** The server answers with an error when it is asked again for remaining times. */
    @Test
    void failedPttlRetryNeverMakesAKeyPersistent() throws Exception {
        RedisServer source = servers.start(RedisServers.version("redis-6.2"), "--lua-time-limit", "50");
        byte[] key = "k".getBytes(US_ASCII);
        try (Jedis jedis = source.jedis();
                Jedis other = source.jedis();
                RedisConnection connection = RedisConnection.open(new ServerAddress(
                        "127.0.0.1", source.port(), null, null, 0, Duration.ofSeconds(5), Duration.ofSeconds(60)))) {
            jedis.psetex(key, 3_600_000, "v".getBytes(US_ASCII));
            byte[] dump = jedis.dump(key);
            KeyChunk chunk = new KeyChunk(KeyList.of(key), 0, Cursor.START);
            PageBuilder page = new PageBuilder(chunk, 0, 1000, false);
            byte[] reply = new byte[dump.length + 2];
            System.arraycopy(dump, 0, reply, 0, dump.length);
            reply[dump.length] = '\r';
            reply[dump.length + 1] = '\n';
            page.add(chunk, new RespReader(new ByteArrayInputStream(reply), 64), dump.length, 3_600_000);
            page.date(-1, -1);
            assertThat(page.needsTimes()).isTrue();
            CompletableFuture<Object> script = CompletableFuture.supplyAsync(() -> {
                try {
                    return other.eval("while true do end");
                } catch (RuntimeException killed) {
                    return killed;
                }
            });
            pause(300);
            ServerClock clock = ServerClock.unknown();
            try {
                assertThatThrownBy(() -> page.retime(connection, clock, new WholeServer(new SampleLimit(0))))
                        .hasMessageContaining("BUSY");
            } finally {
                jedis.scriptKill();
                script.get();
            }
        }
    }

    /** The clock of a source is set while it is read. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aSourceWhoseClockWasMovedIsMeasuredAgain(boolean reconnect, @TempDir Path folder) throws Exception {
        org.junit.jupiter.api.Assumptions.assumeTrue(RedisServers.canShiftClock());
        Path file = Files.writeString(folder.resolve("clock"), "+0s");
        RedisServer source = servers.startFollowing(file);
        RedisServer target = servers.start();
        fillExpiring(source, 2_000, "v");
        AtomicInteger pages = new AtomicInteger();
        List<DumpedKey> later = new ArrayList<>();
        try (FaultyProxy proxy = new FaultyProxy(source);
                RouteRun run = RouteRun.of(routes -> routes.from(
                                "rump:source?host=127.0.0.1&scanCount=50&port=" + proxy.port())
                        .routeId("read")
                        .process(exchange -> {
                            int page = pages.incrementAndGet();
                            if (page == 5) {
                                RedisServers.moveClock(file, "+300s");
                                if (reconnect) {
                                    proxy.cut();
                                } else {
                                    makeStale(exchange.getContext()
                                            .getRoute("read")
                                            .getConsumer());
                                }
                            } else if (page > 20) {
                                exchange.getMessage().getBody(Page.class).forEach(later::add);
                            }
                        })
                        .to("rump:target" + at(target)))) {
            assertThat(run.awaitEnd().state()).isEqualTo(RunState.COMPLETE);
            assertThat(run.ledger().counts().restarts()).isZero();
        }
        try (Jedis from = source.jedis();
                Jedis to = target.jedis()) {
            assertThat(later).hasSizeGreaterThan(500).allSatisfy(key -> assertThat(to.pttl(key.key()))
                    .isCloseTo(from.pttl(key.key()), within(2_000L)));
        }
    }

    /** Expiries of the far future, and a target whose clock is ahead by a millisecond. */
    @Test
    void expiryAtTheEndOfTimeStaysInTheFuture() {
        assertThat(new ServerClock(1000, 0, true).translate(Long.MAX_VALUE, 0)).isPositive();
    }

    /** PEXPIRETIME before a cut, PTTL after it, in one page. */
    @Test
    void expiriesOfAPageAreOfOneKind() throws Exception {
        RedisServer source = servers.start();
        fillExpiring(source, 500, "x".repeat(1_000));
        try (FaultyProxy proxy = new FaultyProxy(source);
                RedisConnection first = open(proxy.port())) {
            ServerClock clock = ServerClock.measure(first);
            PageReader reader = reader(new SourceSession(first, new SourceFeatures(true), clock));
            proxy.cutAfter(FaultyProxy.Direction.TO_CLIENT, 20_000);
            try {
                reader.next();
                throw new AssertionError("not cut");
            } catch (java.io.IOException cut) {
                // as wanted
            }
            proxy.heal();
            await().until(() -> proxy.open() == 0);
            RedisConnection second = open(proxy.port());
            reader.reconnected(new SourceSession(second, new SourceFeatures(false), ServerClock.measure(second)));
            int wrong = 0;
            for (PageData page = reader.next(); page != null; page = reader.next()) {
                for (int i = 0; i < page.size(); i++) {
                    wrong +=
                            Math.abs(page.expiresAtMillis(i) - System.currentTimeMillis() - 3_600_000) > 60_000 ? 1 : 0;
                }
            }
            assertThat(wrong).isZero();
        }
    }

    /** Its page may have failed before for other reasons, as often as it likes. */
    @Test
    void aKeyThatGoesBetweenItsExpiryAndItsPayloadIsReadAgain() throws Exception {
        RedisServer real = servers.start();
        fillExpiring(real, 1, "value");
        try (ScriptedServer source = new ScriptedServer(real);
                RedisConnection connection = open(source.port())) {
            source.on("SCAN", Reply.page("0")).onCall("DUMP", call -> call.nth() == 0 ? Reply.NIL : Reply.PASS);
            ServerClock clock = ServerClock.measure(connection);
            PageReader reader = reader(new SourceSession(connection, new SourceFeatures(true), clock));
            Reading failed = new Reading(5, Set.of(), 0, 0, 0, 0);
            reader.enqueue(new RetryKeys(KeyList.of("k0".getBytes(US_ASCII)), 0, Cursor.START, failed, false, 0));

            while (!reader.isAtEnd()) {
                assertThat(reader.next()).isNull();
            }
            RetryKeys again = reader.takePostponed().get(0);
            reader.enqueue(again);

            assertThat(again.reading().withoutPayload()).isOne();
            assertThat(Objects.requireNonNull(reader.next()).size()).isOne();
        }
    }

    private static void fillExpiring(RedisServer server, int keys, String value) {
        try (Jedis jedis = server.jedis();
                var pipeline = jedis.pipelined()) {
            for (int i = 0; i < keys; i++) {
                pipeline.psetex("k" + i, 3_600_000, value);
            }
        }
    }

    /** A reader of 500 keys, which expire. */
    private static PageReader reader(SourceSession session) throws java.io.IOException {
        KeySelection all =
                new KeySelection(null, name -> true, java.util.Set.of(), null, null, 0, null, Long.MAX_VALUE);
        ScanPlan options = new ScanPlan(
                new SourceOptions(),
                new BigKeyOptions(),
                DatabaseMapping.of(0, null, null),
                all,
                1000,
                1000,
                null,
                null,
                1 << 20,
                8 << 20);
        KeyScan scan = new KeyScan(
                options,
                List.of(new SourceDatabase(0, 500)),
                new WholeServer(new SampleLimit(options.selection().sample())));
        return new PageReader(
                options,
                scan,
                null,
                null,
                ChangeLog.unfollowed(),
                RateLimiter.free(),
                new TurnPacer(WorkBudget.unbounded()),
                session);
    }

    private static RedisConnection open(int port) {
        return RedisConnection.open(
                new ServerAddress("127.0.0.1", port, null, null, 0, Duration.ofSeconds(5), Duration.ofSeconds(60)));
    }
}
