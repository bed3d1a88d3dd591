package io.camelrump;

import io.camelrump.exchanges.InFlightExchanges;
import io.camelrump.host.ProducerStart;
import io.camelrump.run.PageData;
import io.camelrump.run.Participant;
import io.camelrump.run.Run;
import io.camelrump.run.TargetNames;
import io.camelrump.sending.BatchSender;
import io.camelrump.sending.PageClaims;
import io.camelrump.sending.TargetListening;
import io.camelrump.target.Target;
import io.camelrump.target.Targets;
import io.camelrump.target.WritePlan;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.stream.Collectors;
import org.apache.camel.AsyncCallback;
import org.apache.camel.Exchange;
import org.apache.camel.spi.RouteIdAware;
import org.apache.camel.support.DefaultAsyncProducer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes to a target: one exchange is one batch is one RESTORE pipeline.
 *
 * <p>Takes a {@link PageData}, a {@link Batch}, a {@link DumpedKey}, or an Iterable of pages or keys. An exchange is
 * done when the reply to each of its keys was read. Meanwhile the next ones are sent already by {@link BatchSender},
 * and {@link InFlightExchanges} has the replies read, so that a distant target does not wait for batches.
 */
final class RumpProducer extends DefaultAsyncProducer implements Participant, RouteIdAware {
    private static final Logger LOG = LoggerFactory.getLogger(RumpProducer.class);

    private final RumpEndpoint endpoint;
    private final Targets targets;
    private final BatchSender sender;
    private final ReceivedRuns received;
    private final ProducerStart start;
    private @Nullable ExecutorService threads;
    private volatile @Nullable TargetListening listening;

    RumpProducer(RumpEndpoint endpoint) {
        super(endpoint);
        this.endpoint = endpoint;
        this.start = new ProducerStart(((RumpComponent) endpoint.getComponent()).waitingProducers(), this::open);
        String name = endpoint.title();
        this.targets = new Targets(
                endpoint.address(),
                new WritePlan(
                        name,
                        endpoint.getServerOptions(),
                        endpoint.getTargetOptions(),
                        endpoint.getThrottleOptions(),
                        endpoint.keyMapping().share()));
        this.received = new ReceivedRuns(endpoint, this);
        this.sender = new BatchSender(
                new PageClaims(name, this),
                targets,
                received.reception(),
                endpoint.getServerOptions().getRetryFor(),
                this::isRunAllowed);
    }

    @Override
    protected void doStart() throws Exception {
        super.doStart();
        start.start();
    }

    private void open() throws Exception {
        targets.open();
        ExecutorService started = endpoint.getCamelContext()
                .getExecutorServiceManager()
                .newFixedThreadPool(this, "RumpReplies", InFlightExchanges.THREADS);
        threads = started;
        sender.start(started);
        listening = new TargetListening(endpoint.getCamelContext(), this, targets, sender);
    }

    @Override
    protected void doStop() throws Exception {
        super.doStop();
        start.stop();
        TargetListening open = listening;
        if (open != null) {
            open.close();
            listening = null;
        }
        sender.awaitLastReplies();
        received.stop();
        // whoever waits for a target holds the lock
        targets.all().forEach(Target::interrupt);
        sender.stop(() -> {
            // they stay known: at the end of a run each reports whether its server is still the same
            targets.all().forEach(Target::close);
            targets.all().forEach(Target::discardTemporaries);
            targets.all().forEach(Target::close);
        });
        if (threads != null) {
            endpoint.getCamelContext().getExecutorServiceManager().shutdown(threads);
        }
    }

    @Override
    protected void doShutdown() throws Exception {
        super.doShutdown();
        received.forget();
    }

    @Override
    public String getRouteId() {
        return start.routeId();
    }

    /** Called by Camel before the start, where the producer is part of a route. */
    @Override
    public void setRouteId(@Nullable String routeId) {
        start.routeId(routeId);
    }

    @Override
    public boolean process(Exchange exchange, AsyncCallback callback) {
        List<PageData> pages = List.of();
        try {
            pages = Bodies.pages(exchange);
            start.openFor(pages);
            received.open(getRouteId(), pages);
            if (sender.send(exchange, received.before(callback, exchange, pages), pages)) {
                return false;
            }
        } catch (Exception e) {
            exchange.setException(e);
        }
        received.done(exchange, pages);
        callback.done(true);
        return true;
    }

    @Override
    public long bytesSent() {
        return targets.all().stream().mapToLong(Target::bytesSent).sum();
    }

    // --- what others write there ---

    @Override
    public void watch(Run run) throws InterruptedException {
        TargetListening open = listening;
        if (open != null) {
            open.watch(run);
        }
    }

    @Override
    public boolean hears(Run run) throws InterruptedException {
        TargetListening open = listening;
        return open == null || open.hears(run);
    }

    // --- the end of a run ---

    /** Whether the target is still the process that answered OK, and has evicted no key. */
    @Override
    public boolean confirm(Run run) throws InterruptedException {
        try {
            return sender.alone(() -> {
                targets.refreshAgreed();
                targets.begin(run);
                for (Target target : targets.all()) {
                    if (!target.confirm()) {
                        return false;
                    }
                }
                return true;
            });
        } catch (TransientTargetException e) {
            LOG.debug("not confirmed yet", e);
            return false;
        } catch (TargetClosedException e) {
            run.fail(e.getMessage());
            return false;
        }
    }

    @Override
    public Collection<String> places() {
        return isRunAllowed() ? targets.all().stream().map(Target::toString).toList() : List.of();
    }

    @Override
    public Set<Integer> ownDatabases() {
        return targets.all().stream()
                .filter(Target::deletes)
                .map(target -> target.address().database())
                .collect(Collectors.toSet());
    }

    @Override
    public boolean withholdsDeletes() {
        return targets.all().stream().anyMatch(Target::withholdsDeletes);
    }

    @Override
    public boolean leaves(int database, byte[] name) {
        return targets.leave(database, name);
    }

    @Override
    public @Nullable TargetNames names(TargetNames.Position from) throws InterruptedException {
        try {
            return sender.alone(() -> targets.names(from));
        } catch (TransientTargetException e) {
            LOG.debug("no names yet", e);
            return null;
        } catch (TargetClosedException e) {
            targets.runs().forEach(run -> run.fail(e.getMessage()));
            return null;
        }
    }
}
