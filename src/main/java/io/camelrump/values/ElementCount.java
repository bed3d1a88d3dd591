package io.camelrump.values;

import java.util.concurrent.TimeUnit;

/**
 * How many elements of one value are asked for at once: so many as make a part by the size of those that came last, few
 * at first, and not many more than came before, as the next ones may be far larger.
 */
final class ElementCount {
    /** The most that is asked for where round trips are short. */
    static final int MOST = 1_000;
    /** The most over a distance: each part waits for the one before, and these take the server some 2 ms. */
    private static final int MOST_FAR = 4_000;

    private static final long FAR_NANOS = TimeUnit.MILLISECONDS.toNanos(2);

    private static final int FIRST = 16;
    private static final int GROWTH = 4;
    private static final int FEWER = 10;
    /** A reply of so many parts is given up, and asked for with fewer elements. */
    private static final long REPLY_IN_PARTS = 8;

    private final int partBytes;
    private final int most;
    private int next;

    /**
     * @param elementBytes what an element takes, as the server estimates it by a few of them
     * @param roundTripNanos to the server and back; 0 where that is not known
     */
    ElementCount(int partBytes, long elementBytes, long roundTripNanos) {
        this.partBytes = partBytes;
        this.most = roundTripNanos >= FAR_NANOS ? MOST_FAR : MOST;
        this.next = within(FIRST, elementBytes);
    }

    int next() {
        return next;
    }

    /** Counts elements that came, and the bytes they take. */
    void came(int elements, long bytes) {
        if (elements > 0) {
            next = within(Math.min(most, next * GROWTH), bytes / elements);
        }
    }

    /** The elements that were asked for are too large together. */
    void tooMany() {
        next = Math.max(1, next / FEWER);
    }

    /** Bytes of a reply to {@link #next} that are taken: a single element is, whatever its size. */
    long mostBytes() {
        return next == 1 ? Long.MAX_VALUE : replyBytes(partBytes);
    }

    /** Bytes of a reply that are taken where parts have so many. */
    static long replyBytes(int partBytes) {
        return REPLY_IN_PARTS * partBytes;
    }

    private int within(int wanted, long elementBytes) {
        return (int) Math.max(1, Math.min(wanted, partBytes / Math.max(1, elementBytes)));
    }
}
