package io.camelrump.catalog;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.camel.util.json.DeserializationException;
import org.apache.camel.util.json.JsonObject;
import org.apache.camel.util.json.Jsoner;

/**
 * Writes what tools look for in the jar, from the JSON by which Camel's catalog describes the component and from the
 * Kamelets: the component where {@code camel doc} finds it, and the two files that {@link KaotoCatalog} puts into a
 * catalog of Kaoto. It runs in the build.
 */
public final class CatalogEntries {
    static final String COMPONENTS = "META-INF/camel-rump/kaoto/components.json";
    static final String KAMELETS = "META-INF/camel-rump/kaoto/kamelets.json";

    private static final String NAME = "rump";
    private static final String DESCRIPTION = "META-INF/io/camelrump/rump.json";
    /** Camel's own catalog asks the class path for a component of each name. */
    private static final String CAMELS = "org/apache/camel/catalog/components/rump.json";

    private CatalogEntries() {}

    /**
     * Takes the folder of the compiled classes, which has the description and the Kamelets already.
     *
     * @throws IOException if a file is not there, or cannot be written
     * @throws DeserializationException if the description is not JSON
     */
    public static void main(String[] arguments) throws IOException, DeserializationException {
        write(Path.of(arguments[0]), Path.of(arguments[0]));
    }

    static void write(Path classes, Path output) throws IOException, DeserializationException {
        String description = Files.readString(classes.resolve(DESCRIPTION));
        write(output, CAMELS, description);
        write(
                output,
                COMPONENTS,
                components((JsonObject) Jsoner.deserialize(description)).toJson());
        write(output, KAMELETS, kamelets(classes.resolve("kamelets")).toJson());
    }

    private static JsonObject components(JsonObject component) {
        component.put("propertiesSchema", PropertiesSchema.ofComponent(component));
        return new JsonObject(Map.of(NAME, component));
    }

    private static JsonObject kamelets(Path folder) throws IOException {
        List<Path> files;
        try (Stream<Path> all = Files.list(folder)) {
            files = all.sorted().toList();
        }
        JsonObject kamelets = new JsonObject();
        for (Path file : files) {
            Map<String, Object> kamelet = Yaml.read(file);
            kamelet.put(
                    "propertiesSchema",
                    PropertiesSchema.ofKamelet(Yaml.mapping(Yaml.mapping(kamelet, "spec"), "definition")));
            kamelets.put((String) Yaml.mapping(kamelet, "metadata").get("name"), kamelet);
        }
        return kamelets;
    }

    private static void write(Path folder, String name, String json) throws IOException {
        Path file = folder.resolve(name);
        Path parent = file.getParent();
        if (parent != null) {
            Files.createDirectories(parent);
        }
        Files.writeString(file, json);
    }
}
