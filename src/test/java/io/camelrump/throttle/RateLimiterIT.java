package io.camelrump.throttle;

import static org.assertj.core.api.Assertions.assertThat;

import io.camelrump.Counts;
import io.camelrump.Ledger;
import io.camelrump.RunState;
import io.camelrump.fixtures.Migration;
import io.camelrump.fixtures.RedisServer;
import io.camelrump.fixtures.RedisServers;
import io.camelrump.fixtures.SampleData;
import java.time.Duration;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import redis.clients.jedis.Jedis;

/** Bounds that a busy machine cannot break: it reads later than it may, never sooner. */
class RateLimiterIT {
    @RegisterExtension
    private static final RedisServers SERVERS = new RedisServers();

    private static final RedisServer SOURCE = SERVERS.start();
    private static final RedisServer OLD_SOURCE = SERVERS.start(RedisServers.version("redis-6.2"));
    private static final RedisServer TARGET = SERVERS.start();

    @BeforeEach
    void empty() {
        for (RedisServer server : new RedisServer[] {SOURCE, OLD_SOURCE, TARGET}) {
            try (Jedis jedis = server.jedis()) {
                jedis.flushAll();
            }
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void readsAtMostSoManyKeysASecondAndDoesSoSteadily(boolean old) {
        RedisServer source = old ? OLD_SOURCE : SOURCE;
        fill(source, 500, 10);
        long begin = System.nanoTime();
        try (Migration run = Migration.from(source)
                .to(TARGET)
                .with("rump.source.max-keys-per-second", 200)
                .start()) {
            Ledger ledger = run.ledger();
            long[] most = new long[1];
            Awaitility.await()
                    .atMost(Duration.ofSeconds(30))
                    .pollInterval(Duration.ofMillis(20))
                    .until(() -> {
                        long read = ledger.counts().read();
                        most[0] = Math.max(most[0], read - (long) (200 * seconds(begin)));
                        return ledger.state().isFinal();
                    });

            assertThat(run.awaitComplete().restored()).isEqualTo(500);
            // one turn, and what came between the clock and the count
            assertThat(most[0]).isLessThanOrEqualTo(30);
            assertThat(seconds(begin)).isGreaterThan(2.3);
        }
    }

    @Test
    void readsAtMostSoManyBytesASecond() {
        fill(SOURCE, 60, 20_000);
        long begin = System.nanoTime();
        try (Migration run = Migration.from(SOURCE)
                .to(TARGET)
                .with("rump.source.max-bytes-per-second", "600000")
                .start()) {
            Counts counts = run.awaitComplete();

            assertThat(counts.restored()).isEqualTo(60);
            // the last value may go beyond what was due
            assertThat(counts.bytes()).isLessThanOrEqualTo((long) (600_000 * seconds(begin)) + 60_000);
        }
    }

    @Test
    void aComparisonOfNamesKeepsToTheLimitToo() throws Exception {
        fill(SOURCE, 300, 10);
        fill(TARGET, 300, 10);
        long begin = System.nanoTime();
        try (Migration run = Migration.from(SOURCE)
                .to(TARGET)
                .with("rump.target.max-keys-per-second", 200)
                .routes("classpath:META-INF/camel-rump/routes/compare.camel.yaml")
                .start()) {
            Ledger names = run.main()
                    .getCamelContext()
                    .getRegistry()
                    .lookupByNameAndType("rump-ledger-compare-extra", Ledger.class);
            Awaitility.await().atMost(Duration.ofSeconds(30)).until(() -> names.state()
                    .isFinal());

            assertThat(names.state()).isEqualTo(RunState.COMPLETE);
            assertThat(seconds(begin)).isGreaterThan(1.2);
        }
    }

    @Test
    void aStopEndsAWaitAtOnce() {
        fill(SOURCE, 20, 1_000_000);
        try (Migration run = Migration.from(SOURCE)
                .to(TARGET)
                .with("rump.source.max-bytes-per-second", "1kb")
                .start()) {
            Ledger ledger = run.ledger();
            Awaitility.await().atMost(Duration.ofSeconds(10)).until(() -> ledger.sourceKeys() == 20);

            ledger.stopReading();

            Awaitility.await().atMost(Duration.ofSeconds(5)).until(() -> ledger.state() == RunState.INCOMPLETE);
            assertThat(ledger.counts().balanced()).isTrue();
        }
    }

    @Test
    void aContextStopsWhileItsReaderWaits() {
        fill(SOURCE, 20, 1_000_000);
        Migration run = Migration.from(SOURCE)
                .to(TARGET)
                .with("rump.source.max-bytes-per-second", "1kb")
                .start();
        Ledger ledger = run.ledger();
        Awaitility.await().atMost(Duration.ofSeconds(10)).until(() -> ledger.sourceKeys() == 20);
        long begin = System.nanoTime();

        run.close();

        assertThat(seconds(begin)).isLessThan(10);
        assertThat(ledger.state()).isEqualTo(RunState.INCOMPLETE);
    }

    private static void fill(RedisServer server, int keys, int bytes) {
        try (Jedis jedis = server.jedis()) {
            SampleData.fillStrings(jedis, keys, bytes);
        }
    }

    private static double seconds(long since) {
        return (System.nanoTime() - since) / 1e9;
    }
}
