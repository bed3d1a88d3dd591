package io.camelrump.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.camelrump.RumpEndpointUriFactory;
import io.camelrump.cli.flags.FlagGroup;
import io.camelrump.cli.flags.FlagNames;
import io.camelrump.cli.flags.RouteProperties;
import io.camelrump.cli.process.StopSignals;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.camel.util.StringHelper;
import org.junit.jupiter.api.Test;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/** The command's page has a table for each group of flags, which reads as {@code --help} does. */
class CommandPageTest {
    private static final Path PAGE = Path.of("src/main/docs/command.adoc");
    private static final Path TABLES = Path.of("target/flags.adoc");
    private static final Pattern DESCRIPTION = Pattern.compile("(.*?)(?: Default: (.*)\\.)?");

    /** Writes the tables of the flags, and compares the page with them. */
    @Test
    void theTablesOfFlagsAreWhatTheCommandTakes() throws IOException {
        List<String> tables = tables();
        Files.writeString(TABLES, String.join("\n\n", tables));

        assertThat(Files.readString(PAGE))
                .as(PAGE + " has other tables than " + TABLES + ", which has the flags as they are: copy them")
                .contains(tables);
    }

    private static List<String> tables() {
        CommandSpec spec =
                Rump.commandLine(new String[0], Map.of(), StopSignals.none()).getCommandSpec();
        RumpCommand command = (RumpCommand) spec.userObject();
        Map<String, String> options = options(command);
        return command.groups.stream().map(group -> table(group, options)).toList();
    }

    private static String table(FlagGroup group, Map<String, String> options) {
        List<String> rows = new ArrayList<>(List.of(
                "." + group.heading(),
                "[width=\"100%\",cols=\"3,2,2,6,2\",options=\"header\"]",
                "|===",
                "| Flag | Default | Value | What it does | Endpoint option"));
        group.options().stream()
                .filter(flag -> !flag.usageHelp() && !flag.versionHelp())
                .map(flag -> row(flag, options.getOrDefault(flag.longestName(), "")))
                .forEach(rows::add);
        rows.add("|===");
        return String.join("\n", rows);
    }

    private static String row(OptionSpec flag, String option) {
        String text = String.join("", flag.description()).replace("%%", "%");
        Matcher parts = DESCRIPTION.matcher(text);
        assertThat(parts.matches()).isTrue();
        String otherwise = parts.group(2) == null ? "" : parts.group(2);
        String unit = flag.paramLabel().replace("|", ", ");
        return "| `" + flag.longestName() + "` | " + escaped(otherwise) + " | " + unit + " | " + escaped(parts.group(1))
                + (" | " + option).stripTrailing();
    }

    private static String escaped(String text) {
        return text.replace("|", "\\|").replace("*", "{asterisk}");
    }

    /** The option of an endpoint, or the property of a bean, that each flag sets. */
    private static Map<String, String> options(RumpCommand command) {
        FlagNames flags = new FlagNames(command.spec);
        Map<String, String> options = new HashMap<>();
        for (String prefix : List.of(RouteProperties.SOURCE, RouteProperties.TARGET, RouteProperties.ALL)) {
            new RumpEndpointUriFactory()
                    .propertyNames()
                    .forEach(option -> options.put(flags.of(prefix + StringHelper.camelCaseToDash(option)), option));
        }
        for (String property : List.of("batchKeys", "batchBytes")) {
            options.put("--" + StringHelper.camelCaseToDash(property), property + " of JoinPages");
        }
        return options;
    }
}
