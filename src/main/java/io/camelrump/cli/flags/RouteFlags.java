package io.camelrump.cli.flags;

import java.nio.file.Path;
import java.util.List;

/** The flag that names a person's own routes. */
public final class RouteFlags extends FlagGroup {
    public final Flag<List<Path>> routes = files(
            "--routes",
            "Run the routes in FILE, in Camel's YAML, instead of the pipeline. Repeatable: the routes of all files run "
                    + "together. Default: routes/migrate.camel.yaml, or routes/compare.camel.yaml with compare, in the "
                    + "working directory, else the built-in file.");

    public RouteFlags() {
        super("Routes");
    }
}
