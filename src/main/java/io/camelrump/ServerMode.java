package io.camelrump;

/** Whether a server is to be taken for one of a cluster's. */
public enum ServerMode {
    /** As it says of itself. */
    AUTO,
    /** It is used alone, whatever it says: a proxy may pass on what the servers behind it say. */
    STANDALONE,
    /** It is asked for the cluster's masters, whatever it says. */
    CLUSTER
}
