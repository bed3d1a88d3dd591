package io.camelrump.catalog;

import java.util.List;
import java.util.Map;
import org.apache.camel.util.json.JsonArray;
import org.apache.camel.util.json.JsonObject;

/** JSON schema of the form that Kaoto shows for a component or a Kamelet, as its own catalog has it. */
final class PropertiesSchema {
    private static final String DRAFT = "http://json-schema.org/draft-07/schema#";
    /** Keys of a Kamelet's property that a form shows; it knows no group. */
    private static final List<String> OF_KAMELETS =
            List.of("type", "title", "description", "enum", "default", "format");

    private PropertiesSchema() {}

    /** Schema of a component's endpoint options, from the JSON by which Camel's catalog describes the component. */
    static JsonObject ofComponent(JsonObject catalog) {
        JsonObject properties = new JsonObject();
        JsonArray required = new JsonArray();
        Map<String, JsonObject> options = catalog.getMap("properties");
        options.forEach((name, option) -> {
            properties.put(name, property(option));
            if (option.getBooleanOrDefault("required", false)) {
                required.add(name);
            }
        });
        JsonObject schema = new JsonObject();
        schema.put("$schema", DRAFT);
        schema.put("type", "object");
        schema.put("properties", properties);
        if (!required.isEmpty()) {
            schema.put("required", required);
        }
        return schema;
    }

    /** Schema of a Kamelet's properties, from the {@code definition} of its {@code spec}. */
    static JsonObject ofKamelet(Map<String, Object> definition) {
        JsonObject schema = new JsonObject();
        schema.put("$schema", DRAFT);
        schema.put("type", "object");
        for (String key : List.of("title", "description", "required")) {
            copy(key, definition, schema);
        }
        JsonObject properties = new JsonObject();
        Yaml.mapping(definition, "properties").forEach((name, value) -> {
            JsonObject property = new JsonObject();
            OF_KAMELETS.forEach(key -> copy(key, Yaml.mapping(value), property));
            properties.put(name, property);
        });
        schema.put("properties", properties);
        return schema;
    }

    private static JsonObject property(JsonObject option) {
        String type = option.getString("type");
        boolean map = option.getStringOrDefault("javaType", "").startsWith("java.util.Map");
        JsonObject property = new JsonObject();
        property.put("title", option.getString("displayName"));
        property.put("description", option.getString("description"));
        property.put(
                "type",
                switch (type) {
                    case "enum", "duration" -> "string";
                    case "object" -> map ? "object" : "string";
                    default -> type;
                });
        copy("enum", option, property);
        if (type.equals("array")) {
            property.put("items", new JsonObject(Map.of("type", "string")));
        }
        property.put("$comment", "group:" + option.getString("group"));
        String format = format(option, type, map);
        if (!format.isEmpty()) {
            property.put("format", format);
        }
        if (option.getBooleanOrDefault("deprecated", false)) {
            property.put("deprecated", true);
        }
        Object byDefault = option.get("defaultValue");
        if (byDefault != null) {
            boolean asItIs = type.equals("integer") || type.equals("boolean");
            property.put("default", asItIs ? byDefault : byDefault.toString());
        }
        return property;
    }

    /** Hints by which the form chooses a field for the value: several are joined by a bar. */
    private static String format(JsonObject option, String type, boolean map) {
        String format =
                switch (type) {
                    case "duration" -> "duration";
                    case "object" -> map ? "" : "bean:" + option.getString("javaType");
                    default -> "";
                };
        if (!option.getBooleanOrDefault("secret", false)) {
            return format;
        }
        return format.isEmpty() ? "password" : format + "|password";
    }

    private static void copy(String key, Map<String, Object> from, JsonObject to) {
        if (from.containsKey(key)) {
            to.put(key, from.get(key));
        }
    }
}
