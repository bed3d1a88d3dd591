package io.camelrump.cli.flags;

import org.jspecify.annotations.Nullable;

/** The flags about servers that are away, signals and checkpoints. */
public final class FaultFlags extends FlagGroup {
    private static final Span RETRY_OF_LIVE_RUN = new Span(600_000);

    final Flag<Span> retryFor = time(
            "--retry-for",
            "Keep retrying for TIME while a server is unreachable, loading, out of memory or read-only, at the start "
                    + "too. Default: 60s, with --live 10m.");
    public final Flag<Span> drainFor = time(
                    "--drain-for", "Wait up to TIME, after a signal, for the keys in flight to arrive.")
            .otherwise("25s", new Span(25_000));
    public final Flag<Integer> waitReplicas =
            number("--wait-replicas", "N", "Count a key only when N replicas of the target have it. Default: 0.");
    public final Flag<String> checkpoint = text(
            "--checkpoint",
            "FILE|target:NAME",
            "Record each second how far the run is, in FILE, or in a key on the target where no disk outlives the "
                    + "process. Default: none.");
    public final Flag<Boolean> resume =
            toggle("--resume", "Resume from the checkpoint if there is one. Default: false.");
    public final Flag<Boolean> restartScan = toggle(
            "--restart-scan",
            "Start over, instead of ending, if the checkpoint does not fit or --resume is not given. Default: false.");

    public FaultFlags() {
        super("Faults, stopping and resuming");
    }

    /** An objection to these flags together; null if there is none. */
    @Nullable
    public String objection() {
        if (CheckpointPlace.AT_TARGET.equals(checkpoint.value())) {
            return "--checkpoint " + checkpoint.value() + " has no name behind it: is a variable unset?";
        }
        return waitReplicas.isGiven() && waitReplicas.value() < 0 ? "--wait-replicas is smaller than 0" : null;
    }

    public void put(RouteProperties properties, boolean live) {
        properties.all("retry-for", !retryFor.isGiven() && live ? RETRY_OF_LIVE_RUN : retryFor.value());
        properties.all("wait-replicas", waitReplicas.value());
        properties.source("checkpoint", !checkpoint.isGiven() ? null : "#bean:checkpoint");
        properties.source("resume", resume.value());
        properties.source("restart-scan", restartScan.value());
    }
}
