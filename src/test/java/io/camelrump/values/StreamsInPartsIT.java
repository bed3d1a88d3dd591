package io.camelrump.values;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.camelrump.Difference;
import io.camelrump.fixtures.CommandStats;
import io.camelrump.fixtures.EditedRoute;
import io.camelrump.fixtures.FaultyProxy;
import io.camelrump.fixtures.Migration;
import io.camelrump.fixtures.RedisServer;
import io.camelrump.fixtures.RedisServers;
import io.camelrump.fixtures.ServerPair;
import io.camelrump.redis.PayloadFooter;
import io.camelrump.redis.RedisConnection;
import io.camelrump.redis.ServerAddress;
import io.camelrump.redis.ServerClock;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.StreamEntryID;
import redis.clients.jedis.params.XAddParams;
import redis.clients.jedis.params.XClaimParams;
import redis.clients.jedis.params.XReadGroupParams;
import redis.clients.jedis.resps.StreamEntry;

/** Streams that are read by commands. */
class StreamsInPartsIT {
    private static final byte[] STREAM = "stream".getBytes(StandardCharsets.US_ASCII);

    /** Of 300 entries with such values a part holds some. */
    private static final String LONG_VALUE = "v".repeat(2_000);

    /** What was read does not fit together: it is read again, and found to be gone. */
    private static final int CHANGED = -1;

    /** It takes no stream of the source as a payload. */
    private static final RedisServers.Version OLDER = RedisServers.version("redis-6.2");

    @RegisterExtension
    private static final ServerPair PAIR = new ServerPair();

    @RegisterExtension
    private static final RedisServers SHIFTED = new RedisServers();

    @RegisterExtension
    private final EditedRoute comparison = new EditedRoute(PAIR, "");

    @Test
    void aCappedStreamUnderWritesArrivesAsItWasAtOneMoment() throws Exception {
        PAIR.use(RedisServers.usual(), OLDER);
        ExecutorService writers = Executors.newSingleThreadExecutor();
        AtomicBoolean over = new AtomicBoolean();
        try (FaultyProxy slow = new FaultyProxy(PAIR.source()).delay(2)) {
            append(PAIR.atSource(), 1, 300);
            Future<?> writing = writers.submit(() -> {
                try (Jedis writer = PAIR.source().jedis()) {
                    for (int i = 301; !over.get(); i++) {
                        append(writer, i, i);
                    }
                }
            });
            try (Migration run = Migration.from(slow.port()).to(PAIR.target()).start()) {
                assertThat(run.awaitComplete().restored()).isEqualTo(1);
            }
            over.set(true);
            writing.get(10, TimeUnit.SECONDS);

            List<Long> ids = PAIR.atTarget().xrange("stream", (StreamEntryID) null, null).stream()
                    .map(StreamEntry::getID)
                    .map(StreamEntryID::getTime)
                    .toList();
            assertThat(ids).hasSize(300);
            assertThat(ids.get(299) - ids.get(0)).isEqualTo(299);
        } finally {
            over.set(true);
            writers.shutdownNow();
        }
    }

    /** It is above the size of one part; the writer rests when a reading was begun again. */
    @Test
    void aCappedStreamThatGoesInPartsUnderWritesArrivesAsItWasAtOneMoment() throws Exception {
        PAIR.use(RedisServers.usual(), OLDER);
        ExecutorService writers = Executors.newSingleThreadExecutor();
        AtomicBoolean over = new AtomicBoolean();
        long watched = CommandStats.calls(PAIR.atSource(), "watch");
        long swapped = CommandStats.calls(PAIR.atTarget(), "rename");
        try (FaultyProxy slow = new FaultyProxy(PAIR.source()).delay(2)) {
            append(PAIR.atSource(), 1, 300, LONG_VALUE);
            Future<?> writing = writers.submit(() -> {
                try (Jedis writer = PAIR.source().jedis()) {
                    for (int i = 301; !over.get() && CommandStats.calls(writer, "watch") < watched + 3; i++) {
                        append(writer, i, i, LONG_VALUE);
                    }
                }
            });
            try (Migration run = Migration.from(slow.port())
                    .to(PAIR.target())
                    .with("rump.source.big-key", "64kb")
                    .start()) {
                assertThat(run.awaitComplete().restored()).isEqualTo(1);
            }
            writing.get(10, TimeUnit.SECONDS);

            assertThat(CommandStats.calls(PAIR.atSource(), "watch")).isGreaterThan(watched + 2);
            assertThat(CommandStats.calls(PAIR.atTarget(), "rename")).isGreaterThan(swapped);
            assertThat(entries(PAIR.atTarget()))
                    .isEqualTo(entries(PAIR.atSource()))
                    .hasSize(300);
        } finally {
            over.set(true);
            writers.shutdownNow();
        }
    }

    /** The reader learns of a group by one command, and asks for its consumers by the next. */
    @Test
    void aGroupThatGoesWhileItIsReadIsNoError() throws Exception {
        PAIR.use(RedisServers.usual(), OLDER);
        Jedis source = PAIR.atSource();
        append(source, 1, 3);
        source.configResetStat();
        ExecutorService writers = Executors.newSingleThreadExecutor();
        AtomicBoolean over = new AtomicBoolean();
        try (RedisConnection connection = RedisConnection.open(at(PAIR.source()))) {
            Future<?> writing = writers.submit(() -> {
                try (Jedis writer = PAIR.source().jedis()) {
                    while (!over.get()) {
                        writer.xgroupCreate("stream", "passing", new StreamEntryID(0), false);
                        writer.xgroupDestroy("stream", "passing");
                    }
                }
            });
            Awaitility.await().pollInterval(Duration.ofMillis(1)).untilAsserted(() -> {
                assertThat(groups(connection)).isIn(0, 1, CHANGED);
                assertThat(source.info("errorstats")).contains("NOGROUP");
            });
            over.set(true);
            writing.get(10, TimeUnit.SECONDS);
        } finally {
            over.set(true);
            writers.shutdownNow();
        }
    }

    private static int groups(RedisConnection connection) throws Exception {
        try {
            return pending(connection, 0).groups().size();
        } catch (KeyChangedException e) {
            return CHANGED;
        }
    }

    private static List<Long> entries(Jedis jedis) {
        return jedis.xrange("stream", (StreamEntryID) null, null).stream()
                .map(entry -> entry.getID().getTime())
                .toList();
    }

    /** How long ago they were is told as 0, and their time would differ by what lies between two readings. */
    @Test
    void deliveriesAheadOfTheClockAreTheSameAtALaterReading() throws Exception {
        assumeThat(RedisServers.canShiftClock()).as("faketime is installed").isTrue();
        PAIR.use(RedisServers.usual(), OLDER);
        Jedis source = PAIR.atSource();
        try (Jedis ahead = SHIFTED.startShifted(60).jedis()) {
            append(ahead, 1, 3);
            ahead.xgroupCreate("stream", "group", new StreamEntryID(0), false);
            ahead.xreadGroup(
                    "group",
                    "consumer",
                    XReadGroupParams.xReadGroupParams().count(3),
                    Map.of("stream", StreamEntryID.XREADGROUP_UNDELIVERED_ENTRY));
            source.restore("stream", 0, ahead.dump("stream"));
        }
        try (RedisConnection connection = RedisConnection.open(at(PAIR.source()))) {
            StreamGroups before = pending(connection, 0);

            assertThat(before.sameAs(pending(connection, 30_000))).isTrue();
            assertThat(pending(connection, 90_000).sameAs(before)).isTrue();
            source.xclaimJustId(
                    "stream", "group", "consumer", 0, new XClaimParams().idle(5_000), new StreamEntryID(2, 1));
            assertThat(before.sameAs(pending(connection, 0))).isFalse();
        }
    }

    /** Entries so large that pending ones are not read beside them, some milliseconds later by the server's clock. */
    private static StreamGroups pending(RedisConnection connection, long later) throws Exception {
        ServerClock clock = ServerClock.measure(connection);
        ServerClock then = new ServerClock(clock.offsetMicros() + 1_000 * later, clock.measuredAt(), true);
        return StreamGroups.read(new KeyCommands(connection), STREAM, then, Integer.MAX_VALUE);
    }

    private static ServerAddress at(RedisServer server) {
        Duration patience = Duration.ofSeconds(5);
        return new ServerAddress(RedisServer.HOST, server.port(), null, null, 0, patience, patience);
    }

    private static void append(Jedis jedis, int from, int to) {
        append(jedis, from, to, "value");
    }

    private static void append(Jedis jedis, int from, int to, String value) {
        for (int i = from; i <= to; i++) {
            jedis.xadd(
                    "stream",
                    Map.of("field", value),
                    XAddParams.xAddParams().id(new StreamEntryID(i, 1)).maxLen(300));
        }
    }

    /** As streams of Redis 5 may be; its servers wrote such a length into their files. */
    @ParameterizedTest
    @ValueSource(ints = {2, 9})
    void aStreamWhoseLengthIsWrongArrivesWithItsEntries(int length) throws Exception {
        PAIR.use(RedisServers.usual(), OLDER);
        Jedis old = PAIR.atTarget();
        old.configSet("rdbcompression", "no");
        byte[] value = new byte[30_000];
        new Random(3).nextBytes(value);
        for (int i = 1; i <= 4; i++) {
            old.xadd(STREAM, XAddParams.xAddParams().id(i + "-1"), Map.of(STREAM, value));
        }
        byte[] payload = withLength(old.dump(STREAM), length);
        PAIR.use(RedisServers.usual(), RedisServers.usual());
        Jedis a = PAIR.atSource();
        a.restore(STREAM, 0, payload);
        assertThat(a.xlen("stream")).isEqualTo(length);

        try (Migration run = Migration.from(PAIR.source())
                .to(PAIR.target())
                .with("rump.source.big-key", "64kb")
                .start()) {
            assertThat(run.awaitComplete().restored()).isEqualTo(1);
        }
        assertThat(PAIR.atTarget().xlen("stream")).isEqualTo(4);
        assertThat(digests(PAIR.atTarget())).isEqualTo(digests(a));
        assertThat(differences()).isEmpty();
    }

    private List<Difference> differences() throws Exception {
        String target = EditedRoute.to("target", PAIR.target().port());
        comparison.start("", (routes, read) -> read.to(target + "&rounds=1&operation=compare"));
        return comparison.run().awaitEnd().differences();
    }

    /** Valkey 9.1 makes such a hash by COPY of one whose fields have all expired; Redis 2.8 takes it as a payload. */
    @Test
    void aHashWithoutAFieldIsRefusedByName() {
        PAIR.use(RedisServers.version("redis-2.8"), RedisServers.usual());
        Jedis a = PAIR.atSource();
        byte[] noField = {4, 0, 6, 0, 0, 0, 0, 0, 0, 0, 0, 0};
        a.restore("empty".getBytes(StandardCharsets.US_ASCII), 0, withChecksum(noField));
        a.hset("hash", "field", "value");
        assertThat(a.hlen("empty")).isZero();

        try (Migration run = Migration.from(PAIR.source()).to(PAIR.target()).start()) {
            assertThat(run.awaitComplete().refused()).isEqualTo(1);
            assertThat(run.ledger().refusals().toString()).contains("\"empty\"", "without a single element");
        }
    }

    private static List<String> digests(Jedis jedis) {
        return jedis.xrange("stream", (StreamEntryID) null, null).stream()
                .map(entry -> entry.getID() + " " + entry.getFields().hashCode())
                .toList();
    }

    /**
     * The same payload of a stream with another number of entries than it has: behind its nodes, each an id and a
     * listpack.
     */
    private static byte[] withLength(byte[] payload, int length) {
        ByteBuffer in = ByteBuffer.wrap(payload.clone());
        in.get();
        for (int nodes = length(in); nodes > 0; nodes--) {
            skip(in, length(in));
            skip(in, length(in));
        }
        in.put((byte) length);
        return withChecksum(in.array());
    }

    /** CRC-64 of Jones, bit by bit. */
    static byte[] withChecksum(byte[] payload) {
        long crc = 0;
        for (int i = 0; i < payload.length - Long.BYTES; i++) {
            crc ^= payload[i] & 0xff;
            for (int bit = 0; bit < Byte.SIZE; bit++) {
                crc = crc >>> 1 ^ ((crc & 1) == 0 ? 0 : Long.reverse(0xad93d23594c935a9L));
            }
        }
        ByteBuffer.wrap(payload).order(ByteOrder.LITTLE_ENDIAN).putLong(payload.length - Long.BYTES, crc);
        assertThat(PayloadFooter.isIntact(payload, 0, payload.length)).isTrue();
        return payload;
    }

    private static void skip(ByteBuffer in, int bytes) {
        in.position(in.position() + bytes);
    }

    /** A length as RDB files have it. */
    private static int length(ByteBuffer in) {
        int first = in.get() & 0xff;
        return switch (first >> 6) {
            case 0 -> first;
            case 1 -> (first & 0x3f) << 8 | in.get() & 0xff;
            default -> in.getInt();
        };
    }
}
