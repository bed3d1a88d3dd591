package io.camelrump.cli;

import io.camelrump.cli.flags.FlagGroup;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Help;
import picocli.CommandLine.IHelpSectionRenderer;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/**
 * The text of {@code --help} for a command with groups of flags. It looks like picocli's, whose own layout is found
 * anew for each group: that is half of the work of a call for help.
 */
record HelpText(CommandText text, List<FlagGroup> groups) implements IHelpSectionRenderer {
    /** Columns of a line. */
    static final int WIDTH = 110;

    private static final int DESCRIPTION_COLUMN = 29;
    private static final int COMMAND_COLUMN = 11;
    /** How much further lines of a description stand in. */
    private static final String INDENT = "  ";

    private static final String WHOLE = "whole";

    /** The description of a command that has no flags yet. */
    CommandSpec spec(Object command) {
        CommandSpec spec = text.spec(command);
        spec.usageMessage().sectionKeys(List.of(WHOLE)).sectionMap(Map.of(WHOLE, this));
        return spec.interpolateVariables(false);
    }

    @Override
    public String render(Help help) {
        StringBuilder lines = new StringBuilder("Usage: ");
        addAll(text.synopsis(), lines);
        lines.append('\n');
        addAll(text.description(), lines);
        for (FlagGroup group : groups) {
            lines.append('\n').append(group.heading()).append(":\n");
            group.options().forEach(option -> add(option, help, lines));
        }
        if (help.commandSpec().parent() == null) {
            lines.append("Commands:\n");
            for (CommandText other : commands()) {
                lines.append(INDENT).append(other.name());
                describe(
                        other.description().get(0),
                        INDENT.length() + other.name().length(),
                        COMMAND_COLUMN,
                        lines);
            }
        }
        lines.append("\nExamples:\n");
        addAll(text.footer(), lines);
        return lines.toString().replace("%%", "%").replace("\n", System.lineSeparator());
    }

    /** The commands that there are, in the order of the help. */
    static List<CommandText> commands() {
        List<CommandText> commands = new ArrayList<>(List.of(
                CompareCommand.TEXT,
                CheckCommand.TEXT,
                DemoCommand.TEXT,
                RoutesCommand.TEXT,
                ReportCommand.TEXT,
                CompletionCommand.TEXT));
        commands.addAll(ControlCommand.TEXTS);
        return commands;
    }

    private static void addAll(List<String> texts, StringBuilder lines) {
        for (String line : texts) {
            lines.append(line).append('\n');
        }
    }

    private static void add(OptionSpec option, Help help, StringBuilder lines) {
        String shortest = option.shortestName();
        String name = option.longestName();
        String names = shortest.equals(name) ? "      " + name : "  " + shortest + ", " + name;
        String value = option.arity().max() == 0 ? "" : "=" + option.paramLabel();
        String shown = option.arity().min() == 0 && !value.isEmpty() ? "[" + value + "]" : value;
        boolean colored = help.ansi().enabled();
        lines.append(colored ? help.colorScheme().optionText(names).toString() : names)
                .append(colored ? help.colorScheme().optionParamText(shown).toString() : shown);
        describe(option.description()[0], names.length() + shown.length(), DESCRIPTION_COLUMN, lines);
    }

    /**
     * Adds a description from one column on, on a line of its own if what stands before it is too long.
     *
     * @param used columns of the line that are in use
     */
    private static void describe(String description, int used, int column, StringBuilder lines) {
        int at = used;
        if (used >= column) {
            lines.append('\n');
            at = 0;
        }
        lines.append(" ".repeat(column - at));
        at = column;
        for (String word : description.split(" ")) {
            if (at > column && at + 1 + word.length() > WIDTH) {
                lines.append('\n').append(" ".repeat(column)).append(INDENT);
                at = column + INDENT.length();
            } else if (at > column) {
                lines.append(' ');
                at++;
            }
            lines.append(word);
            at += word.length();
        }
        lines.append('\n');
    }
}
