package io.camelrump;

/** A batch did not reach the target whole, and trying again may help; keys that arrived are not written again. */
public class TransientTargetException extends Exception {
    private static final long serialVersionUID = 1L;

    public TransientTargetException(String message, Throwable cause) {
        super(message, cause);
    }

    public TransientTargetException(String message) {
        super(message);
    }
}
