package io.camelrump.cli;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The flags about servers that are away, signals and checkpoints. */
final class FaultFlags {
    private static final Span RETRY_OF_LIVE_RUN = new Span(600_000);

    @Option(
            names = "--retry-for",
            paramLabel = "TIME",
            converter = Span.Converter.class,
            description = "Keep retrying for TIME while a server is unreachable, loading, out of memory or read-only, "
                    + "at the start too. Default: 60s, with --live 10m.")
    @Nullable
    Span retryFor;

    @Option(
            names = "--drain-for",
            paramLabel = "TIME",
            converter = Span.Converter.class,
            defaultValue = "25s",
            description =
                    "Wait up to TIME, after a signal, for the keys in flight to arrive. Default: ${DEFAULT-VALUE}.")
    Span drainFor;

    @Option(
            names = "--wait-replicas",
            paramLabel = "N",
            description = "Count a key only when N replicas of the target have it. Default: 0.")
    @Nullable
    Integer waitReplicas;

    @Option(
            names = "--checkpoint",
            paramLabel = "FILE|target:NAME",
            description = "Record each second how far the run is, in FILE, or in a key on the target where no disk "
                    + "outlives the process. Default: none.")
    @Nullable
    String checkpoint;

    @Option(
            names = "--resume",
            arity = "0..1",
            fallbackValue = "true",
            paramLabel = "true|false",
            description = "Resume from the checkpoint if there is one. Default: false.")
    @Nullable
    Boolean resume;

    @Option(
            names = "--restart-scan",
            arity = "0..1",
            fallbackValue = "true",
            paramLabel = "true|false",
            description = "Start over if the existing checkpoint cannot, or without --resume must not, be resumed. "
                    + "Default: false.")
    @Nullable
    Boolean restartScan;

    /** An objection to these flags together; null if there is none. */
    @Nullable
    String objection() {
        if (Migration.Plan.AT_TARGET.equals(checkpoint)) {
            return "--checkpoint " + checkpoint + " has no name behind it: is a variable unset?";
        }
        return waitReplicas != null && waitReplicas < 0 ? "--wait-replicas is smaller than 0" : null;
    }

    void put(RouteProperties properties, boolean live) {
        properties.all("retry-for", retryFor == null && live ? RETRY_OF_LIVE_RUN : retryFor);
        properties.all("wait-replicas", waitReplicas);
        properties.source("checkpoint", checkpoint == null ? null : "#bean:checkpoint");
        properties.source("resume", resume);
        properties.source("restart-scan", restartScan);
    }
}
