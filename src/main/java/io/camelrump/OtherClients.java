package io.camelrump;

import io.camelrump.redis.RedisConnection;
import io.camelrump.redis.ServerInfo;
import java.io.IOException;

/**
 * Whether a source has clients beside the copy, that could be hurt by it: those that are connected, and those that came
 * since the last look and may have left. Where INFO is refused there may always be some.
 */
final class OtherClients {
    private final long ours;
    private long connectionsBefore = -1;

    /** @param ours connections of the copy itself */
    OtherClients(long ours) {
        this.ours = ours;
    }

    boolean look(RedisConnection connection) throws IOException {
        ServerInfo clients = connection.info("clients");
        ServerInfo stats = connection.info("stats");
        long connections = stats.receivedConnections();
        boolean came = connections != connectionsBefore;
        connectionsBefore = connections;
        return clients.isHidden() || stats.isHidden() || came || clients.connectedClients() > ours;
    }
}
