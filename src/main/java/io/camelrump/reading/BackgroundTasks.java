package io.camelrump.reading;

import io.camelrump.live.ChangeListener;
import io.camelrump.live.ChangeListeners;
import io.camelrump.live.SourceWatch;
import io.camelrump.redis.ErrorText;
import io.camelrump.redis.ServerAddress;
import io.camelrump.run.CheckpointWriter;
import io.camelrump.run.Run;
import io.camelrump.series.SeriesRecorder;
import io.camelrump.source.PageSource;
import io.camelrump.throttle.LatencyGuard;
import io.camelrump.throttle.LatencyGuards;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.apache.camel.CamelContext;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tasks that a consumer runs beside its reading: they probe the source's latency, listen to its changes, keep the
 * checkpoint locked, and record what the run does over time.
 *
 * <p>Started and stopped with the consumer; {@link #lookAround} says from its poll which servers the timer has to ask.
 */
final class BackgroundTasks {
    private static final Logger LOG = LoggerFactory.getLogger(BackgroundTasks.class);

    private final CamelContext context;
    /** Whose threads they are, for the names of these. */
    private final Object owner;
    /** Servers that are read now. */
    private volatile List<ServerAddress> servers;

    /** Servers that take the writes now. */
    private volatile List<ServerAddress> masters;

    /** Failures of tasks that were logged. */
    private final Set<String> failures = ConcurrentHashMap.newKeySet();

    private @Nullable LatencyGuards guards;
    private @Nullable ScheduledExecutorService timer;
    private @Nullable ChangeListeners listeners;
    private @Nullable ExecutorService listening;
    private @Nullable SourceWatch watch;

    BackgroundTasks(CamelContext context, Object owner, ServerAddress first) {
        this.context = context;
        this.owner = owner;
        this.servers = List.of(first);
        this.masters = servers;
    }

    void lookAround(PageSource source) {
        servers = source.servers();
        masters = source.masters();
    }

    List<ServerAddress> masters() {
        return masters;
    }

    /** Looks at the source once, and again and again from {@link #start} on. */
    void watch(SourceWatch ofSource) {
        watch = ofSource;
        ofSource.look();
    }

    SourceWatch watch() {
        return Objects.requireNonNull(watch);
    }

    /** Listens to the changes of the source; null if it does not report them. */
    @Nullable
    ChangeListeners follow(PageSource source, Run run, Duration retryFor) throws InterruptedException {
        ExecutorService threads = context.getExecutorServiceManager().newCachedThreadPool(owner, "change-listener");
        listening = threads;
        ChangeListeners opened = new ChangeListeners(run.changes(), threads);
        if (!opened.open(source.masters(), run, retryFor)) {
            return null;
        }
        listeners = opened;
        source.onServers(opened::follow);
        return opened;
    }

    /** Starts the timer, if there is anything to do for it. */
    void start(
            @Nullable LatencyGuards watching, @Nullable CheckpointWriter checkpoints, @Nullable SeriesRecorder series) {
        if (watching == null && watch == null && checkpoints == null && series == null) {
            return;
        }
        ScheduledExecutorService started =
                context.getExecutorServiceManager().newScheduledThreadPool(owner, "source-watch", 2);
        guards = watching;
        timer = started;
        if (watching != null) {
            repeat(started, () -> watching.probe(servers), 0, LatencyGuard.PAUSE_MILLIS);
        }
        if (listeners != null) {
            repeat(started, listeners::tick, 0, ChangeListener.TICK_MILLIS);
        }
        if (checkpoints != null) {
            repeat(started, checkpoints::keep, CheckpointWriter.KEEP_MILLIS, CheckpointWriter.KEEP_MILLIS);
        }
        if (series != null) {
            repeat(started, series::look, SeriesRecorder.PAUSE_MILLIS, SeriesRecorder.PAUSE_MILLIS);
        }
        if (watch != null) {
            repeat(started, watch::look, 0, SourceWatch.PAUSE_MILLIS);
        }
    }

    private void repeat(ScheduledExecutorService on, Runnable task, long firstMillis, long pauseMillis) {
        on.scheduleWithFixedDelay(() -> tried(task), firstMillis, pauseMillis, TimeUnit.MILLISECONDS);
    }

    /** One that failed is tried again: a timer drops what throws, and says nothing. */
    private void tried(Runnable task) {
        try {
            task.run();
        } catch (RuntimeException e) {
            String failure = ErrorText.unexpected(e);
            if (failures.add(failure)) {
                LOG.warn("A task beside the reading of {} failed, and is tried again: {}", servers, failure);
            }
        }
    }

    void stop() {
        if (guards != null) {
            guards.close();
            guards = null;
        }
        if (listeners != null) {
            listeners.close();
            listeners = null;
        }
        if (watch != null) {
            watch.close();
            watch = null;
        }
        timer = shutDown(timer);
        listening = shutDown(listening);
    }

    private <T extends ExecutorService> @Nullable T shutDown(@Nullable T threads) {
        if (threads != null) {
            context.getExecutorServiceManager().shutdownNow(threads);
        }
        return null;
    }
}
