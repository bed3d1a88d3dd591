package io.camelrump.source;

/** The server is one of a cluster's, and was taken for one that stands alone. */
public final class ClusterFoundException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    ClusterFoundException(String message) {
        super(message);
    }
}
