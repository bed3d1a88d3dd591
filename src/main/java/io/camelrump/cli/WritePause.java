package io.camelrump.cli;

import io.camelrump.redis.ErrorReply;
import io.camelrump.redis.RedisConnection;
import io.camelrump.redis.RedisException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Holds up the writes of a source's clients, at each master of a cluster. It lapses by itself when it is not renewed,
 * and is undone when it is closed, unless it is kept.
 *
 * @see <a href="https://redis.io/docs/latest/commands/client-pause/">CLIENT PAUSE</a>
 */
final class WritePause implements AutoCloseable {
    private final WritableServers servers;
    private final List<RedisConnection> connections = new ArrayList<>();
    private final long millis;
    private long pausedAt;
    private boolean lapsed;
    private boolean kept;

    private WritePause(WritableServers servers, Span length) {
        this.servers = servers;
        this.millis = length.millis();
    }

    static WritePause of(Migration.Plan plan, Span length) throws IOException {
        WritePause pause = new WritePause(WritableServers.of(plan, "source"), length);
        boolean ready = false;
        try {
            pause.servers.servers().forEach(server -> pause.connections.add(RedisConnection.open(server)));
            ready = true;
            return pause;
        } finally {
            if (!ready) {
                pause.close();
            }
        }
    }

    void renewIfDue() throws IOException {
        if (elapsedMillis() > millis / 3) {
            renew();
        }
    }

    /** Lets the writes wait for the whole time, from now on. */
    void renew() throws IOException {
        if (pausedAt != 0 && elapsedMillis() >= millis) {
            lapsed = true;
        }
        long asked = System.nanoTime();
        for (RedisConnection connection : connections) {
            if (connection.call("CLIENT", "PAUSE", Long.toString(millis), "WRITE") instanceof ErrorReply error) {
                throw RedisException.permanentError(connection.address() + " refused CLIENT PAUSE: " + error.text()
                        + ". It takes Redis 6.2 or newer, and the ACL rule +client|pause.");
            }
        }
        pausedAt = asked;
    }

    private long elapsedMillis() {
        return TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - pausedAt);
    }

    void lapse() {
        lapsed = true;
    }

    /** Whether writes may have gone on in between: also where a server has taken over that knows of no pause. */
    boolean hasLapsed() {
        if (elapsedMillis() >= millis || !areStillAll()) {
            lapsed = true;
        }
        return lapsed;
    }

    private boolean areStillAll() {
        try {
            return servers.areStillAll();
        } catch (RedisException e) {
            return false;
        }
    }

    /** Leaves the pause as it is, to lapse by itself. */
    void keep() throws IOException {
        renew();
        kept = true;
    }

    @Override
    public void close() {
        for (RedisConnection connection : connections) {
            // each by itself: the others are not to wait because one of them is gone
            try (connection) {
                if (!kept) {
                    connection.call("CLIENT", "UNPAUSE");
                }
            } catch (IOException | RedisException e) {
                // it lapses by itself
            }
        }
    }
}
