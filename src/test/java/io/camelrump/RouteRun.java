package io.camelrump;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.Properties;
import org.apache.camel.RoutesBuilder;
import org.apache.camel.builder.LambdaRouteBuilder;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.component.seda.SedaComponent;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.PluginHelper;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;

/** A context of its own that runs routes, and watches how much its ledgers ever had out. */
final class RouteRun implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final DefaultCamelContext context = new DefaultCamelContext();
    private int mostPagesOut;
    private long mostBytesOut;

    private RouteRun() {
        // a stop waits for the queue, which is asked more often than each second whether it has ended
        context.getComponent("seda", SedaComponent.class).setDefaultPollTimeout(50);
        context.getShutdownStrategy().setTimeout(10);
        context.getShutdownStrategy().setLogInflightExchangesOnTimeout(false);
    }

    /** Runs routes written in Java. */
    static RouteRun of(RoutesBuilder routes, Map<String, Object> beans) throws Exception {
        RouteRun run = new RouteRun();
        beans.forEach(run.context.getRegistry()::bind);
        run.context.addRoutes(routes);
        run.context.start();
        return run;
    }

    /** Runs routes written in a few lines. */
    static RouteRun of(LambdaRouteBuilder routes) throws Exception {
        RouteRun run = new RouteRun();
        RouteBuilder.addRoutes(run.context, routes);
        run.context.start();
        return run;
    }

    /** Runs a route file with the properties that it names. */
    static RouteRun of(Path file, Properties properties) throws Exception {
        RouteRun run = new RouteRun();
        run.context.getPropertiesComponent().setInitialProperties(properties);
        PluginHelper.getRoutesLoader(run.context)
                .loadRoutes(PluginHelper.getResourceLoader(run.context).resolveResource("file:" + file));
        run.context.start();
        return run;
    }

    DefaultCamelContext context() {
        return context;
    }

    Ledger ledger() {
        return ledger("rump");
    }

    Ledger ledger(String migration) {
        return Objects.requireNonNull(
                context.getRegistry().lookupByNameAndType("rump-ledger-" + migration, Ledger.class));
    }

    Ledger awaitEnd() {
        return awaitEnd("rump");
    }

    Ledger awaitEnd(String migration) {
        Ledger ledger = ledger(migration);
        await().until(() -> {
            sample(ledger);
            return ledger.state().isFinal();
        });
        return ledger;
    }

    /** Waits until so many keys have their outcome, while the run goes on. */
    void awaitSettled(long keys) {
        Ledger ledger = ledger();
        await().until(() -> {
            sample(ledger);
            return ledger.counts().settled() >= keys;
        });
    }

    ConditionFactory await() {
        return Awaitility.await().atMost(PATIENCE).pollDelay(Duration.ZERO).pollInterval(Duration.ofMillis(2));
    }

    int mostPagesOut() {
        return mostPagesOut;
    }

    long mostBytesOut() {
        return mostBytesOut;
    }

    @Override
    public void close() {
        context.stop();
    }

    private void sample(Ledger ledger) {
        mostPagesOut = Math.max(mostPagesOut, ledger.pagesOut());
        mostBytesOut = Math.max(mostBytesOut, ledger.bytesOut());
    }
}
