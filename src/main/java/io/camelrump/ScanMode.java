package io.camelrump;

/** What a consumer does when the scan has reached its end. */
public enum ScanMode {
    /** It is idle from then on. */
    ONCE,
    /** It starts again at the next poll of its scheduler. */
    REPEAT
}
