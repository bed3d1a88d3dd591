package io.camelrump.cli;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The flags that say what is printed and written. */
final class OutputFlags {
    @Option(
            names = "--silent",
            arity = "0..1",
            fallbackValue = "true",
            defaultValue = "false",
            paramLabel = "true|false",
            description = "Errors only: no progress, no warnings, no summary. Default: ${DEFAULT-VALUE}.")
    boolean silent;

    @Option(
            names = "--json",
            paramLabel = "FILE",
            description = "Writes the summary there as JSON, also of a run that could not begin; - is standard output.")
    @Nullable
    Path json;

    @Option(
            names = "--failed-keys",
            paramLabel = "FILE",
            description =
                    "Writes each refused or differing key there with its cause, at the end of the run; - is standard output.")
    @Nullable
    Path failedKeys;

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "Shows this text.")
    private boolean help;

    @Option(names = "--version", versionHelp = true, description = "Shows the versions of rump, Camel, Jedis and Java.")
    private boolean version;
}
