package io.camelrump.cli;

import io.camelrump.redis.ErrorReply;
import io.camelrump.redis.RedisConnection;
import io.camelrump.redis.RedisException;
import java.io.IOException;
import java.util.concurrent.TimeUnit;

/**
 * Holds up the writes of a source's clients. It lapses by itself when it is not renewed, and is undone when it is closed,
 * unless it is to be kept.
 *
 * @see <a href="https://redis.io/docs/latest/commands/client-pause/">CLIENT PAUSE</a>
 */
final class WritePause implements AutoCloseable {
    private final RedisConnection connection;
    private final long millis;
    private long pausedAt;
    private boolean lapsed;
    private boolean kept;

    WritePause(RedisUri server, Span length) throws IOException {
        this.millis = length.millis();
        this.connection = RedisConnection.open(server.address());
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
        if (connection.call("CLIENT", "PAUSE", Long.toString(millis), "WRITE") instanceof ErrorReply error) {
            throw RedisException.lasting(connection.address() + " refused CLIENT PAUSE: " + error.text()
                    + ". It takes Redis 6.2 or newer, and the ACL rule +client|pause.");
        }
        pausedAt = asked;
    }

    private long elapsedMillis() {
        return TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - pausedAt);
    }

    void lapse() {
        lapsed = true;
    }

    /** Whether writes may have gone on in between. */
    boolean hasLapsed() {
        return lapsed || elapsedMillis() >= millis;
    }

    /** Leaves the pause as it is, to lapse by itself. */
    void keep() throws IOException {
        renew();
        kept = true;
    }

    @Override
    public void close() {
        try {
            if (!kept) {
                connection.call("CLIENT", "UNPAUSE");
            }
        } catch (IOException | RedisException e) {
            // it lapses by itself
        } finally {
            connection.close();
        }
    }
}
