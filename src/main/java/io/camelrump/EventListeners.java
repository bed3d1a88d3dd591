package io.camelrump;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import org.jspecify.annotations.Nullable;

/** Consumers of a context that are given what happens to its runs. Any thread may call. */
final class EventListeners {
    private final List<EventConsumer> consumers = new CopyOnWriteArrayList<>();

    /** Adds one before any route of its context starts, so that it hears of the start of a run. */
    EventConsumer add(EventConsumer consumer) {
        consumers.add(consumer);
        return consumer;
    }

    void remove(EventConsumer consumer) {
        consumers.remove(consumer);
    }

    /** Whether a route listens to this run. */
    boolean areAbout(HostedRun run) {
        return consumers.stream().anyMatch(consumer -> consumer.isAbout(run) && consumer.isStarted());
    }

    /** Whether events wait for a route, or are being handled by one. */
    boolean isAnyWaiting() {
        return consumers.stream().anyMatch(consumer -> consumer.getPendingExchangesSize() > 0);
    }

    /** Hands an event to whoever listens to this run, and returns at once. No lock of the run is held. */
    void tell(HostedRun run, RunEvent event) {
        List<EventConsumer> listening =
                consumers.stream().filter(consumer -> consumer.isAbout(run)).toList();
        if (!listening.isEmpty()) {
            EventDocument document = new EventDocument(run, event);
            listening.forEach(consumer -> consumer.take(document));
        }
    }

    /**
     * Has those who listen to this run switch the clients over, one after the other, and returns at once: the first
     * that fails ends it by its reason. Null if nobody listens.
     */
    @Nullable
    Future<Void> switchOver(HostedRun run, RunEvent.AtTheBarrier event) {
        List<EventConsumer> listening = consumers.stream()
                .filter(consumer -> consumer.isAbout(run) && consumer.isStarted())
                .toList();
        if (listening.isEmpty()) {
            return null;
        }
        EventDocument document = new EventDocument(run, event);
        FutureTask<Void> switching = new FutureTask<>(() -> {
            for (EventConsumer consumer : listening) {
                consumer.switchOver(document);
            }
            return null;
        });
        run.newThread("rump-switch", switching).start();
        return switching;
    }
}
