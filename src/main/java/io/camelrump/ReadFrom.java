package io.camelrump;

/** Which nodes of a cluster are scanned. */
public enum ReadFrom {
    /** The masters. */
    MASTER,
    /** A replica of each master that has what its master had when the scan began; the master where there is none. */
    REPLICA
}
