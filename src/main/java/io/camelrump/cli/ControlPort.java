package io.camelrump.cli;

import io.camelrump.UsageException;
import io.camelrump.files.OutputFile;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.Map;
import org.apache.camel.main.Main;
import org.jspecify.annotations.Nullable;

/** The loopback port by which a run is steered, with the routes that answer there. */
final class ControlPort implements AutoCloseable {
    private static final String HOST = "127.0.0.1";
    private static final String SERVER = "org.apache.camel.component.platform.http.main.DefaultMainHttpServerFactory";
    /** Longest body of a request, in bytes: a limit takes fewer than a hundred. */
    private static final String LONGEST_BODY = "16384";

    private final int port;
    private final ControlToken token;

    private ControlPort(int port, ControlToken token) {
        this.port = port;
        this.token = token;
    }

    /**
     * The port that the flags ask for; null if none.
     *
     * @throws UsageException if it cannot be opened
     */
    static @Nullable ControlPort of(ControlFlags flags, Map<String, String> environment, StopSignals signals) {
        if (!flags.port.isGiven()) {
            return null;
        }
        requireServer();
        String objection = RouteFile.CONTROL.objection(OtherUsers.ofThisProcess());
        if (objection != null) {
            throw new UsageException(objection);
        }
        int port = free(flags.port.value());
        ControlToken given = ControlToken.given(flags.tokenFile.value(), environment);
        ControlToken token = given == null ? ControlToken.make() : given;
        signals.beforeHalt(token::close);
        return new ControlPort(port, token);
    }

    private static void requireServer() {
        try {
            Class.forName(SERVER, false, ControlPort.class.getClassLoader());
        } catch (ClassNotFoundException e) {
            throw new UsageException(
                    "--control-port takes camel-platform-http-main and the jars that it needs, which are in lib/control"
                            + " of the distribution: start bin/rump, or add them to the class path",
                    e);
        }
    }

    private static int free(int wanted) {
        try (ServerSocket socket = new ServerSocket()) {
            socket.setReuseAddress(true);
            socket.bind(new InetSocketAddress(InetAddress.getByName(HOST), wanted));
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new UsageException(
                    "--control-port " + wanted + " cannot be opened (" + OutputFile.reason(e)
                            + "): name another, or 0 for a free one",
                    e);
        }
    }

    /** Has the routes answer in this application. */
    void addTo(Main main) {
        main.addInitialProperty("camel.server.enabled", "true");
        main.addInitialProperty("camel.server.host", HOST);
        main.addInitialProperty("camel.server.port", String.valueOf(port));
        main.addInitialProperty("camel.server.maxBodySize", LONGEST_BODY);
        main.addInitialProperty("control.port", String.valueOf(port));
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
        return "rump " + operation + " --control http://" + HOST + ":" + port
                + (token.made() == null ? "" : " --control-token-file " + token.made());
    }

    @Override
    public void close() {
        token.close();
    }
}
