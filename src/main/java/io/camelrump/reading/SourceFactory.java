package io.camelrump.reading;

import io.camelrump.ServerMode;
import io.camelrump.checkpoint.Checkpoint;
import io.camelrump.cluster.ClusterReader;
import io.camelrump.cutover.Steering;
import io.camelrump.keys.KeyMapping;
import io.camelrump.keys.RenameRules;
import io.camelrump.keys.SampleLimit;
import io.camelrump.keys.ScanPlan;
import io.camelrump.live.ChangeFollower;
import io.camelrump.live.ChangeListeners;
import io.camelrump.live.SourceWatch;
import io.camelrump.options.MappingOptions;
import io.camelrump.options.OptionSet;
import io.camelrump.options.SelectionOptions;
import io.camelrump.options.ServerOptions;
import io.camelrump.options.ThrottleOptions;
import io.camelrump.redis.RedisException;
import io.camelrump.redis.ServerAddress;
import io.camelrump.run.ChangeLog;
import io.camelrump.run.CheckpointWriter;
import io.camelrump.run.PageData;
import io.camelrump.run.PageStamp;
import io.camelrump.run.RenameCollisions;
import io.camelrump.run.Run;
import io.camelrump.source.ClusterFoundException;
import io.camelrump.source.PageSource;
import io.camelrump.source.SourceReader;
import io.camelrump.source.WholeServer;
import io.camelrump.throttle.LatencyGuard;
import io.camelrump.throttle.LatencyGuards;
import io.camelrump.throttle.RateLimiter;
import io.camelrump.throttle.RateLimits;
import io.camelrump.throttle.ReadingPace;
import io.camelrump.throttle.WorkBudget;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.apache.camel.spi.StateRepository;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Makes what a consumer reads by, and what it watches the source with, as its endpoint's options say. */
public final class SourceFactory {
    private static final Logger LOG = LoggerFactory.getLogger(SourceFactory.class);

    private final ReadEndpoint endpoint;
    private final OptionSet options;
    private final Steering steering;
    private final KeyMapping mapping;
    private final @Nullable BackupOpening backup;

    public SourceFactory(ReadEndpoint endpoint, Steering steering) {
        this.endpoint = endpoint;
        this.options = endpoint.options();
        this.steering = steering;
        ThrottleOptions throttle = options.throttle();
        steering.usual(() -> new RateLimits(throttle.getMaxKeysPerSecond(), throttle.bytesPerSecond()));
        this.mapping = endpoint.mapping();
        this.backup = BackupOpening.of(endpoint);
    }

    /** Opens the source: the masters of a cluster, if the server reports that it is a cluster node. */
    public PageSource open(Run books, @Nullable LatencyGuards guards) throws InterruptedException {
        books.clockSteps().tolerance(options.compare().getTtlTolerance());
        RateLimiter pace =
                new RateLimiter(steering::limits, () -> books.changes().drains().areWritesPaused());
        RenameCollisions collisions =
                new RenameCollisions(mapping.renaming(), mapping.databases(), mapping.selection(), books.isLive());
        return backup == null ? openServer(books, guards, pace, collisions) : backup.open(collisions, pace, books);
    }

    private PageSource openServer(
            Run books, @Nullable LatencyGuards guards, RateLimiter pace, RenameCollisions collisions)
            throws InterruptedException {
        ServerOptions server = options.server();
        ScanPlan plan = ScanPlans.of(endpoint);
        boolean restartScan = options.checkpoint().isRestartScan();
        ServerAddress address =
                endpoint.address().withDatabase(mapping.databases().first());
        ClusterReader.Readers readers = (place, scope) -> new SourceReader(
                place,
                server,
                restartScan,
                plan,
                collisions,
                new ReadingPace(pace, guards == null ? WorkBudget.unbounded() : WorkBudget.of(place)),
                books,
                scope);
        if (server.getMode() != ServerMode.CLUSTER) {
            SourceReader alone = readers.of(
                    address, new WholeServer(new SampleLimit(mapping.selection().sample()), mapping.share()));
            try {
                alone.open(true);
                return alone;
            } catch (ClusterFoundException e) {
                LOG.debug("The masters of {} are asked for", address, e);
            }
        }
        refuseRenamingOf(address);
        return ClusterReader.open(
                address,
                mapping.share(),
                options.source().getReadFrom(),
                new SampleLimit(mapping.selection().sample()),
                server.getRetryFor(),
                books,
                readers);
    }

    ReadEndpoint endpoint() {
        return endpoint;
    }

    Steering steering() {
        return steering;
    }

    private void refuseRenamingOf(ServerAddress server) {
        if (mapping.renaming() != null) {
            throw RedisException.permanentError(
                    "Source " + server + " is a cluster, which cannot be read with rename (--rename)"
                            + " yet. Leave it out, or name a server that is none.");
        }
    }

    /** The page as it is for the target: where it goes, and under which names. */
    PageData forTarget(PageData page) {
        PageData moved = backup != null && backup.asPagesSay()
                ? page
                : page.to(mapping.databases().target(page.database()));
        RenameRules renaming = mapping.renaming();
        return renaming == null ? moved : moved.withKeys(renaming.rename(page.keys()));
    }

    /** The page that reports the end of the run. */
    PageData end(PageStamp stamp) {
        return PageData.end(options.server().getDatabase(), stamp);
    }

    /** Records how far the run is; null without a checkpoint. */
    @Nullable
    CheckpointWriter checkpoints(Run books, @Nullable String routeId) {
        StateRepository<String, String> repository = options.checkpoint().getCheckpoint();
        return repository == null
                ? null
                : new CheckpointWriter(
                        repository,
                        books,
                        selectionTexts(routeId),
                        options.server().getRetryFor());
    }

    /** The route and the options that decide what is read and where it goes, as far as they are set. */
    private Map<String, String> selectionTexts(@Nullable String routeId) {
        SelectionOptions selection = options.selection();
        MappingOptions places = options.mapping();
        Map<String, String> texts = new TreeMap<>();
        put(texts, "route", routeId);
        put(texts, "migration", endpoint.migration());
        put(texts, "database", options.server().getDatabase());
        put(texts, "match", selection.getMatch());
        put(texts, "type", selection.getType());
        put(texts, "includeKey", selection.getIncludeKey());
        put(texts, "excludeKey", selection.getExcludeKey());
        put(texts, "includeRegex", selection.getIncludeRegex());
        put(texts, "excludeRegex", selection.getExcludeRegex());
        put(texts, "shard", selection.shard());
        put(texts, "minSize", selection.getMinSize());
        put(texts, "maxSize", selection.getMaxSize());
        put(texts, "minTtl", selection.getMinTtl());
        put(texts, "maxTtl", selection.getMaxTtl());
        put(texts, "db", places.getDb());
        put(texts, "mapDb", places.getMapDb());
        put(texts, "rename", places.getRename());
        put(texts, "targets", options.queue().getTargets());
        // a checkpoint of one direction must never be resumed in the other
        put(texts, Checkpoint.WAY_BACK, options.source().isWayBack() ? true : null);
        return texts;
    }

    private static void put(Map<String, String> texts, String name, @Nullable Object value) {
        if (value != null) {
            texts.put(name, value.toString());
        }
    }

    /** Guards of the source's latency; null without any. */
    @Nullable
    LatencyGuards latencyGuards(Run books) {
        ThrottleOptions throttle = options.throttle();
        return throttle.guardsLatency()
                ? new LatencyGuards((server, budget) ->
                        new LatencyGuard(server, budget, throttle.longestTurn().toNanos(), books))
                : null;
    }

    /**
     * Looks at a followed source for changes that no notification reports.
     *
     * @param servers those that take its writes now
     */
    SourceWatch sourceWatch(ChangeLog changes, Supplier<List<ServerAddress>> servers) {
        return new SourceWatch(
                endpoint.address().toString(),
                servers,
                mapping.databases(),
                changes,
                options.target().isAllowMassDelete());
    }

    /** Closes the gaps of what {@code listeners} hear. */
    ChangeFollower follower(Run books, ChangeLog changes, @Nullable ChangeListeners listeners, SourceWatch watch) {
        return new ChangeFollower(
                books,
                changes,
                mapping.origins(),
                listeners,
                watch,
                options.target().isAllowMassDelete());
    }
}
