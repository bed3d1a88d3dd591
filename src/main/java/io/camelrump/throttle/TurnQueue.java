package io.camelrump.throttle;

/** Turns that are not answered yet, oldest first. */
final class TurnQueue {
    /** A ring, its length a power of two. */
    private Turn[] ring = new Turn[16];

    private int first;
    private int size;
    private long work;

    /** Used again and again. */
    private static final class Turn {
        private long lastRequest;
        private long cost;
        private long sentAt;
        private boolean payloads;
    }

    /**
     * @param lastRequest its number
     * @param cost the server's time for it, in nanoseconds
     * @param sentAt the time, in nanoseconds
     * @param payloads whether it has nothing but payloads and what is asked about their keys
     */
    void add(long lastRequest, long cost, long sentAt, boolean payloads) {
        if (size == ring.length) {
            grow();
        }
        int at = (first + size++) & (ring.length - 1);
        if (ring[at] == null) {
            ring[at] = new Turn();
        }
        Turn turn = ring[at];
        turn.lastRequest = lastRequest;
        turn.cost = cost;
        turn.sentAt = sentAt;
        turn.payloads = payloads;
        work += cost;
    }

    private void grow() {
        Turn[] larger = new Turn[size * 2];
        for (int i = 0; i < size; i++) {
            larger[i] = ring[(first + i) & (ring.length - 1)];
        }
        ring = larger;
        first = 0;
    }

    /** Whether the oldest one is answered when requests up to this number are. */
    boolean isAnswered(long request) {
        return size > 0 && ring[first].lastRequest <= request;
    }

    /** When the oldest one left. */
    long firstSentAt() {
        return ring[first].sentAt;
    }

    /**
     * Removes the oldest one.
     *
     * @return whether it had nothing but payloads
     */
    boolean remove() {
        Turn turn = ring[first];
        first = (first + 1) & (ring.length - 1);
        size--;
        work -= turn.cost;
        return turn.payloads;
    }

    boolean isEmpty() {
        return size == 0;
    }

    /** The server's time for all of them, in nanoseconds. */
    long work() {
        return work;
    }

    void clear() {
        size = 0;
        work = 0;
    }
}
