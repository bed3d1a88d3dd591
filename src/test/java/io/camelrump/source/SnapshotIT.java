package io.camelrump.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.camelrump.Refusal;
import io.camelrump.cli.EqualityProof;
import io.camelrump.fixtures.CommandStats;
import io.camelrump.fixtures.FaultyProxy;
import io.camelrump.fixtures.Migration;
import io.camelrump.fixtures.RedisServer;
import io.camelrump.fixtures.RedisServers;
import io.camelrump.fixtures.ServerPair;
import io.camelrump.keys.DatabaseMapping;
import io.camelrump.redis.Cursor;
import io.camelrump.redis.ErrorReply;
import io.camelrump.redis.KeyList;
import io.camelrump.redis.RedisConnection;
import io.camelrump.redis.ServerAddress;
import io.camelrump.redis.ServerClock;
import io.camelrump.redis.ServerInfo;
import io.camelrump.redis.SourceFeatures;
import io.camelrump.run.PageData;
import io.camelrump.run.Reading;
import io.camelrump.run.RetryKeys;
import io.camelrump.throttle.TurnPacer;
import io.camelrump.throttle.WorkBudget;
import io.camelrump.values.KeyWatch;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.Pipeline;
import redis.clients.jedis.Transaction;
import redis.clients.jedis.exceptions.JedisBusyException;

/** A value that is read in parts arrives as it was at one moment, whatever its writers do meanwhile. */
class SnapshotIT {
    private static final int ELEMENTS = 12_000;
    private static final String KEY = "queue";
    /** It takes no list of the source as a payload. */
    private static final RedisServers.Version OLDER = RedisServers.version("redis-6.2");

    @RegisterExtension
    private static final ServerPair PAIR = new ServerPair();

    /** What leaves type, expiry and number of elements as they were. */
    enum Change {
        PUSHED_AND_POPPED(
                "lrange",
                SnapshotIT::fillList,
                jedis -> evalTimes(jedis, "redis.call('RPUSH', KEYS[1], 'new') redis.call('LPOP', KEYS[1])")),
        PUSHED_AND_TRIMMED(
                "lrange",
                SnapshotIT::fillList,
                jedis -> evalTimes(
                        jedis,
                        "redis.call('LPUSH', KEYS[1], 'new') redis.call('LTRIM', KEYS[1], 0, " + (ELEMENTS - 1) + ")")),
        ANOTHER_VALUE("hscan", SnapshotIT::fillHash, jedis -> {
            for (int i = 0; i < ELEMENTS; i += 10) {
                jedis.hset(KEY, "element " + i, "changed");
            }
        }),
        ANOTHER_SCORE("zscan", SnapshotIT::fillSorted, jedis -> {
            for (int i = 0; i < ELEMENTS; i += 10) {
                jedis.zincrby(KEY, 0.5, "element " + i);
            }
        }),
        OTHER_BYTES("getrange", jedis -> jedis.set(KEY, "a".repeat(9_000_000)), jedis -> {
            jedis.setrange(KEY, 0, "head");
            jedis.setrange(KEY, 8_999_996, "tail");
        });

        private final String readBy;
        private final Consumer<Jedis> fill;
        private final Consumer<Jedis> change;

        Change(String readBy, Consumer<Jedis> fill, Consumer<Jedis> change) {
            this.readBy = readBy;
            this.fill = fill;
            this.change = change;
        }
    }

    @ParameterizedTest
    @EnumSource(Change.class)
    void aChangeThatKeepsTheCountIsNoticed(Change change) {
        copyWhileItChanges(change, "64kb");
    }

    @Test
    void aChangeIsNoticedWhileAListIsRebuiltForAnOlderTarget() {
        PAIR.use(RedisServers.usual(), OLDER);
        copyWhileItChanges(Change.PUSHED_AND_POPPED, "8mb");
    }

    /** Copies a value that changes once, when a part of it was read. */
    private static void copyWhileItChanges(Change change, String bigKey) {
        Jedis a = PAIR.atSource();
        try (FaultyProxy slow = new FaultyProxy(PAIR.source()).delay(4)) {
            change.fill.accept(a);
            try (Migration run = Migration.from(slow.port())
                    .to(PAIR.target())
                    .with("rump.source.big-key", bigKey)
                    .start()) {
                awaitReading(a, change.readBy);
                change.change.accept(a);

                assertThat(run.awaitComplete().restored()).isEqualTo(1);
            }
            assertEqual();
        }
    }

    /** Its elements are numbers that follow each other at every moment. */
    @Tag("long")
    @Test
    void aQueueUnderLoadLosesAndDoublesNothing() throws Exception {
        PAIR.use(RedisServers.usual(), OLDER);
        ExecutorService writers = Executors.newSingleThreadExecutor();
        Jedis a = PAIR.atSource();
        try (Jedis writer = PAIR.source().jedis();
                FaultyProxy slow = new FaultyProxy(PAIR.source()).delay(1)) {
            try (Pipeline pipeline = a.pipelined()) {
                LongStream.range(0, ELEMENTS).forEach(i -> pipeline.rpush(KEY, Long.toString(i)));
            }
            Future<?> writing;
            try (Migration run = Migration.from(slow.port()).to(PAIR.target()).start()) {
                awaitReading(a, "lrange");
                writing = writers.submit(() -> turnOver(writer));

                assertThat(run.awaitComplete().restored()).isEqualTo(1);
            }
            writing.get(60, TimeUnit.SECONDS);

            List<String> arrived = PAIR.atTarget().lrange(KEY, 0, -1);
            long first = Long.parseLong(arrived.get(0));
            assertThat(arrived)
                    .containsExactlyElementsOf(LongStream.range(first, first + ELEMENTS)
                            .mapToObj(Long::toString)
                            .toList());
        } finally {
            writers.shutdownNow();
        }
    }

    /**
     * After so many readings a value is dumped, unless that would hold the source up, or the target took no payload of
     * it.
     */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "8388608 | false | false | 13 | 0  | ",
                "1024    | false | false | 13 | 0  | changed during each of 13 readings in parts ... are more"
                        + " than the 4096 that are dumped at once",
                "8388608 | true  | false | 13 | 0  | changed during each of 13 readings in parts, and the target does"
                        + " not take its payload",
                "8388608 | true  | false | 3  | 10 | of 13 readings in parts 10 did not arrive as a whole at the"
                        + " target,"
                        + " and it changed during the others, and the target does not take its payload",
                "8388608 | true  | true  | 5  | 13 | of 18 readings in parts 13 did not arrive as a whole at the"
                        + " target",
                "8388608 | false | true  | 0  | 13 | "
            })
    void aValueThatNeverRestsIsDumpedOnceIfItIsSmallEnough(
            long window, boolean payloadRefused, boolean live, int torn, int incomplete, String cause)
            throws Exception {
        try (RedisConnection connection = connection()) {
            fillList(PAIR.atSource());
            KeyList key = KeyList.of(KEY.getBytes(StandardCharsets.US_ASCII));
            PartReader reader = new PartReader(
                    DatabaseMapping.of(0, null, null),
                    live ? PartReader.Mode.LIVE_VALUES : PartReader.Mode.VALUES,
                    new TurnPacer(WorkBudget.unbounded()));
            reader.dumpBy(new OversizeDumps(64 * 1024, window, ServerInfo.HIDDEN));
            Reading last = new Reading(
                    0, payloadRefused ? Set.of(Reading.Trait.PAYLOAD_REFUSED) : Set.of(), torn, incomplete, 0, 0);
            reader.enqueue(RetryKeys.byParts(key, 0, Cursor.START, last));

            PageData page = reader.next(
                    connection, SourceFeatures.ofWatching(connection, null), ServerClock.measure(connection));

            assertThat(page).isNull();
            List<Refusal> refused = reader.takeRefused();
            if (cause == null) {
                assertThat(refused).isEmpty();
                assertThat(reader.takePostponed()).singleElement().matches(RetryKeys::alone);
            } else {
                assertThat(refused.toString()).contains(cause.split(" \\.\\.\\. "));
                assertThat(reader.takePostponed()).isEmpty();
            }
        }
    }

    /** Its name in progress expires where the target was away for long. */
    @Test
    void aStringWhoseFirstPartsAreLostAtTheTargetIsReadAgain() {
        Jedis b = PAIR.atTarget();
        try (FaultyProxy slow = new FaultyProxy(PAIR.source()).delay(10)) {
            PAIR.atSource().set(KEY, "a".repeat(4_000_000));
            try (Migration run = Migration.from(slow.port())
                    .to(PAIR.target())
                    .with("rump.source.big-key", "64kb")
                    .start()) {
                Awaitility.await("some parts have arrived")
                        .pollInterval(Duration.ofMillis(1))
                        .until(() ->
                                b.keys("rump:tmp:*").stream().mapToLong(b::del).sum() > 0);

                assertThat(run.awaitComplete().restored()).isEqualTo(1);
            }
            assertEqual();
        }
    }

    /** What else is asked for between two parts may be about another database. */
    @Test
    void thePartsOfAValueAreReadOfItsDatabase() throws Exception {
        Jedis a = PAIR.atSource();
        try (RedisConnection connection = connection()) {
            fillList(a);
            a.select(1);
            a.rpush(KEY, foreign(ELEMENTS));
            PartReader reader = new PartReader(
                    DatabaseMapping.of(0, null, null), PartReader.Mode.VALUES, new TurnPacer(WorkBudget.unbounded()));
            reader.enqueue(RetryKeys.byParts(
                    KeyList.of(KEY.getBytes(StandardCharsets.US_ASCII)), 0, Cursor.START, Reading.FIRST));
            SourceFeatures features = SourceFeatures.ofWatching(connection, null);
            ServerClock clock = ServerClock.measure(connection);

            List<PageData> pages = new ArrayList<>();
            while (!reader.isDone()) {
                Optional.ofNullable(reader.next(connection, features, clock)).ifPresent(pages::add);
                connection.select(1);
            }

            assertThat(pages).hasSizeGreaterThan(2);
            assertThat(pages)
                    .noneMatch(page -> new String(page.payloads(), StandardCharsets.ISO_8859_1).contains("foreign"));
        }
    }

    private static String[] foreign(int elements) {
        return Stream.generate(() -> "foreign").limit(elements).toArray(String[]::new);
    }

    /** EXEC passes on what holds the server up as a part of its own words. */
    @Test
    void aServerThatIsBusyWhenAReadingEndsIsAskedAgain() throws Exception {
        ExecutorService scripts = Executors.newSingleThreadExecutor();
        Jedis a = PAIR.atSource();
        try (Jedis killer = PAIR.source().jedis();
                Jedis looping = PAIR.source().jedis();
                RedisConnection connection = connection()) {
            a.set(KEY, "value");
            a.configSet("lua-time-limit", "10");
            KeyWatch watch = new KeyWatch(connection, true);
            watch.writeBegin(KEY.getBytes(StandardCharsets.US_ASCII));
            connection.out().flush();
            assertThat(watch.readBegin()).isNull();
            Future<?> script = scripts.submit(() -> looping.eval("while true do end"));
            Awaitility.await().until(() -> isBusy(a));

            watch.writeEnd();
            connection.out().flush();
            Object executed = watch.readEnd();
            killer.scriptKill();

            assertThat(executed).isInstanceOfSatisfying(ErrorReply.class, error -> {
                assertThat(error.text()).contains("BUSY");
                assertThat(error.isTransient()).isTrue();
            });
            assertThatThrownBy(script::get).hasMessageContaining("killed");
        } finally {
            scripts.shutdownNow();
        }
    }

    private static boolean isBusy(Jedis jedis) {
        try {
            jedis.get(KEY);
            return false;
        } catch (JedisBusyException e) {
            return true;
        }
    }

    private static RedisConnection connection() {
        return RedisConnection.open(new ServerAddress(
                RedisServer.HOST, PAIR.source().port(), null, null, 0, Duration.ofSeconds(5), Duration.ofSeconds(5)));
    }

    private static void evalTimes(Jedis jedis, String turn) {
        jedis.eval("for i = 1, 700 do " + turn + " end", 1, KEY);
    }

    /** Waits until some parts of it were read, of eight and more. */
    private static void awaitReading(Jedis source, String command) {
        Awaitility.await("some parts were read")
                .pollInterval(Duration.ofMillis(1))
                .until(() -> CommandStats.calls(source, command) >= 3);
    }

    private static void turnOver(Jedis writer) {
        for (long next = ELEMENTS; next < 3 * ELEMENTS; next++) {
            try (Transaction turn = writer.multi()) {
                turn.rpush(KEY, Long.toString(next));
                turn.lpop(KEY);
                turn.exec();
            }
        }
    }

    private static void fillList(Jedis jedis) {
        try (Pipeline pipeline = jedis.pipelined()) {
            for (int i = 0; i < ELEMENTS; i++) {
                pipeline.rpush(KEY, "element " + i);
            }
        }
    }

    private static void fillHash(Jedis jedis) {
        try (Pipeline pipeline = jedis.pipelined()) {
            for (int i = 0; i < ELEMENTS; i++) {
                pipeline.hset(KEY, "element " + i, "value");
            }
        }
    }

    private static void fillSorted(Jedis jedis) {
        try (Pipeline pipeline = jedis.pipelined()) {
            for (int i = 0; i < ELEMENTS; i++) {
                pipeline.zadd(KEY, i, "element " + i);
            }
        }
    }

    private static void assertEqual() {
        assertThat(EqualityProof.compare(PAIR.atSource(), PAIR.atTarget(), Duration.ofMillis(100))
                        .differences())
                .isEmpty();
    }
}
