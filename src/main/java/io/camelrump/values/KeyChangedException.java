package io.camelrump.values;

/** A key went away, or became another one, while it was read in parts: what was read of it is of no use. */
public final class KeyChangedException extends Exception {
    private static final long serialVersionUID = 1L;
}
