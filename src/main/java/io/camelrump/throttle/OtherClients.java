package io.camelrump.throttle;

import io.camelrump.redis.OwnConnections;
import io.camelrump.redis.RedisConnection;
import io.camelrump.redis.ServerInfo;
import java.io.IOException;

/**
 * Whether a source has clients beside this process, that could be hurt by a copy: those that are connected, and those
 * that came since the last look and may have left. Where INFO is refused there may always be some.
 */
final class OtherClients {
    private long cameBefore = -1;

    boolean look(RedisConnection connection) throws IOException {
        OwnConnections own = OwnConnections.to(connection.address());
        long ownEver = own.everOpened();
        long ownOpen = own.open();
        ServerInfo clients = connection.info("clients");
        ServerInfo stats = connection.info("stats");
        long came = stats.receivedConnections() - ownEver;
        boolean othersCame = came != cameBefore;
        cameBefore = came;
        return clients.isHidden() || stats.isHidden() || othersCame || clients.connectedClients() > ownOpen;
    }
}
