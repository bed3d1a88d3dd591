package io.camelrump.cli;

import io.camelrump.UsageException;
import io.camelrump.cli.flags.ControlFlags;
import io.camelrump.cli.flags.ServerPort;
import io.camelrump.cli.flags.WatchFlags;
import io.camelrump.cli.process.OtherUsers;
import io.camelrump.cli.process.StopSignals;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.apache.camel.CamelContext;
import org.apache.camel.component.platform.http.vertx.VertxPlatformHttpServerConfiguration;
import org.apache.camel.main.Main;

/** The loopback port by which a run is steered, and shown in a browser, with the routes that answer there. */
final class ControlPort implements AutoCloseable {
    static final String SERVER = "org.apache.camel.component.platform.http.main.DefaultMainHttpServerFactory";
    /** Longest body of a request, in bytes: a limit takes fewer than a hundred. */
    private static final String LONGEST_BODY = "16384";

    /** By this name the page finds it. */
    private static final String NEXT = "rump-next-context";

    private final ServerPort port;
    private final ControlToken token;
    /** Commands are named that steer the run. */
    private final boolean steered;
    /** The page is served. */
    private final boolean shown;

    private ControlPort(ServerPort port, ControlToken token, boolean steered, boolean shown) {
        this.port = port;
        this.token = token;
        this.steered = steered;
        this.shown = shown;
    }

    /**
     * Has a run steered, or shown, at a port of this machine's loopback.
     *
     * @throws UsageException if there is no token to be had, or a person's own routes are not to be run
     */
    static ControlPort at(
            ServerPort port,
            ControlFlags steering,
            WatchFlags watching,
            Map<String, String> environment,
            StopSignals signals) {
        boolean shown = watching.ui.isGiven();
        for (RouteFile file : files(shown)) {
            String objection = file.objection(OtherUsers.ofThisProcess());
            if (objection != null) {
                throw new UsageException(objection);
            }
        }
        ControlToken given = ControlToken.given(steering.tokenFile.value(), environment);
        ControlToken token = given == null ? ControlToken.make() : given;
        signals.beforeHalt(token::close);
        return new ControlPort(port, token, steering.port.isGiven(), shown);
    }

    private static List<RouteFile> files(boolean shown) {
        return shown ? List.of(RouteFile.CONTROL, RouteFile.UI) : List.of(RouteFile.CONTROL);
    }

    /** Requires what it is made of. */
    static void requireServer(String flag) {
        ServerPort.require(flag, SERVER, "camel-platform-http-main", "lib/control");
    }

    /** Has the routes answer in this application. */
    void addTo(Main main) {
        main.addInitialProperty("camel.server.enabled", "true");
        main.addInitialProperty("camel.server.host", port.host());
        main.addInitialProperty("camel.server.port", String.valueOf(port.number()));
        main.addInitialProperty("camel.server.maxBodySize", LONGEST_BODY);
        // where another port has a server too, the routes would not know theirs
        VertxPlatformHttpServerConfiguration server = new VertxPlatformHttpServerConfiguration();
        server.setBindPort(port.number());
        main.bind("control-server", server);
        main.addInitialProperty("control.port", String.valueOf(port.number()));
        main.addInitialProperty("control.token", token.text());
        for (RouteFile file : files(shown)) {
            main.addMainListener(new ContextListener(context -> RouteRunner.load(context, file.location())));
            file.announce();
        }
    }

    /**
     * Shows from now on the routes of another application, which goes on with the work of this one.
     *
     * @param served the application that has the server
     */
    static void show(CamelContext served, CamelContext now) {
        served.getRegistry().bind(NEXT, CamelContext.class, now);
    }

    /** Says how to reach it. */
    void announce(Consumer<String> say) {
        if (steered) {
            say.accept("Steer this run with: " + command("status"));
        }
        if (shown) {
            // behind #, where a browser keeps it for itself; one that a person keeps is not shown at all
            String behind = token.made() == null ? ", with the token that was given" : "#token=" + token.text();
            say.accept("Watch this run at " + port.url() + "/ui" + behind);
        }
    }

    /** The command line that has the run do this. */
    String command(String operation) {
        return "rump " + operation + " --control " + port.url()
                + (token.made() == null ? "" : " --control-token-file " + token.made());
    }

    @Override
    public void close() {
        token.close();
    }
}
