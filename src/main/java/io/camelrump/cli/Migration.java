package io.camelrump.cli;

import io.camelrump.Ledger;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Map;
import java.util.Properties;
import org.apache.camel.main.Main;
import org.apache.camel.spi.CamelEvent;
import org.apache.camel.support.EventNotifierSupport;
import org.jspecify.annotations.Nullable;

/** One run of the route file: starts it, shows how it goes, stops it, and tells how it ended. */
final class Migration {
    private static final Path OWN_ROUTES = Path.of("routes", "migrate.camel.yaml");
    private static final String BUILT_IN_ROUTES = "classpath:META-INF/camel-rump/routes/migrate.camel.yaml";
    private static final long TICK_MILLIS = 100;

    /** What to do. */
    record Plan(
            RedisUri from,
            RedisUri to,
            Map<String, String> properties,
            Span drainFor,
            boolean silent,
            @Nullable Path json,
            @Nullable Path failedKeys) {
        boolean isFiltered() {
            return properties.containsKey("scan.match") || properties.containsKey("scan.type");
        }
    }

    private final Plan plan;
    private final PrintWriter out;
    private final PrintWriter err;
    private final StopSignals signals;
    private final Instant startedAt = Instant.now();
    private volatile @Nullable Ledger ledger;

    Migration(Plan plan, PrintWriter out, PrintWriter err, StopSignals signals) {
        this.plan = plan;
        this.out = out;
        this.err = err;
        this.signals = signals;
    }

    ExitCode run() {
        try (FailedKeys failedKeys = FailedKeys.to(plan.failedKeys())) {
            Main main = main(failedKeys);
            signals.onFirst(this::stopReading);
            try {
                main.start();
                if (ledger == null) {
                    throw new IllegalArgumentException("no route of " + OWN_ROUTES + " reads from a rump: endpoint");
                }
                watch(ledger);
            } catch (Exception e) {
                return end(failure(e));
            } finally {
                main.stop();
            }
            ExitCode code = end(Summary.of(ledger, signals.received(), startedAt, Instant.now()));
            failedKeys.report(err);
            return code;
        } catch (IOException e) {
            err.println("rump: --failed-keys " + plan.failedKeys() + " can not be written: " + e.getMessage());
            return ExitCode.USAGE;
        }
    }

    private Main main(FailedKeys failedKeys) {
        Main main = new Main();
        main.configure()
                .withName("rump")
                .withAutoConfigurationLogSummary(false)
                .withJmxEnabled(false)
                .withShutdownTimeout(Math.max(1, plan.drainFor().seconds()))
                .withShutdownLogInflightExchangesOnTimeout(false)
                .withShutdownSuppressLoggingOnTimeout(true)
                .withRoutesIncludePattern(Files.exists(OWN_ROUTES) ? "file:" + OWN_ROUTES : BUILT_IN_ROUTES);
        main.setDefaultPropertyPlaceholderLocation("false");
        Properties properties = new Properties();
        properties.putAll(plan.properties());
        // the queue is asked whether to stop each tenth of a second instead of each second
        properties.put("camel.component.seda.defaultPollTimeout", "100");
        main.setOverrideProperties(properties);
        main.addMainListener(new LedgerFinder(
                context -> context.getManagementStrategy().addEventNotifier(new EventNotifierSupport() {
                    @Override
                    public void notify(CamelEvent event) {
                        find(context.getRegistry().findByType(Ledger.class), failedKeys);
                    }
                })));
        return main;
    }

    private void find(Iterable<Ledger> ledgers, FailedKeys failedKeys) {
        if (ledger == null) {
            for (Ledger found : ledgers) {
                found.onRefusal(failedKeys::write);
                ledger = found;
            }
        }
    }

    /** Shows the progress until the run is over, or a signal comes. */
    private void watch(Ledger running) throws InterruptedException {
        try (Progress progress = Progress.of(plan, running, out)) {
            while (!running.state().isFinal() && signals.received() == null) {
                signals.await(TICK_MILLIS);
                progress.show();
            }
        }
        if (signals.received() != null && !running.state().isFinal() && !plan.silent()) {
            err.println("Stopping: nothing more is read; what was read may take "
                    + plan.drainFor().seconds() + " s to arrive.");
        }
    }

    /** At the first signal: stops the reading; before it has begun, ends the process, which may hang in a connection. */
    private void stopReading() {
        Ledger running = ledger;
        ExitCode signal = signals.received();
        if (running != null && running.sourceKeys() >= 0) {
            running.stopReading();
        } else if (signal != null) {
            end(Summary.early(signal, "stopped before anything was read", startedAt));
            ProcessHandle.current().descendants().forEach(ProcessHandle::destroyForcibly);
            Runtime.getRuntime().halt(signal.number());
        }
    }

    private Summary failure(Exception e) {
        Failure failure = Failure.of(e);
        if (Logging.showsTraces()) {
            e.printStackTrace(err);
        }
        return Summary.early(failure.code(), failure.message() + hint(failure.message()), startedAt);
    }

    private String hint(String message) {
        if (!message.contains("WRONGPASS") && !message.contains("password")) {
            return "";
        }
        return (message.contains("ource") ? Passwords.hint("--from", plan.from()) : "")
                + (message.contains("arget") ? Passwords.hint("--to", plan.to()) : "");
    }

    private ExitCode end(Summary summary) {
        if (summary.error() != null) {
            err.println("rump: " + summary.error());
        }
        if (!plan.silent()) {
            out.print(summary.text());
        }
        out.flush();
        err.flush();
        if (plan.json() != null) {
            try {
                new JsonFile(plan).write(summary);
            } catch (IOException e) {
                err.println("rump: --json " + plan.json() + " can not be written: " + e.getMessage());
                err.flush();
                return summary.code() == ExitCode.COMPLETE ? ExitCode.FAILED : summary.code();
            }
        }
        return summary.code();
    }
}
