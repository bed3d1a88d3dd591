package io.camelrump.cli.flags;

import org.jspecify.annotations.Nullable;

/** The flags that let others see how a run is doing. */
public final class WatchFlags extends FlagGroup {
    public static final String PAGE_FLAG = "--ui";
    public static final String METRICS_FLAG = "--metrics-port";

    public final Flag<Integer> ui = number(
            PAGE_FLAG,
            "N",
            "Show the run in a browser at http://127.0.0.1:N/ui, with buttons that steer it; 0 takes a free port and prints"
                    + " the address. Default: none.");
    public final Flag<Integer> metricsPort = number(
            METRICS_FLAG,
            "N",
            "Serve metrics for Prometheus (/observe/metrics) and health (/observe/health) at 127.0.0.1:N; 0 takes a free"
                    + " port and prints it. Default: none.");
    public final Flag<String> bind = text(
            "--bind",
            "ADDRESS",
            "Serve --metrics-port at ADDRESS of this machine, such as 0.0.0.0 for all of them. Default: 127.0.0.1.");

    public WatchFlags() {
        super("Watching");
    }

    /** An objection to these flags; null if there is none. */
    @Nullable
    public String objection() {
        String objection = ui.isGiven() ? ServerPort.objection(PAGE_FLAG, ui.value()) : null;
        return objection == null ? objectionToMetrics() : objection;
    }

    private @Nullable String objectionToMetrics() {
        if (!metricsPort.isGiven()) {
            return bind.isGiven() ? "--bind is about --metrics-port: add it" : null;
        }
        return ServerPort.objection(METRICS_FLAG, metricsPort.value());
    }
}
