package io.camelrump.values;

/**
 * How many elements of one value are asked for at once: so many as make a part by the size of those that came last, few
 * at first, and not many more than came before, as the next ones may be far larger.
 */
final class ElementCount {
    /** The most that is ever asked for. */
    static final int MOST = 1_000;

    private static final int FIRST = 16;
    private static final int GROWTH = 4;
    private static final int FEWER = 10;
    /** A reply of so many parts is given up, and asked for with fewer elements. */
    private static final long REPLY_IN_PARTS = 8;

    private final int partBytes;
    private int next;

    /** @param elementBytes what an element takes, as the server estimates it by a few of them */
    ElementCount(int partBytes, long elementBytes) {
        this.partBytes = partBytes;
        this.next = within(FIRST, elementBytes);
    }

    int next() {
        return next;
    }

    /** Counts elements that came, and the bytes they take. */
    void came(int elements, long bytes) {
        if (elements > 0) {
            next = within(Math.min(MOST, next * GROWTH), bytes / elements);
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

    private int within(int most, long elementBytes) {
        return (int) Math.max(1, Math.min(most, partBytes / Math.max(1, elementBytes)));
    }
}
