package io.camelrump;

/** Behaviour of a consumer when the scan has reached its end. */
public enum ScanMode {
    /** Idle from then on. */
    ONCE,
    /** Starts again at the next poll of its scheduler. */
    REPEAT
}
