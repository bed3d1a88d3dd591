package io.camelrump.reading;

import io.camelrump.checkpoint.Checkpoint;
import io.camelrump.exchanges.ExchangeTracker;
import io.camelrump.exchanges.StallDetector;
import io.camelrump.live.ChangeFollower;
import io.camelrump.live.ChangeListeners;
import io.camelrump.options.OptionSet;
import io.camelrump.redis.RedisException;
import io.camelrump.run.ChangeLog;
import io.camelrump.run.CheckpointWriter;
import io.camelrump.run.Run;
import io.camelrump.series.SeriesRecorder;
import io.camelrump.source.PageSource;
import io.camelrump.throttle.LatencyGuards;
import java.util.function.Consumer;
import org.apache.camel.CamelContext;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What one start of a consumer opens for its run, and closes together: the checkpoint, the background tasks, the
 * source's reader, and the loop around it.
 */
public final class ReadingSession implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ReadingSession.class);

    private final ReadingRoute route;
    private final ReadEndpoint endpoint;
    private final OptionSet options;
    private final CamelContext context;
    private final SeriesRecorder recorder;
    private final Run run;
    private final ExchangeTracker carriers;
    private final SourceFactory sources;
    private final BackgroundTasks background;
    private final CourseThread course;
    private @Nullable PageSource reader;
    private @Nullable PollLoop loop;
    private @Nullable CheckpointWriter checkpoints;

    /** @param carriers of the consumer, as exchanges of an earlier start may still be on the route */
    public ReadingSession(
            ReadingRoute route, Run run, SeriesRecorder recorder, ExchangeTracker carriers, SourceFactory sources) {
        this.route = route;
        this.endpoint = sources.endpoint();
        this.options = endpoint.options();
        this.context = route.consumer().getEndpoint().getCamelContext();
        this.recorder = recorder;
        this.run = run;
        this.carriers = carriers;
        this.sources = sources;
        this.background = new BackgroundTasks(context, route.consumer(), endpoint.address());
        this.course = new CourseThread(context, route.consumer());
    }

    /**
     * Opens all of it; after a failure it must be closed.
     *
     * @param targets checks that they fit a checkpoint that is resumed
     */
    public void open(Consumer<Checkpoint> targets, PageSender sender) throws Exception {
        carriers.watch(context);
        checkpoints = sources.checkpoints(run, route.consumer().getRouteId());
        boolean mayStartOver = options.checkpoint().isRestartScan();
        run.targets().mayStartOver(mayStartOver);
        Checkpoint resumed = checkpoints == null ? null : checkpoints.open(options.checkpoint());
        if (resumed != null && !mayStartOver) {
            targets.accept(resumed);
        }
        run.resume(resumed);
        expectEqual(options.source().isWayBack());
        ChangeLog changes = options.source().isLive() ? follow() : null;
        LatencyGuards watching = endpoint.file() == null ? sources.latencyGuards(run) : null;
        PageSource opened = sources.open(run, watching);
        reader = opened;
        run.sources().equalStart().opened();
        background.lookAround(opened);
        // before the first SCAN: changes from here on are reported
        ChangeFollower follower = changes == null ? null : follow(opened, changes);
        StallDetector stalls = new StallDetector(
                run, route.consumer().getRouteId(), options.queue().getStallTimeout(), context, route.joining());
        loop = new PollLoop(this, run, sources.steering(), options.queue(), opened, follower, stalls, sender, carriers);
        if (checkpoints != null) {
            checkpoints.begin(opened::states);
        }
        background.start(watching, checkpoints, recorder.isBegun() ? recorder : null);
        course.start();
    }

    private ChangeLog follow() {
        ChangeLog changes = run.follow();
        course.prepare(options.cutover(), run, route.sides(), sources.steering());
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
                background.follow(source, run, options.server().getRetryFor());
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
        return route.reads().getAsBoolean();
    }

    /** Loop around the reader; null before it is open and once it is closed. */
    public @Nullable PollLoop loop() {
        return loop;
    }

    /** Has the tasks look where the source is now, and writes a checkpoint, if there is one and it is time to. */
    void keepUp(PageSource source) {
        background.lookAround(source);
        CheckpointWriter written = checkpoints;
        if (written != null) {
            written.tick(source::states);
        }
    }

    /** The checkpoint of the run; null if none is kept, or not any more. */
    public @Nullable CheckpointWriter checkpoints() {
        return checkpoints;
    }

    /** Writes the checkpoint of a run that stops before its end; no poll may be in progress. */
    public void writeLastCheckpoint() throws InterruptedException {
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
