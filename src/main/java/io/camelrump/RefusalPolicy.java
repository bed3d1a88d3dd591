package io.camelrump;

/** What to do when the target refuses one key. */
public enum RefusalPolicy {
    /** Count it, and go on. */
    COUNT,
    /** Fail the run. */
    FAIL
}
