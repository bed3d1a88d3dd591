package io.camelrump.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** The schema of the summary for machines, as the docs have it. */
final class SummarySchema {
    private SummarySchema() {}

    /** The document, which keeps to the schema, whose counts add up, and whose series has no holes. */
    static JsonNode valid(String document) throws IOException {
        JsonNode content = new ObjectMapper().readTree(document);
        try (InputStream text = Files.newInputStream(Path.of("src/main/docs/summary.schema.json"))) {
            JsonSchema schema =
                    JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V7).getSchema(text);
            assertThat(schema.validate(content)).as(document).isEmpty();
        }
        JsonNode counts = content.path("counts");
        long answered = Stream.of(
                        "restored", "kept", "vanished", "filtered", "deleted", "handedOn", "refused", "inFlight")
                .mapToLong(name -> counts.path(name).asLong())
                .sum();
        assertThat(counts.path("read").asLong()).isEqualTo(answered);
        for (String part : List.of("/series", "/comparison/series", "/wayBack/series")) {
            assertColumnsOfOneLength(content.at(part));
        }
        return content;
    }

    private static void assertColumnsOfOneLength(JsonNode series) {
        int points = series.path("seconds").size();
        series.properties().stream()
                .filter(column -> !column.getKey().equals("phases"))
                .forEach(column ->
                        assertThat(column.getValue()).as(column.getKey()).hasSize(points));
    }
}
