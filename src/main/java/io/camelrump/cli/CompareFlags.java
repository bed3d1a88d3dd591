package io.camelrump.cli;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The flags of a comparison: after a migration, at the cutover of a live run, or alone. */
final class CompareFlags {
    @Option(
            names = "--verify",
            arity = "0..1",
            fallbackValue = "true",
            paramLabel = "true|false",
            description = "Compare both sides when the copy is complete. Default: false.")
    @Nullable
    Boolean verify;

    @Option(
            names = "--repair",
            arity = "0..1",
            fallbackValue = "true",
            paramLabel = "true|false",
            description = "Copy differing keys again, and compare them once more. Default: false.")
    @Nullable
    Boolean repair;

    @Option(
            names = "--prune",
            arity = "0..1",
            fallbackValue = "true",
            paramLabel = "true|false",
            description =
                    "Delete keys that only the target has; with --live, also those it held at the start. Default: "
                            + "false.")
    @Nullable
    Boolean prune;

    @Option(
            names = "--allow-mass-delete",
            arity = "0..1",
            fallbackValue = "true",
            paramLabel = "true|false",
            description =
                    "Let --prune and --live delete even if the source is empty, or if more than 100 keys and 10 %% "
                            + "of the target's would go. Default: false.")
    @Nullable
    Boolean allowMassDelete;

    @Option(
            names = "--ttl-tolerance",
            paramLabel = "TIME",
            converter = Span.Converter.class,
            description =
                    "Accept expiries that differ by up to TIME after allowing for the two clocks, and reread keys "
                            + "with an expiry if a clock is set by more than that during a run. Default: 50ms.")
    @Nullable
    Span ttlTolerance;

    @Option(
            names = "--rounds",
            paramLabel = "N",
            converter = CountConverter.class,
            description = "Look at a differing key N times before reporting it. Default: 3.")
    @Nullable
    Integer rounds;

    boolean isVerify() {
        return Boolean.TRUE.equals(verify);
    }

    /** Whether a flag is there that means nothing without a comparison. */
    boolean isGiven() {
        return repair != null || prune != null || allowMassDelete != null || rounds != null;
    }

    void put(RouteProperties properties) {
        properties.all("repair", repair);
        properties.all("prune", prune);
        properties.all("allow-mass-delete", allowMassDelete);
        properties.all("ttl-tolerance", ttlTolerance);
        properties.all("rounds", rounds);
    }
}
