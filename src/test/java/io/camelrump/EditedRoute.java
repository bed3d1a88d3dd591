package io.camelrump;

import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.model.RouteDefinition;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * The route that a test edits, between the servers of a {@link ServerPair}: a {@code @RegisterExtension} field ends it with
 * the test, without waiting for what a failed run has left in it.
 */
final class EditedRoute implements AfterEachCallback {
    /** What stands behind the consumer, and other routes beside it. */
    interface Edit {
        void configure(RouteBuilder routes, RouteDefinition read);
    }

    private final ServerPair servers;
    private final String options;
    private RouteRun run;

    /** @param options of the consumer in each test, such as {@code scanCount=50&stallTimeout=1s} */
    EditedRoute(ServerPair servers, String options) {
        this.servers = servers;
        this.options = options;
    }

    /** Runs routes whose consumer has these options too. */
    void start(String more, Edit edit) throws Exception {
        String source = Stream.of(
                        "rump:source?host=" + RedisServer.HOST,
                        "port=" + servers.source().port(),
                        options,
                        more)
                .filter(text -> !text.isEmpty())
                .collect(Collectors.joining("&"));
        RouteBuilder routes = new RouteBuilder() {
            @Override
            public void configure() {
                edit.configure(this, from(source).routeId("read-source"));
            }
        };
        run = RouteRun.of(routes, Map.of());
    }

    RouteRun run() {
        return Objects.requireNonNull(run);
    }

    /** A producer that writes to this port of 127.0.0.1. */
    static String to(String name, int port) {
        return "rump:" + name + "?host=" + RedisServer.HOST + "&retryFor=10s&port=" + port;
    }

    @Override
    public void afterEach(ExtensionContext context) {
        if (run != null) {
            run.context().getShutdownStrategy().setTimeout(1);
            run.close();
        }
    }
}
