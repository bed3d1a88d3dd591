package io.camelrump;

import static org.assertj.core.api.Assertions.assertThat;

import io.camelrump.fixtures.FaultRun;
import io.camelrump.fixtures.RedisServer;
import io.camelrump.fixtures.RedisServers;
import io.camelrump.fixtures.RouteRun;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.Properties;
import org.apache.camel.spi.Resource;
import org.apache.camel.support.PluginHelper;
import org.apache.camel.support.RouteWatcherReloadStrategy;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import redis.clients.jedis.Jedis;

/** A route file that is edited while its run goes on, as with {@code camel.main.routesReloadEnabled}. */
class HotReloadIT {
    private static final int KEYS = 1000;

    @RegisterExtension
    private static final RedisServers SERVERS = new RedisServers();

    private static RedisServer source;
    private static RedisServer target;

    @BeforeAll
    static void start() {
        source = SERVERS.start();
        target = SERVERS.start();
        FaultRun.fill(source, KEYS);
    }

    @BeforeEach
    void empty() {
        try (Jedis jedis = target.jedis()) {
            jedis.flushAll();
        }
    }

    /** By default Camel removes all routes first; otherwise it updates those of the file. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void endsTheRunWithinTwoSecondsAndBeginsAnother(boolean removeAllRoutes, @TempDir Path folder) throws Exception {
        try (RouteRun run = RouteRun.of(write(folder, 500, false), new Properties())) {
            Ledger before = run.ledger();
            run.await().until(() -> before.counts().read() >= 200);

            reload(run, write(folder, 0, false), removeAllRoutes);
            Ledger after = run.ledger();

            assertThat(after).isNotSameAs(before);
            assertThat(before.state()).isEqualTo(RunState.INCOMPLETE);
            assertThat(before.counts().balanced())
                    .as("what was read has arrived")
                    .isTrue();
            run.await().until(() -> after.state() == RunState.COMPLETE);
            assertThat(after.counts().read()).isEqualTo(KEYS);
        }
        FaultRun.assertEqual(source, target);
    }

    @Test
    void takesARunOverThatHasACheckpoint(@TempDir Path folder) throws Exception {
        try (RouteRun run = RouteRun.of(write(folder, 500, true), new Properties())) {
            Ledger before = run.ledger();
            run.await().until(() -> before.counts().read() >= 200);

            reload(run, write(folder, 0, true), true);
            Ledger after = run.ledger();

            run.await().until(() -> after.state() == RunState.COMPLETE);
            assertThat(after.earlierCounts().restored())
                    .isEqualTo(before.counts().restored());
            assertThat(after.counts().read()).as("read by both together").isEqualTo(KEYS);
        }
        FaultRun.assertEqual(source, target);
    }

    /** Does what Camel's watcher does as soon as it has seen a change, and has it take no more than two seconds. */
    private static void reload(RouteRun run, Path file, boolean removeAllRoutes) throws Exception {
        Path unwatched = Files.createDirectory(file.resolveSibling("unwatched"));
        RouteWatcherReloadStrategy strategy = new RouteWatcherReloadStrategy(unwatched.toString(), false);
        strategy.setRemoveAllRoutes(removeAllRoutes);
        strategy.setPattern("*.yaml");
        run.context().addService(strategy);
        Resource changed = PluginHelper.getResourceLoader(run.context()).resolveResource("file:" + file);

        long begun = System.nanoTime();
        strategy.getResourceReload().onReload(file.toString(), changed);

        assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(Duration.ofSeconds(2));
    }

    /** The file as it is shipped, with what is about this test in its URIs. */
    private static Path write(Path folder, int keysPerSecond, boolean withCheckpoint) throws IOException {
        String checkpoint = """
                - beans:
                    - name: progress
                      type: io.camelrump.CheckpointFile
                      constructors:
                        "0": %s/progress
                """.formatted(folder);
        String reading =
                "uri: rump:source\n      parameters: { host: 127.0.0.1, port: %d, scanCount: 100, maxKeysPerSecond: %d%s }"
                        .formatted(
                                source.port(),
                                keysPerSecond,
                                withCheckpoint ? ", checkpoint: \"#bean:progress\", resume: true" : "");
        String file = checkpoint
                + Files.readString(Path.of("routes/migrate.camel.yaml"))
                        .replace("uri: rump:source", reading)
                        .replace("rump:target", "rump:target?host=127.0.0.1&port=" + target.port());
        // an editor saves it at once
        Path next = Files.writeString(folder.resolve("next"), file);
        return Files.move(next, folder.resolve("copy.camel.yaml"), StandardCopyOption.ATOMIC_MOVE);
    }
}
