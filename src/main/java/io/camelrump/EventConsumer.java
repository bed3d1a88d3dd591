package io.camelrump;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.ExecutorService;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.apache.camel.ShutdownRunningTask;
import org.apache.camel.spi.ShutdownAware;
import org.apache.camel.support.DefaultConsumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Gives one exchange for each event of the run that reads the server of the endpoint's name:
 * {@code rump:source?operation=events}.
 *
 * <p>Events wait here for a route that is slow, which the run never waits for. Beyond a number of them the oldest go.
 */
final class EventConsumer extends DefaultConsumer implements ShutdownAware {
    private static final Logger LOG = LoggerFactory.getLogger(EventConsumer.class);
    private static final int MOST_WAITING = 1000;

    private final EventListeners listeners;
    private final RunOfName run;

    @GuardedBy("this")
    private final Deque<EventDocument> waiting = new ArrayDeque<>();

    @GuardedBy("this")
    private @Nullable ExecutorService worker;

    /** Whether the worker is at it, or about to be. */
    @GuardedBy("this")
    private boolean delivering;

    EventConsumer(RumpEndpoint endpoint, Processor processor, EventListeners listeners) {
        super(endpoint, processor);
        this.listeners = listeners;
        this.run = new RunOfName(endpoint);
    }

    @Override
    protected void doStart() throws Exception {
        super.doStart();
        run.warnIfNone();
        synchronized (this) {
            worker = getEndpoint()
                    .getCamelContext()
                    .getExecutorServiceManager()
                    .newSingleThreadExecutor(this, "rump-events");
            deliverSoon();
        }
    }

    @Override
    protected void doStop() throws Exception {
        ExecutorService ended;
        synchronized (this) {
            ended = worker;
            worker = null;
            waiting.clear();
        }
        if (ended != null) {
            getEndpoint().getCamelContext().getExecutorServiceManager().shutdownNow(ended);
        }
        super.doStop();
    }

    @Override
    protected void doShutdown() throws Exception {
        listeners.remove(this);
        super.doShutdown();
    }

    boolean isAbout(HostedRun hosted) {
        return run.is(hosted);
    }

    /** Takes an event for the route, if that is started, or starts with its context. */
    synchronized void take(EventDocument event) {
        if (worker == null && getEndpoint().getCamelContext().isStarted()) {
            return;
        }
        if (waiting.size() == MOST_WAITING) {
            LOG.warn(
                    "Route {} takes events too slowly: {} is dropped, as {} of them wait",
                    getRouteId(),
                    waiting.removeFirst(),
                    MOST_WAITING);
        }
        waiting.add(event);
        deliverSoon();
    }

    @GuardedBy("this")
    private void deliverSoon() {
        if (worker != null && !delivering && !waiting.isEmpty()) {
            delivering = true;
            worker.execute(this::deliver);
        }
    }

    private void deliver() {
        for (EventDocument event = next(); event != null; event = next()) {
            Exception failure = send(event);
            if (failure != null) {
                getExceptionHandler().handleException("The event " + event + " did not arrive", failure);
            }
        }
    }

    /** Has the route handle an event, and waits for that; null if it ended well. */
    private @Nullable Exception send(EventDocument event) {
        Exchange exchange = createExchange(false);
        try {
            event.writeTo(exchange.getMessage());
            getProcessor().process(exchange);
        } catch (Exception e) {
            exchange.setException(e);
        }
        Exception failure = exchange.getException();
        boolean undone = failure == null && exchange.isRollbackOnly();
        releaseExchange(exchange, false);
        return undone ? new IllegalStateException("it was rolled back") : failure;
    }

    /**
     * Has the route switch the clients over, beside events that wait, and waits for that.
     *
     * @throws IllegalStateException if the route fails, with its reason
     */
    void switchOver(EventDocument event) {
        Exception failure = send(event);
        if (failure != null) {
            throw new IllegalStateException("route " + getRouteId() + ": " + words(failure), failure);
        }
    }

    /** The first line of its message: exceptions of steps that a user writes are not known here. */
    private static String words(Exception failure) {
        String message = failure.getMessage();
        return message == null || message.isBlank()
                ? failure.getClass().getSimpleName()
                : message.strip().lines().findFirst().orElseThrow();
    }

    private synchronized @Nullable EventDocument next() {
        EventDocument event = worker == null ? null : waiting.poll();
        delivering = event != null;
        return event;
    }

    // --- graceful stop: events that wait are delivered ---

    @Override
    public boolean deferShutdown(ShutdownRunningTask shutdownRunningTask) {
        return true;
    }

    @Override
    public synchronized int getPendingExchangesSize() {
        return waiting.size() + (delivering ? 1 : 0);
    }

    @Override
    public void prepareShutdown(boolean suspendOnly, boolean forced) {}
}
