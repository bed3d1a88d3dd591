package io.camelrump.cli.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.camel.NoSuchLanguageException;
import org.apache.camel.catalog.CamelCatalog;
import org.apache.camel.catalog.DefaultCamelCatalog;
import org.junit.jupiter.api.Test;

/** Errors of routes that name what is not there have the artifact that has it. */
class MissingArtifactTest {
    private static final Path TABLE = Path.of("src/main/resources/io/camelrump/cli/process", MissingArtifact.TABLE);
    private static final Path FOUND = Path.of("target", MissingArtifact.TABLE);

    /** Writes the table from Camel's catalog, and compares ours with it. */
    @Test
    void theTableIsThatOfCamelsCatalog() throws IOException {
        CamelCatalog catalog = new DefaultCamelCatalog();
        List<String> lines = new ArrayList<>();
        catalog.findComponentNames()
                .forEach(name -> lines.add(
                        "component " + name + " " + catalog.componentModel(name).getArtifactId()));
        catalog.findLanguageNames()
                .forEach(name -> lines.add(
                        "language " + name + " " + catalog.languageModel(name).getArtifactId()));
        catalog.findDataFormatNames()
                .forEach(name -> lines.add("dataformat " + name + " "
                        + catalog.dataFormatModel(name).getArtifactId()));
        Files.writeString(FOUND, String.join("\n", lines) + "\n");

        assertThat(TABLE).as("copy " + FOUND).hasSameTextualContentAs(FOUND);
    }

    @Test
    void theArtifactOfAMissingLanguageIsNamed() {
        assertThat(Failure.of(new IllegalStateException(new NoSuchLanguageException("jq")))
                        .message())
                .contains("No language could be found for: jq", "To do: put org.apache.camel:camel-jq:")
                .endsWith(" and the jars that it needs into the class path");
    }

    @Test
    void nothingIsAdvisedForANameThatCamelDoesNotHave() {
        assertThat(Failure.of(new NoSuchLanguageException("jqq")).message()).doesNotContain("To do");
    }
}
