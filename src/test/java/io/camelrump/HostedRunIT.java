package io.camelrump;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.camelrump.fixtures.FaultRun;
import io.camelrump.fixtures.RedisServer;
import io.camelrump.fixtures.RedisServers;
import io.camelrump.fixtures.RouteRun;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collection;
import java.util.Properties;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.spi.Resource;
import org.apache.camel.support.PluginHelper;
import org.apache.camel.support.processor.state.MemoryStateRepository;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/**
 * Several runs in one application: each has its name, ledger and meters to itself, also after a reload of its routes.
 */
class HostedRunIT {
    private static final int KEYS = 50;

    @RegisterExtension
    private final RedisServers servers = new RedisServers();

    private final RedisServer source = servers.start();
    private final RedisServer target = servers.start();

    @BeforeEach
    void fill() {
        FaultRun.fill(source, KEYS);
    }

    private String from(String options) {
        return "rump:source?host=127.0.0.1&port=" + source.port() + options;
    }

    private String to(int database) {
        return "rump:target?host=127.0.0.1&port=" + target.port() + "&database=" + database;
    }

    @Test
    void aNameInUseIsRefusedAtTheStartWithWhatToDo() {
        assertThatThrownBy(() -> RouteRun.of(routes -> {
                    routes.from(from("")).routeId("first").to(to(0));
                    routes.from(from("&scanCount=10")).routeId("second").to(to(1));
                }))
                .hasMessageContainingAll(
                        "Route second", "migration=rump is the name", "route first", "migration=rump-2");
    }

    /** A host, such as the command, stops as soon as the run has ended, and the route has a last exchange to take. */
    @Test
    void theLastExchangeIsWaitedForByAStop() throws Exception {
        CountDownLatch stopped = new CountDownLatch(1);
        Queue<Object> ends = new ConcurrentLinkedQueue<>();
        MemoryStateRepository slow = new MemoryStateRepository() {
            @Override
            public void setState(String key, String value) {
                if (value.isEmpty()) {
                    // between the end of the run and its last exchange
                    awaitWithin(stopped, Duration.ofMillis(300));
                }
                super.setState(key, value);
            }
        };
        RouteRun run = RouteRun.of(routes -> {
            routes.bindToRegistry("slow", slow);
            routes.from(from("&checkpoint=#bean:slow"))
                    .to(to(0))
                    .filter(exchange -> exchange.getMessage().getHeader(RumpConstants.STATE) != null)
                    .process(exchange -> ends.add(exchange.getMessage().getHeader(RumpConstants.STATE)));
        });
        run.awaitEnd();

        try (run) {
            run.context().stop();
        } finally {
            stopped.countDown();
        }

        Awaitility.await().untilAsserted(() -> assertThat(ends).containsExactly(RunState.COMPLETE));
    }

    private static void awaitWithin(CountDownLatch latch, Duration patience) {
        try {
            latch.await(patience.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Test
    void aNameIsFreeAgainOnceItsRouteIsStopped() throws Exception {
        try (RouteRun run = RouteRun.of(routes -> {
            routes.from(from("")).routeId("first").to(to(0));
            routes.from(from("&scanCount=10"))
                    .routeId("second")
                    .autoStartup(false)
                    .to(to(1));
        })) {
            Ledger first = run.awaitEnd();
            assertThatThrownBy(() -> run.context().getRouteController().startRoute("second"))
                    .hasMessageContaining("Route second");
            assertThat(run.ledger()).isSameAs(first);

            run.context().getRouteController().stopRoute("first");
            run.context().getRouteController().startRoute("second");

            assertThat(run.awaitEnd()).isNotSameAs(first);
            assertThat(run.ledger().state()).isEqualTo(RunState.COMPLETE);
            assertThatThrownBy(() -> run.context().getRouteController().startRoute("first"))
                    .hasMessageContaining("Route first");
        }
    }

    @Test
    void theShippedFilesRunInOneApplication() throws Exception {
        Properties servers = new Properties();
        servers.put("rump.source.host", "127.0.0.1");
        servers.put("rump.source.port", String.valueOf(source.port()));
        servers.put("rump.target.host", "127.0.0.1");
        servers.put("rump.target.port", String.valueOf(target.port()));
        try (RouteRun run = RouteRun.of(Path.of("routes/migrate.camel.yaml"), servers)) {
            Ledger migrated = run.awaitEnd();
            assertThat(migrated.state()).isEqualTo(RunState.COMPLETE);

            load(run.context(), Path.of("routes/compare.camel.yaml"));

            assertThat(run.awaitEnd("compare").state()).isEqualTo(RunState.COMPLETE);
            assertThat(run.awaitEnd("compare-extra").state()).isEqualTo(RunState.COMPLETE);
            assertThat(run.context().getRoutes())
                    .as("none took the place of another")
                    .hasSize(6);
            assertThat(run.ledger()).isSameAs(migrated);
        }
    }

    @Test
    void metersShowTheRunThatAReloadHasBegun(@TempDir Path folder) throws Exception {
        SimpleMeterRegistry meters = new SimpleMeterRegistry();
        Path file = folder.resolve("copy.camel.yaml");
        write(file, "match: \"*\"");
        try (RouteRun run = RouteRun.of(routes -> {})) {
            run.context().getRegistry().bind("meters", meters);
            load(run.context(), file);
            Ledger before = run.awaitEnd();

            write(file, "match: \"mixed:*\"");
            reload(run.context(), file);

            Ledger after = run.ledger();
            assertThat(after).isNotSameAs(before);
            run.awaitEnd();
            assertThat(after.counts().restored()).isEqualTo(KEYS);
            assertThat(meters.get("camel.rump.keys")
                            .tag("outcome", "restored")
                            .counter()
                            .count())
                    .isEqualTo(KEYS);
            before.run().report().progress(0.25);
            after.run().report().progress(0.5);
            assertThat(meters.get("camel.rump.scan").gauge().value()).isEqualTo(0.5);
        }
    }

    @Test
    void nothingIsShownOfARouteThatAReloadHasRemoved(@TempDir Path folder) throws Exception {
        SimpleMeterRegistry meters = new SimpleMeterRegistry();
        Path file = folder.resolve("copy.camel.yaml");
        write(file, "match: \"*\"");
        try (RouteRun run = RouteRun.of(routes -> {})) {
            run.context().getRegistry().bind("meters", meters);
            load(run.context(), file);
            run.awaitEnd();
            assertThat(meters.find("camel.rump.state").gauges()).isNotEmpty();

            run.context().getRouteController().stopRoute("copy");
            assertThat(run.ledger()).as("still there to be asked").isNotNull();
            run.context().removeRoute("copy");

            assertThat(run.context().getRegistry().findByType(Ledger.class)).isEmpty();
            Collection<Gauge> left = meters.find("camel.rump.state").gauges();
            assertThat(left).isEmpty();
        }
    }

    private void write(Path file, String options) throws IOException {
        Files.writeString(
                file,
                String.join(
                        "\n",
                        "- route:",
                        "    id: copy",
                        "    from:",
                        "      uri: rump:source",
                        "      parameters: { host: 127.0.0.1, port: " + source.port() + ", " + options + " }",
                        "      steps:",
                        "        - to:",
                        "            uri: rump:target",
                        "            parameters: { host: 127.0.0.1, port: " + target.port() + " }",
                        ""));
    }

    private static void load(DefaultCamelContext context, Path file) throws Exception {
        PluginHelper.getRoutesLoader(context).loadRoutes(resource(context, file));
    }

    /** What Camel does when a watched route file has changed. */
    private static void reload(DefaultCamelContext context, Path file) throws Exception {
        PluginHelper.getRoutesLoader(context).updateRoutes(resource(context, file));
    }

    private static Resource resource(DefaultCamelContext context, Path file) {
        return PluginHelper.getResourceLoader(context).resolveResource("file:" + file);
    }
}
