package io.camelrump.ui;

import java.util.List;
import org.apache.camel.CamelContext;
import org.apache.camel.model.EndpointRequiredDefinition;
import org.apache.camel.model.ExpressionNode;
import org.apache.camel.model.Model;
import org.apache.camel.model.ProcessorDefinition;
import org.apache.camel.model.RouteDefinition;
import org.apache.camel.spi.Resource;
import org.apache.camel.util.URISupport;
import org.apache.camel.util.json.JsonArray;
import org.apache.camel.util.json.JsonObject;
import org.jspecify.annotations.Nullable;

/**
 * The routes of a context as its model has them, and so with every edit: for each its steps, and where it was read
 * from. Options of endpoints are left out, as some are secret. Routes by which others steer the run are no part of it.
 */
final class RouteOutline {
    private static final String BY_HTTP = "platform-http:";
    private static final String BUILT_IN = "classpath:";
    private static final String FILE = "file:";
    private static final int LONGEST_LABEL = 80;

    private RouteOutline() {}

    static JsonArray of(CamelContext context) {
        JsonArray routes = new JsonArray();
        Model model = context.getCamelContextExtension().getContextPlugin(Model.class);
        if (model != null) {
            model.getRouteDefinitions().stream()
                    .filter(route -> !uri(route.getInput()).startsWith(BY_HTTP))
                    .map(RouteOutline::route)
                    .forEach(routes::add);
        }
        return routes;
    }

    private static JsonObject route(RouteDefinition route) {
        Resource resource = route.getResource();
        String location = resource == null ? "" : resource.getLocation();
        JsonObject json = new JsonObject();
        json.put("id", route.getId());
        json.put("description", route.getDescriptionText());
        json.put("origin", uri(route.getInput()));
        json.put("isOwn", location.startsWith(FILE));
        json.put("place", place(location));
        json.put("steps", steps(route.getOutputs()));
        return json;
    }

    private static String place(String location) {
        if (location.startsWith(FILE)) {
            return location.substring(FILE.length());
        }
        return location.startsWith(BUILT_IN) ? "built in" : "of the application";
    }

    private static JsonArray steps(List<ProcessorDefinition<?>> definitions) {
        JsonArray steps = new JsonArray();
        for (ProcessorDefinition<?> definition : definitions) {
            // such as onException, to which no arrow leads
            if (!definition.isAbstract()) {
                steps.add(step(definition));
            }
        }
        return steps;
    }

    private static JsonObject step(ProcessorDefinition<?> definition) {
        JsonObject json = new JsonObject();
        json.put("id", definition.getId());
        json.put("kind", definition.getShortName());
        json.put("description", definition.getDescriptionText());
        boolean sends = definition instanceof EndpointRequiredDefinition;
        json.put("to", sends ? uri((EndpointRequiredDefinition) definition) : null);
        json.put("label", sends ? null : label(definition));
        json.put("steps", steps(definition.getOutputs()));
        return json;
    }

    /** Whatever a step goes by: an expression as it is written, or the name of a bean. */
    private static @Nullable String label(ProcessorDefinition<?> definition) {
        String label;
        if (definition instanceof ExpressionNode node && node.getExpression() != null) {
            label = node.getExpression().getExpression();
        } else {
            String whole = withoutOptions(definition.getLabel());
            String kind = definition.getShortName() + "[";
            label = whole != null && whole.startsWith(kind)
                    ? whole.substring(kind.length(), whole.length() - 1)
                    : whole;
        }
        if (label == null || label.isBlank() || label.equals(definition.getShortName())) {
            return null;
        }
        return label.length() > LONGEST_LABEL ? label.substring(0, LONGEST_LABEL) + "…" : label;
    }

    private static String uri(EndpointRequiredDefinition endpoint) {
        String uri = withoutOptions(endpoint.getEndpointUri());
        return uri == null ? "" : uri;
    }

    private static @Nullable String withoutOptions(@Nullable String uri) {
        return uri == null ? null : URISupport.sanitizeUri(uri.replaceFirst("\\?.*?(\\]?)$", "$1"));
    }
}
