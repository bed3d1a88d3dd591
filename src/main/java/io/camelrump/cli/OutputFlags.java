package io.camelrump.cli;

import java.nio.file.Path;

/** The flags that say what is printed and written. */
final class OutputFlags extends FlagGroup {
    private final Flag<Boolean> silent = toggle("--silent", "Print errors only: no progress, no warnings, no summary.")
            .otherwise("false", false);
    final Flag<Path> json = file(
            "--json",
            "Write the summary to FILE as JSON (- is standard output), even if the run cannot begin. Default: none.");
    final Flag<Path> failedKeys = file(
            "--failed-keys",
            "Write each refused or differing key, with its cause, to FILE, which appears when the run ends (- is "
                    + "standard output, at once). Default: none.");

    OutputFlags() {
        super("Output");
        help();
        version("Show the versions of rump, Camel, Jedis and Java.");
    }

    boolean isSilent() {
        return Boolean.TRUE.equals(silent.value());
    }
}
