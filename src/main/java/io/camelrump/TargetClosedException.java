package io.camelrump;

/** The target refuses for good, or for longer than {@code retryFor}: no retry can help, and the reading has stopped. */
public class TargetClosedException extends Exception {
    private static final long serialVersionUID = 1L;

    public TargetClosedException(String message) {
        super(message);
    }
}
