package io.camelrump.cli;

import io.camelrump.Difference;
import io.camelrump.KeptKeys;
import io.camelrump.Ledger;
import io.camelrump.cli.flags.Passwords;
import io.camelrump.cli.output.FailedKeys;
import io.camelrump.cli.process.ExitCode;
import io.camelrump.cli.process.Failure;
import io.camelrump.cli.process.StopSignals;
import java.io.PrintWriter;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** One comparison, and what is said about it. */
final class Comparison {
    private static final long TICK_MILLIS = 20;

    private final RunPlan plan;
    private final boolean dryRun;
    private final RunFiles files;
    private final Ports ports;
    private final PrintWriter out;
    private final PrintWriter err;
    private final StopSignals signals;
    /** The end of the migration before; null where there was none. */
    private final @Nullable Summary migrated;
    /** Keys that the target kept in that migration; null if it kept none by its policy. */
    private final @Nullable KeptKeys kept;
    /** The others that share the migration out; null if there are none. */
    private final @Nullable ShardRun shards;

    private final Instant startedAt = Instant.now();

    /**
     * @param migrated how the migration ended that is verified; null for a comparison by itself
     * @param kept what the target kept of that migration; null where it was to keep nothing
     * @param shards the others that share that migration out; null for none
     */
    Comparison(
            RunPlan plan,
            @Nullable Summary migrated,
            @Nullable KeptKeys kept,
            @Nullable ShardRun shards,
            boolean dryRun,
            RunFiles files,
            Ports ports,
            PrintWriter err,
            StopSignals signals) {
        this.plan = plan;
        this.migrated = migrated;
        this.kept = kept;
        this.shards = shards;
        this.dryRun = dryRun;
        this.files = files;
        this.ports = ports;
        this.out = files.out();
        this.err = err;
        this.signals = signals;
    }

    /** Compares, and says how it went, and the migration before it. */
    ExitCode run() {
        Report report = compare();
        return signals.lastWords().speak(() -> print(report));
    }

    private Report compare() {
        try (ComparingRun run =
                new ComparingRun(FileComparison.turned(plan), ports, found -> listen(found, files.failedKeys()))) {
            if (kept != null) {
                run.know(kept);
            }
            signals.onFirst(() -> stopReading(run));
            if (migrated == null) {
                RunRights.require(plan, RunIntent.ofComparison(plan));
            }
            run.start();
            if (migrated == null) {
                ports.announce(new Speech(plan, err));
            }
            watch(run);
            Report report = Report.of(run.ledgers(), run.hasCountedNames(), signals.received(), startedAt);
            return plan.to().isFile() ? report.turned() : report;
        } catch (Exception e) {
            Failure failure = Failure.of(e);
            Logging.trace(e, err);
            return Report.early(
                    failure.code(), failure.message() + Passwords.hint(plan.from(), plan.to(), e), startedAt);
        }
    }

    private void listen(Ledger ledger, FailedKeys failedKeys) {
        ledger.onRefusal(failedKeys::write);
        ledger.onDifference(found -> {
            Difference difference = plan.to().isFile() ? FileComparison.turned(found) : found;
            failedKeys.write(difference.quotedKey(), Report.word(difference.cause()) + ": " + difference.detail());
        });
    }

    /** Waits for the end of both directions, for the failure of one, or for a signal. */
    private void watch(ComparingRun run) throws InterruptedException {
        try (Progress progress = Progress.ofComparison(plan, run.ledgers().get(0))) {
            while (!run.isOver() && !signals.await(TICK_MILLIS)) {
                progress.show();
            }
        }
    }

    /**
     * At the first signal: stops the reading; before it has begun, ends the process, which may hang in a connection.
     */
    private void stopReading(ComparingRun run) {
        run.stopReading();
        ExitCode signal = signals.received();
        if (signal != null
                && run.ledgers().stream()
                        .noneMatch(ledger ->
                                ledger.sourceKeys() >= 0 || ledger.counts().read() > 0)) {
            signals.end(signal, () -> print(Report.early(signal, "stopped before anything was compared", startedAt)));
        }
    }

    private ExitCode print(Report report) {
        if (report.error() != null) {
            err.println("rump: " + report.error());
        }
        if (!plan.silent()) {
            out.print(report.text(dryRun));
        }
        out.flush();
        err.flush();
        boolean begun = migrated != null || report.error() == null || report.compared() > 0;
        Report whole = report.but(files.endFailedKeys(begun));
        ShardSum sum = sum(whole);
        ExitCode code = whole.but(files.write(ShardSum.in(content(whole), sum))).codeAfter(migrated);
        return sum == null ? code : code.worse(sum.code());
    }

    private @Nullable ShardSum sum(Report report) {
        return shards == null || migrated == null
                ? null
                : shards.end(report.codeAfter(migrated), report.result(), migrated.counts(), migrated.startedAt());
    }

    private Map<String, Object> content(Report report) {
        return migrated == null
                ? JsonContent.of(plan, report)
                : JsonContent.of(plan, migrated, report, report.codeAfter(migrated));
    }
}
