package io.camelrump;

import static org.assertj.core.api.Assertions.assertThat;

import io.camelrump.fixtures.FaultRun;
import io.camelrump.fixtures.RedisServer;
import io.camelrump.fixtures.RedisServers;
import io.camelrump.fixtures.RouteRun;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import javax.management.MBeanServer;
import javax.management.ObjectName;
import org.apache.camel.CamelContext;
import org.apache.camel.console.DevConsole;
import org.apache.camel.spi.EndpointServiceLocation;
import org.apache.camel.support.PluginHelper;
import org.apache.camel.util.json.JsonArray;
import org.apache.camel.util.json.JsonObject;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** How an operator watches a run, and stops it, by the means that Camel has for that. */
class WatchedRunIT {
    private static final int KEYS = 400;
    private static final String JMX_DISABLED = "org.apache.camel.jmx.disabled";
    private static final String PASSWORD = "never-shown";

    @RegisterExtension
    private static final RedisServers SERVERS = new RedisServers();

    private static RedisServer source;
    private static RedisServer target;
    private static String disabled;

    @BeforeAll
    static void start() {
        disabled = System.getProperty(JMX_DISABLED, "false");
        System.setProperty(JMX_DISABLED, "false");
        source = SERVERS.start();
        target = SERVERS.start(RedisServers.usual(), "--requirepass", PASSWORD);
        FaultRun.fill(source, KEYS);
    }

    @AfterAll
    static void disableAgain() {
        System.setProperty(JMX_DISABLED, disabled);
    }

    @Test
    void jmxShowsTheRunAndStopsItsReading() throws Exception {
        try (RouteRun run = run("&migration=users&scanCount=10&maxKeysPerSecond=200")) {
            run.await().until(() -> run.ledger("users").counts().restored() >= 20);
            MBeanServer beans =
                    run.context().getManagementStrategy().getManagementAgent().getMBeanServer();
            ObjectName name = only(beans, "org.apache.camel:type=services,name=\"rump-run-users\",*");
            assertThat(beans.getAttribute(name, "State")).isEqualTo("RUNNING");
            assertThat(beans.getAttribute(name, "RouteId")).isEqualTo("copy");
            assertThat((long) beans.getAttribute(name, "Read")).isBetween(20L, (long) KEYS);
            assertThat((double) beans.getAttribute(name, "KeysPerSecond")).isPositive();

            beans.invoke(name, "stopReading", new Object[0], new String[0]);

            assertThat(run.awaitEnd("users").state()).isEqualTo(RunState.INCOMPLETE);
            assertThat(beans.getAttribute(name, "State")).isEqualTo("INCOMPLETE");
            assertThat(beans.getAttribute(name, "Cause")).asString().isNotEmpty();
            assertThat(beans.getAttribute(name, "InFlight")).isEqualTo(0L);
            assertThat(beans.getAttribute(name, "Restored")).isEqualTo(beans.getAttribute(name, "Read"));

            run.context().getRouteController().stopRoute("copy");
            run.context().removeRoute("copy");
            assertThat(beans.isRegistered(name)).isFalse();
        }
    }

    @Test
    void devConsoleShowsRunsAsTextAndJson() throws Exception {
        try (RouteRun run = run("&migration=orders")) {
            run.awaitEnd("orders");
            DevConsole console = Objects.requireNonNull(
                    PluginHelper.getDevConsoleResolver(run.context()).resolveDevConsole("rump"));

            assertThat(console.call(DevConsole.MediaType.TEXT, Map.of()).toString())
                    .contains("Run orders (route copy): COMPLETE", "read 400, restored 400", "In flight: 0 keys")
                    .doesNotContain("Live:", "Differing:");
            JsonObject json = (JsonObject) console.call(DevConsole.MediaType.JSON, Map.of());
            JsonObject shown = (JsonObject) ((JsonArray) json.get("runs")).get(0);
            assertThat(shown)
                    .containsEntry("migration", "orders")
                    .containsEntry("state", "COMPLETE")
                    .containsEntry("read", (long) KEYS)
                    .containsEntry("restored", (long) KEYS)
                    .containsEntry("inFlight", 0L)
                    .containsEntry("lagMillis", 0L);
            assertThat((double) shown.get("keysPerSecond")).isPositive();
            assertThat(json.toJson()).doesNotContain(PASSWORD);
        }
    }

    @Test
    void jmxAndDevConsoleShowWhatAComparisonFound() throws Exception {
        RedisServer empty = SERVERS.start();
        try (RouteRun run =
                RouteRun.of(routes -> routes.from("rump:source?host=127.0.0.1&migration=check&port=" + source.port())
                        .to("rump:target?operation=compare&rounds=1&host=127.0.0.1&port=" + empty.port()))) {
            assertThat(run.awaitEnd("check").state()).isEqualTo(RunState.DIFFERENT);
            MBeanServer beans =
                    run.context().getManagementStrategy().getManagementAgent().getMBeanServer();
            ObjectName name = only(beans, "org.apache.camel:type=services,name=\"rump-run-check\",*");
            assertThat(beans.getAttribute(name, "Differing")).isEqualTo((long) KEYS);

            DevConsole console = Objects.requireNonNull(
                    PluginHelper.getDevConsoleResolver(run.context()).resolveDevConsole("rump"));
            assertThat(console.call(DevConsole.MediaType.TEXT, Map.of()).toString())
                    .contains("Differing: missing 400");
            JsonObject json = (JsonObject) console.call(DevConsole.MediaType.JSON, Map.of());
            assertThat(((JsonObject) ((JsonArray) json.get("runs")).get(0)).get("differing"))
                    .isEqualTo(Map.of("missing", (long) KEYS));
        }
    }

    @Test
    void endpointsSayWhereTheirServersAreWithoutSecrets() throws Exception {
        try (RouteRun run = run("")) {
            EndpointServiceLocation written = location(run.context(), "target");

            assertThat(location(run.context(), "source").getServiceUrl()).isEqualTo("127.0.0.1:" + source.port());
            assertThat(written.getServiceUrl()).isEqualTo("127.0.0.1:" + target.port());
            assertThat(written.getServiceProtocol()).isEqualTo("redis");
            assertThat(written.getServiceMetadata())
                    .containsEntry("name", "target")
                    .containsEntry("username", "default")
                    .containsEntry("tls", "false")
                    .doesNotContainValue(PASSWORD);
        }
    }

    private static RouteRun run(String options) throws Exception {
        return RouteRun.of(routes -> routes.from("rump:source?host=127.0.0.1&port=" + source.port() + options)
                .routeId("copy")
                .to("rump:target?host=127.0.0.1&username=default&password=" + PASSWORD + "&port=" + target.port()));
    }

    private static EndpointServiceLocation location(CamelContext context, String name) {
        return context.getEndpoints().stream()
                .filter(endpoint ->
                        endpoint instanceof RumpEndpoint rump && rump.getName().equals(name))
                .map(EndpointServiceLocation.class::cast)
                .findFirst()
                .orElseThrow();
    }

    private static ObjectName only(MBeanServer beans, String pattern) throws Exception {
        Set<ObjectName> names = beans.queryNames(new ObjectName(pattern), null);
        assertThat(names).hasSize(1);
        return names.iterator().next();
    }
}
