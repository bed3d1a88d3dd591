package io.camelrump.cli;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;

/**
 * A {@code rump:} endpoint as a route file in YAML writes it.
 *
 * @param name of its server
 * @param options that it sets itself, with their texts
 */
record RouteEndpoint(String name, Map<String, String> options) {
    private static final Pattern URI = Pattern.compile("rump:(?://)?([^?]*)(?:\\?(.*))?", Pattern.DOTALL);
    /** An option that is left out unless a property is set. */
    private static final Pattern OPEN = Pattern.compile("\\{\\{\\?[^}]*}}");

    /**
     * Those of a file, in its order.
     *
     * @throws YamlEngineException if it is no YAML
     */
    static List<RouteEndpoint> in(String yaml) {
        List<RouteEndpoint> endpoints = new ArrayList<>();
        collect(new Load(LoadSettings.builder().build()).loadFromString(yaml), endpoints);
        return endpoints;
    }

    private static void collect(Object node, List<RouteEndpoint> endpoints) {
        if (node instanceof List<?> list) {
            list.forEach(item -> collect(item, endpoints));
        } else if (node instanceof Map<?, ?> map) {
            if (map.get("uri") instanceof String uri) {
                add(uri, map.get("parameters") instanceof Map<?, ?> parameters ? parameters : Map.of(), endpoints);
            }
            map.forEach((key, value) -> {
                if (!"uri".equals(key)) {
                    collect(value, endpoints);
                }
            });
        } else if (node instanceof String text) {
            add(text, Map.of(), endpoints);
        }
    }

    private static void add(String text, Map<?, ?> parameters, List<RouteEndpoint> endpoints) {
        Matcher uri = URI.matcher(text);
        if (uri.matches()) {
            Map<String, String> options = new LinkedHashMap<>();
            if (uri.group(2) != null) {
                for (String option : uri.group(2).split("&")) {
                    int equals = option.indexOf('=');
                    options.put(equals < 0 ? option : option.substring(0, equals), option.substring(equals + 1));
                }
            }
            parameters.forEach((option, value) -> options.put(String.valueOf(option), String.valueOf(value)));
            options.values().removeIf(value -> OPEN.matcher(value).matches());
            endpoints.add(new RouteEndpoint(uri.group(1), options));
        }
    }
}
