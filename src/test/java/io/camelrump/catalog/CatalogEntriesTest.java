package io.camelrump.catalog;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.camelrump.RumpEndpointUriFactory;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.camel.catalog.CamelCatalog;
import org.apache.camel.catalog.DefaultCamelCatalog;
import org.apache.camel.tooling.model.ComponentModel;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The entries of the component in the catalogs of tools, as the build writes them into the jar. */
class CatalogEntriesTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Path CLASSES = Path.of("target/classes");

    @TempDir
    private static Path jar;

    @TempDir
    private Path folder;

    private static ComponentModel component;

    @BeforeAll
    static void write() throws Exception {
        CatalogEntries.write(CLASSES, jar);
        // as a tool does that has the jar on its class path
        try (URLClassLoader classPath =
                new URLClassLoader(new URL[] {jar.toUri().toURL()})) {
            CamelCatalog catalog = new DefaultCamelCatalog();
            catalog.getVersionManager().setClassLoader(classPath);
            component = catalog.componentModel("rump");
        }
    }

    @Test
    void camelsOwnCatalogFindsTheComponentByItsName() {
        assertThat(component.getJavaType()).isEqualTo("io.camelrump.RumpComponent");
        assertThat(component.getEndpointOptions()).hasSizeGreaterThan(70);
    }

    @Test
    void kaotoShowsEachOptionAsCamelDescribesIt() throws IOException {
        JsonNode properties = components().at("/rump/propertiesSchema/properties");

        assertThat(names(properties)).isEqualTo(new RumpEndpointUriFactory().propertyNames());
        assertThat(component.getEndpointOptions()).allSatisfy(option -> {
            JsonNode property = properties.path(option.getName());
            assertThat(property.path("title").asText()).isEqualTo(option.getDisplayName());
            assertThat(property.path("description").asText()).isEqualTo(option.getDescription());
            assertThat(property.path("$comment").asText()).isEqualTo("group:" + option.getGroup());
            assertThat(property.path("deprecated").asBoolean()).isEqualTo(option.isDeprecated());
            assertThat(property.path("format").asText().endsWith("password")).isEqualTo(option.isSecret());
            assertThat(JSON.convertValue(property.get("enum"), new TypeReference<List<String>>() {}))
                    .isEqualTo(option.getEnums());
            assertThat(property.path("default").asText(null))
                    .isEqualTo(
                            option.getDefaultValue() == null
                                    ? null
                                    : option.getDefaultValue().toString());
        });
    }

    @Test
    void kaotoAsksForEachOptionByAFieldOfItsKind() throws IOException {
        JsonNode schema = components().at("/rump/propertiesSchema");

        assertThat(schema.path("type").asText()).isEqualTo("object");
        assertThat(schema.path("required")).hasToString("[\"name\"]");
        assertThat(field(schema, "host")).isEqualTo(Map.of("type", "string"));
        assertThat(field(schema, "port")).containsEntry("type", "integer");
        assertThat(field(schema, "live")).isEqualTo(Map.of("type", "boolean", "default", false));
        assertThat(field(schema, "queuePages")).isEqualTo(Map.of("type", "integer", "default", 16));
        assertThat(field(schema, "password")).isEqualTo(Map.of("type", "string", "format", "password"));
        assertThat(field(schema, "retryFor"))
                .isEqualTo(Map.of("type", "string", "format", "duration", "default", "60s"));
        assertThat(field(schema, "onConflict"))
                .isEqualTo(Map.of("type", "string", "enum", List.of("replace", "keep", "fail"), "default", "replace"));
        assertThat(field(schema, "sslContextParameters"))
                .isEqualTo(
                        Map.of("type", "string", "format", "bean:org.apache.camel.support.jsse.SSLContextParameters"));
        assertThat(field(schema, "schedulerProperties")).isEqualTo(Map.of("type", "object"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"rump-source", "rump-sink", "rump-migrate-action"})
    void kaotoShowsTheKameletsWithTheirIcon(String name) throws IOException {
        JsonNode kamelet = json(jar.resolve(CatalogEntries.KAMELETS)).path(name);

        assertThat(kamelet.at("/metadata/annotations")
                        .path("camel.apache.org/kamelet.icon")
                        .asText())
                .startsWith("data:image/svg+xml;base64,");
        JsonNode definition = kamelet.at("/spec/definition");
        JsonNode schema = kamelet.path("propertiesSchema");
        assertThat(schema.path("title")).isEqualTo(definition.path("title"));
        assertThat(schema.path("description")).isEqualTo(definition.path("description"));
        assertThat(schema.get("required")).isEqualTo(definition.get("required"));
        assertThat(names(schema.path("properties"))).hasSizeGreaterThan(20);
        assertThat(schema.path("properties")).isEqualTo(definition.path("properties"));
    }

    @Test
    void aCatalogOfKaotoGetsTheEntriesAndKeepsItsOwn() throws IOException {
        for (String runtime : List.of("main", "quarkus")) {
            put(runtime + "/4.18/components-1.json", """
                    {"log": {"component": {"name": "log"}, "version": 1.5}}""");
            put(runtime + "/4.18/kamelets-1.json", """
                    {"log-sink": {"kind": "Kamelet"}, "rump-sink": {"kind": "of an older version"}}""");
            put(runtime + "/4.18/index.json", """
                    {"catalogs": {"components": {"file": "components-1.json"}, "kamelets": {"file": "kamelets-1.json"}}}""");
        }
        put("citrus/index.json", """
                {"catalogs": {"actions": {"file": "absent.json"}}}""");
        String index = put("index.json", """
                {"definitions": [{"fileName": "main/4.18/index.json"}, {"fileName": "quarkus/4.18/index.json"},
                    {"fileName": "citrus/index.json"}]}""");

        for (int time = 0; time < 2; time++) {
            assertThat(add(folder.toString()))
                    .isEqualTo("0: Added rump and its Kamelets to 2 catalogs in " + folder + ".");
        }

        JsonNode components = json(folder.resolve("quarkus/4.18/components-1.json"));
        assertThat(components)
                .hasToString("{\"log\":{\"component\":{\"name\":\"log\"},\"version\":1.5},\"rump\":"
                        + components().path("rump") + "}");
        JsonNode kamelets = json(folder.resolve("main/4.18/kamelets-1.json"));
        assertThat(names(kamelets))
                .containsExactlyInAnyOrder("log-sink", "rump-source", "rump-sink", "rump-migrate-action");
        assertThat(kamelets.at("/rump-sink/kind").asText()).isEqualTo("Kamelet");
        assertThat(folder.resolve("index.json")).hasContent(index);
        assertThat(folder.resolve("main/4.18").toFile().list()).hasSize(3);
    }

    @Test
    void aFolderWithoutACatalogIsRefused() throws IOException {
        assertThat(add()).startsWith("2: Name the folder");
        assertThat(add(folder.toString()))
                .startsWith("1: " + folder + " holds no catalog")
                .contains("index.json");

        put("index.json", """
                {"definitions": [{"fileName": "../../index.json"}]}""");
        assertThat(add(folder.toString())).startsWith("1: ").contains("outside");
    }

    private static String add(String... arguments) {
        ByteArrayOutputStream printed = new ByteArrayOutputStream();
        PrintStream stream = new PrintStream(printed, true, StandardCharsets.UTF_8);
        int code = KaotoCatalog.run(stream, stream, arguments);
        return code + ": " + printed.toString(StandardCharsets.UTF_8).strip();
    }

    private String put(String file, String content) throws IOException {
        Path path = folder.resolve(file);
        Files.createDirectories(path.getParent());
        Files.writeString(path, content);
        return content;
    }

    private static JsonNode components() throws IOException {
        return json(jar.resolve(CatalogEntries.COMPONENTS));
    }

    private static JsonNode json(Path file) throws IOException {
        return JSON.readTree(file.toFile());
    }

    /** Keys of an option's schema by which a form chooses its field. */
    private static Map<String, Object> field(JsonNode schema, String option) {
        ObjectNode property = schema.at("/properties/" + option).deepCopy();
        property.remove(List.of("title", "description", "$comment"));
        return JSON.convertValue(property, new TypeReference<>() {});
    }

    private static Set<String> names(JsonNode object) {
        return object.properties().stream().map(Map.Entry::getKey).collect(Collectors.toSet());
    }
}
