package io.camelrump;

/** A run cannot do now what it is asked for, or there is no such run; the message says why. */
public final class ControlRefusedException extends Exception {
    private static final long serialVersionUID = 1L;

    ControlRefusedException(String message) {
        super(message);
    }
}
