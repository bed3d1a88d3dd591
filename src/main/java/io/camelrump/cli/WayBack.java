package io.camelrump.cli;

import io.camelrump.ChangeSource;
import io.camelrump.CutoverDirection;
import io.camelrump.CutoverResult;
import io.camelrump.CutoverStep;
import io.camelrump.Ledger;
import io.camelrump.PauseTimes;
import io.camelrump.TurningCheckpoint;
import io.camelrump.TurningCheckpoint.Clients;
import io.camelrump.UsageException;
import io.camelrump.cli.output.FailedKeys;
import io.camelrump.cli.process.Failure;
import io.camelrump.cli.process.StopSignals;
import io.camelrump.needs.Intent;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.apache.camel.CamelContext;
import org.apache.camel.main.Main;
import org.apache.camel.spi.InterceptStrategy;
import org.apache.camel.spi.StateRepository;
import org.jspecify.annotations.Nullable;

/**
 * The way back of a migration: a run that follows the target, from the moment in which both sides are equal until it is
 * released or has led back, and that writes to the source.
 *
 * <p>Opened by the thread of the cutover, and followed by the thread of the command.
 */
final class WayBack implements CutoverStep, AutoCloseable {
    private static final long TICK_MILLIS = 5;
    private static final long PROGRESS_MILLIS = 20;
    /** Both servers have just answered the migration. */
    private static final Duration MOST_WAIT = Duration.ofSeconds(10);

    private final RunPlan plan;
    private final @Nullable TurningCheckpoint checkpoint;
    private final Clients clients;
    private final FailedKeys failedKeys;
    private final StopSignals signals;
    private final Consumer<String> say;
    private volatile Set<InterceptStrategy> watchers = Set.of();
    private volatile @Nullable Main main;
    private volatile @Nullable Ledger ledger;

    /**
     * The way back of a migration, or of an earlier process that was on it.
     *
     * @param decided where the clients are by the word of a person, for a run that was killed while they were being
     *     switched; null if nobody has said it
     * @throws UsageException if the checkpoint does not allow it
     */
    static WayBack of(
            RunPlan plan, @Nullable Clients decided, FailedKeys failedKeys, StopSignals signals, Consumer<String> say)
            throws InterruptedException {
        StateRepository<String, String> kept = plan.repository();
        Clients now = kept == null ? Clients.AT_SOURCE : clients(kept, decided);
        boolean begun = kept != null && isBegun(kept);
        if (!begun && FirstLook.isTargetFilled(plan)) {
            throw new UsageException("--way-back would take the keys that "
                    + plan.to().place() + " holds for the source's: empty it, or leave --way-back out");
        }
        TurningCheckpoint checkpoint = kept == null ? null : new TurningCheckpoint(kept, now);
        return new WayBack(ReversePlan.of(plan), checkpoint, now, failedKeys, signals, say);
    }

    private static boolean isBegun(StateRepository<String, String> kept) {
        String text = kept.getState("");
        return text != null && !text.isEmpty();
    }

    private static Clients clients(StateRepository<String, String> kept, @Nullable Clients decided) {
        String text = kept.getState("");
        Clients known;
        try {
            known = TurningCheckpoint.clients(text);
        } catch (IllegalArgumentException e) {
            // the run itself says what is wrong with it
            return Clients.AT_SOURCE;
        }
        if (known == Clients.AT_SOURCE && text != null && !text.isEmpty() && !TurningCheckpoint.beganEmpty(text)) {
            throw new UsageException(
                    "the checkpoint " + kept + " is of a run whose target held keys when it began, which"
                            + " --way-back would take for the source's: leave --way-back out");
        }
        if (known != Clients.MOVING) {
            return known;
        }
        if (decided == null) {
            throw new UsageException("the checkpoint " + kept
                    + " is of a run that was killed while its clients were being switched: look which server they write"
                    + " to, and add --clients-at=from or --clients-at=to");
        }
        TurningCheckpoint.decide(kept, text, decided);
        return decided;
    }

    private WayBack(
            RunPlan plan,
            @Nullable TurningCheckpoint checkpoint,
            Clients clients,
            FailedKeys failedKeys,
            StopSignals signals,
            Consumer<String> say) {
        this.plan = plan;
        this.checkpoint = checkpoint;
        this.clients = clients;
        this.failedKeys = failedKeys;
        this.signals = signals;
        this.say = say;
    }

    /** Where the migration keeps its checkpoint; null if it keeps none. */
    @Nullable
    StateRepository<String, String> forward() {
        return checkpoint == null ? null : checkpoint.forward();
    }

    /** Whether the migration is over, and an earlier process has begun the way back. */
    boolean isUnderWay() {
        return clients == Clients.AT_TARGET;
    }

    /** Requires, before the first key, what it cannot do without. */
    void requireRights() {
        RunRights.require(plan, RunIntent.of(plan, Set.of(Intent.Need.UNDER_WAY)));
    }

    /** Whatever counts the steps of the migration's routes counts those of the way back too. */
    void watchedAs(CamelContext migration) {
        watchers = migration.getRegistry().findByType(InterceptStrategy.class);
    }

    // --- at the cutover ---

    @Override
    public @Nullable String before() throws InterruptedException {
        close();
        try {
            Ledger opened = open(true, null);
            if (await(opened.wayBack()::isListening)) {
                return null;
            }
            return "the way back cannot be opened: " + reason(opened);
        } catch (InterruptedException e) {
            throw e;
        } catch (Exception e) {
            return "the way back cannot be opened: " + Failure.of(e).message();
        }
    }

    private static String reason(Ledger opened) {
        String failure = opened.failure();
        return failure == null ? "its servers did not answer within " + MOST_WAIT.toSeconds() + " s" : failure;
    }

    @Override
    public @Nullable String atBarrier() throws InterruptedException {
        Ledger opened = opened();
        long moment = opened.wayBack().equal();
        if (!await(() -> opened.wayBack().isHeard(moment))) {
            return "the way back is not open: " + reason(opened);
        }
        return turn(Clients.MOVING);
    }

    private @Nullable String turn(Clients clients) {
        try {
            if (checkpoint != null) {
                checkpoint.turn(clients);
            }
            return null;
        } catch (RuntimeException e) {
            return "the checkpoint cannot be written: " + Failure.of(e).message();
        }
    }

    @Override
    public void after(boolean converged) {
        turnOrSay(converged ? Clients.AT_TARGET : Clients.AT_SOURCE);
    }

    private void turnOrSay(Clients now) {
        String objection = turn(now);
        if (objection != null) {
            say.accept("A run that resumes will ask which server the clients write to, as " + objection + ".");
        }
    }

    /**
     * @param held whether it waits until both sides are equal
     * @param ports by which it is reached, where the migration's do not stay; null where they do
     */
    private Ledger open(boolean held, @Nullable Ports ports) throws Exception {
        Main started = RouteRunner.main(plan, plan.routes(), found -> found.forEach(each -> find(each, held)));
        watchers.forEach(each -> started.addMainListener(new ContextListener(
                context -> context.getCamelContextExtension().addInterceptStrategy(each))));
        main = started;
        if (checkpoint != null) {
            started.bind("checkpoint", checkpoint.back());
        }
        if (ports != null) {
            ports.addTo(started);
        }
        if (plan.onCutover() != null) {
            CutoverCommand.addTo(started, plan.onCutover(), plan, CutoverDirection.BACK);
        }
        started.start();
        Ledger opened = opened();
        if (opened.changes() == null || opened.changes().status().by() != ChangeSource.TRACKING) {
            throw new UsageException(
                    plan.from().place() + " sends no change notifications (CLIENT TRACKING, from Redis 6.0 on)");
        }
        return opened;
    }

    private void find(Ledger found, boolean held) {
        if (ledger == null) {
            if (held) {
                found.wayBack().hold();
            }
            found.onRefusal(failedKeys::write);
            found.onNews(say, "rump go-back", "rump abort");
            found.atCutover(new Home());
            ledger = found;
        }
    }

    private Ledger opened() {
        Ledger opened = ledger;
        if (opened == null) {
            throw new IllegalStateException("the way back is not open");
        }
        return opened;
    }

    private boolean await(BooleanSupplier done) throws InterruptedException {
        long until = System.nanoTime() + MOST_WAIT.toNanos();
        while (!done.getAsBoolean()) {
            if (System.nanoTime() - until > 0 || opened().state().isFinal() || signals.await(TICK_MILLIS)) {
                return done.getAsBoolean();
            }
        }
        return true;
    }

    // --- when the clients are led back ---

    /** The way back has a cutover of its own. */
    private final class Home implements CutoverStep {
        @Override
        public @Nullable String before() {
            return null;
        }

        @Override
        public @Nullable String atBarrier() {
            return turn(Clients.MOVING);
        }

        @Override
        public void after(boolean converged) {
            turnOrSay(converged ? Clients.AT_SOURCE : Clients.AT_TARGET);
        }
    }

    // --- after it ---

    /** The run that leads back. */
    Ledger ledger() {
        return opened();
    }

    /** The application that it runs in. */
    CamelContext context() {
        return Objects.requireNonNull(main).getCamelContext();
    }

    /**
     * Follows the target until the way back is released or has led back, or a signal comes.
     *
     * @param forth how the cutover of the migration ended
     */
    Summary follow(CutoverResult forth) throws InterruptedException {
        Instant startedAt = Instant.now();
        Ledger running = opened();
        signals.onFirst(running::stopReading);
        awaitPause(forth);
        running.wayBack().begin();
        say.accept("The way back begins: what changes at " + plan.from().place() + " is copied to "
                + plan.to().place() + ", until rump release ends that, or rump go-back leads the clients back.");
        return watched(running, startedAt);
    }

    /** Writers of the source may stand still after its convergence, and so would this. */
    private void awaitPause(CutoverResult forth) throws InterruptedException {
        PauseTimes pause = forth.pause();
        Instant asOf = forth.convergedAsOf();
        if (pause == null || asOf == null || pause.converged() == null) {
            return;
        }
        Instant until = asOf.plus(pause.whole()).minus(pause.converged());
        long left = Duration.between(Instant.now(), until).toMillis();
        if (left > 0) {
            signals.await(left);
        }
    }

    /** Goes on with the way back of an earlier process. */
    Summary resume(Ports ports) throws Exception {
        Instant startedAt = Instant.now();
        Ledger running = open(false, ports);
        signals.onFirst(running::stopReading);
        ports.announce(say);
        say.accept("The way back goes on: changes at " + plan.from().place()
                + " since the run ended are found by a comparison. Keys that others have written at "
                + plan.to().place() + " meanwhile are not known, and are copied again; those that were known before"
                + " wait for a person as they did.");
        return watched(running, startedAt);
    }

    private Summary watched(Ledger running, Instant startedAt) throws InterruptedException {
        signals.onCutover(() -> say.accept(
                "SIGUSR1 does nothing to a way back: rump go-back leads the clients back, rump release ends it."));
        try (Progress progress = Progress.of(plan, running, "rump go-back")) {
            while (!running.isOver() && !signals.await(PROGRESS_MILLIS)) {
                progress.show();
            }
        }
        Instant endedAt = Instant.now();
        close();
        return Summary.of(running, signals.received(), startedAt, endedAt)
                .after(running.cutover(), running.changes())
                .ofWayBack(plan.to().place());
    }

    @Override
    public void close() {
        Main open = main;
        Ledger known = ledger;
        main = null;
        ledger = null;
        if (open != null) {
            RouteRunner.stop(open, known != null && known.state().isFinal());
        }
    }
}
