package io.camelrump.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** The README shows the project as it is. */
class ReadmeTest {
    private static final Path README = Path.of("README.md");

    @Test
    void thePipelineIsTheFile() throws IOException {
        String text = Files.readString(README);
        int start = text.indexOf("```yaml\n") + "```yaml\n".length();
        JsonNode shown = new YAMLMapper().readTree(text.substring(start, text.indexOf("```", start)));

        assertThat(shown)
                .isEqualTo(new YAMLMapper()
                        .readTree(Path.of("routes/migrate.camel.yaml").toFile()));
    }
}
