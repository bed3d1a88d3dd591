package io.camelrump;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.camelrump.fixtures.YamlDsl;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.apache.camel.impl.DefaultCamelContext;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The Kamelets and the route template are valid, and say of an option what the component says. */
class KameletTest {
    private static final Path RESOURCES = Path.of("src/main/resources");
    private static final YAMLMapper YAML = new YAMLMapper();
    private static final Pattern PLACEHOLDER = Pattern.compile("\\{\\{\\??([A-Za-z]+)}}");

    @ParameterizedTest
    @ValueSource(strings = {"rump-source", "rump-sink", "rump-migrate-action"})
    void describesEachOptionAsTheComponentDoes(String name) throws IOException {
        JsonNode catalog = new ObjectMapper()
                .readTree(KameletTest.class.getResourceAsStream("/META-INF/io/camelrump/rump.json"))
                .path("properties");
        JsonNode properties = kamelet(name).at("/spec/definition/properties");

        assertThat(properties.properties()).hasSizeGreaterThan(20).allSatisfy(property -> {
            JsonNode option = catalog.path(property.getKey());
            String byDefault = option.path("defaultValue").asText();
            assertThat(property.getValue().path("description").asText())
                    .isEqualTo(option.path("description").asText()
                            + (byDefault.isEmpty() ? "" : " Default: " + byDefault + "."));
            assertThat(
                            property.getValue().path("enum").isMissingNode()
                                    ? null
                                    : property.getValue().get("enum"))
                    .isEqualTo(option.path("enum").isMissingNode() ? null : option.get("enum"));
            assertThat(property.getValue().path("format").asText().equals("password"))
                    .isEqualTo(option.path("secret").asBoolean());
        });
    }

    @ParameterizedTest
    @ValueSource(strings = {"rump-source", "rump-sink", "rump-migrate-action"})
    void isValidAndHandsEachPropertyOn(String name) throws IOException {
        JsonNode kamelet = kamelet(name);
        ArrayNode routes = YAML.createArrayNode();
        ObjectNode template = kamelet.at("/spec/template").deepCopy();
        routes.addObject().set("routeTemplate", template.put("id", name));

        assertThat(YamlDsl.errors(routes)).isEmpty();
        assertThat(kamelet.path("apiVersion").asText()).isEqualTo("camel.apache.org/v1");
        assertThat(kamelet.path("kind").asText()).isEqualTo("Kamelet");
        assertThat(kamelet.at("/metadata/name").asText()).isEqualTo(name);
        assertThat(kamelet.at("/metadata/labels")
                        .path("camel.apache.org/kamelet.type")
                        .asText())
                .isEqualTo(name.substring(name.lastIndexOf('-') + 1));
        assertThat(icon(kamelet)).startsWith("<svg ");
        assertThat(placeholders(kamelet.at("/spec/template")))
                .isEqualTo(names(kamelet.at("/spec/definition/properties")));
    }

    @Test
    void templateIsValidAndUsesEachParameter() throws IOException {
        JsonNode file = YAML.readTree(RESOURCES
                .resolve("META-INF/camel-rump/templates/rump-migration.camel.yaml")
                .toFile());

        assertThat(YamlDsl.errors(file)).isEmpty();
        JsonNode template = file.at("/0/routeTemplate");
        assertThat(placeholders(template))
                .isEqualTo(new TreeSet<>(template.path("parameters").findValuesAsText("name")));
    }

    @Test
    void noneIsLoadedBeforeItIsUsed() throws Exception {
        try (DefaultCamelContext context = new DefaultCamelContext()) {
            context.start();

            assertThat(context.getRouteTemplateDefinitions()).isEmpty();
        }
    }

    private static String icon(JsonNode kamelet) {
        String url = kamelet.at("/metadata/annotations")
                .path("camel.apache.org/kamelet.icon")
                .asText();
        assertThat(url).startsWith("data:image/svg+xml;base64,");
        return new String(Base64.getDecoder().decode(url.substring(url.indexOf(',') + 1)));
    }

    private static Set<String> placeholders(JsonNode template) {
        return PLACEHOLDER
                .matcher(template.toString())
                .results()
                .map(found -> found.group(1))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static Set<String> names(JsonNode properties) {
        return properties.properties().stream().map(Map.Entry::getKey).collect(Collectors.toCollection(TreeSet::new));
    }

    private static JsonNode kamelet(String name) throws IOException {
        return YAML.readTree(Files.readString(RESOURCES.resolve("kamelets/" + name + ".kamelet.yaml")));
    }
}
