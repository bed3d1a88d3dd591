package io.camelrump;

/** Policy for a key that has another value on the target. */
public enum ConflictPolicy {
    /** The source's value takes its place. */
    REPLACE,
    /** The target's value stays, and the key counts as kept. */
    KEEP,
    /** The run fails at the first such key. */
    FAIL
}
