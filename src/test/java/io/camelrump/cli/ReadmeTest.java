package io.camelrump.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import picocli.CommandLine.Model.ArgGroupSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/** What the README shows of the project is so. */
class ReadmeTest {
    private static final Path README = Path.of("README.md");
    private static final Path TABLE = Path.of("target/options.md");
    private static final Pattern DESCRIPTION = Pattern.compile("(.*?)(?: Default: (.*)\\.)?");

    @Test
    void thePipelineIsTheFileWithoutTheOptionsThatItPassesOn() throws IOException {
        String text = Files.readString(README);
        int start = text.indexOf("```yaml\n") + "```yaml\n".length();
        JsonNode shown = new YAMLMapper().readTree(text.substring(start, text.indexOf("```", start)));
        JsonNode file =
                new YAMLMapper().readTree(Path.of("routes/migrate.camel.yaml").toFile());

        for (JsonNode endpoint : file.findParents("uri")) {
            if (endpoint.get("uri").asText().startsWith("rump:")) {
                ((ObjectNode) endpoint.get("parameters")).retain("host", "password");
            }
        }

        assertThat(shown).isEqualTo(file);
    }

    /** Writes the table of the flags, and compares the README with it. */
    @Test
    void theTableOfOptionsIsWhatTheCommandTakes() throws IOException {
        Files.writeString(TABLE, table());

        assertThat(Files.readString(README))
                .as("README.md has another table than " + TABLE + ", which has the flags as they are: copy it")
                .contains(table());
    }

    private static String table() {
        CommandSpec spec =
                Rump.commandLine(new String[0], Map.of(), StopSignals.none()).getCommandSpec();
        Map<String, String> options = options((RumpCommand) spec.userObject());
        List<String> rows =
                new ArrayList<>(List.of("| flag | default | unit | meaning | option |", "|---|---|---|---|---|"));
        spec.argGroups().stream()
                .sorted(Comparator.comparing(ArgGroupSpec::order))
                .flatMap(group -> group.options().stream())
                .filter(flag -> !flag.usageHelp() && !flag.versionHelp())
                .map(flag -> row(flag, options.getOrDefault(flag.longestName(), "")))
                .forEach(rows::add);
        return String.join("\n", rows);
    }

    private static String row(OptionSpec flag, String option) {
        String text = String.join("", flag.description())
                .replace("%%", "%")
                .replace("${DEFAULT-VALUE}", String.valueOf(flag.defaultValue()));
        Matcher parts = DESCRIPTION.matcher(text);
        assertThat(parts.matches()).isTrue();
        String otherwise = parts.group(2) == null ? "" : parts.group(2);
        String unit = flag.paramLabel().replace("|", ", ");
        return "| `" + flag.longestName() + "` | " + escaped(otherwise) + " | " + unit + " | " + escaped(parts.group(1))
                + " | " + option + " |";
    }

    private static String escaped(String text) {
        return text.replace("|", "\\|").replace("*", "\\*");
    }

    /** The option of an endpoint, or the property of a bean, that each flag is passed on as. */
    private static Map<String, String> options(RumpCommand command) {
        Map<String, String> options = new HashMap<>();
        Stream.of(RouteFile.MIGRATE, RouteFile.COMPARE)
                .map(RouteFile::passedOn)
                .map(Map::entrySet)
                .flatMap(Set::stream)
                .forEach(property -> options.put(
                        command.flag(property.getKey()),
                        property.getValue().replaceFirst(":.*", "")
                                + (property.getKey().startsWith("batch.") ? " of JoinPages" : "")));
        return options;
    }
}
