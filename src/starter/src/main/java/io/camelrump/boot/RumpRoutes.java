package io.camelrump.boot;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.camel.CamelContext;
import org.apache.camel.model.EndpointRequiredDefinition;
import org.apache.camel.model.ModelLifecycleStrategySupport;
import org.apache.camel.model.ProcessorDefinitionHelper;
import org.apache.camel.model.RouteDefinition;
import org.apache.camel.model.SendDefinition;

/**
 * Routes that read from or write to {@code rump:}. With {@code camel.rump.run-at-start=false} those that do not set
 * {@code autoStartup} themselves wait for {@link #start}: before it no server is connected to.
 */
public final class RumpRoutes extends ModelLifecycleStrategySupport {
    private static final String SCHEME = "rump:";
    private static final String PLACEHOLDER = "{{";

    private final boolean runAtStart;
    private final List<RouteDefinition> waiting = new CopyOnWriteArrayList<>();

    RumpRoutes(boolean runAtStart) {
        this.runAtStart = runAtStart;
    }

    /** Called by Camel for each route before it starts. */
    @Override
    public void onAddRouteDefinition(RouteDefinition route) {
        if (!runAtStart && route.getAutoStartup() == null && (reads(route) || writes(route))) {
            route.setAutoStartup("false");
            waiting.add(route);
        }
    }

    /** Called by Camel for each route that is removed. */
    @Override
    public void onRemoveRouteDefinition(RouteDefinition route) {
        waiting.remove(route);
    }

    /** Whether each of the routes that have waited has started since: by its id, those that write first. */
    public Map<String, Boolean> started() {
        List<RouteDefinition> ordered = new ArrayList<>(waiting);
        ordered.sort(Comparator.comparing(RumpRoutes::reads));
        Map<String, Boolean> started = new LinkedHashMap<>();
        ordered.forEach(route -> started.put(
                route.getRouteId(),
                context(route)
                        .getRouteController()
                        .getRouteStatus(route.getRouteId())
                        .isStarted()));
        return started;
    }

    /**
     * Starts the routes that have waited: those that write first. It returns when all have started, not when the run
     * has ended. Routes that run already are left alone.
     *
     * @throws Exception if a route cannot start, such as when a server cannot be reached within {@code retryFor}; the
     *     message has the cause
     */
    public void start() throws Exception {
        for (String id : started().keySet()) {
            CamelContext context = context(waiting.get(0));
            // the health of routes that do not start by themselves is no concern of Camel's
            context.getRoute(id).setAutoStartup(true);
            context.getRouteController().startRoute(id);
        }
    }

    private static boolean reads(RouteDefinition route) {
        return isRump(route, route.getInput());
    }

    private static boolean writes(RouteDefinition route) {
        return ProcessorDefinitionHelper.filterTypeInOutputs(route.getOutputs(), SendDefinition.class).stream()
                .anyMatch(step -> isRump(route, step));
    }

    private static boolean isRump(RouteDefinition route, EndpointRequiredDefinition endpoint) {
        String uri = endpoint == null ? null : endpoint.getEndpointUri();
        return uri != null
                && (uri.startsWith(SCHEME)
                        || uri.startsWith(PLACEHOLDER) && resolved(route, uri).startsWith(SCHEME));
    }

    /** The placeholder that a URI begins with, resolved by the parameters of the route's template first. */
    private static String resolved(RouteDefinition route, String uri) {
        int end = uri.indexOf("}}");
        String name = uri.substring(PLACEHOLDER.length(), Math.max(end, PLACEHOLDER.length()));
        Object parameter = parameter(route, name.split(":", 2)[0]);
        return context(route)
                .resolvePropertyPlaceholders(parameter == null ? uri.substring(0, end + 2) : parameter.toString());
    }

    /** A route of a template is given its own context only later. */
    private static CamelContext context(RouteDefinition route) {
        return route.getCamelContext() != null
                ? route.getCamelContext()
                : route.getRouteTemplateContext().getCamelContext();
    }

    private static Object parameter(RouteDefinition route, String name) {
        Map<String, Object> given = route.getTemplateParameters();
        Map<String, Object> defaults = route.getTemplateDefaultParameters();
        Object parameter = given == null ? null : given.get(name);
        return parameter != null || defaults == null ? parameter : defaults.get(name);
    }
}
