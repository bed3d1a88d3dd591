package io.camelrump;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.awaitility.Awaitility.await;

import io.camelrump.dataformat.RumpDataFormat;
import io.camelrump.fixtures.EditedRoute;
import io.camelrump.fixtures.EveryKey;
import io.camelrump.fixtures.RedisServers;
import io.camelrump.fixtures.RouteRun;
import io.camelrump.fixtures.SampleData;
import io.camelrump.fixtures.ServerPair;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import redis.clients.jedis.Jedis;

/** Pages that were bytes between their source and their target, in another context. */
class MarshalledPagesIT {
    private static final int SMALL_KEYS = 300;

    @RegisterExtension
    private static final ServerPair PAIR = new ServerPair();

    @RegisterExtension
    private final EditedRoute route = new EditedRoute(PAIR, "scanCount=50&stallTimeout=5s");

    /** What a transport took, one message after the other. */
    private final List<byte[]> taken = new CopyOnWriteArrayList<>();

    @Test
    void keysOfEachTypeWithTheirExpiriesArriveAsTheyWere() throws Exception {
        SampleData.fill(PAIR.atSource(), RedisServers.usual());
        byte[] large = "large".getBytes(StandardCharsets.UTF_8);
        PAIR.atSource().rpush(large, new byte[40_000], SampleData.noise(40_000), new byte[40_000]);
        PAIR.atSource().pexpire(large, 1_000_000);

        handOn("bigKey=64kb");
        assertThat(route.run().awaitEnd().state()).isEqualTo(RunState.COMPLETE);
        long expiry = PAIR.atSource().pexpireTime(large);
        restoreAll();

        assertThat(PAIR.atTarget().pexpireTime(large)).isBetween(expiry - 2, expiry + 2);
        assertThat(EveryKey.of(PAIR.atSource(), PAIR.atTarget()).check()).isGreaterThan(20);
        assertThat(digest(PAIR.atTarget())).isEqualTo(digest(PAIR.atSource()));
    }

    @Test
    void endMarkerSaysHowTheRunEnded() throws Exception {
        SampleData.fillStrings(PAIR.atSource(), SMALL_KEYS, 20);

        handOn("");
        Counts counts = route.run().awaitEnd().counts();
        await().until(() -> read(taken.get(taken.size() - 1)).getHeader(RumpConstants.STATE) != null);

        Message last = read(taken.get(taken.size() - 1));
        assertThat(last.getBody(Page.class).isLast()).isTrue();
        assertThat(last.getHeader(RumpConstants.STATE)).isEqualTo(RunState.COMPLETE);
        assertThat(last.getHeader(RumpConstants.COMPLETE)).isEqualTo(true);
        assertThat(last.getHeader(RumpConstants.COUNTS)).isEqualTo(counts);
        assertThat(counts.handedOn()).isEqualTo(SMALL_KEYS);
    }

    @Test
    void deletionsOfALiveRunAreCarriedOutAtATargetThatWasEmpty() throws Exception {
        SampleData.fillStrings(PAIR.atSource(), SMALL_KEYS, 20);
        List<byte[]> names = PAIR.atSource().keys("*".getBytes(StandardCharsets.UTF_8)).stream()
                .limit(20)
                .toList();

        try (RouteRun target = target()) {
            handOn("live=true");
            route.run().awaitSettled(SMALL_KEYS);
            restore(target);
            assertThat(PAIR.atTarget().dbSize()).isEqualTo(SMALL_KEYS);
            names.forEach(PAIR.atSource()::del);
            PAIR.atSource().set("new", "value");
            await().atMost(Duration.ofSeconds(20)).until(() -> {
                restore(target);
                return PAIR.atTarget().exists("new") && PAIR.atTarget().dbSize() == SMALL_KEYS - 19;
            });
        }

        assertThat(digest(PAIR.atTarget())).isEqualTo(digest(PAIR.atSource()));
    }

    @Test
    void deletionLeavesWhatTheTargetHeldBefore() throws Exception {
        PAIR.atSource().set("shared", "value");
        handOn("live=true");
        route.run().awaitSettled(1);
        PAIR.atSource().del("shared");
        await().atMost(Duration.ofSeconds(20)).until(() -> taken.size() > 1);
        taken.remove(0);
        PAIR.atTarget().set("shared", "the target's own");

        restoreAll();

        assertThat(PAIR.atTarget().get("shared")).isEqualTo("the target's own");
    }

    @Test
    void batchOfSeveralMessagesIsReadFromOneStream() throws Exception {
        SampleData.fillStrings(PAIR.atSource(), SMALL_KEYS, 20);
        handOn("");
        route.run().awaitEnd();
        byte[] all = joined();

        assertThat(read(all).getBody(Batch.class).size()).isEqualTo(SMALL_KEYS);
        Throwable cut = catchThrowable(() -> read(Arrays.copyOf(all, all.length / 2)));

        assertThat(cut).isInstanceOfSatisfying(WireFormatException.class, e -> {
            assertThat(e.offset()).isBetween(1L, all.length / 2L);
            assertThat(e).hasMessageContaining("cut off");
        });
    }

    @Test
    void streamThatIsCutOffDeliversAllPagesBeforeWhereItIsReadOneByOne() throws Exception {
        SampleData.fillStrings(PAIR.atSource(), SMALL_KEYS, 20);
        handOn("");
        route.run().awaitEnd();
        byte[] all = joined();
        List<Page> pages = new CopyOnWriteArrayList<>();
        RumpDataFormat lazy = new RumpDataFormat();
        lazy.setLazyLoad(true);

        try (RouteRun run = RouteRun.of(routes -> routes.from("direct:bytes")
                .unmarshal(lazy)
                .split(routes.body())
                .streaming()
                .stopOnException()
                .process(exchange -> pages.add(exchange.getMessage().getBody(Page.class))))) {
            Throwable cut = catchThrowable(() -> run.context()
                    .createProducerTemplate()
                    .sendBody("direct:bytes", new ByteArrayInputStream(all, 0, all.length / 2)));
            assertThat(cut).rootCause().isInstanceOf(WireFormatException.class);
        }

        assertThat(pages.stream().mapToInt(Page::size).sum()).isBetween(50, SMALL_KEYS - 50);
    }

    @Test
    void fileOfVersion1IsRestored() throws Exception {
        taken.add(Files.readAllBytes(Path.of("src/test/resources/wire/v1/types.rump")));

        restoreAll();

        Jedis target = PAIR.atTarget();
        assertThat(target.keys("*"))
                .containsExactlyInAnyOrder("string", "list", "set", "zset", "hash", "stream", "large");
        assertThat(target.get("string")).isEqualTo("hello");
        assertThat(target.pexpireTime("string")).isBetween(4_102_444_800_100L, 4_102_444_800_150L);
        assertThat(target.lrange("list", 0, -1)).containsExactly("a", "b", "c");
        assertThat(target.hgetAll("hash")).containsEntry("field", "value");
        assertThat(target.zscore("zset", "m")).isEqualTo(1.5);
        assertThat(target.smembers("set")).containsExactlyInAnyOrder("1", "2", "3");
        assertThat(target.xinfoGroups("stream")).hasSize(1);
        assertThat(target.llen("large")).isEqualTo(3_000);
        assertThat(target.lindex("large", 1_234)).startsWith("element-1234-");
        assertThat(target.pexpireTime("large")).isBetween(4_102_444_800_400L, 4_102_444_800_500L);
    }

    /** Runs a migration whose pages a transport takes. */
    private void handOn(String options) throws Exception {
        route.start(options, (routes, read) -> read.marshal()
                .custom("rump")
                .process(exchange -> taken.add(exchange.getMessage().getBody(byte[].class)))
                .process(new Acknowledge()));
    }

    private byte[] joined() {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        taken.forEach(all::writeBytes);
        return all.toByteArray();
    }

    private void restoreAll() throws Exception {
        try (RouteRun target = target()) {
            restore(target);
        }
    }

    /** The writing half, which knows nothing of the run. */
    private static RouteRun target() throws Exception {
        String target = EditedRoute.to("target", PAIR.target().port());
        return RouteRun.of(
                routes -> routes.from("direct:bytes").unmarshal().custom("rump").to(target));
    }

    /** Writes what has come since the last time. */
    private void restore(RouteRun target) {
        while (!taken.isEmpty()) {
            byte[] message = taken.remove(0);
            Exchange done = target.context()
                    .createProducerTemplate()
                    .send("direct:bytes", exchange -> exchange.getMessage().setBody(message));
            assertThat(done.getException()).isNull();
            assertThat(done.getMessage().getHeader(RumpConstants.REFUSED, 0, int.class))
                    .isZero();
        }
    }

    /** What unmarshal makes of a message. */
    private static Message read(byte[] message) throws Exception {
        try (RouteRun run =
                RouteRun.of(routes -> routes.from("direct:bytes").unmarshal().custom("rump"))) {
            Exchange done = run.context()
                    .createProducerTemplate()
                    .send("direct:bytes", exchange -> exchange.getMessage().setBody(message));
            if (done.getException() != null) {
                throw done.getException();
            }
            return done.getMessage();
        }
    }

    private static String digest(Jedis jedis) {
        Object digest = jedis.sendCommand(() -> "DEBUG".getBytes(StandardCharsets.US_ASCII), "DIGEST");
        return new String((byte[]) Objects.requireNonNull(digest), StandardCharsets.US_ASCII);
    }
}
