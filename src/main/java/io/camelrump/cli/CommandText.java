package io.camelrump.cli;

import java.util.List;
import picocli.CommandLine.Model.CommandSpec;

/**
 * The text of {@code --help} around the flags of a command, in picocli's format: two percent signs are one.
 *
 * @param synopsis none for one that lists the flags
 * @param footer examples, and what follows them; none if there are no examples
 */
record CommandText(String name, List<String> synopsis, List<String> description, List<String> footer) {

    /** The description of a command that has no flags yet. */
    CommandSpec spec(Object command) {
        CommandSpec spec = CommandSpec.wrapWithoutInspection(command).name(name);
        spec.usageMessage()
                .sortOptions(false)
                .customSynopsis(synopsis.toArray(String[]::new))
                .descriptionHeading(synopsis.isEmpty() ? "" : "%n")
                .description(description.toArray(String[]::new))
                .footerHeading(footer.isEmpty() ? "" : "%nExamples:%n")
                .footer(footer.toArray(String[]::new));
        return spec;
    }
}
