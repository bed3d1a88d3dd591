package io.camelrump;

/** Whether a server counts as a cluster node. */
public enum ServerMode {
    /** The server is asked. */
    AUTO,
    /** Used alone, whatever it reports: a proxy may repeat what the servers behind it report. */
    STANDALONE,
    /** Asked for the cluster's masters, whatever it reports. */
    CLUSTER
}
