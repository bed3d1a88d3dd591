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
            description = "How long to try again while a server is away, loading, full or read-only. Default: 60s,"
                    + " with --live 10m.")
    @Nullable
    Span retryFor;

    @Option(
            names = "--drain-for",
            paramLabel = "TIME",
            converter = Span.Converter.class,
            defaultValue = "25s",
            description = "After a signal: how long what was read may take to arrive. Default: ${DEFAULT-VALUE}.")
    Span drainFor;

    @Option(
            names = "--wait-replicas",
            paramLabel = "N",
            description = "Replicas of the target that must have a key before it counts. Default: 0.")
    @Nullable
    Integer waitReplicas;

    @Option(
            names = "--checkpoint",
            paramLabel = "FILE|target:NAME",
            description = "Notes each second how far everything has arrived: in a file, or in a key at the target, for"
                    + " where no disk outlives the process. Default: none.")
    @Nullable
    String checkpoint;

    @Option(
            names = "--resume",
            arity = "0..1",
            fallbackValue = "true",
            paramLabel = "true|false",
            description = "Goes on where the checkpoint says, if there is one. Default: false.")
    @Nullable
    Boolean resume;

    @Option(
            names = "--restart-scan",
            arity = "0..1",
            fallbackValue = "true",
            paramLabel = "true|false",
            description = "Starts over where there is a checkpoint that does not fit, or without --resume any."
                    + " Default: false.")
    @Nullable
    Boolean restartScan;

    /** What is wrong about these flags together; null if nothing is. */
    @Nullable
    String objection() {
        return waitReplicas != null && waitReplicas < 0 ? "--wait-replicas is smaller than 0" : null;
    }

    void put(RouteProperties properties, boolean live) {
        properties.set("retry.for", retryFor == null && live ? RETRY_OF_LIVE_RUN : retryFor);
        properties.set("restore.wait-replicas", waitReplicas);
        properties.set("checkpoint", checkpoint == null ? null : "#bean:checkpoint");
        properties.set("resume", resume);
        properties.set("restart-scan", restartScan);
    }
}
