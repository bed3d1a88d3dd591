package io.camelrump;

/** Operation of a producer on the keys of a page. */
public enum Operation {
    /** Writes them. */
    RESTORE,
    /** Compares them with what the server holds, and writes only repairs. */
    COMPARE,
    /** Looks which of them the server does not have. */
    LOOKUP
}
