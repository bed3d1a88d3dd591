package io.camelrump;

import io.camelrump.checkpoint.Checkpoint;
import io.camelrump.live.ChangeFollower;
import io.camelrump.live.ChangeListeners;
import io.camelrump.redis.RedisException;
import io.camelrump.run.ChangeLog;
import io.camelrump.run.CheckpointWriter;
import io.camelrump.run.Run;
import io.camelrump.source.PageSource;
import io.camelrump.throttle.LatencyGuards;
import org.apache.camel.CamelContext;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What one start of a consumer opens for its run, and closes together: the checkpoint, the background tasks, the
 * source's reader, and the loop around it.
 */
final class ReadingSession implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ReadingSession.class);

    private final RumpConsumer consumer;
    private final RumpEndpoint endpoint;
    private final CamelContext context;
    private final Run run;
    private final ExchangeTracker carriers;
    private final SourceFactory sources;
    private final BackgroundTasks background;
    private final CourseThread course;
    private @Nullable PageSource reader;
    private @Nullable PollLoop loop;
    private @Nullable CheckpointWriter checkpoints;

    /** @param carriers of the consumer, as exchanges of an earlier start may still be on the route */
    ReadingSession(
            RumpConsumer consumer, RumpEndpoint endpoint, Run run, ExchangeTracker carriers, SourceFactory sources) {
        this.consumer = consumer;
        this.endpoint = endpoint;
        this.context = endpoint.getCamelContext();
        this.run = run;
        this.carriers = carriers;
        this.sources = sources;
        this.background = new BackgroundTasks(context, consumer, endpoint.address());
        this.course = new CourseThread(context, consumer);
    }

    /** Opens all of it; after a failure it must be closed. */
    void open(RouteChecks others, PageSender sender) throws Exception {
        carriers.watch(context);
        checkpoints = sources.checkpoints(run, consumer.getRouteId());
        boolean mayStartOver = endpoint.getCheckpointOptions().isRestartScan();
        run.targets().mayStartOver(mayStartOver);
        Checkpoint resumed = checkpoints == null ? null : checkpoints.open(endpoint.getCheckpointOptions());
        if (resumed != null && !mayStartOver) {
            others.checkTargets(resumed, endpoint);
        }
        run.resume(resumed);
        expectEqual(endpoint.getSourceOptions().isWayBack());
        ChangeLog changes = endpoint.getSourceOptions().isLive() ? follow() : null;
        LatencyGuards watching = sources.latencyGuards(run);
        PageSource opened = sources.open(run, watching);
        reader = opened;
        run.sources().equalStart().opened();
        background.lookAround(opened);
        // before the first SCAN: changes from here on are reported
        ChangeFollower follower = changes == null ? null : follow(opened, changes);
        StallDetector stalls = new StallDetector(
                run, consumer.getRouteId(), endpoint.getQueueOptions().getStallTimeout(), context);
        loop = new PollLoop(
                this,
                run,
                sources.steering(),
                endpoint.getQueueOptions(),
                opened,
                follower,
                stalls,
                sender,
                background,
                carriers);
        if (checkpoints != null) {
            checkpoints.begin(opened::states);
        }
        background.start(watching, checkpoints);
        course.start();
    }

    private ChangeLog follow() {
        ChangeLog changes = run.follow();
        course.prepare(endpoint, run, sources.steering());
        // before the databases are counted that are scanned
        background.watch(sources.sourceWatch(changes, background::masters));
        return changes;
    }

    private void expectEqual(boolean equal) {
        run.targets().areEqual(equal);
        run.sources().equalStart().expect(equal);
    }

    private ChangeFollower follow(PageSource source, ChangeLog changes) throws InterruptedException {
        ChangeListeners listeners =
                background.follow(source, run, endpoint.getServerOptions().getRetryFor());
        if (listeners == null) {
            LOG.warn(
                    "Source {} sends no change notifications (CLIENT TRACKING; the ACL rules +client|tracking and"
                            + " +client|trackinginfo for this user may help): changes are found by repeated scans",
                    endpoint.address());
        }
        return sources.follower(run, changes, listeners, background.watch());
    }

    /** Whether the reader has to go on; not while the route stops or is suspended. */
    boolean mayPoll() {
        return consumer.mayPoll();
    }

    /** Loop around the reader; null before it is open and once it is closed. */
    @Nullable
    PollLoop loop() {
        return loop;
    }

    /** Writes a checkpoint of how far this was read, if there is one and it is time to. */
    void keepCheckpoint(PageSource source) {
        CheckpointWriter written = checkpoints;
        if (written != null) {
            written.tick(source::states);
        }
    }

    /** The checkpoint of the run; null if none is kept, or not any more. */
    @Nullable
    CheckpointWriter checkpoints() {
        return checkpoints;
    }

    /** Writes the checkpoint of a run that stops before its end; no poll may be in progress. */
    void writeLastCheckpoint() throws InterruptedException {
        CheckpointWriter open = checkpoints;
        PageSource source = reader;
        if (open == null || source == null) {
            return;
        }
        try {
            open.write(source::states);
        } catch (RedisException e) {
            LOG.warn("{}", e.getMessage());
        }
    }

    @Override
    public void close() {
        course.stop();
        CheckpointWriter written = checkpoints;
        checkpoints = null;
        if (written != null) {
            written.close();
        }
        background.stop();
        carriers.stopWatching(context);
        PageSource source = reader;
        reader = null;
        loop = null;
        if (source != null) {
            source.close();
        }
    }
}
