package io.camelrump.values;

import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * How many elements of one value are asked for at once: so many as make a part by the size of those that came last, few
 * at first, and not many more than came before, as the next ones may be far larger. Where the server's time for a part
 * is bounded, no more than it has time for, by the quickest reply so far: whatever else a reply waited for made it
 * later.
 */
final class ElementCount {
    /** The most that is asked for where round trips are short. */
    static final int MOST = 1_000;
    /** The most over a distance: each part waits for the one before, and these take the server a few milliseconds. */
    private static final int MOST_FAR = 10_000;

    private static final long FAR_NANOS = TimeUnit.MILLISECONDS.toNanos(2);

    private static final int FIRST = 16;
    private static final int GROWTH = 4;
    private static final int FEWER = 10;
    /** A reply of so many parts is given up, and asked for with fewer elements. */
    private static final long REPLY_IN_PARTS = 8;

    private final PartLimit limit;
    private final int most;
    private final long roundTrip;
    private final LongSupplier clock;
    private long askedAt;
    private double nanosPerElement = Double.MAX_VALUE;
    private int next;

    /**
     * @param elementBytes what an element takes, as the server estimates it by a few of them
     * @param roundTripNanos to the server and back; 0 where that is not known
     */
    ElementCount(PartLimit limit, long elementBytes, long roundTripNanos) {
        this(limit, elementBytes, roundTripNanos, System::nanoTime);
    }

    /** @param clock counts nanoseconds, from any moment on */
    ElementCount(PartLimit limit, long elementBytes, long roundTripNanos, LongSupplier clock) {
        this.limit = limit;
        this.most = roundTripNanos >= FAR_NANOS ? MOST_FAR : MOST;
        this.roundTrip = roundTripNanos;
        this.clock = clock;
        this.next = within(FIRST, elementBytes);
    }

    /** How many are asked for now. */
    int ask() {
        double inTime = limit.nanos().getAsLong() / nanosPerElement;
        if (inTime < next) {
            next = (int) Math.max(1, inTime);
        }
        askedAt = clock.getAsLong();
        return next;
    }

    /** How many were asked for. */
    int next() {
        return next;
    }

    /** Counts elements that came, and the bytes they take. */
    void came(int elements, long bytes) {
        if (elements > 0) {
            double work = Math.max(1, clock.getAsLong() - askedAt - roundTrip);
            nanosPerElement = Math.min(nanosPerElement, work / elements);
            next = within(Math.min(most, next * GROWTH), bytes / elements);
        }
    }

    /** The elements that were asked for are too large together. */
    void tooMany() {
        next = Math.max(1, next / FEWER);
    }

    /** Bytes of a reply to {@link #next} that are taken: a single element is, whatever its size. */
    long mostBytes() {
        return next == 1 ? Long.MAX_VALUE : replyBytes(limit.mostBytes());
    }

    /** Bytes of a reply that are taken where parts have so many. */
    static long replyBytes(int partBytes) {
        return REPLY_IN_PARTS * partBytes;
    }

    private int within(int wanted, long elementBytes) {
        return (int) Math.max(1, Math.min(wanted, limit.bytes() / Math.max(1, elementBytes)));
    }
}
