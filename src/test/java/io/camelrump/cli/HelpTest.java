package io.camelrump.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.camelrump.cli.process.ExitCode;
import io.camelrump.cli.process.StopSignals;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;
import picocli.CommandLine.Model.OptionSpec;

/** {@code --help} reads alike for every flag of every command. */
class HelpTest {
    /** Verbs that a flag's description may begin with. */
    private static final Set<String> VERBS = Set.of(
            "Accept", "Ask", "Carry", "Close", "Compare", "Copy", "Count", "Cut", "Delete", "Follow", "Give", "Keep",
            "Leave", "Let", "Log", "Look", "Migrate", "Pause", "Present", "Print", "Read", "Record", "Rename",
            "Replace", "Request", "Resume", "Run", "Scan", "Select", "Serve", "Show", "Start", "Stop", "Treat", "Trust",
            "Use", "Wait", "Write");

    @ParameterizedTest(name = "{0} {1}")
    @MethodSource("flags")
    void everyDescriptionBeginsWithAVerb(String command, String flag, String description) {
        assertThat(description.split(" ")[0]).isIn(VERBS);
    }

    @ParameterizedTest(name = "{0} {1}")
    @MethodSource("flags")
    void everyDescriptionStatesTheDefault(String command, String flag, String description) {
        assertThat(description).endsWith(".");
        if (!flag.equals("--help") && !flag.equals("--version")) {
            assertThat(description).containsOnlyOnce(" Default: ");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "check", "compare"})
    void everyCommandListsItsExitCodes(String command) {
        String help = help(command);

        assertThat(help.substring(help.indexOf("Exit codes:")))
                .contains("\n    0  ", "\n    1  ", "\n    2  ", "\n    3  ", "\n  129, 130, 143  ");
    }

    @Test
    void helpOfAMigrationListsEveryExitCode() {
        assertThat(Stream.of(ExitCode.values()).map(ExitCode::number))
                .allSatisfy(number -> assertThat(help("")).containsPattern("(?m)^ +(\\d+, )*" + number + "[ ,]"));
    }

    /** An address that is broken at its colon is copied wrong. */
    @ParameterizedTest
    @ValueSource(strings = {"", "check", "compare"})
    void linesFitAndWordsAreWhole(String command) {
        String help = help(command);

        assertThat(help.lines()).allMatch(line -> line.length() <= HelpText.WIDTH);
        String words = help.replaceAll("\\s+", " ");
        assertThat(command(command).getCommandSpec().options()).isNotEmpty().allSatisfy(flag -> assertThat(words)
                .contains(flag.longestName(), description(flag).replace("%%", "%")));
    }

    private static Stream<Arguments> flags() {
        return Stream.of("", "check", "compare", "demo", "routes", "report", "completion")
                .flatMap(command -> command(command).getCommandSpec().options().stream()
                        .map(flag -> Arguments.of(command, flag.longestName(), description(flag))));
    }

    private static String description(OptionSpec flag) {
        return String.join("", flag.description());
    }

    private static String help(String command) {
        return command(command).getUsageMessage();
    }

    private static CommandLine command(String name) {
        CommandLine rump = Rump.commandLine(new String[] {name, "--help"}, Map.of(), StopSignals.none());
        return name.isEmpty() ? rump : rump.getSubcommands().get(name);
    }
}
