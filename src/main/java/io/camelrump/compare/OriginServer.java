package io.camelrump.compare;

import io.camelrump.ServerMode;
import io.camelrump.redis.ClusterTopology;
import io.camelrump.redis.RedisConnection;
import io.camelrump.redis.RedisException;
import io.camelrump.run.Receipt;
import io.camelrump.run.Run;
import io.camelrump.run.SourceIdentity;
import io.camelrump.throttle.TurnPacer;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * The server that the pages of a run come from, for what pages do not hold; connected to when it is needed.
 *
 * <p>Of a cluster the owner of a key's slot is asked, whichever node the page was read of: the reader looks after slots
 * that move. Not thread-safe.
 */
final class OriginServer implements AutoCloseable {
    private @Nullable MasterConnections masters;
    /** The topology that the cluster reported last. */
    private @Nullable ClusterTopology known;

    /** The connection to the one that has this key of the receipt's page, at the page's database. */
    RedisConnection of(Receipt receipt, byte[] key) throws IOException {
        RedisConnection connection = masters(receipt.run()).of(key);
        connection.select(receipt.database());
        return connection;
    }

    /** Turns of what is requested over its connection. */
    TurnPacer turns(Run run, RedisConnection connection) throws IOException {
        return masters(run).turns(connection);
    }

    /** Whether it is known to be a cluster. */
    boolean isCluster() {
        return known != null;
    }

    MasterConnections masters(Run run) throws IOException {
        MasterConnections open = masters;
        if (open == null) {
            SourceIdentity source = run.sources().last();
            if (source == null) {
                throw RedisException.transientError("The reader of a page has lost its server.", null);
            }
            open = MasterConnections.open(
                    source.address(), source.isOfCluster() ? ServerMode.CLUSTER : ServerMode.STANDALONE, known);
            known = open.topology();
            masters = open;
        }
        return open;
    }

    @Override
    public void close() {
        MasterConnections open = masters;
        masters = null;
        if (open != null) {
            open.close();
        }
    }
}
