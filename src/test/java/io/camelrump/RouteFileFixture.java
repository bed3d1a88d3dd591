package io.camelrump;

import static org.assertj.core.api.Assertions.assertThat;

import io.camelrump.fixtures.RedisServer;
import io.camelrump.fixtures.RouteRun;
import java.nio.file.Path;
import java.util.Properties;
import java.util.Random;
import org.apache.camel.impl.DefaultCamelContext;

/** Runs files of routes/ with properties of their own. */
abstract class RouteFileFixture {
    final Properties properties = new Properties();

    static String randomText(int length) {
        StringBuilder text = new StringBuilder();
        new Random(1).ints(length, ' ', '~').forEach(c -> text.append((char) c));
        return text.toString();
    }

    /** Names a server. */
    void at(String name, RedisServer server) {
        properties.setProperty("rump." + name + ".host", RedisServer.HOST);
        properties.setProperty("rump." + name + ".port", String.valueOf(server.port()));
    }

    /** Puts into a context what a host has of its own. */
    void prepare(DefaultCamelContext context) {}

    /** @param file such as {@code examples/mask-a-field} */
    RouteRun start(String file) throws Exception {
        return RouteRun.of(Path.of("routes", file + ".camel.yaml"), properties, this::prepare);
    }

    /** The counts of a run that must be complete. */
    Counts run(String file) throws Exception {
        try (RouteRun run = start(file)) {
            Ledger ledger = run.awaitEnd();
            assertThat(ledger.failure()).isNull();
            assertThat(ledger.state()).isEqualTo(RunState.COMPLETE);
            return ledger.counts();
        }
    }
}
