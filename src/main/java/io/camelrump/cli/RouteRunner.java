package io.camelrump.cli;

import io.camelrump.Ledger;
import io.camelrump.RumpEndpoint;
import io.camelrump.cli.flags.RouteProperties;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import org.apache.camel.CamelContext;
import org.apache.camel.Route;
import org.apache.camel.RuntimeCamelException;
import org.apache.camel.component.properties.PropertiesComponent;
import org.apache.camel.main.Main;
import org.apache.camel.main.SimpleMainShutdownStrategy;
import org.apache.camel.spi.CamelEvent;
import org.apache.camel.spi.ShutdownAware;
import org.apache.camel.support.EventNotifierSupport;
import org.apache.camel.support.PluginHelper;

/** Camel Main as the command needs it: with the route files of a run, the properties of its plan, and its stop. */
final class RouteRunner {
    /** How long the last exchange of a run may take before the stop is begun all the same. */
    private static final long LAST_EXCHANGE_NANOS = TimeUnit.MILLISECONDS.toNanos(500);

    private static final long LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(2);

    private static final String STEERED_BY = "platform-http:";

    private RouteRunner() {}

    /** A Camel Main that runs the route files of {@code routes}, with the properties of the plan. */
    static Main main(RunPlan plan, RunRoutes routes, Consumer<Set<Ledger>> found) {
        Main main = new Main();
        main.configure()
                .withName("rump")
                .withAutoConfigurationLogSummary(false)
                .withJmxEnabled(false)
                .withShutdownTimeout(Math.max(1, plan.drainFor().seconds()))
                .withShutdownLogInflightExchangesOnTimeout(false)
                .withShutdownSuppressLoggingOnTimeout(true)
                .withRoutesCollectorEnabled(false)
                // the flags take precedence, also where a variable has the name of their property
                .withAutoConfigurationEnvironmentVariablesEnabled(false);
        main.setDefaultPropertyPlaceholderLocation("false");
        // the other one waits for the signals that StopSignals takes
        main.setShutdownStrategy(new SimpleMainShutdownStrategy());
        RouteProperties.hand(plan.propertiesFor(routes), main);
        if (plan.isDryRun()) {
            main.addMainListener(new ContextListener(RouteRunner::keepDry));
        }
        main.addMainListener(new ContextListener(context -> prepare(context, found)));
        routes.locations()
                .forEach(location -> main.addMainListener(new ContextListener(context -> load(context, location))));
        return main;
    }

    /**
     * Stops it; where the run has ended, when its last exchange has gone through: for an exchange in flight, Camel
     * looks again only after a second.
     */
    static void stop(Main main, boolean ended) {
        long until = System.nanoTime() + LAST_EXCHANGE_NANOS;
        while (ended && hasExchangesInFlight(main.getCamelContext()) && System.nanoTime() < until) {
            LockSupport.parkNanos(LOOK_NANOS);
        }
        main.stop();
    }

    /** Stops the routes that read and write, and leaves those by which others steer the application. */
    static void stopReading(Main main) {
        CamelContext context = main.getCamelContext();
        for (Route route : context.getRoutes()) {
            if (!route.getEndpoint().getEndpointUri().startsWith(STEERED_BY)) {
                try {
                    context.getRouteController().stopRoute(route.getId());
                } catch (Exception e) {
                    throw RuntimeCamelException.wrapRuntimeException(e);
                }
            }
        }
    }

    private static boolean hasExchangesInFlight(CamelContext context) {
        return context.getInflightRepository().size() > 0
                || context.getRoutes().stream()
                        .anyMatch(route -> route.getConsumer() instanceof ShutdownAware consumer
                                && consumer.getPendingExchangesSize() > 0);
    }

    /** Whatever the routes say. */
    static void keepDry(CamelContext context) {
        context.getCamelContextExtension().registerEndpointCallback((uri, endpoint) -> {
            if (endpoint instanceof RumpEndpoint rump) {
                rump.configureProperties(new HashMap<>(Map.of("dryRun", true)));
            }
            return endpoint;
        });
    }

    /** Camel's own search for route files would read this one twice. */
    static void load(CamelContext context, String location) {
        try {
            PluginHelper.getRoutesLoader(context)
                    .loadRoutes(PluginHelper.getResourceLoader(context).resolveResource(location));
        } catch (Exception e) {
            throw RuntimeCamelException.wrapRuntimeException(e);
        }
    }

    private static void prepare(CamelContext context, Consumer<Set<Ledger>> found) {
        if (context.getPropertiesComponent() instanceof PropertiesComponent properties) {
            properties.setEnvironmentVariableMode(PropertiesComponent.ENVIRONMENT_VARIABLES_MODE_FALLBACK);
            properties.setSystemPropertiesMode(PropertiesComponent.SYSTEM_PROPERTIES_MODE_FALLBACK);
        }
        // the ledgers are there when the routes are made, which is before the first page is read
        EventNotifierSupport finder = new EventNotifierSupport() {
            @Override
            public void notify(CamelEvent event) {
                found.accept(context.getRegistry().findByType(Ledger.class));
            }
        };
        // a dozen events for each page, which say nothing here
        finder.setIgnoreExchangeEvents(true);
        context.getManagementStrategy().addEventNotifier(finder);
    }
}
