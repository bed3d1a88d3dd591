package io.camelrump.bench;

import io.camelrump.fixtures.RedisServer;

/** Two clients that use a server while it is copied, 2,000 GET and SET a second together. */
final class Hammer implements Clients {
    /** Before the network. */
    private static final int PRIORITY = 10;

    private final ProcessAhead clients;

    Hammer(RedisServer server) {
        clients = new ProcessAhead(PRIORITY, LoadClient.class, String.valueOf(server.port()));
        String said = clients.line();
        if (!LoadClient.READY.equals(said)) {
            throw new IllegalStateException("the clients said " + said);
        }
    }

    @Override
    public double[] end() {
        return clients.end().stream()
                .mapToDouble(nanos -> Long.parseLong(nanos) / 1e6)
                .sorted()
                .toArray();
    }
}
