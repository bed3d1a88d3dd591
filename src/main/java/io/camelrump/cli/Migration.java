package io.camelrump.cli;

import io.camelrump.CutoverDirection;
import io.camelrump.CutoverResult;
import io.camelrump.KeptKeys;
import io.camelrump.Ledger;
import io.camelrump.UsageException;
import io.camelrump.cli.flags.Passwords;
import io.camelrump.cli.output.FailedKeys;
import io.camelrump.cli.process.ExitCode;
import io.camelrump.cli.process.Failure;
import io.camelrump.cli.process.LastWords;
import io.camelrump.cli.process.StopSignals;
import io.camelrump.needs.Intent;
import java.io.IOException;
import java.io.PrintWriter;
import java.time.Instant;
import java.util.Objects;
import java.util.Set;
import java.util.function.Supplier;
import org.apache.camel.main.Main;
import org.apache.camel.spi.StateRepository;
import org.jspecify.annotations.Nullable;

/** One run of the routes: starts it, shows how it goes, stops it, and reports how it ended. */
final class Migration {
    /** A short run is not to take longer by the wait for its end. */
    private static final long TICK_MILLIS = 20;

    private final RunPlan plan;
    private final RunFiles files;
    private final PrintWriter out;
    private final PrintWriter err;
    private final boolean verified;
    private final Ports ports;
    private final StopSignals signals;
    private final @Nullable ShardRun shards;
    private final Instant startedAt = Instant.now();
    private final @Nullable WayBack wayBack;
    private volatile @Nullable Ledger ledger;

    /**
     * @param wayBack that begins at its cutover; null for none
     * @param shards the others that share the migration out; null for none
     * @param verified whether a comparison follows a migration that ended well, and ends the files
     */
    Migration(
            RunPlan plan,
            RunFiles files,
            PrintWriter err,
            StopSignals signals,
            @Nullable WayBack wayBack,
            Ports ports,
            @Nullable ShardRun shards,
            boolean verified) {
        this.plan = plan;
        this.files = files;
        this.out = files.out();
        this.err = err;
        this.signals = signals;
        this.wayBack = wayBack;
        this.ports = ports;
        this.shards = shards;
        this.verified = verified;
    }

    /** @param sides may be connected to already; closed before the first key */
    Summary run(BothSides sides) {
        Instant endedAt = null;
        signals.onFirst(this::stopReading);
        StateRepository<String, String> repository = wayBack == null ? plan.repository() : wayBack.forward();
        Main main = main(repository);
        try {
            Summary earlier = shards == null ? null : shards.begin(startedAt);
            if (earlier != null) {
                return end(earlier);
            }
            prepare(sides, repository);
            Ledger running = started(main);
            if (wayBack != null) {
                running.atCutover(wayBack);
                wayBack.watchedAs(main.getCamelContext());
            }
            if (running.changes() != null) {
                KeyspaceEvents.hear(main.getCamelContext(), running.changes());
            }
            watch(running);
            endedAt = running.state().isFinal() ? Instant.now() : null;
            if (wayBack != null && hasConverged(running)) {
                return leadBack(main, wayBack, summary(running, endedAt));
            }
        } catch (Exception e) {
            return end(failure(e));
        } finally {
            RouteRunner.stop(main, ledger != null && ledger.state().isFinal());
            if (wayBack != null) {
                // of a cutover that did not converge
                wayBack.close();
            }
        }
        return hinted(end(summary(ledger, endedAt)));
    }

    /** Looks before the first key at both servers, and at the list that an earlier run has left. */
    private void prepare(BothSides sides, @Nullable StateRepository<String, String> repository) throws IOException {
        say(ComparisonNotice.of(plan, sides));
        RunRights.require(sides, RunIntent.of(plan, verified ? Set.of(Intent.Need.COMPARING) : Set.of()));
        if (wayBack != null) {
            wayBack.requireRights();
        }
        if (repository != null && plan.resumes() && FailedKeys.isOfEarlier(repository)) {
            files.failedKeys().keepEarlier();
        }
    }

    private Ledger started(Main main) {
        main.start();
        Ledger running = ledger;
        if (running == null) {
            throw new UsageException("no route of " + plan.routes() + " reads from a rump: endpoint");
        }
        ports.announce(this::say);
        return running;
    }

    private Summary hinted(Summary summary) {
        if (plan.canResumeAfter(summary) && !plan.silent()) {
            out.println("resume later with the same flags, --checkpoint " + plan.checkpoint() + " and --resume");
            out.flush();
        }
        return summary;
    }

    private Summary summary(Ledger running, @Nullable Instant endedAt) {
        return Summary.of(running, signals.received(), startedAt, endedAt == null ? Instant.now() : endedAt)
                .after(running.cutover(), running.changes());
    }

    private static boolean hasConverged(Ledger running) {
        CutoverResult cutover = running.cutover();
        return cutover != null
                && cutover.convergedAsOf() != null
                && running.state().isSettled();
    }

    /** Says how the migration ended, and follows the way back to its own end. */
    private Summary leadBack(Main main, WayBack back, Summary there) throws InterruptedException {
        signals.lastWords().whole(() -> {
            show(there);
            files.keep(JsonContent.of(plan, there, null, there.code()));
            return there;
        });
        RouteRunner.stopReading(main);
        Objects.requireNonNull(ledger).continueAs(back.ledger());
        ports.show(main.getCamelContext(), back.context());
        return hinted(end(back.follow(Objects.requireNonNull(there.cutover())), there));
    }

    /** Goes on with a way back whose migration is over. */
    Summary resumeWayBack(WayBack back) {
        try {
            return hinted(end(back.resume(ports), null));
        } catch (Exception e) {
            return end(failure(e), null);
        } finally {
            back.close();
        }
    }

    /** @param there how the migration ended; null if an earlier process has said it */
    private Summary end(Summary back, @Nullable Summary there) {
        return signals.lastWords().speak(() -> {
            show(back);
            Summary whole = back.but(files.endFailedKeys(true));
            return whole.but(files.write(JsonContent.ofWayBack(plan, there, whole)));
        });
    }

    private Main main(@Nullable StateRepository<String, String> repository) {
        Main main = RouteRunner.main(plan, plan.routes(), this::find);
        if (repository != null) {
            main.bind("checkpoint", repository);
        }
        ports.addTo(main);
        if (plan.onCutover() != null) {
            CutoverCommand.addTo(main, plan.onCutover(), plan, CutoverDirection.FORWARD);
        }
        return main;
    }

    /** Keys that the target kept, after the run; null if its policy keeps none. */
    @Nullable
    KeptKeys kept() {
        Ledger ended = ledger;
        return ended == null ? null : ended.kept();
    }

    private void find(Iterable<Ledger> ledgers) {
        if (ledger == null) {
            for (Ledger found : ledgers) {
                found.onRefusal(files.failedKeys()::write);
                found.onNews(this::say, toCutOver(), ports.toAbort());
                Logging.run(found.migration());
                ledger = found;
            }
        }
    }

    private static String toCutOver() {
        return "kill -USR1 " + ProcessHandle.current().pid();
    }

    /** Shows the progress until the run is over, or a signal comes. */
    private void watch(Ledger running) throws InterruptedException {
        if (running.changes() != null) {
            signals.onCutover(() -> running.cutOver("SIGUSR1 has come"));
        }
        try (Progress progress = Progress.of(plan, running, toCutOver())) {
            while (!running.isOver() && !signals.await(TICK_MILLIS)) {
                progress.show();
            }
        }
        if (signals.received() != null && !running.state().isFinal()) {
            say("Stopping: reading has ended; keys in flight may take "
                    + plan.drainFor().seconds() + " s to arrive.");
        }
    }

    private void say(@Nullable String text) {
        if (text != null) {
            new Speech(plan, err).accept(text);
        }
    }

    /**
     * At the first signal: stops the reading; before it has begun, ends the process, which may hang in a connection.
     */
    private void stopReading() {
        Ledger running = ledger;
        ExitCode signal = signals.received();
        if (running != null && (running.sourceKeys() >= 0 || running.counts().read() > 0)) {
            running.stopReading();
        } else if (signal != null) {
            signals.end(signal, () -> print(Summary.early(signal, "stopped before anything was read", startedAt)));
        }
    }

    private Summary failure(Exception e) {
        Failure failure = Failure.of(e);
        Logging.trace(e, err);
        Summary early =
                Summary.early(failure.code(), failure.message() + Passwords.hint(plan.from(), plan.to(), e), startedAt);
        Ledger begun = ledger;
        return begun != null && begun.isCheckpointRefused() ? early.refusingCheckpoint() : early;
    }

    private Summary end(Summary summary) {
        boolean comparisonFollows = verified && summary.isCopied();
        LastWords words = signals.lastWords();
        // one lambda for both ways: a class that no recorded run has met is made at run time
        Supplier<Summary> print = () -> print(summary);
        return comparisonFollows ? words.whole(print) : words.speak(print);
    }

    private void show(Summary summary) {
        if (summary.error() != null) {
            err.println("rump: " + summary.error());
        }
        if (!plan.silent()) {
            if (plan.isDryRun() && !summary.text().isEmpty()) {
                out.println("DRY RUN: nothing was written");
            }
            out.print(summary.text());
        }
        out.flush();
        err.flush();
    }

    private Summary print(Summary summary) {
        show(summary);
        if (verified && summary.isCopied()) {
            files.keep(JsonContent.of(plan, summary, null, summary.code()));
            return summary;
        }
        boolean begun = summary.error() == null || summary.counts().settled() > 0;
        Summary whole = summary.but(files.endFailedKeys(begun));
        ShardSum sum =
                shards == null ? null : shards.end(whole.code(), whole.result(), whole.counts(), whole.startedAt());
        Summary ended = sum == null ? whole : sum.over(whole);
        return ended.but(files.write(ShardSum.in(JsonContent.of(plan, ended, null, ended.code()), sum)));
    }
}
