package io.camelrump.bench;

import io.camelrump.fixtures.FaultyProxy;
import io.camelrump.fixtures.RedisServer;
import java.time.Duration;

/** The way to a server that is a round trip away: a proxy that delays each direction by half, and no byte's rate. */
final class Link implements AutoCloseable {
    private static final int PRIORITY = 5;

    private final ProcessAhead proxy;
    private final int port;

    /** Without a distance it is the server itself. */
    Link(RedisServer server, int roundTripMillis) {
        if (roundTripMillis == 0) {
            proxy = null;
            port = server.port();
        } else {
            proxy = new ProcessAhead(
                    PRIORITY, Link.class, String.valueOf(server.port()), String.valueOf(roundTripMillis));
            port = Integer.parseInt(proxy.line());
        }
    }

    /** Takes the server's port and the milliseconds of a round trip, and says the port of the way there. */
    public static void main(String[] words) throws Exception {
        Duration roundTrip = Duration.ofMillis(Long.parseLong(words[1]));
        try (FaultyProxy way = new FaultyProxy(Integer.parseInt(words[0])).delay(roundTrip.dividedBy(2))) {
            System.out.println(way.port());
            System.in.read();
        }
    }

    int port() {
        return port;
    }

    @Override
    public void close() {
        if (proxy != null) {
            proxy.close();
        }
    }
}
