package io.camelrump;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.camelrump.cutover.Steering;
import io.camelrump.host.JobExit;
import io.camelrump.metrics.MeteredRun;
import io.camelrump.metrics.Meters;
import io.camelrump.run.Run;
import io.camelrump.run.RunRates;
import io.camelrump.run.SharedListener;
import java.time.Instant;
import java.util.concurrent.locks.ReentrantLock;
import org.apache.camel.CamelContext;
import org.apache.camel.Message;
import org.jspecify.annotations.Nullable;

/**
 * A run as its Camel context sees it: from the start of its consumer to the stop no other run has its name, by which
 * its ledger and its meters are found.
 */
final class HostedRun {
    private static final String RUN = "rump-run-";
    private static final String LEDGER = "rump-ledger-";
    private static final ReentrantLock NAMES = new ReentrantLock();

    private final CamelContext context;
    private final Run run;
    private final String source;
    private final boolean shown;
    private final Steering steering = new Steering();
    private final Ledger ledger;
    private final RunManagement management;
    private final RunNews news;
    /** The route that reads now; null while its consumer is stopped. */
    private volatile @Nullable String route;

    private volatile Instant startedAt = Instant.now();
    /** Held here, as gauges let go of it. */
    private final MeteredRun metered;

    private @Nullable Meters meters;

    @GuardedBy("this")
    private @Nullable RunRates rates;

    private volatile boolean begun;

    /** The run that goes on by the name of this one; null for none. */
    private volatile @Nullable HostedRun next;

    /**
     * Shows the ledger to the host before anything is read, unless another run has the name now.
     *
     * @param source name of the endpoint that reads
     * @param listeners to what happens to it
     */
    HostedRun(CamelContext context, Run run, String source, EventListeners listeners) {
        this(context, run, source, listeners, true);
        run.report().onEvent(news::pass);
        NAMES.lock();
        try {
            if (rival() == null) {
                bind();
            }
        } finally {
            NAMES.unlock();
        }
    }

    private HostedRun(CamelContext context, Run run, String source, EventListeners listeners, boolean shown) {
        this.shown = shown;
        this.context = context;
        this.run = run;
        this.source = source;
        this.ledger = new Ledger(run, steering);
        ledger.hosted(this);
        this.metered = new MeteredRun(run, steering, this::startedAt);
        this.management = new RunManagement(context, run.migration());
        this.news = new RunNews(this, listeners);
        steering.onCourseOver(news::passWithheld);
        steering.onBarrier(event -> listeners.switchOver(this, event));
    }

    /** A run that is part of another one, and of which the host sees nothing. */
    static HostedRun within(CamelContext context, Run run, String source) {
        return new HostedRun(context, run, source, new EventListeners(), false);
    }

    /**
     * Takes the name, and opens the books of a new run.
     *
     * @throws IllegalStateException if another run has the name
     */
    void begin(@Nullable String routeId) {
        if (!shown) {
            run.reset();
            begun = true;
            return;
        }
        take(routeId == null ? "without id" : routeId);
        run.onEnd(() -> JobExit.show(context, HostedRun.class, HostedRun::exitCode));
        run.reset();
        steering.reset();
        forgetRates();
        startedAt = Instant.now();
        meters = metered.meters(context, String.valueOf(route));
        run.report().measuredBy(SharedListener.of(ledger.recorder(), meters));
        begun = true;
        management.show(managed());
        JobExit.show(context, HostedRun.class, HostedRun::exitCode);
        run.report().tell(new RunEvent.Started());
    }

    private void take(String routeId) {
        NAMES.lock();
        try {
            HostedRun rival = rival();
            if (rival != null) {
                throw new IllegalStateException("Route " + routeId + " cannot start: migration=" + ledger.migration()
                        + " is the name of the run of route " + rival.route
                        + ", and ledger, meters and health of both would be one. Set the option migration of this"
                        + " route's from: rump: endpoint to another name, such as migration=" + ledger.migration()
                        + "-2, and that of beans such as MarkChanged that belong to it.");
            }
            bind();
            route = routeId;
        } finally {
            NAMES.unlock();
        }
    }

    void end(RunState state, @Nullable String cause) {
        if (begun) {
            begun = false;
            run.finish(state, cause);
        }
    }

    boolean isEndDue() {
        return news.isEndDue();
    }

    /** Gives the name back; what the run has come to is shown until another one takes it. */
    void release() {
        route = null;
        news.passWithheld();
    }

    /** Nothing is shown any longer of a route that is removed while the host goes on. */
    void forget() {
        NAMES.lock();
        try {
            if (context.isStarted() && context.getRegistry().lookupByName(RUN + ledger.migration()) == this) {
                context.getRegistry().unbind(RUN + ledger.migration());
                context.getRegistry().unbind(LEDGER + ledger.migration());
                if (meters != null) {
                    meters.remove();
                }
                management.remove();
            }
        } finally {
            NAMES.unlock();
        }
    }

    void continueAs(@Nullable HostedRun other) {
        next = other;
        meters = other == null || meters == null ? meters : meters.anew(other.metered);
    }

    HostedRun current() {
        HostedRun other = next;
        return other == null ? this : other;
    }

    String source() {
        return source;
    }

    /** How fast keys and bytes have come since the last call, or one a second before this one. */
    synchronized RunRates rates(Counts counts) {
        long now = System.nanoTime();
        rates = RunRates.of(
                rates, counts, ledger.earlierCounts(), now - run.elapsed().toNanos(), now);
        return rates;
    }

    Instant startedAt() {
        return startedAt;
    }

    Thread newThread(String name, Runnable task) {
        return context.getExecutorServiceManager().newThread(name, task);
    }

    Steering steering() {
        return steering;
    }

    Ledger ledger() {
        return ledger;
    }

    ManagedRun managed() {
        return new ManagedRun(ledger, route);
    }

    /** Exit code of a process that has this run as its job: 0 also while it has never begun. */
    int exitCode() {
        RunEnd end = ledger.end();
        return end == null && route == null ? 0 : ledger.state().exitCode();
    }

    /** Sets the headers by which the last exchange says how the run ended. */
    void describeEnd(Message last) {
        RunEnd end = ledger.end();
        if (end == null) {
            return;
        }
        last.setHeader(RumpConstants.COMPLETE, end.state() == RunState.COMPLETE);
        last.setHeader(RumpConstants.STATE, end.state());
        last.setHeader(RumpConstants.COUNTS, end.counts());
        if (end.cause() != null) {
            last.setHeader(RumpConstants.CAUSE, end.cause());
        }
        if (!end.differing().isEmpty()) {
            last.setHeader(RumpConstants.DIFFERING, end.differing());
        }
    }

    private synchronized void forgetRates() {
        rates = null;
    }

    private @Nullable HostedRun rival() {
        HostedRun named = context.getRegistry().lookupByNameAndType(RUN + ledger.migration(), HostedRun.class);
        return named == null || named == this || named.route == null ? null : named;
    }

    private void bind() {
        context.getRegistry().bind(RUN + ledger.migration(), this);
        context.getRegistry().bind(LEDGER + ledger.migration(), ledger);
    }
}
