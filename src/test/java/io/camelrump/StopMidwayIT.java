package io.camelrump;

import static org.assertj.core.api.Assertions.assertThat;

import io.camelrump.fixtures.RedisServer;
import io.camelrump.fixtures.RedisServers;
import io.camelrump.fixtures.RouteRun;
import io.camelrump.fixtures.SampleData;
import java.nio.file.Path;
import java.util.Properties;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import redis.clients.jedis.Jedis;

/** A stop ends the reading at once, and what was read still arrives. */
class StopMidwayIT {
    private static final int KEYS = 5000;

    @RegisterExtension
    private final RedisServers servers = new RedisServers();

    @Test
    void everyPageThatWasReadArrivesWhenTheContextStops() throws Exception {
        RedisServer target = servers.start();
        RouteRun run = startSlowly(target);
        run.awaitSettled(KEYS / 5);
        Ledger ledger = run.ledger();

        run.close();

        Counts counts = ledger.counts();
        assertThat(ledger.state()).isEqualTo(RunState.INCOMPLETE);
        assertThat(ledger.failure()).isEqualTo("stopped before the end");
        assertThat(counts.read()).isBetween(KEYS / 5L, KEYS - 1L);
        assertThat(counts.restored()).isEqualTo(counts.read());
        assertThat(ledger.pagesOut()).isZero();
        assertThat(size(target)).isEqualTo(counts.restored());
    }

    @Test
    void readerThatIsAskedToStopReadsNoMore() throws Exception {
        RedisServer target = servers.start();
        try (RouteRun run = startSlowly(target)) {
            run.awaitSettled(KEYS / 5);
            Ledger ledger = run.ledger();

            ledger.stopReading();
            long read = ledger.counts().read();
            run.await().until(() -> ledger.pagesOut() == 0);

            // one page may have been on its way into the books
            assertThat(ledger.counts().read()).isBetween(read, read + 120);
            assertThat(size(target)).isEqualTo(ledger.counts().restored());
        }
    }

    private RouteRun startSlowly(RedisServer target) throws Exception {
        RedisServer source = servers.start();
        try (Jedis jedis = source.jedis()) {
            SampleData.fillStrings(jedis, KEYS, 50);
        }
        Properties properties = new Properties();
        properties.setProperty("rump.source.host", RedisServer.HOST);
        properties.setProperty("rump.source.port", String.valueOf(source.port()));
        properties.setProperty("rump.target.host", RedisServer.HOST);
        properties.setProperty("rump.target.port", String.valueOf(target.port()));
        properties.setProperty("rump.source.scan-count", "100");
        properties.setProperty("batch.keys", "300");
        properties.setProperty("rump.target.max-keys-per-second", "2000");
        return RouteRun.of(Path.of("routes/migrate.camel.yaml"), properties);
    }

    private static long size(RedisServer server) {
        try (Jedis jedis = server.jedis()) {
            return jedis.dbSize();
        }
    }
}
