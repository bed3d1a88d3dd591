package io.camelrump;

import io.camelrump.redis.ServerAddress;
import io.camelrump.redis.ServerInfo;

/**
 * Which server, and which databases of it, a run reads.
 *
 * @param info empty where the user may not ask
 * @param address of the server; of a cluster, of the node that was opened last
 * @param reader can look a key up at the source
 * @param options what is read of it
 * @param origins where its keys go
 */
record SourceIdentity(
        ServerAddress address,
        ServerInfo info,
        SourceReader reader,
        ScanOptions options,
        Origins origins,
        boolean isOfCluster) {
    Databases databases() {
        return options.databases();
    }
}
