package io.camelrump;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.camelrump.fixtures.YamlDsl;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Every file in routes/ is valid and told apart by its ids; that each one runs is shown by {@link ExamplesIT}. */
class RoutesTest {
    private static final YAMLMapper YAML = new YAMLMapper(new YAMLFactory());

    @ParameterizedTest
    @MethodSource("files")
    void isValid(Path file) throws IOException {
        assertThat(YamlDsl.errors(read(file))).isEmpty();
    }

    @ParameterizedTest
    @MethodSource("files")
    void idsAreKebabCaseAndUnique(Path file) throws IOException {
        JsonNode routes = read(file);
        List<String> ids = new ArrayList<>(routes.findValuesAsText("id"));
        routes.findValues("templatedRoute").forEach(route -> ids.addAll(route.findValuesAsText("routeId")));
        assertThat(ids).isNotEmpty().doesNotHaveDuplicates().allMatch(id -> id.matches("[a-z]+(-[a-z]+)*"));
    }

    @ParameterizedTest
    @MethodSource("files")
    void everyRouteHasAnIdAndADescription(Path file) throws IOException {
        for (JsonNode route : read(file).findValues("route")) {
            assertThat(route.path("id").asText()).isNotBlank();
            assertThat(route.path("description").asText()).isNotBlank();
        }
    }

    @ParameterizedTest
    @MethodSource("files")
    void beginsWithASentenceOnWhatItDoes(Path file) throws IOException {
        assertThat(Files.readString(file)).startsWith("# ");
    }

    /** The short form, a text in its place, is what editors do not write and newer versions of Camel warn of. */
    @ParameterizedTest
    @MethodSource("files")
    void expressionsAreSpelledOut(Path file) throws IOException {
        JsonNode routes = YAML.readTree(file.toFile());
        assertThat(Stream.of("simple", "constant").flatMap(language -> routes.findValues(language).stream()))
                .allMatch(JsonNode::isObject);
    }

    @ParameterizedTest
    @CsvSource({"migrate.camel.yaml, 45", "compare.camel.yaml, 25"})
    void aBuiltInFileFitsOnAScreen(String file, int most) throws IOException {
        assertThat(Files.readAllLines(Path.of("routes", file)))
                .filteredOn(line -> !line.isBlank() && !line.strip().startsWith("#"))
                .hasSizeLessThanOrEqualTo(most);
    }

    @Test
    void schemaCatchesAMisspeltStep() throws IOException {
        String wrong = Files.readString(Path.of("routes/migrate.camel.yaml")).replaceFirst("steps:", "stpes:");
        assertThat(YamlDsl.errors(YAML.readTree(wrong))).isNotEmpty();
    }

    static List<Path> files() throws IOException {
        try (Stream<Path> files = Files.walk(Path.of("routes"))) {
            return files.filter(Files::isRegularFile).sorted().toList();
        }
    }

    private static JsonNode read(Path file) throws IOException {
        return YAML.readTree(file.toFile());
    }
}
