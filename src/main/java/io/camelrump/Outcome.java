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
    /** Handed to a transport, which said that it took the key; no target has answered for it. */
    HANDED_ON,
    /** Written to the target, and the target said so. */
    RESTORED,
    /** The target had another value under this name, and the conflict policy keeps it. */
    KEPT,
    /** The target, or the reader, said no to this key. */
    REFUSED;

    public Outcome worse(Outcome other) {
        return compareTo(other) >= 0 ? this : other;
    }
}
