package io.camelrump;

import io.camelrump.redis.RedisException;
import io.camelrump.redis.ServerAddress;
import io.camelrump.redis.ServerInfo;

/** Whether a server is to be taken for one of a cluster's. */
public enum ServerMode {
    /** As it says of itself. */
    AUTO,
    /** It is used alone, whatever it says: a proxy may pass on what the servers behind it say. */
    STANDALONE,
    /** It is asked for the cluster's masters, whatever it says. */
    CLUSTER;

    /** Refuses a server that holds only a part of the keys, where a cluster can not be read as a whole yet. */
    void requireAlone(ServerAddress address, ServerInfo info) {
        if (this == CLUSTER || this == AUTO && info.isCluster()) {
            throw RedisException.lasting(address
                    + " is in cluster mode, which is supported for the target of a migration alone yet: only a part of the"
                    + " keys would be read. A proxy that stands for all of them is taken with mode=standalone"
                    + " (--from-mode, --to-mode).");
        }
    }
}
