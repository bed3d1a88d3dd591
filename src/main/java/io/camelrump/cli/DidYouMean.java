package io.camelrump.cli;

import io.camelrump.text.NearestName;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.Model.OptionSpec;

/** The flag or command that was probably meant by one that there is not. */
final class DidYouMean {
    private DidYouMean() {}

    /** The end of a message about wrong usage; empty where nothing is like what was typed. */
    static String of(CommandLine.ParameterException wrong) {
        if (!(wrong instanceof CommandLine.UnmatchedArgumentException unmatched)
                || unmatched.getUnmatched().isEmpty()) {
            return "";
        }
        String typed = unmatched.getUnmatched().get(0);
        CommandLine command = wrong.getCommandLine();
        String meant = typed.startsWith("-")
                ? NearestName.like(typed.replaceFirst("=.*", "").replaceFirst("^-(?!-)", "--"), flags(command))
                : command.getParent() == null ? NearestName.like(typed, commands()) : null;
        return meant == null ? "" : "; did you mean " + meant + "?";
    }

    private static List<String> flags(CommandLine command) {
        return command.getCommandSpec().options().stream()
                .map(OptionSpec::longestName)
                .filter(name -> name.startsWith("--"))
                .toList();
    }

    private static List<String> commands() {
        return HelpText.commands().stream().map(CommandText::name).toList();
    }
}
