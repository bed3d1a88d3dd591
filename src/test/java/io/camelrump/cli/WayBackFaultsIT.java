package io.camelrump.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.camelrump.fixtures.AcknowledgedWriter;
import io.camelrump.fixtures.LiveWriter;
import io.camelrump.fixtures.RedisServer;
import io.camelrump.fixtures.RedisServers;
import io.camelrump.fixtures.SampleData;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import redis.clients.jedis.Jedis;

/**
 * A service moves to the new server at the cutover and back again, while the tool is killed in each phase: in the end
 * both sides are equal, and each has every write that the service was acknowledged.
 */
@Tag("long")
@Timeout(value = 5, unit = TimeUnit.MINUTES)
class WayBackFaultsIT {
    private static final int KEYS = 2_000;
    private static final int WRITES_PER_SECOND = 1_500;
    private static final int KILLS_ON_THE_WAY = 3;

    /** A minute each: more of them by {@code -Drump.test.way.back.rounds=6}. */
    private static final int ROUNDS = Integer.getInteger("rump.test.way.back.rounds", 3);

    @RegisterExtension
    private static final RedisServers SERVERS = new RedisServers();

    @TempDir
    Path folder;

    static Stream<Arguments> rounds() {
        return Stream.of(
                        Arguments.of("redis-7.0", "redis-7.0", 1),
                        Arguments.of("redis-6.2", "redis-7.0", 2),
                        Arguments.of("redis-7.0", "valkey-8.1", 3),
                        Arguments.of("redis-7.0", "redis-8.0", 4),
                        Arguments.of("redis-6.2", "redis-6.2", 5),
                        Arguments.of("redis-7.0", "redis-7.0", 6))
                .limit(ROUNDS);
    }

    @ParameterizedTest
    @MethodSource("rounds")
    void nothingIsLostOnAWayThereAndBackOnWhichTheToolIsKilled(String from, String to, long seed) throws Exception {
        Random random = new Random(seed);
        RedisServer former = SERVERS.start(RedisServers.find(from).orElseGet(RedisServers::usual));
        RedisServer fresh = SERVERS.start(RedisServers.find(to).orElseGet(RedisServers::usual));
        try (Jedis jedis = former.jedis()) {
            SampleData.fillMixed(jedis, KEYS);
        }
        try (RoundTrip trip = new RoundTrip(former, fresh, folder, "10s");
                AcknowledgedWriter acknowledged = new AcknowledgedWriter(former, KEYS, WRITES_PER_SECOND);
                LiveWriter service = trip.service(seed)) {
            trip.start("--max-keys-per-second=2000");
            leadThere(trip, acknowledged, random);
            for (int i = 0; i < KILLS_ON_THE_WAY; i++) {
                RoundTrip.awaitMore(acknowledged, 200 + random.nextInt(2_000));
                trip.resume();
                trip.run().awaitOutput("The way back goes on: ");
            }
            RoundTrip.awaitMore(acknowledged, 500);
            leadBack(trip, acknowledged, service, random);

            assertThat(acknowledged.written()).isPositive();
            assertThat(trip.checkpoint()).doesNotExist();
        }
    }

    private static void leadThere(RoundTrip trip, AcknowledgedWriter acknowledged, Random random) throws Exception {
        // while the keys are copied
        RoundTrip.awaitMore(acknowledged, random.nextInt(1_000));
        trip.resume();
        trip.run().awaitOutput("First copy complete, following");
        // at the cutover: before or after both sides were found equal
        if (!trip.killInCutover("cutover", acknowledged, trip.fresh(), random.nextInt(600))) {
            trip.cutOver(acknowledged);
        }
    }

    private static void leadBack(RoundTrip trip, AcknowledgedWriter acknowledged, LiveWriter service, Random random)
            throws Exception {
        // while the clients are led back
        if (trip.killInCutover("go-back", acknowledged, trip.former(), random.nextInt(600), "--trust=new")) {
            service.stop();
            acknowledged.finish();
            trip.assertNothingMissing(acknowledged, List.of(trip.former()));
            return;
        }
        trip.run().awaitOutput("The way back goes on: ");
        trip.askUntilDone("go-back", "--trust=new");
        trip.run().awaitOutput("Converged. ");
        trip.end(service, acknowledged);

        assertThat(trip.run().exitCode()).as(trip.run().output()).isZero();
        trip.assertEqual();
        trip.assertNothingMissing(acknowledged, List.of(trip.former(), trip.fresh()));
    }
}
