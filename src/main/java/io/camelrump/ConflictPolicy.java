package io.camelrump;

/** What to do when the target has another value under a key's name. */
public enum ConflictPolicy {
    /** The source's value takes its place. */
    REPLACE,
    /** The target's value stays, and the key counts as kept. */
    KEEP,
    /** The run fails at the first such key. */
    FAIL
}
