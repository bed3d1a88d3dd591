package io.camelrump.values;

/** The source does not let a key be read in parts; its message says why. */
public final class KeyUnreadableException extends Exception {
    private static final long serialVersionUID = 1L;

    KeyUnreadableException(String message) {
        super(message);
    }
}
