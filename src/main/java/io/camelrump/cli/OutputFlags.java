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
            description = "Print errors only: no progress, no warnings, no summary. Default: ${DEFAULT-VALUE}.")
    boolean silent;

    @Option(
            names = "--json",
            paramLabel = "FILE",
            description = "Write the summary to FILE as JSON (- is standard output), even if the run cannot begin. "
                    + "Default: none.")
    @Nullable
    Path json;

    @Option(
            names = "--failed-keys",
            paramLabel = "FILE",
            description =
                    "Write each refused or differing key to FILE with its cause at the end of the run (- is standard "
                            + "output). Default: none.")
    @Nullable
    Path failedKeys;

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "Show this text.")
    private boolean help;

    @Option(names = "--version", versionHelp = true, description = "Show the versions of rump, Camel, Jedis and Java.")
    private boolean version;
}
