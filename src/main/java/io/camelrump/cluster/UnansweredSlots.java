package io.camelrump.cluster;

import io.camelrump.redis.Slot;
import java.util.BitSet;

/** Slots whose owner did not answer when they were to be scanned again. */
final class UnansweredSlots {
    private final BitSet slots = new BitSet(Slot.COUNT);
    /** When an owner did not answer last. */
    private long failedAt;

    void add(BitSet some) {
        failedAt = System.nanoTime();
        slots.or(some);
    }

    void clear() {
        slots.clear();
    }

    boolean isEmpty() {
        return slots.isEmpty();
    }

    void addTo(BitSet others) {
        others.or(slots);
    }

    /**
     * Whether it is too early to try their owners again.
     *
     * @param backoff nanoseconds between two attempts
     * @param lookedAt when the masters were looked at last: they are not tried again before the next look
     */
    boolean isTooEarly(long backoff, long lookedAt) {
        boolean justTried = System.nanoTime() - failedAt < backoff;
        return !slots.isEmpty() && (justTried || lookedAt - failedAt < 0);
    }
}
