package io.camelrump.cli.flags;

import io.camelrump.cli.output.DocumentForm;
import io.camelrump.cli.output.LogFormat;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.Map;

/** The flags that say what is printed and written. */
public final class OutputFlags extends FlagGroup {
    private final Flag<Boolean> silent = toggle("--silent", "Print errors only: no progress, no warnings, no summary.")
            .otherwise("false", false);
    final Flag<Path> json = file(
            "--json",
            "Write the summary to FILE as JSON (- is standard output), even if the run cannot begin. Default: none.");
    final Flag<Path> report = file(
            "--report",
            "Write a report of the run to FILE as one HTML page, which needs no other file, to be read, printed or attached"
                    + " (- is standard output), even if the run cannot begin. Default: none.");
    public final Flag<Path> failedKeys = file(
            "--failed-keys",
            "Write each refused or differing key, with its cause, to FILE, which appears when the run ends (- is "
                    + "standard output, at once). Default: none.");

    /**
     * Taken by {@link Logging#open} before it is known whether the words make sense: all that is wrong is JSON then.
     */
    final Flag<LogFormat> logFormat = choice(
            LogFormat.class,
            LogFormat.FLAG,
            "FORMAT",
            "Write progress and the log as text, or as json: one object per line, for collectors. Default: text.");

    public OutputFlags() {
        super("Output");
        help();
        version("Show the versions of rump, Camel, Jedis and Java.");
    }

    /** The documents that are wanted, and where. */
    public Map<DocumentForm, Path> documents() {
        Map<DocumentForm, Path> documents = new EnumMap<>(DocumentForm.class);
        if (json.isGiven()) {
            documents.put(DocumentForm.JSON, json.value());
        }
        if (report.isGiven()) {
            documents.put(DocumentForm.REPORT, report.value());
        }
        return documents;
    }

    public boolean isSilent() {
        return Boolean.TRUE.equals(silent.value());
    }
}
