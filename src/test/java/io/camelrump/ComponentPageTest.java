package io.camelrump;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ComponentPageTest {
    private static final Path PAGE = Path.of("src/main/docs/rump-component.adoc");

    @Test
    void tellsOfEachOptionOfOurOwnWithItsDefaultAndDescription() throws IOException {
        String page = Files.readString(PAGE);

        for (Map.Entry<String, JsonNode> option : catalog().get("properties").properties()) {
            if (isOurs(option.getKey())) {
                assertThat(page)
                        .contains("| *" + option.getKey() + "* ")
                        .contains("| " + option.getValue().get("description").asText() + " | "
                                + option.getValue().path("defaultValue").asText());
            }
        }
    }

    @Test
    void tellsOfEachHeader() throws IOException {
        String page = Files.readString(PAGE);

        for (Map.Entry<String, JsonNode> header : catalog().get("headers").properties()) {
            assertThat(page)
                    .contains("| " + header.getKey() + " ")
                    .contains(header.getValue().get("description").asText());
        }
    }

    private static JsonNode catalog() throws IOException {
        try (InputStream json = RumpEndpoint.class.getResourceAsStream("/META-INF/io/camelrump/rump.json")) {
            return new ObjectMapper().readTree(json);
        }
    }

    /** Options that Camel's polling consumers share have their page at Camel's. */
    private static boolean isOurs(String option) {
        return Arrays.stream(RumpEndpoint.class.getDeclaredFields())
                .anyMatch(field -> field.getName().equals(option));
    }
}
