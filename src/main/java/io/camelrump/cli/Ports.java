package io.camelrump.cli;

import io.camelrump.UsageException;
import io.camelrump.cli.flags.ControlFlags;
import io.camelrump.cli.flags.ServerPort;
import io.camelrump.cli.flags.WatchFlags;
import io.camelrump.cli.process.StopSignals;
import java.util.Map;
import java.util.function.Consumer;
import org.apache.camel.CamelContext;
import org.apache.camel.main.Main;
import org.jspecify.annotations.Nullable;

/** The ports by which others reach a run, to steer it or to watch it. Where flags give them one number they are one. */
final class Ports implements AutoCloseable {
    private final @Nullable ControlPort control;
    private final @Nullable MetricsPort metrics;

    private Ports(@Nullable ControlPort control, @Nullable MetricsPort metrics) {
        this.control = control;
        this.metrics = metrics;
    }

    /**
     * The ports that the flags ask for.
     *
     * @throws UsageException if one cannot be opened
     */
    static Ports of(ControlFlags steering, WatchFlags watching, Map<String, String> environment, StopSignals signals) {
        Integer wanted = number(steering.port.value(), watching.ui.value());
        String flag = steering.port.isGiven() ? ControlFlags.FLAG : WatchFlags.PAGE_FLAG;
        ServerPort port = null;
        if (wanted != null) {
            ControlPort.requireServer(flag);
            port = ServerPort.open(flag, ServerPort.LOOPBACK, wanted);
        }
        boolean one = port != null && wanted.equals(watching.metricsPort.value());
        MetricsPort metrics = metrics(watching, one ? port : null, flag);
        // last, as it may make a file
        ControlPort control = port == null ? null : ControlPort.at(port, steering, watching, environment, signals);
        return new Ports(control, metrics);
    }

    /** The one port that steers the run and shows it, as the buttons of the page are answered where it comes from. */
    private static @Nullable Integer number(@Nullable Integer steered, @Nullable Integer shown) {
        if (steered == null || shown == null || steered.equals(shown)) {
            return steered == null ? shown : steered;
        }
        if (steered != 0 && shown != 0) {
            throw new UsageException("--ui " + shown + " and --control-port " + steered
                    + " must be one port, by which the buttons of the page steer the run: give both one number, or leave"
                    + " --control-port out");
        }
        return Math.max(steered, shown);
    }

    /**
     * @param shared port that has its number too; null if none
     * @param flag of that
     */
    private static @Nullable MetricsPort metrics(WatchFlags watching, @Nullable ServerPort shared, String flag) {
        Integer wanted = watching.metricsPort.value();
        if (wanted == null) {
            return null;
        }
        MetricsPort.requireServer();
        String host = watching.bind.valueOr(ServerPort.LOOPBACK);
        if (shared == null) {
            return new MetricsPort(ServerPort.open(WatchFlags.METRICS_FLAG, host, wanted));
        }
        if (!host.equals(shared.host())) {
            // the token would be sent in clear, and a look at the header Host would keep no other machine out
            throw new UsageException("--bind " + host + " is for --metrics-port alone, as a run is steered from this"
                    + " machine only: give " + flag + " another number");
        }
        return new MetricsPort(shared);
    }

    /** Has the routes and servers of all of them in this application. */
    void addTo(Main main) {
        if (control != null) {
            control.addTo(main);
        }
        if (metrics != null) {
            metrics.addTo(main);
        }
    }

    /** Shows from now on, beside the one that has the servers, an application that goes on with its work. */
    void show(CamelContext served, CamelContext now) {
        if (control != null) {
            ControlPort.show(served, now);
        }
        if (metrics != null) {
            MetricsPort.showHealth(served, now);
        }
    }

    /** Says how to reach them. */
    void announce(Consumer<String> say) {
        if (control != null) {
            control.announce(say);
        }
        if (metrics != null) {
            say.accept(metrics.announcement());
        }
    }

    /** How a person aborts a cutover. */
    String toAbort() {
        return control == null ? "stop it and start it again with --checkpoint and --resume" : control.command("abort");
    }

    @Override
    public void close() {
        if (control != null) {
            control.close();
        }
    }
}
