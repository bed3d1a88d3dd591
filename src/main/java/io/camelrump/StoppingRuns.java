package io.camelrump;

import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.apache.camel.CamelContext;
import org.apache.camel.support.LifecycleStrategySupport;

/**
 * Has the runs of a context that stops come to their end while the routes that listen to them are still there: Camel
 * may stop those first, and the end of a run would be heard by nobody.
 */
final class StoppingRuns extends LifecycleStrategySupport {
    private static final long MOST_WAIT_FOR_ROUTES = TimeUnit.SECONDS.toNanos(3);
    private static final long LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(2);

    private final EventListeners listeners;

    StoppingRuns(EventListeners listeners) {
        this.listeners = listeners;
    }

    @Override
    public void onContextStopping(CamelContext context) {
        List<HostedRun> runs = context.getRegistry().findByType(HostedRun.class).stream()
                .filter(run -> isReading(context, run) && listeners.areAbout(run))
                .toList();
        if (runs.isEmpty()) {
            return;
        }
        runs.forEach(run -> run.ledger().stopReading());
        // what was read may still arrive, for as long as it might when the routes stop
        long most = context.getShutdownStrategy()
                .getTimeUnit()
                .toNanos(context.getShutdownStrategy().getTimeout());
        await(() -> runs.stream().allMatch(StoppingRuns::isOver), most);
        await(() -> !listeners.isAnyWaiting(), MOST_WAIT_FOR_ROUTES);
    }

    /** Not while its consumer is suspended. */
    private static boolean isReading(CamelContext context, HostedRun run) {
        String route = run.managed().getRouteId();
        return route != null
                && !run.ledger().state().isFinal()
                && context.getRouteController().getRouteStatus(route).isStarted();
    }

    private static boolean isOver(HostedRun run) {
        return run.ledger().state().isFinal() && run.ledger().isOver() && !run.isEndDue();
    }

    private static void await(BooleanSupplier done, long most) {
        long until = System.nanoTime() + most;
        while (!done.getAsBoolean() && System.nanoTime() - until < 0) {
            LockSupport.parkNanos(LOOK_NANOS);
        }
    }
}
