package io.camelrump;

/** Policy for a key that the target refuses. */
public enum RefusalPolicy {
    /** Count it, and go on. */
    COUNT,
    /** Fail the run. */
    FAIL
}
