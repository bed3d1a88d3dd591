package io.camelrump.values;

import io.camelrump.redis.ErrorReply;
import io.camelrump.redis.RedisConnection;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Optimistic locking of the key that is being read: WATCH before the first part, an empty MULTI and EXEC after the
 * last. EXEC answers nil if the value, its expiry or its name changed in between. That writes nothing and blocks
 * nobody.
 *
 * <p>It does not notice XREADGROUP, XACK, XCLAIM, XGROUP, XSETID and XCFGSET, and below Redis 6.0 not PERSIST. EXEC
 * ends every watch of its connection, so one key is watched at a time. Where the user may not send these commands every
 * key counts as unchanged, and only what is compared beside it tells. A cluster's replica below Redis 6.2 names its
 * master where a key must be watched, and the key is read there.
 *
 * @see <a href="https://redis.io/docs/latest/develop/using-commands/transactions/">Transactions</a>
 */
public final class KeyWatch {
    private final RedisConnection source;
    private final boolean permitted;
    /** Whether a key is watched whose reading has not ended. */
    private boolean watching;
    /** Whether the answers to the end of an abandoned reading come before the next ones. */
    private boolean abandoned;

    public KeyWatch(RedisConnection source, boolean permitted) {
        this.source = source;
        this.permitted = permitted;
    }

    /**
     * Whether a replica of a cluster answers for a key by itself, but not when it must be watched.
     *
     * @param key in a slot of its master
     */
    public static boolean isLeftToMaster(RedisConnection connection, String key) throws IOException {
        List<@Nullable Object> replies = connection.probeAll(List.of(List.of("TYPE", key), List.of("WATCH", key)));
        return !isRedirection(replies.get(0)) && isRedirection(replies.get(1));
    }

    private static boolean isRedirection(@Nullable Object reply) {
        return reply instanceof ErrorReply error && error.isRedirection();
    }

    public RedisConnection source() {
        return source;
    }

    /** Watches a key from here on; does not flush. */
    public void writeBegin(byte[] key) throws IOException {
        if (!permitted) {
            return;
        }
        abandoned = watching;
        if (abandoned) {
            writeTransaction();
        }
        source.out().command(2).arg("WATCH").arg(key);
        watching = true;
    }

    /** Whether a key may be watched, so that it is known whether it changed. */
    boolean isPermitted() {
        return permitted;
    }

    /**
     * Reads what {@link #writeBegin} is answered; gives the error of the server that does not let the key be watched.
     */
    @Nullable
    public ErrorReply readBegin() throws IOException {
        if (!permitted) {
            return null;
        }
        if (abandoned) {
            source.in().reply();
            source.in().reply();
            abandoned = false;
        }
        return source.in().reply() instanceof ErrorReply error ? error : null;
    }

    /** Ends the watch; does not flush. */
    public void writeEnd() throws IOException {
        if (permitted) {
            writeTransaction();
            watching = false;
        }
    }

    private void writeTransaction() throws IOException {
        source.out().command(1).arg("MULTI");
        source.out().command(1).arg("EXEC");
    }

    /** Reads what {@link #writeEnd} is answered: an empty list if the key stayed as it was, nil if not, or an error. */
    @Nullable
    public Object readEnd() throws IOException {
        if (!permitted) {
            return List.of();
        }
        Object begun = source.in().reply();
        Object executed = source.in().reply();
        return begun instanceof ErrorReply ? begun : executed;
    }
}
