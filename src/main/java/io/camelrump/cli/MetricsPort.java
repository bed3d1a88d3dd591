package io.camelrump.cli;

import io.camelrump.cli.flags.ServerPort;
import io.camelrump.cli.flags.WatchFlags;
import java.util.List;
import java.util.Map;
import org.apache.camel.CamelContext;
import org.apache.camel.health.HealthCheckRegistry;
import org.apache.camel.main.Main;

/**
 * The port at which Prometheus reads the meters of a run, and a platform its health, by Camel's management server. What
 * is served there needs no token: it holds counts, states and the addresses of servers.
 */
record MetricsPort(ServerPort port) {
    private static final String METRICS = "/observe/metrics";
    private static final String HEALTH = "/observe/health";
    /** Checks of routes. */
    private static final List<String> REPOSITORIES = List.of("routes", "consumers");

    private static final Map<String, String> PROPERTIES = Map.of(
            "camel.management.enabled", "true",
            "camel.management.metricsEnabled", "true",
            "camel.management.healthCheckEnabled", "true",
            "camel.management.healthPath", HEALTH,
            "camel.health.exposureLevel", "full",
            "camel.metrics.enabled", "true",
            "camel.metrics.path", METRICS,
            // versions that its jars would name, which are one
            "camel.metrics.skipCamelInfo", "true",
            // a series for each endpoint, which names it
            "camel.metrics.enableExchangeEventNotifier", "false");

    /** Requires what it is made of. */
    static void requireServer() {
        ServerPort.require(WatchFlags.METRICS_FLAG, ControlPort.SERVER, "camel-platform-http-main", "lib/control");
        ServerPort.require(
                WatchFlags.METRICS_FLAG,
                "org.apache.camel.component.micrometer.prometheus.MicrometerPrometheus",
                "camel-micrometer-prometheus",
                "lib/metrics");
    }

    /** Has this application serve both. */
    void addTo(Main main) {
        PROPERTIES.forEach(main::addInitialProperty);
        main.addInitialProperty("camel.management.host", port.host());
        main.addInitialProperty("camel.management.port", String.valueOf(port.number()));
    }

    /**
     * Serves from now on the health of the routes of another application; their meters follow the ledger.
     *
     * @param served the application that has the server
     */
    static void showHealth(CamelContext served, CamelContext now) {
        HealthCheckRegistry shown = HealthCheckRegistry.get(served);
        HealthCheckRegistry other = HealthCheckRegistry.get(now);
        if (shown != null && other != null) {
            for (String repository : REPOSITORIES) {
                shown.getRepository(repository).ifPresent(shown::unregister);
            }
            // one by one: a repository would look at the routes of whoever registers it
            other.stream().filter(check -> !check.isLiveness()).forEach(shown::register);
        }
    }

    /** Where both are, in a sentence. */
    String announcement() {
        return "Metrics: " + port.url() + METRICS + ", health: " + port.url() + HEALTH
                + (port.isEverywhere() ? ", at all addresses of this machine" : "");
    }
}
