package io.camelrump.cli;

import io.camelrump.UsageException;
import java.nio.file.Path;
import java.util.Map;
import org.apache.camel.component.platform.http.vertx.VertxPlatformHttpServerConfiguration;
import org.apache.camel.main.Main;
import org.jspecify.annotations.Nullable;

/** The loopback port by which a run is steered, with the routes that answer there. */
final class ControlPort implements AutoCloseable {
    static final String FLAG = "--control-port";
    static final String SERVER = "org.apache.camel.component.platform.http.main.DefaultMainHttpServerFactory";
    /** Longest body of a request, in bytes: a limit takes fewer than a hundred. */
    private static final String LONGEST_BODY = "16384";

    private final ServerPort port;
    private final ControlToken token;

    private ControlPort(ServerPort port, ControlToken token) {
        this.port = port;
        this.token = token;
    }

    /**
     * Has a run steered at a port of this machine's loopback.
     *
     * @param tokenFile null for a token from the environment, or a new one
     * @throws UsageException if there is no token to be had, or a person's own routes are not to be run
     */
    static ControlPort at(
            ServerPort port, @Nullable Path tokenFile, Map<String, String> environment, StopSignals signals) {
        String objection = RouteFile.CONTROL.objection(OtherUsers.ofThisProcess());
        if (objection != null) {
            throw new UsageException(objection);
        }
        ControlToken given = ControlToken.given(tokenFile, environment);
        ControlToken token = given == null ? ControlToken.make() : given;
        signals.beforeHalt(token::close);
        return new ControlPort(port, token);
    }

    /** Requires what it is made of. */
    static void requireServer() {
        ServerPort.require(FLAG, SERVER, "camel-platform-http-main", "lib/control");
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
        main.addMainListener(new ContextListener(context -> RouteRunner.load(context, RouteFile.CONTROL.location())));
        RouteFile.CONTROL.announce();
    }

    /** How to reach it, in a sentence. */
    String announcement() {
        return "Steer this run with: " + command("status");
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
