package io.camelrump.cli;

import io.camelrump.fixtures.RedisServer;
import io.camelrump.fixtures.RedisServers;
import io.camelrump.fixtures.SampleData;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import redis.clients.jedis.Jedis;

/** A server with sample data, an empty one, and a migration between them that has a way back. */
abstract class WayBackFixture {
    static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final int KEYS = 1_000;

    @RegisterExtension
    final RedisServers servers = new RedisServers();

    @TempDir
    Path folder;

    RedisServer former;
    RedisServer fresh;
    Jedis atFormer;
    Jedis atFresh;
    RoundTrip trip;

    @BeforeEach
    void fill() throws IOException {
        former = servers.start();
        fresh = servers.start();
        atFormer = former.jedis();
        atFresh = fresh.jedis();
        SampleData.fillMixed(atFormer, KEYS);
        trip = new RoundTrip(former, fresh, folder, "3s");
    }

    @AfterEach
    void end() {
        trip.close();
        atFormer.close();
        atFresh.close();
    }

    /** Has the migration cut over, to where its way back begins. */
    void leadThere(String... flags) {
        trip.start(flags);
        trip.run().awaitOutput("Verified beside the writers");
        trip.askUntilDone("cutover");
        trip.run().awaitOutput("The way back begins: ");
    }
}
