package io.camelrump.values;

/** A node of a cluster names another one for a key that is read in parts. */
public final class KeyElsewhereException extends RuntimeException {
    private static final long serialVersionUID = 1L;
}
