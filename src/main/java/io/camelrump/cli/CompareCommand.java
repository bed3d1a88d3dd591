package io.camelrump.cli;

import io.camelrump.cli.process.ExitCode;
import io.camelrump.cli.process.StopSignals;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The flags of a comparison: those of a migration that say where and what to read, and how to compare. */
final class CompareCommand extends RumpCommand {
    static final CommandText TEXT = new CommandText(
            "compare",
            List.of("rump compare -from redis://[user:password@]host[:port][/db] -to redis://... [options]"),
            List.of(
                    "Compare two databases in both directions: existence, type, value, expiry, and the groups of "
                            + "streams.",
                    "Nothing is written without --repair or --prune. Flags that are about a migration alone are "
                            + "refused."),
            List.of(
                    "  rump compare -from redis://old:6379 -to redis://new:6379",
                    "  rump compare -from redis://old -to redis://new --repair --json differences.json",
                    "  rump compare -from redis://old -to redis://new --prune --dry-run --failed-keys extra.txt",
                    "",
                    "The routes are routes/compare.camel.yaml in the working directory if it exists, else the built-in "
                            + "copy.",
                    "",
                    "Exit codes:",
                    "    0  equal, also after --repair and --prune",
                    "    1  failed or incomplete",
                    "    2  wrong usage",
                    "    3  Java ran out of memory: raise the heap by RUMP_JAVA_OPTS=-Xmx...",
                    "    5  different",
                    "    6  equal, but some keys could not be read",
                    "  129, 130, 143  stopped by SIGHUP, SIGINT or SIGTERM: incomplete"));

    CompareCommand(Map<String, String> environment, StopSignals signals) {
        super(environment, signals, TEXT);
    }

    @Override
    public Integer call() {
        return compare();
    }

    @Override
    RunRoutes routes(@Nullable List<Path> chosen) {
        return RunRoutes.comparing(chosen);
    }

    @Override
    Map<String, Object> early(ExitCode code, String error) {
        return JsonContent.of(null, Report.early(code, error, startedAt()));
    }
}
