package io.camelrump;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.camelrump.fixtures.RedisServer;
import io.camelrump.fixtures.RedisServers;
import java.lang.reflect.Constructor;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import javax.tools.ToolProvider;
import org.apache.camel.CamelContext;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.model.Model;
import org.apache.camel.model.ModelLifecycleStrategy;
import org.apache.camel.support.PluginHelper;
import org.apache.camel.support.ResourceHelper;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import redis.clients.jedis.Jedis;

/**
 * Routes that wait to be started, also those that wait where {@code camel.rump.run-at-start} of the starter is false.
 */
class WaitingRoutesIT {
    private static final Path SOURCE = Path.of("src/starter/src/main/java/io/camelrump/boot/RumpRoutes.java");

    private static final String ROUTES = """
                    - templatedRoute:
                        routeId: by-template
                        routeTemplateRef: rump-migration
                        parameters:
                          - { name: location, value: "classpath:META-INF/camel-rump/templates/rump-migration.camel.yaml" }
                          - { name: migration, value: users }
                    - routeTemplate:
                        id: by-uri
                        parameters:
                          - { name: uri }
                          - { name: to, defaultValue: "log:nothing" }
                        from:
                          uri: "{{uri}}"
                          steps:
                            - to: { uri: "{{to}}" }
                    - templatedRoute:
                        routeId: by-parameter
                        routeTemplateRef: by-uri
                        parameters: [{ name: uri, value: "rump:source?migration=second" }]
                    - templatedRoute:
                        routeId: of-the-host
                        routeTemplateRef: by-uri
                        parameters: [{ name: uri, value: "direct:host" }]
                    - route:
                        id: by-property
                        from:
                          uri: "{{reads.from}}?migration={{?none}}"
                          steps:
                            - to: { uri: "log:nothing" }
                    - route:
                        id: by-kamelets
                        autoStartup: false
                        from:
                          uri: kamelet:rump-source
                          parameters: { host: 127.0.0.1, port: "{{port}}", migration: kamelets }
                          steps:
                            - to: { uri: "kamelet:rump-sink", parameters: { host: 127.0.0.1, port: "{{port}}" } }
                    """;

    @RegisterExtension
    private static final RedisServers SERVERS = new RedisServers();

    @TempDir
    private static Path classes;

    @Test
    void routesOfTemplatesAndKameletsWaitToo() throws Exception {
        try (DefaultCamelContext context = new DefaultCamelContext()) {
            Object waiting = waiting(context);
            Properties properties = new Properties();
            properties.setProperty("reads.from", "rump:source");
            RedisServer both = SERVERS.start();
            String port = String.valueOf(both.port());
            for (String server : List.of("source", "target")) {
                properties.setProperty("rump." + server + ".host", RedisServer.HOST);
                properties.setProperty("rump." + server + ".port", port);
            }
            properties.setProperty("port", port);
            context.getPropertiesComponent().setInitialProperties(properties);
            load(context, ROUTES);

            context.start();

            assertThat(started(waiting))
                    .containsKeys("by-template", "by-parameter", "by-property")
                    .doesNotContainKeys("of-the-host", "by-kamelets")
                    .doesNotContainValue(true);
            assertNobodyConnectedTo(both);
        }
    }

    // --- servers of routes that wait, whoever has them wait ---

    @ParameterizedTest
    @ValueSource(strings = {"restore", "compare"})
    void aRouteThatWaitsConnectsToNoServerBeforeARunBegins(String operation) throws Exception {
        RedisServer source = SERVERS.start();
        RedisServer target = SERVERS.start();
        fill(source);
        try (DefaultCamelContext context = new DefaultCamelContext()) {
            load(context, waiting("false", operation, source, target.port()));
            context.start();
            assertNobodyConnectedTo(source);
            assertNobodyConnectedTo(target);

            context.getRouteController().startRoute("write");
            context.getRouteController().startRoute("read");

            assertThat(end(context).state())
                    .isEqualTo(operation.equals("restore") ? RunState.COMPLETE : RunState.DIFFERENT);
        }
    }

    @Test
    void aContextThatStartsNoRouteConnectsToNoServer() throws Exception {
        RedisServer source = SERVERS.start();
        RedisServer target = SERVERS.start();
        fill(source);
        try (DefaultCamelContext context = new DefaultCamelContext()) {
            context.setAutoStartup(false);
            load(context, waiting("true", "restore", source, target.port()).replace("autoStartup: false", ""));
            context.start();
            assertNobodyConnectedTo(source);
            assertNobodyConnectedTo(target);

            context.getRouteController().startAllRoutes();

            assertThat(end(context).state()).isEqualTo(RunState.COMPLETE);
        }
    }

    @Test
    void aTargetThatCannotBeReachedFailsTheStartOfTheReadingRouteBeforeTheFirstKey() throws Exception {
        RedisServer source = SERVERS.start();
        fill(source);
        try (DefaultCamelContext context = new DefaultCamelContext()) {
            load(context, waiting("false", "restore", source, RedisServer.freePort()));
            context.start();
            context.getRouteController().startRoute("write");

            assertThatThrownBy(() -> context.getRouteController().startRoute("read"))
                    .hasStackTraceContaining("Connection refused by 127.0.0.1:");
            assertThat(end(context).counts().read()).isZero();
        }
    }

    @Test
    void aRouteThatStartsAfterTheReadingOneConnectsAtItsFirstPage() throws Exception {
        RedisServer source = SERVERS.start();
        RedisServer target = SERVERS.start();
        fill(source);
        try (DefaultCamelContext context = new DefaultCamelContext()) {
            load(context, waiting("true", "restore", source, target.port()));
            context.start();
            assertNobodyConnectedTo(target);

            context.getRouteController().startRoute("write");

            assertThat(end(context).state()).isEqualTo(RunState.COMPLETE);
            try (Jedis jedis = target.jedis()) {
                assertThat(jedis.dbSize()).isEqualTo(1);
            }
        }
        try (DefaultCamelContext context = new DefaultCamelContext()) {
            load(context, waiting("true", "restore", source, RedisServer.freePort()));
            context.start();
            context.getRouteController().startRoute("write");

            assertThat(end(context).state()).isEqualTo(RunState.FAILED);
            assertThat(end(context).cause()).contains("Connection refused by 127.0.0.1:");
        }
    }

    private static void fill(RedisServer source) {
        try (Jedis jedis = source.jedis()) {
            jedis.set("a", "b");
        }
    }

    private static void assertNobodyConnectedTo(RedisServer server) {
        try (Jedis jedis = server.jedis()) {
            assertThat(jedis.clientList().lines()).as("but for this one").hasSize(1);
        }
    }

    /** Two routes, of which the one that writes waits, and the one that reads if it is not to start by itself. */
    private static String waiting(String reads, String operation, RedisServer source, int target) {
        return """
                - route:
                    id: read
                    autoStartup: %s
                    from:
                      uri: rump:source
                      parameters: { host: 127.0.0.1, port: %d, retryFor: 1s }
                      steps:
                        - to: "seda:pages"
                - route:
                    id: write
                    autoStartup: false
                    from:
                      uri: seda:pages
                      steps:
                        - to: { uri: "rump:target", parameters: { host: 127.0.0.1, port: %d, operation: %s, retryFor: 0s } }
                """.formatted(reads, source.port(), target, operation);
    }

    private static RunEnd end(CamelContext context) {
        Ledger ledger = context.getRegistry().findSingleByType(Ledger.class);
        await().until(() -> ledger.state().isFinal());
        return ledger.end();
    }

    private static void load(CamelContext context, String routes) throws Exception {
        PluginHelper.getRoutesLoader(context).loadRoutes(ResourceHelper.fromString("routes.yaml", routes));
    }

    /** Compiled here, as the starter is a project of its own that needs Spring Boot for its other classes. */
    private static Object waiting(DefaultCamelContext context) throws Exception {
        int failed = ToolProvider.getSystemJavaCompiler()
                .run(
                        null,
                        null,
                        null,
                        "-proc:none",
                        "-cp",
                        System.getProperty("java.class.path"),
                        "-d",
                        classes.toString(),
                        SOURCE.toString());
        assertThat(failed).isZero();
        URL[] place = {classes.toUri().toURL()};
        // closed with the process, as the context uses it to its end
        ClassLoader loader = new URLClassLoader(place, WaitingRoutesIT.class.getClassLoader());
        Constructor<?> constructor =
                loader.loadClass("io.camelrump.boot.RumpRoutes").getDeclaredConstructor(boolean.class);
        constructor.setAccessible(true);
        Object waiting = constructor.newInstance(false);
        context.getCamelContextExtension()
                .getContextPlugin(Model.class)
                .addModelLifecycleStrategy((ModelLifecycleStrategy) waiting);
        return waiting;
    }

    @SuppressWarnings("unchecked")
    private static Map<String, Boolean> started(Object waiting) throws Exception {
        return (Map<String, Boolean>) waiting.getClass().getMethod("started").invoke(waiting);
    }
}
