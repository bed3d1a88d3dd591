package io.camelrump.cli;

import io.camelrump.ConflictPolicy;
import io.camelrump.ServerMode;
import io.camelrump.cli.flags.Address;
import io.camelrump.cli.flags.CheckpointPlace;
import io.camelrump.cli.flags.Live;
import io.camelrump.cli.flags.RouteProperties;
import io.camelrump.cli.flags.Span;
import io.camelrump.cli.process.ExitCode;
import io.camelrump.shard.Shard;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.apache.camel.spi.StateRepository;
import org.jspecify.annotations.Nullable;

/** The run to do. */
record RunPlan(
        Address from,
        Address to,
        Map<String, String> properties,
        Span drainFor,
        boolean silent,
        @Nullable String checkpoint,
        @Nullable Live live,
        RunRoutes routes) {
    /** Whether both sides are servers, which can be asked about each other. */
    boolean isBetweenServers() {
        return !from.isFile() && !to.isFile();
    }

    boolean isFiltered() {
        // what SCAN itself leaves out is counted nowhere
        return properties.containsKey(RouteProperties.ALL + "match")
                || properties.containsKey(RouteProperties.ALL + "type");
    }

    boolean isDryRun() {
        return "true".equals(properties.get(RouteProperties.ALL + "dry-run"));
    }

    /** The routes of a comparison, by itself or after a migration. */
    RunRoutes comparison() {
        return routes.compares() ? routes : RunRoutes.comparing(null);
    }

    /** Properties that these routes take. */
    Map<String, String> propertiesFor(RunRoutes taking) {
        return taking.compares()
                ? RouteProperties.ofComparison(properties)
                : RouteProperties.ofMigration(properties, live != null);
    }

    /** Where the checkpoint is kept; null if none is. */
    @Nullable
    CheckpointPlace checkpointPlace() {
        return checkpoint == null ? null : new CheckpointPlace(checkpoint, to, shard());
    }

    @Nullable
    StateRepository<String, String> repository() {
        CheckpointPlace place = checkpointPlace();
        return place == null ? null : place.repository();
    }

    /** The share that is read; null for all keys. */
    @Nullable
    Shard shard() {
        return Shard.parse(properties.get(RouteProperties.ALL + "shard"));
    }

    boolean resumes() {
        return "true".equals(properties.get(RouteProperties.SOURCE + "resume"));
    }

    /** Whether a checkpoint is left that a later run can resume: not if it did not fit, nor after wrong usage. */
    boolean canResumeAfter(Summary summary) {
        return checkpoint != null
                && !summary.isCopied()
                && summary.code() != ExitCode.USAGE
                && !summary.checkpointRefused();
    }

    /** This plan as one that names what becomes of keys that both servers have. */
    RunPlan replacing() {
        Map<String, String> said = new LinkedHashMap<>(properties);
        said.put(RouteProperties.ALL + "on-conflict", ConflictPolicy.REPLACE.name());
        return new RunPlan(from, to, said, drainFor, silent, checkpoint, live, routes);
    }

    /** This plan with both servers changing sides, and these properties. */
    RunPlan turned(Map<String, String> properties) {
        return new RunPlan(to, from, properties, drainFor, silent, checkpoint, live, routes);
    }

    /**
     * Whether a server is a node of a cluster.
     *
     * @param prefix {@link RouteProperties#SOURCE} or {@link RouteProperties#TARGET}
     */
    ServerMode mode(String prefix) {
        return ServerMode.valueOf(
                properties.getOrDefault(prefix + "mode", "auto").toUpperCase(Locale.ROOT));
    }

    /** How long the source's writes are paused; null if they are not, or if the run is not live. */
    @Nullable
    Duration pauseWrites() {
        return live == null ? null : live.pauseWrites();
    }

    /** Command that switches the clients at the cutover; null if none does. */
    @Nullable
    String onCutover() {
        return live == null ? null : live.onCutover();
    }

    /** Without the properties, which hold the passwords. */
    @Override
    public String toString() {
        return from + " to " + to;
    }
}
