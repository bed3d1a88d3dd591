package io.camelrump;

/**
 * What became of one key of the source. Every key that was read ends in exactly one outcome; with several targets in
 * the one that comes last in this order.
 */
public enum Outcome {
    /** Gone at the source before it could be read, or past its expiry when it arrived. */
    VANISHED,
    /** Left out by the reader's options or by a step of the route. */
    FILTERED,
    /** Gone at the source, and removed from the target for that reason. */
    DELETED,
    /** Handed to a transport, which reported that it took the key; no target has answered for it. */
    HANDED_ON,
    /** Written to the target, which answered OK; in a comparison, a key that differed and was repaired. */
    RESTORED,
    /**
     * Left as the target has it: another value that the conflict policy keeps; in a comparison, a key that was compared
     * and left alone.
     */
    KEPT,
    /** Refused by the target, or not readable at the source. */
    REFUSED;

    public Outcome worse(Outcome other) {
        return compareTo(other) >= 0 ? this : other;
    }
}
