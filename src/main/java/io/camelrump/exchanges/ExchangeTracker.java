package io.camelrump.exchanges;

import io.camelrump.run.Run;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.spi.CamelEvent;
import org.apache.camel.support.EventNotifierSupport;
import org.apache.camel.support.ExchangeHelper;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sees each exchange that carries pages of one run begin and end, copies included, wherever in the context they are
 * routed.
 *
 * <p>The last ones are waited for before the run is complete, as another producer may stand behind them. A copy that
 * has left the process, or is in the hands of code that is no step of a route, cannot be seen.
 */
public final class ExchangeTracker extends EventNotifierSupport {
    private static final Logger LOG = LoggerFactory.getLogger(ExchangeTracker.class);
    private static final long WARN_AFTER = TimeUnit.SECONDS.toNanos(10);
    /** For the thread that takes up a copy. */
    private static final long HANDOVER = TimeUnit.MILLISECONDS.toNanos(500);

    private final Run run;
    private final Duration timeout;
    private final Set<Exchange> live = ConcurrentHashMap.newKeySet();
    private volatile long lastEnd = System.nanoTime();
    private boolean warned;

    /** @param timeout how long after the last answer they are waited for */
    public ExchangeTracker(Run run, Duration timeout) {
        this.run = run;
        this.timeout = timeout;
        setIgnoreCamelContextEvents(true);
        setIgnoreCamelContextInitEvents(true);
        setIgnoreRouteEvents(true);
        setIgnoreServiceEvents(true);
        setIgnoreStepEvents(true);
        setIgnoreExchangeRedeliveryEvents(true);
        setIgnoreExchangeSendingEvents(true);
        setIgnoreExchangeSentEvents(true);
        setIgnoreExchangeAsyncProcessingStartedEvents(true);
    }

    public void watch(CamelContext context) {
        setCamelContext(context);
        start();
        context.getManagementStrategy().addEventNotifier(this);
    }

    public void stopWatching(CamelContext context) {
        context.getManagementStrategy().removeEventNotifier(this);
        stop();
        live.clear();
    }

    @Override
    public void notify(CamelEvent event) {
        if (event instanceof CamelEvent.ExchangeEvent about) {
            Exchange exchange = about.getExchange();
            if (event.getType() != CamelEvent.Type.ExchangeCreated) {
                lastEnd = live.remove(exchange) ? System.nanoTime() : lastEnd;
            } else if (Receipts.follow(exchange, run)) {
                live.add(exchange);
            }
        }
    }

    /** Whether the run must not end yet, as exchanges go on although each of their keys was answered for. */
    public boolean areAwaited() {
        if (!run.pages().areExchangesEnding()) {
            warned = false;
            return System.nanoTime() - lastEnd < HANDOVER && DetachedCopies.mayBeHandedOver(getCamelContext());
        }
        if (!run.pages().isAnsweredWithin(timeout.toNanos())) {
            run.report()
                    .remark("exchanges that carry pages had not ended" + places() + " " + timeout.toSeconds()
                            + " s after the last answer: what they still bring to another target is refused"
                            + " there");
            return false;
        }
        if (!warned && !run.pages().isAnsweredWithin(WARN_AFTER)) {
            warned = true;
            LOG.warn(
                    "Migration {} has an outcome for every key, but exchanges that carry its pages have not ended{}:"
                            + " they"
                            + " are waited for, as another target may stand behind them, up to {} s after the last"
                            + " answer"
                            + " (stallTimeout)",
                    run.migration(),
                    places(),
                    timeout.toSeconds());
        }
        return true;
    }

    /**
     * Waits for the pages that are out, as long as answers come.
     *
     * @param going whether it must wait any longer
     */
    public void awaitPages(BooleanSupplier going) throws InterruptedException {
        while (run.pages().size() > 0 && going.getAsBoolean() && run.pages().silentNanos() < timeout.toNanos()) {
            run.awaitChange();
        }
    }

    private String places() {
        Set<String> routes = new TreeSet<>();
        for (Exchange exchange : live) {
            String route = route(exchange);
            if (route != null) {
                routes.add(route);
            }
        }
        return routes.isEmpty() ? " (in a queue)" : " (in " + String.join(", ", List.copyOf(routes)) + ")";
    }

    private static @Nullable String route(Exchange exchange) {
        String at = ExchangeHelper.getAtRouteId(exchange);
        return at == null ? exchange.getFromRouteId() : at;
    }
}
