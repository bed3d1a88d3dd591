package io.camelrump.bench;

import io.camelrump.fixtures.FaultyProxy;
import io.camelrump.fixtures.RedisServer;
import java.time.Duration;

/** The way to a server that is a round trip away: a proxy that delays each direction by half, and no byte's rate. */
final class Link implements AutoCloseable {
    private final RedisServer server;
    private final FaultyProxy proxy;

    /** Without a distance it is the server itself. */
    Link(RedisServer server, int roundTripMillis) {
        this.server = server;
        this.proxy = roundTripMillis == 0
                ? null
                : new FaultyProxy(server)
                        .delay(Duration.ofMillis(roundTripMillis).dividedBy(2));
    }

    int port() {
        return proxy == null ? server.port() : proxy.port();
    }

    @Override
    public void close() {
        if (proxy != null) {
            proxy.close();
        }
    }
}
