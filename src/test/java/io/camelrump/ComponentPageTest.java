package io.camelrump;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The component's page has the tables that follow from the catalog: nothing less, and nothing that is gone. */
class ComponentPageTest {
    private static final Path PAGE = Path.of("src/main/docs/rump-component.adoc");
    private static final Path TABLES = Path.of("target/component-options.adoc");
    private static final List<String> GROUPS = List.of(
            "path",
            "common",
            "security",
            "tls",
            "sentinel",
            "filter",
            "mapping",
            "consumer",
            "producer",
            "speed",
            "live",
            "checkpoint",
            "compare",
            "advanced",
            "health");

    private static String options;
    private static String componentOptions;
    private static String headers;

    /** Writes the tables, to be copied into the page. */
    @BeforeAll
    static void writeTables() throws IOException {
        JsonNode catalog = catalog();
        options = table("3,6,1,1", "| Name | Description | Default | Type", rows(catalog, "properties"));
        componentOptions =
                table("3,6,1,1", "| Name | Description | Default | Type", rows(catalog, "componentProperties"));
        headers = table(
                "3,6,1",
                "| Name | Description | Type",
                catalog.get("headers").properties().stream().map(ComponentPageTest::header));
        Files.writeString(TABLES, String.join("\n\n", componentOptions, options, headers) + "\n");
    }

    @Test
    void hasEachOptionOfOurOwn() throws IOException {
        assertHas(options);
    }

    @Test
    void hasEachOptionOfTheComponent() throws IOException {
        assertHas(componentOptions);
    }

    @Test
    void hasEachHeader() throws IOException {
        assertHas(headers);
    }

    private static void assertHas(String table) throws IOException {
        assertThat(Files.readString(PAGE))
                .as(PAGE + " has another table than " + TABLES + ", which follows from the code: copy it")
                .contains(table);
    }

    private static String table(String widths, String head, Stream<String> rows) {
        return rows.collect(Collectors.joining(
                "\n", "[width=\"100%\",cols=\"" + widths + "\",options=\"header\"]\n|===\n" + head + "\n", "\n|==="));
    }

    private static Stream<String> rows(JsonNode catalog, String kind) {
        Function<Map.Entry<String, JsonNode>, Integer> group = option -> GROUPS.indexOf(group(option.getValue()));
        return catalog.get(kind).properties().stream()
                .filter(option -> !kind.equals("properties") || isOurs(option.getKey()))
                .sorted(Comparator.comparing(group).thenComparing(Map.Entry::getKey))
                .map(ComponentPageTest::row);
    }

    private static String row(Map.Entry<String, JsonNode> option) {
        JsonNode known = option.getValue();
        return "| *" + option.getKey() + "* (" + group(known) + ") | "
                + known.get("description").asText() + " | "
                + known.path("defaultValue").asText() + " | " + type(known);
    }

    private static String header(Map.Entry<String, JsonNode> header) {
        JsonNode known = header.getValue();
        return "| " + header.getKey() + " (" + known.get("group").asText() + ") | "
                + known.get("description").asText() + " | " + type(known);
    }

    private static String group(JsonNode option) {
        return option.get("kind").asText().equals("path")
                ? "path"
                : option.get("group").asText();
    }

    private static String type(JsonNode known) {
        return known.get("javaType").asText().replaceAll("\\b[a-z]+\\.", "");
    }

    private static JsonNode catalog() throws IOException {
        try (InputStream json = RumpEndpoint.class.getResourceAsStream("/META-INF/io/camelrump/rump.json")) {
            return new ObjectMapper().readTree(json);
        }
    }

    /** Options that Camel's polling consumers share have their page at Camel's. */
    private static boolean isOurs(String option) {
        return OptionFields.all().anyMatch(field -> field.getName().equals(option));
    }
}
