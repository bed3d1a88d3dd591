package io.camelrump.boot.build;

import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.apache.camel.util.StringHelper;
import org.apache.camel.util.json.DeserializationException;
import org.apache.camel.util.json.JsonArray;
import org.apache.camel.util.json.JsonObject;
import org.apache.camel.util.json.Jsoner;

/**
 * Writes Spring Boot's metadata of the properties, by which editors complete and check them, from what Camel's catalog
 * knows of the component's options. It runs in the build, and is not in the jar.
 */
public final class ConfigurationMetadata {
    private static final String CATALOG = "/META-INF/io/camelrump/rump.json";
    /** Endpoints of the route files in the jar, by name. */
    private static final List<String> SERVERS = List.of("source", "target");

    private static final Map<String, String> TYPES = Map.of(
            "boolean", "java.lang.Boolean",
            "int", "java.lang.Integer",
            "long", "java.lang.Long",
            "java.time.Duration", "java.time.Duration");

    private final JsonArray properties = new JsonArray();
    private final JsonArray hints = new JsonArray();

    private ConfigurationMetadata() {}

    /** Takes the file to write. */
    public static void main(String[] arguments) throws IOException, DeserializationException {
        Path file = Path.of(arguments[0]);
        Files.createDirectories(file.getParent());
        Files.writeString(
                file, Jsoner.prettyPrint(new ConfigurationMetadata().build().toJson()));
    }

    private JsonObject build() throws IOException, DeserializationException {
        JsonObject catalog = catalog();
        add(
                "camel.rump.run-at-start",
                "java.lang.Boolean",
                true,
                "Whether routes that read from or write to rump: start with the application. If not, the bean"
                        + " RumpRoutes starts them.");
        addAll("camel.component.rump.", catalog.getMap("componentProperties"), "property", "");
        Map<String, Object> options = catalog.getMap("properties");
        addAll("camel.component.rump.", options, "parameter", "For all endpoints that do not set it: ");
        for (String server : SERVERS) {
            addAll("rump." + server + ".", options, "parameter", "For rump:" + server + ": ");
        }
        JsonObject metadata = new JsonObject();
        metadata.put("properties", properties);
        metadata.put("hints", hints);
        return metadata;
    }

    private static JsonObject catalog() throws IOException, DeserializationException {
        InputStream resource = ConfigurationMetadata.class.getResourceAsStream(CATALOG);
        if (resource == null) {
            throw new IOException(CATALOG + " is not on the class path: it is in the jar of camel-rump");
        }
        try (Reader reader = new InputStreamReader(resource, StandardCharsets.UTF_8)) {
            return (JsonObject) Jsoner.deserialize(reader);
        }
    }

    private void addAll(String prefix, Map<String, Object> options, String kind, String introduction) {
        options.forEach((option, described) -> {
            JsonObject description = (JsonObject) described;
            // one that has a prefix of its own stands for several properties
            if (description.getString("kind").equals(kind) && !description.containsKey("prefix")) {
                String name = prefix + StringHelper.camelCaseToDash(option);
                add(
                        name,
                        type(description),
                        description.get("defaultValue"),
                        introduction + description.getString("description"));
                addHint(name, description.getCollection("enum"));
            }
        });
    }

    private void add(String name, String type, Object defaultValue, String description) {
        JsonObject property = new JsonObject();
        property.put("name", name);
        property.put("type", type);
        property.put("description", description);
        if (defaultValue != null) {
            property.put("defaultValue", defaultValue);
        }
        properties.add(property);
    }

    /** Beans are given by reference, and other values in the component's own spellings, as text. */
    private static String type(JsonObject option) {
        return TYPES.getOrDefault(option.getString("javaType"), "java.lang.String");
    }

    private void addHint(String name, Iterable<?> values) {
        if (values == null) {
            return;
        }
        JsonArray allowed = new JsonArray();
        for (Object value : values) {
            JsonObject one = new JsonObject();
            one.put("value", value);
            allowed.add(one);
        }
        JsonObject hint = new JsonObject();
        hint.put("name", name);
        hint.put("values", allowed);
        hints.add(hint);
    }
}
