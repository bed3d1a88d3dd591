package io.camelrump.source;

/** A cluster has given up a node that is being read: others own its slots. */
public final class NodeLostException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    NodeLostException(String message, Throwable cause) {
        super(message, cause);
    }
}
