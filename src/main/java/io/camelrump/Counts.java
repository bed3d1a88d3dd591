package io.camelrump;

/**
 * The counts of a run at one moment.
 *
 * @param read keys read from the source; a key that SCAN gave twice counts twice
 * @param restored keys with outcome {@link Outcome#RESTORED}; and so on for each outcome
 * @param handedOn keys that a transport took, and of which no target has said anything
 * @param bytes payload bytes of the keys read
 * @param reread keys read once more because their page failed in the route
 * @param restarts how often the scan started again at cursor 0 because a server changed its identity
 */
public record Counts(
        long read,
        long restored,
        long kept,
        long vanished,
        long filtered,
        long deleted,
        long handedOn,
        long refused,
        long bytes,
        long reread,
        int restarts) {

    /** The counts of a run that has read nothing. */
    public static final Counts NONE = new Counts(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0);

    /** Keys that have an outcome. */
    public long settled() {
        return restored + kept + vanished + filtered + deleted + handedOn + refused;
    }

    /** Keys that were read and have no outcome yet; at the end of a run those that did not arrive. */
    public long inFlight() {
        return read - settled();
    }

    /** Whether every key read has an outcome. */
    public boolean balanced() {
        return read == settled();
    }
}
