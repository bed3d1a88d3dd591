package io.camelrump.cli;

import java.nio.file.Path;
import java.util.List;

/** The flag that names a person's own routes. */
final class RouteFlags extends FlagGroup {
    final Flag<List<Path>> routes = files(
            "--routes",
            "Run the routes in FILE, in Camel's YAML, instead of the pipeline. Repeatable: the routes of all files run "
                    + "together. Default: routes/migrate.camel.yaml, or routes/compare.camel.yaml with compare, in the "
                    + "working directory, else the built-in file.");

    RouteFlags() {
        super("Routes");
    }
}
