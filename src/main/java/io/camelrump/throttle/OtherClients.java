package io.camelrump.throttle;

import io.camelrump.redis.OwnConnections;
import io.camelrump.redis.RedisConnection;
import io.camelrump.redis.ServerInfo;
import java.io.IOException;
import java.util.concurrent.TimeUnit;

/**
 * Whether a source works for clients beside this process that could be hurt by a copy: those that send commands which
 * no copy sends, a few per second together. Idle connections, replicas, sentinels and other copies are none. Where the
 * server hides its command statistics, whoever is connected may be one; where it hides INFO, there may always be one.
 */
final class OtherClients {
    /** Fewer commands a second are those of health checks and sentinels. */
    private static final double FEWEST_PER_SECOND = 5;
    /** A client that was heard of is waited for so long. */
    private static final long MEMORY = TimeUnit.SECONDS.toNanos(5);

    private long foreignBefore = -1;
    private long lookedAt;
    private long heardAt;
    private boolean heard;

    /**
     * Looks at the server once more.
     *
     * @param commands what it reports of each command; empty if nothing
     * @param now in nanoseconds
     */
    boolean look(RedisConnection connection, CommandStatistics commands, long now) throws IOException {
        if (commands.isHidden()) {
            return maybeConnected(connection);
        }
        long foreign = commands.foreignCalls();
        boolean first = foreignBefore < 0;
        double seconds = (now - lookedAt) / 1e9;
        boolean active = !first && foreign - foreignBefore >= Math.max(1, FEWEST_PER_SECOND * seconds);
        foreignBefore = foreign;
        lookedAt = now;
        if (active) {
            heardAt = now;
        }
        heard = active || heard && now - heardAt < MEMORY;
        if (first) {
            // whether they do anything shows at the next look
            return maybeConnected(connection);
        }
        return heard;
    }

    private static boolean maybeConnected(RedisConnection connection) throws IOException {
        ServerInfo clients = connection.info("clients");
        return clients.isHidden()
                || clients.connectedClients()
                        > OwnConnections.to(connection.address()).open();
    }
}
