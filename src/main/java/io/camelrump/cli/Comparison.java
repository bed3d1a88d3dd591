package io.camelrump.cli;

import io.camelrump.KeptKeys;
import io.camelrump.Ledger;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.OpenOption;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** One comparison, and what is said about it. */
final class Comparison {
    private static final long TICK_MILLIS = 20;

    private final Migration.Plan plan;
    private final boolean dryRun;
    private final PrintWriter out;
    private final PrintWriter err;
    private final StopSignals signals;
    /** The end of the migration before; null where there was none. */
    private final @Nullable ExitCode migrated;
    /** What the target kept of that migration; null where it was to keep nothing. */
    private final @Nullable KeptKeys kept;

    private final Instant startedAt = Instant.now();

    /**
     * @param migrated how the migration ended that is verified; null for a comparison by itself
     * @param kept what the target kept of that migration; null where it was to keep nothing
     */
    Comparison(
            Migration.Plan plan,
            @Nullable ExitCode migrated,
            @Nullable KeptKeys kept,
            boolean dryRun,
            PrintWriter out,
            PrintWriter err,
            StopSignals signals) {
        this.plan = plan;
        this.migrated = migrated;
        this.kept = kept;
        this.dryRun = dryRun;
        this.out = out;
        this.err = err;
        this.signals = signals;
    }

    /** Compares, and says how it went, and the migration before it. */
    ExitCode run() {
        if (plan.json() != null && !Files.isWritable(JsonFile.folder(plan.json()))) {
            return unwritable("--json " + plan.json(), "no such folder, or not allowed");
        }
        OpenOption[] options = migrated == null
                ? new OpenOption[0]
                : new OpenOption[] {StandardOpenOption.CREATE, StandardOpenOption.APPEND};
        Report report;
        try (FailedKeys failedKeys = FailedKeys.to(plan.failedKeys(), options)) {
            report = compare(failedKeys);
            failedKeys.report(err);
        } catch (IOException e) {
            return unwritable("--failed-keys " + plan.failedKeys(), String.valueOf(e.getMessage()));
        }
        return end(report);
    }

    private ExitCode unwritable(String file, String reason) {
        err.println("rump: " + file + " can not be written: " + reason);
        err.flush();
        return ExitCode.USAGE;
    }

    private Report compare(FailedKeys failedKeys) {
        try (ComparingRun run = new ComparingRun(plan, found -> listen(found, failedKeys))) {
            if (kept != null) {
                run.know(kept);
            }
            signals.onFirst(() -> stopReading(run));
            run.start();
            watch(run);
            return Report.of(run.ledgers(), signals.received(), startedAt);
        } catch (Exception e) {
            Failure failure = Failure.of(e);
            if (Logging.showsTraces()) {
                e.printStackTrace(err);
            }
            return Report.early(failure.code(), failure.message() + Migration.hint(plan, failure.message()), startedAt);
        }
    }

    private static void listen(Ledger ledger, FailedKeys failedKeys) {
        ledger.onRefusal(failedKeys::write);
        ledger.onDifference(difference ->
                failedKeys.write(difference.quotedKey(), Report.word(difference.cause()) + ": " + difference.detail()));
    }

    /** Waits for the end of both directions, for the failure of one, or for a signal. */
    private void watch(ComparingRun run) throws InterruptedException {
        try (Progress progress = Progress.of(plan, run.ledgers().get(0), out)) {
            while (!run.isOver() && !signals.await(TICK_MILLIS)) {
                progress.show();
            }
        }
    }

    /** At the first signal: stops the reading; before it has begun, ends the process, which may hang in a connection. */
    private void stopReading(ComparingRun run) {
        run.stopReading();
        ExitCode signal = signals.received();
        if (signal != null && run.ledgers().stream().noneMatch(ledger -> ledger.sourceKeys() >= 0)) {
            end(Report.early(signal, "stopped before anything was compared", startedAt));
            StopSignals.endProcess(signal);
        }
    }

    private ExitCode end(Report report) {
        if (report.error() != null) {
            err.println("rump: " + report.error());
        }
        if (!plan.silent()) {
            out.print(report.text(dryRun));
        }
        out.flush();
        err.flush();
        ExitCode code = migrated == null ? report.code() : report.code().worse(migrated);
        if (plan.json() != null) {
            try {
                JsonFile json = new JsonFile(plan);
                if (migrated == null) {
                    json.write(report);
                } else {
                    json.add(report, code);
                }
            } catch (IOException e) {
                err.println("rump: --json " + plan.json() + " can not be written: " + e.getMessage());
                err.flush();
                return code.worse(ExitCode.FAILED);
            }
        }
        return code;
    }
}
