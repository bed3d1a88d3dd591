package io.camelrump.check;

import io.camelrump.needs.Side;
import io.camelrump.redis.ErrorReply;
import io.camelrump.redis.RedisConnection;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * A transaction on a connection of its own that is given up: a server says at once of each command whether the user may
 * send it, and executes none of them.
 *
 * @see <a href="https://redis.io/docs/latest/develop/interact/transactions/">Transactions</a>
 */
final class NeverExecuted implements AutoCloseable {
    private final RedisConnection connection;
    private final @Nullable ErrorReply denied;

    private NeverExecuted(RedisConnection connection, @Nullable ErrorReply denied) {
        this.connection = connection;
        this.denied = denied;
    }

    static NeverExecuted begin(Side side) throws IOException {
        RedisConnection connection = RedisConnection.open(side.connection().address());
        boolean ready = false;
        try {
            NeverExecuted begun =
                    new NeverExecuted(connection, connection.probe("MULTI") instanceof ErrorReply error ? error : null);
            ready = true;
            return begun;
        } finally {
            if (!ready) {
                connection.close();
            }
        }
    }

    /** Why the user may not send these words; null if it may, or if nothing can be asked. */
    @Nullable
    ErrorReply refusal(String... words) throws IOException {
        if (words[0].equals("MULTI")) {
            return denied;
        }
        return denied == null && connection.probe(words) instanceof ErrorReply error ? error : null;
    }

    @Override
    public void close() {
        connection.close();
    }
}
