package io.camelrump.source;

/** The server is a cluster node, and was taken for a standalone server. */
public final class ClusterFoundException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    ClusterFoundException(String message) {
        super(message);
    }
}
