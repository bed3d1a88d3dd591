package io.camelrump.host;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.camel.CamelContext;
import org.apache.camel.Route;
import org.apache.camel.Service;
import org.apache.camel.support.LifecycleStrategySupport;
import org.jspecify.annotations.Nullable;

/**
 * Producers whose routes wait to be started, as by {@code autoStartup: false}. Camel starts the producers of all routes
 * with the context; these connect only when a run begins, or at their first pages.
 */
public final class WaitingProducers extends LifecycleStrategySupport {
    private final CamelContext context;
    private final Map<String, Route> routes = new ConcurrentHashMap<>();
    private final Set<ProducerStart> waiting = ConcurrentHashMap.newKeySet();

    public WaitingProducers(CamelContext context) {
        this.context = context;
    }

    /** Called by Camel before a part of a route starts: the context does not know the route yet. */
    @Override
    public void onServiceAdd(CamelContext ofRoute, Service service, @Nullable Route route) {
        if (route != null) {
            routes.put(route.getId(), route);
        }
    }

    @Override
    public void onServiceRemove(CamelContext ofRoute, Service service, @Nullable Route route) {
        if (route != null) {
            routes.remove(route.getId());
        }
    }

    /** Whether the context starts, and this route does not start with it. */
    boolean waits(String routeId) {
        Route route = routes.get(routeId);
        return route != null
                && context.getStatus().isStarting()
                && !(Boolean.TRUE.equals(route.isAutoStartup()) && Boolean.TRUE.equals(context.isAutoStartup()));
    }

    void add(ProducerStart producer) {
        waiting.add(producer);
    }

    void remove(ProducerStart producer) {
        waiting.remove(producer);
    }

    /**
     * Opens those of routes that have started meanwhile, before a run begins.
     *
     * @param reading id of the route that reads, which is about to start
     * @throws Exception if a server cannot be reached, or does not fit
     */
    public void open(String reading) throws Exception {
        for (ProducerStart producer : List.copyOf(waiting)) {
            String id = producer.routeId();
            if (id.equals(reading)
                    || context.getRouteController().getRouteStatus(id).isStarted()) {
                producer.open();
            }
        }
    }
}
