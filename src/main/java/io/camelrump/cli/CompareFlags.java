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
            description = "Compares the two databases when the copy is complete. Default: false.")
    @Nullable
    Boolean verify;

    @Option(
            names = "--repair",
            arity = "0..1",
            fallbackValue = "true",
            paramLabel = "true|false",
            description = "Copies again what differs, and compares it once more. Default: false.")
    @Nullable
    Boolean repair;

    @Option(
            names = "--prune",
            arity = "0..1",
            fallbackValue = "true",
            paramLabel = "true|false",
            description = "Deletes what only the target has; with --live also keys that the target held at the"
                    + " start. Default: false.")
    @Nullable
    Boolean prune;

    @Option(
            names = "--allow-mass-delete",
            arity = "0..1",
            fallbackValue = "true",
            paramLabel = "true|false",
            description = "Lets --prune delete also if the source is empty, or if more than 100 keys and 10 %% of the"
                    + " target's would go. Default: false.")
    @Nullable
    Boolean allowMassDelete;

    @Option(
            names = "--ttl-tolerance",
            paramLabel = "TIME",
            converter = Span.Converter.class,
            description = "By how much two expiries may differ, beyond the clocks, and by how much a clock may be set"
                    + " during a run before keys are read again for that. Default: 50ms.")
    @Nullable
    Span ttlTolerance;

    @Option(
            names = "--rounds",
            paramLabel = "N",
            converter = CountConverter.class,
            description = "How often a key that differs is looked at before it counts. Default: 3.")
    @Nullable
    Integer rounds;

    boolean isVerify() {
        return Boolean.TRUE.equals(verify);
    }

    /** Whether a flag is there that means nothing without a comparison. */
    boolean isGiven() {
        return repair != null || prune != null || allowMassDelete != null || rounds != null;
    }

    void put(RouteProperties properties, boolean live) {
        properties.set("compare.repair", repair);
        properties.set("compare.prune", prune);
        properties.set("compare.allow-mass-delete", allowMassDelete);
        properties.set("compare.ttl-tolerance", ttlTolerance);
        properties.set("compare.rounds", rounds);
        if (live) {
            properties.set("live.allow-mass-delete", allowMassDelete);
            properties.set("restore.prune", prune);
        }
    }
}
