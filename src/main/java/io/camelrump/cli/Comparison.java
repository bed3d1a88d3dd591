package io.camelrump.cli;

import io.camelrump.Difference;
import io.camelrump.Ledger;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.OpenOption;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.apache.camel.main.Main;
import org.jspecify.annotations.Nullable;

/** One run of the comparison's routes, which have a ledger for each direction. */
final class Comparison {
    private static final String ROUTES = "compare.camel.yaml";
    private static final long TICK_MILLIS = 100;

    private final Migration.Plan plan;
    private final boolean dryRun;
    private final PrintWriter out;
    private final PrintWriter err;
    private final StopSignals signals;
    /** The end of the migration before; null where there was none. */
    private final @Nullable ExitCode migrated;

    private final Instant startedAt = Instant.now();
    /** Sorted by name: the source's keys come first. Guarded by itself. */
    private final Set<Ledger> ledgers = new TreeSet<>(Comparator.comparing(Ledger::migration));

    /**
     * @param migrated how the migration ended that is verified; null for a comparison by itself
     */
    Comparison(
            Migration.Plan plan,
            @Nullable ExitCode migrated,
            boolean dryRun,
            PrintWriter out,
            PrintWriter err,
            StopSignals signals) {
        this.plan = plan;
        this.migrated = migrated;
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
        Main main = Migration.main(plan, ROUTES, found -> find(found, failedKeys));
        signals.onFirst(this::stopReading);
        try {
            main.start();
            if (ledgers().isEmpty()) {
                throw new IllegalArgumentException("no route of routes/" + ROUTES + " reads from a rump: endpoint");
            }
            watch();
            return Report.of(ledgers(), signals.received(), startedAt);
        } catch (Exception e) {
            Failure failure = Failure.of(e);
            if (Logging.showsTraces()) {
                e.printStackTrace(err);
            }
            return Report.early(failure.code(), failure.message() + Migration.hint(plan, failure.message()), startedAt);
        } finally {
            main.stop();
        }
    }

    private void find(Set<Ledger> found, FailedKeys failedKeys) {
        synchronized (ledgers) {
            for (Ledger ledger : found) {
                if (ledgers.add(ledger)) {
                    ledger.onRefusal(failedKeys::write);
                    ledger.onDifference(difference -> write(difference, failedKeys));
                }
            }
        }
    }

    private static void write(Difference difference, FailedKeys failedKeys) {
        failedKeys.write(difference.quotedKey(), Report.word(difference.cause()) + ": " + difference.detail());
    }

    private List<Ledger> ledgers() {
        synchronized (ledgers) {
            return List.copyOf(ledgers);
        }
    }

    /** Waits for the end of both directions, for the failure of one, or for a signal. */
    private void watch() throws InterruptedException {
        try (Progress progress = Progress.of(plan, ledgers().get(0), out)) {
            while (!isOver() && !signals.await(TICK_MILLIS)) {
                progress.show();
            }
        }
    }

    private boolean isOver() {
        List<Ledger> all = ledgers();
        return all.stream().allMatch(ledger -> ledger.state() == Ledger.State.COMPLETE)
                || all.stream()
                        .anyMatch(ledger ->
                                ledger.state() == Ledger.State.FAILED || ledger.state() == Ledger.State.INCOMPLETE);
    }

    /** At the first signal: stops the reading; before it has begun, ends the process, which may hang in a connection. */
    private void stopReading() {
        List<Ledger> all = ledgers();
        all.forEach(Ledger::stopReading);
        ExitCode signal = signals.received();
        if (signal != null && all.stream().noneMatch(ledger -> ledger.sourceKeys() >= 0)) {
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
