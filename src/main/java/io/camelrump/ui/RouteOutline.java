package io.camelrump.ui;

import java.util.List;
import org.apache.camel.CamelContext;
import org.apache.camel.model.ChoiceDefinition;
import org.apache.camel.model.EndpointRequiredDefinition;
import org.apache.camel.model.ExpressionNode;
import org.apache.camel.model.Model;
import org.apache.camel.model.OtherwiseDefinition;
import org.apache.camel.model.ProcessorDefinition;
import org.apache.camel.model.RouteDefinition;
import org.apache.camel.model.WhenDefinition;
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
        boolean sends = definition instanceof EndpointRequiredDefinition;
        boolean chooses = definition instanceof ChoiceDefinition;
        JsonObject json = new JsonObject();
        json.put("id", definition.getId());
        json.put("kind", definition.getShortName());
        json.put("description", definition.getDescriptionText());
        json.put("to", sends ? uri((EndpointRequiredDefinition) definition) : null);
        json.put("label", sends || chooses ? null : label(definition));
        json.put("steps", chooses ? branches((ChoiceDefinition) definition) : steps(definition.getOutputs()));
        return json;
    }

    private static JsonArray branches(ChoiceDefinition choice) {
        JsonArray branches = new JsonArray();
        for (WhenDefinition when : choice.getWhenClauses()) {
            branches.add(branch(when.getId(), "when", inside("when", when.getLabel()), when.getOutputs()));
        }
        OtherwiseDefinition otherwise = choice.getOtherwise();
        if (otherwise != null) {
            branches.add(branch(otherwise.getId(), "otherwise", null, otherwise.getOutputs()));
        }
        return branches;
    }

    private static JsonObject branch(
            @Nullable String id, String kind, @Nullable String label, List<ProcessorDefinition<?>> steps) {
        JsonObject json = new JsonObject();
        json.put("id", id == null ? kind : id);
        json.put("kind", kind);
        json.put("description", null);
        json.put("to", null);
        json.put("label", label);
        json.put("steps", steps(steps));
        return json;
    }

    /** Whatever a step goes by: an expression as it is written, or the name of a bean. */
    private static @Nullable String label(ProcessorDefinition<?> definition) {
        String written = definition instanceof ExpressionNode node && node.getExpression() != null
                ? node.getExpression().getExpression()
                : null;
        return written == null || written.isBlank()
                ? inside(definition.getShortName(), withoutOptions(definition.getLabel()))
                : shortened(written);
    }

    /** Camel's own label without the kind of the step, which it begins with, and the language of an expression. */
    private static @Nullable String inside(String kind, @Nullable String label) {
        if (label == null || label.isBlank() || label.equals(kind)) {
            return null;
        }
        boolean named = label.startsWith(kind + "[") && label.endsWith("]");
        String inner = named ? label.substring(kind.length() + 1, label.length() - 1) : label;
        return shortened(inner.replaceFirst("^\\w+\\{(.*)\\}$", "$1"));
    }

    private static String shortened(String label) {
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
