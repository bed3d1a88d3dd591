package io.camelrump.compare;

import io.camelrump.options.ThrottleOptions;
import io.camelrump.throttle.LatencyGuard;
import io.camelrump.throttle.LatencyGuards;
import java.util.List;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.apache.camel.CamelContext;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Guards the other clients of a server while pages are compared with it. */
public final class ComparisonGuard {
    private static final Logger LOG = LoggerFactory.getLogger(ComparisonGuard.class);
    /** Time that it stays on without pages, as the next ones may come. */
    private static final long LINGERS = TimeUnit.SECONDS.toNanos(2);

    private final CamelContext context;
    private final ThrottleOptions throttle;
    private final BooleanSupplier comparing;
    private @Nullable LatencyGuards guards;
    private long busyUntil;
    private boolean wasBusy;
    private @Nullable ScheduledExecutorService timer;

    /** @param comparing whether pages are compared now */
    public ComparisonGuard(CamelContext context, ThrottleOptions throttle, BooleanSupplier comparing) {
        this.context = context;
        this.throttle = throttle;
        this.comparing = comparing;
    }

    public void start(Object owner, ComparedServer server) {
        if (!throttle.guardsLatency()) {
            return;
        }
        long longestTurn = throttle.longestTurn().toNanos();
        LatencyGuards watching = new LatencyGuards((one, budget) -> new LatencyGuard(one, budget, longestTurn, null));
        guards = watching;
        ScheduledExecutorService started =
                context.getExecutorServiceManager().newSingleThreadScheduledExecutor(owner, "RumpComparisonGuard");
        timer = started;
        started.scheduleWithFixedDelay(
                () -> probe(watching, server), 0, LatencyGuard.PAUSE_MILLIS, TimeUnit.MILLISECONDS);
    }

    private void probe(LatencyGuards watching, ComparedServer server) {
        try {
            probeWhatIsCompared(watching, server);
        } catch (RuntimeException e) {
            LOG.warn("Nothing watches any more what the comparison does to the latency of {}", server.addresses(), e);
            watching.close();
            // it is not called again
            throw e;
        }
    }

    private void probeWhatIsCompared(LatencyGuards watching, ComparedServer server) {
        long now = System.nanoTime();
        if (comparing.getAsBoolean()) {
            busyUntil = now + LINGERS;
            wasBusy = true;
        }
        wasBusy = wasBusy && now - busyUntil < 0;
        watching.probe(wasBusy ? server.addresses() : List.of());
    }

    public void stop() {
        LatencyGuards watching = guards;
        guards = null;
        if (watching != null) {
            watching.close();
        }
        ScheduledExecutorService running = timer;
        timer = null;
        if (running != null) {
            context.getExecutorServiceManager().shutdownNow(running);
        }
    }
}
