package io.camelrump;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ComponentPageTest {
    private static final Path PAGE = Path.of("src/main/docs/rump-component.adoc");

    @Test
    void tellsOfEachOptionOfOurOwn() throws IOException {
        for (Map.Entry<String, JsonNode> option : catalog().get("properties").properties()) {
            if (isOurs(option.getKey())) {
                assertHasRow(option, option.getValue().get("kind").asText());
            }
        }
    }

    @Test
    void tellsOfEachOptionOfTheComponent() throws IOException {
        for (Map.Entry<String, JsonNode> option :
                catalog().get("componentProperties").properties()) {
            assertHasRow(option, "component");
        }
    }

    @Test
    void tellsOfEachHeader() throws IOException {
        for (Map.Entry<String, JsonNode> header : catalog().get("headers").properties()) {
            assertThat(Files.readAllLines(PAGE))
                    .contains("| " + header.getKey() + " ("
                            + header.getValue().get("group").asText() + ") | "
                            + header.getValue().get("description").asText() + " | " + type(header.getValue()));
        }
    }

    private static void assertHasRow(Map.Entry<String, JsonNode> option, String kind) throws IOException {
        JsonNode told = option.getValue();
        String group = kind.equals("path") ? kind : told.get("group").asText();
        assertThat(Files.readAllLines(PAGE))
                .contains("| *" + option.getKey() + "* (" + group + ") | "
                        + told.get("description").asText() + " | "
                        + told.path("defaultValue").asText() + " | " + type(told));
    }

    private static String type(JsonNode told) {
        return told.get("javaType").asText().replaceAll("\\b[a-z]+\\.", "");
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
