package io.camelrump.source;

import io.camelrump.keys.SampleLimit;
import io.camelrump.redis.KeyList;
import io.camelrump.redis.RedisConnection;
import io.camelrump.redis.ServerAddress;
import io.camelrump.redis.ServerInfo;
import io.camelrump.run.Run;
import java.io.IOException;

/** Scope of one reader: a server as a whole, or one node of a cluster, of which it reads some slots. */
public abstract sealed class ReadScope permits WholeServer, NodeAssignment {

    /** Id of the cluster node; empty for a whole server. */
    public abstract String id();

    /** Whether other nodes have the rest of the keys, and the reader is one of several. */
    abstract boolean isNode();

    /** Whether the cluster has given up the node, or has given all its slots to others. */
    abstract boolean isLost();

    /** Whether the functions are read from this server. */
    abstract boolean readsFunctions();

    /** The bound for a sample of keys: one for all nodes of a cluster together. */
    abstract SampleLimit sample();

    /** Refuses a server that must not be read, and prepares a connection for reading. */
    abstract void prepare(ServerAddress address, RedisConnection connection, ServerInfo info) throws IOException;

    /** Keeps the names that are read here, and drops the others. */
    abstract KeyList keep(KeyList names);

    /** Whether some of these keys are read here in the present scan; of no keys it is so. */
    abstract boolean wants(KeyList keys);

    /**
     * Notes that the server named another node for a key: that reports no deletion, and the key must be read there.
     *
     * @return false if nobody reads the other node
     */
    abstract boolean stray(byte[] key);

    /** Order in which SCAN gives its cursors. */
    abstract CursorOrder order();

    /** How many of the keys of the server are read here; negative where that is unknown. */
    abstract long expected(long keys);

    /** Share of the keys that lie behind a cursor, from 0 to 1. */
    abstract double share(long cursor);

    /** Begins the sample anew where a scan does; not of a node, as the other nodes have a part in it. */
    abstract void restartSample();

    /** Voids whatever was read: all is wanted again. */
    abstract void wantAll();

    /** Reports that another server process answers, so that what was read is void. */
    abstract void replaced(Run run, String reason);
}
