package io.camelrump;

import io.camelrump.received.ReceivedRun;
import io.camelrump.received.Reception;
import io.camelrump.run.PageData;
import io.camelrump.run.Participant;
import io.camelrump.run.Run;
import io.camelrump.sending.ResultHeaders;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.apache.camel.AsyncCallback;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.health.HealthCheckHelper;
import org.apache.camel.health.HealthCheckRegistry;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs that one producer gets through a transport, as the host sees them: each has a ledger, meters and a closing line
 * of its own, under the name {@code received-} and the identifier of the run that reads.
 */
final class ReceivedRuns {
    private static final Logger LOG = LoggerFactory.getLogger(ReceivedRuns.class);

    private static final String PREFIX = "received-";
    private static final long BETWEEN_MILLIS = 200;
    /** Runs that are over and still shown. */
    private static final int MOST_OVER = 16;

    private final RumpEndpoint endpoint;
    private final Participant producer;
    private final Reception reception = new Reception(this::open, this::beginAnew);
    private final Map<ReceivedRun, HostedRun> hosted = new ConcurrentHashMap<>();
    private final ReceivedHealthCheck health;
    private @Nullable ScheduledExecutorService watch;
    private volatile @Nullable String route;

    /** @param producer that writes the pages, and confirms at the end that its servers are still the same */
    ReceivedRuns(RumpEndpoint endpoint, Participant producer) {
        this.endpoint = endpoint;
        this.producer = producer;
        this.health = new ReceivedHealthCheck(endpoint.getName(), this);
    }

    Reception reception() {
        return reception;
    }

    /** Opens the books of the runs of these pages, which come in this exchange. */
    void open(@Nullable String routeId, List<PageData> pages) {
        route = routeId;
        reception.open(pages);
    }

    /** Enters what has become of the pages of an exchange before this is called. */
    AsyncCallback before(AsyncCallback callback, Exchange exchange, List<PageData> pages) {
        return sync -> {
            done(exchange, pages);
            callback.done(sync);
        };
    }

    /** The exchange has gone through the producer, or has failed there. */
    void done(Exchange exchange, List<PageData> pages) {
        Exception failure = exchange.getException();
        if (failure instanceof TargetClosedException) {
            reception.runs(pages).forEach(run -> run.fail(failure.getMessage()));
        } else if (failure == null) {
            reception.written(pages, ResultHeaders.report(exchange)::of);
        }
    }

    private ReceivedRun open(String id) {
        forgetOldest();
        Run run = new Run(PREFIX + id, 1);
        HostedRun host = new HostedRun(context(), run, PREFIX + endpoint.getName(), listeners());
        host.begin(route);
        ReceivedRun received = new ReceivedRun(run);
        hosted.put(received, host);
        LOG.info("{} gets run {} from a transport", endpoint.title(), id);
        startWatch();
        return received;
    }

    private void beginAnew(ReceivedRun received) {
        HostedRun host = hosted.get(received);
        if (host != null) {
            host.begin(route);
        }
    }

    private void forgetOldest() {
        List<ReceivedRun> over = reception.all().stream()
                .filter(run -> run.run().state().isFinal())
                .toList();
        for (ReceivedRun run : over.subList(0, Math.max(0, over.size() - MOST_OVER))) {
            reception.forget(run);
            HostedRun host = hosted.remove(run);
            if (host != null) {
                host.release();
                host.forget();
            }
        }
    }

    private EventListeners listeners() {
        return ((RumpComponent) endpoint.getComponent()).eventListeners();
    }

    private CamelContext context() {
        return endpoint.getCamelContext();
    }

    private synchronized void startWatch() {
        if (watch == null) {
            watch = context().getExecutorServiceManager().newSingleThreadScheduledExecutor(this, "RumpReceived");
            watch.scheduleWithFixedDelay(this::look, BETWEEN_MILLIS, BETWEEN_MILLIS, TimeUnit.MILLISECONDS);
            HealthCheckRegistry checks = HealthCheckHelper.getHealthCheckRegistry(context());
            if (checks != null) {
                checks.register(health);
            }
        }
    }

    /** The route is being stopped: what has not ended is incomplete. */
    void stop() {
        ScheduledExecutorService running;
        synchronized (this) {
            running = watch;
            watch = null;
        }
        if (running != null) {
            context().getExecutorServiceManager().shutdownNow(running);
        }
        hosted.forEach((received, host) -> {
            String missing = received.missing();
            host.end(
                    RunState.INCOMPLETE,
                    "Its writer was stopped before the end." + (missing == null ? "" : " " + missing));
            host.release();
        });
    }

    /** Nothing is shown any longer of a producer that is removed while the host goes on. */
    void forget() {
        HealthCheckRegistry checks = HealthCheckHelper.getHealthCheckRegistry(context());
        if (checks != null) {
            checks.unregister(health);
        }
        hosted.values().forEach(HostedRun::forget);
    }

    /** The books of all runs that are shown, the oldest first. */
    List<Ledger> ledgers() {
        return reception.all().stream()
                .map(hosted::get)
                .filter(Objects::nonNull)
                .map(HostedRun::ledger)
                .toList();
    }

    // --- the end of a run ---

    private void look() {
        for (ReceivedRun received : reception.all()) {
            try {
                if (!received.run().state().isFinal()) {
                    endIfDue(received);
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            } catch (RuntimeException e) {
                LOG.warn("whether {} has ended cannot be said yet", received.run(), e);
            }
        }
    }

    private void endIfDue(ReceivedRun received) throws InterruptedException {
        Run run = received.run();
        boolean all = received.isAllHere();
        if (!all
                && !received.isOverdue(
                        endpoint.getQueueOptions().getStallTimeout().toNanos())) {
            return;
        }
        String missing = received.missing();
        if (missing != null) {
            run.finish(RunState.INCOMPLETE, missing);
            return;
        }
        String bad = received.endedBadly();
        if (bad != null) {
            run.finish(RunState.INCOMPLETE, bad);
        } else if (producer.confirm(run) && received.missing() == null) {
            String elsewhere = received.elsewhere();
            if (elsewhere != null) {
                run.report().remark(elsewhere);
            }
            run.complete(run.epoch());
        }
    }
}
