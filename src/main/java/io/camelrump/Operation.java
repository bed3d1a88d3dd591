package io.camelrump;

/** What a producer does with the keys of a page. */
public enum Operation {
    /** Writes them. */
    RESTORE,
    /** Compares them with what the server holds, and writes only what is to be repaired. */
    COMPARE,
    /** Looks which of them the server does not have. */
    LOOKUP
}
