package io.camelrump.cli;

import io.camelrump.cli.flags.FlagGroup;
import io.camelrump.cli.process.StopSignals;
import io.camelrump.cli.process.Version;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/** Writes the manual page of the command, which has what {@code --help} of all commands has. */
final class ManPage {
    /** Where the examples of a help text end, and its exit codes begin. */
    private static final String EXIT_CODES = "Exit codes:";

    private static final List<List<String>> ENVIRONMENT = List.of(
            List.of("RUMP_FROM, RUMP_TO", "Addresses, instead of --from and --to."),
            List.of("RUMP_FROM_PASSWORD, RUMP_TO_PASSWORD", "Passwords."),
            List.of("RUMP_CONTROL_TOKEN", "Token by which a run is steered, for whoever asks and whoever is asked."),
            List.of("RUMP_JAVA_OPTS", "JVM options, such as -Xmx512m."),
            List.of("RUMP_START_CACHE", "off caches nothing that makes the next start faster; make does that alone."),
            List.of("RUMP_DEBUG", "1 prints stack traces."),
            List.of("JAVA_HOME", "The Java to use, 17 or newer."));

    private final StringBuilder page = new StringBuilder();

    private ManPage() {}

    /** Takes the file to write, and the instant of the build. */
    public static void main(String[] words) throws IOException {
        String date = words[1].substring(0, words[1].indexOf('T'));
        Files.writeString(Path.of(words[0]), text(date), StandardCharsets.UTF_8);
    }

    /** In the macros of man(7). */
    static String text(String date) {
        return new ManPage().write(date);
    }

    private String write(String date) {
        String[] names = HelpText.commands().stream().map(CommandText::name).toArray(String[]::new);
        CommandLine command = Rump.commandLine(names, Map.of(), StopSignals.none());
        page.append(".TH RUMP 1 \"").append(date).append("\" \"camel-rump ").append(Version.own());
        page.append("\" \"User Commands\"\n");
        heading("NAME");
        line("rump \\- copy every key of a live Redis to another");
        heading("SYNOPSIS");
        asItIs(MigrationHelp.TEXT.synopsis().stream().map(String::strip).toList());
        heading("DESCRIPTION");
        paragraph(MigrationHelp.TEXT.description());
        options(((RumpCommand) command.getCommandSpec().userObject()).groups);
        commands(command);
        List<String> footer = MigrationHelp.TEXT.footer();
        int examples = footer.indexOf("");
        int exitCodes = footer.indexOf(EXIT_CODES);
        heading("EXAMPLES");
        asItIs(footer.subList(0, examples));
        heading("EXIT STATUS");
        asItIs(footer.subList(exitCodes + 1, footer.size()));
        heading("ENVIRONMENT");
        ENVIRONMENT.forEach(variable -> tagged(bold(variable.get(0)), variable.get(1)));
        heading("NOTES");
        paragraph(footer.subList(examples + 1, exitCodes));
        return page.toString();
    }

    private void options(List<FlagGroup> groups) {
        heading("OPTIONS");
        for (FlagGroup group : groups) {
            page.append(".SS ").append(escaped(group.heading())).append('\n');
            group.options().forEach(this::option);
        }
    }

    private void option(OptionSpec option) {
        // the short one first
        Set<String> names = new LinkedHashSet<>(List.of(option.shortestName(), option.longestName()));
        String value = option.arity().max() == 0 ? "" : "=" + italic(option.paramLabel());
        String shown = option.arity().min() == 0 && !value.isEmpty() ? "[" + value + "]" : value;
        tagged(names.stream().map(ManPage::bold).collect(Collectors.joining(", ")) + shown, option.description()[0]);
    }

    private void commands(CommandLine command) {
        heading("COMMANDS");
        Set<String> common = command.getCommandSpec().optionsMap().keySet();
        for (CommandText text : HelpText.commands()) {
            CommandSpec spec = command.getSubcommands().get(text.name()).getCommandSpec();
            page.append(".SS rump ").append(escaped(text.name())).append('\n');
            paragraph(text.description());
            List<OptionSpec> own = new ArrayList<>(spec.options());
            if (spec.userObject() instanceof RumpCommand) {
                own.removeIf(option -> common.contains(option.longestName()));
            }
            own.removeIf(OptionSpec::usageHelp);
            own.forEach(this::option);
        }
    }

    private void heading(String name) {
        page.append(".SH ").append(name).append('\n');
    }

    private void paragraph(List<String> lines) {
        page.append(".PP\n");
        for (String line : lines) {
            if (line.isEmpty()) {
                page.append(".PP\n");
            } else {
                line(escaped(line));
            }
        }
    }

    /** Lines that are not filled. */
    private void asItIs(List<String> lines) {
        page.append(".nf\n");
        lines.forEach(line -> line(escaped(line)));
        page.append(".fi\n");
    }

    private void tagged(String tag, String description) {
        page.append(".TP\n");
        line(tag);
        line(escaped(description));
    }

    /** @param text escaped */
    private void line(String text) {
        // a dot or an apostrophe would begin a request
        page.append(text.startsWith(".") || text.startsWith("'") ? "\\&" : "")
                .append(text)
                .append('\n');
    }

    private static String bold(String text) {
        return "\\fB" + escaped(text) + "\\fR";
    }

    private static String italic(String text) {
        return "\\fI" + escaped(text) + "\\fR";
    }

    private static String escaped(String text) {
        return text.replace("%%", "%")
                .replace("\\", "\\e")
                .replace("-", "\\-")
                .replace("'", "\\(aq")
                .replace("^", "\\(ha")
                .replace("~", "\\(ti");
    }
}
