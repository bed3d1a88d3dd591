package io.camelrump.source;

import org.jspecify.annotations.Nullable;

/**
 * How many DUMPs may be due at once: as many as fit the window, each at the size that the server reported of its key
 * before or that its statistics allow for, or else at the size lately seen.
 *
 * <p>The reported size is a guess where a value has many elements, of which it looks at five: once a payload came
 * larger than reported, as many times more is reckoned for the next ones. Of sizes seen, and of such shares, a larger
 * one counts at once, smaller ones by and by. It starts with few keys and lets as many more be due as came, so that a
 * database of large values is met gently; and it is halved when the server cuts the connection twice at one page.
 */
final class PayloadWindow {
    /** Size of a key whose size the server did not report. */
    static final int UNKNOWN_SIZE = -1;

    /** Keys in the window at the start. */
    private static final int FIRST_KEYS = 8;
    /** Each smaller payload moves the expectation by the difference divided by two to this power. */
    private static final int CALM = 6;

    private final long bytes;
    private int keysDue;
    private int unknownKeysDue;
    private long reportedBytesDue;
    private int keysSeen;
    private long payloadsSeen;
    private long bytesSeen;
    private long expected;
    /** How many times the reported size is reckoned, never less than once. */
    private double share = 1;

    private int mostKeys = Integer.MAX_VALUE;
    private @Nullable KeyChunk cutAt;
    private int cutNext;
    private int cuts;

    PayloadWindow(long bytes) {
        this.bytes = bytes;
        this.expected = bytes / FIRST_KEYS;
    }

    /** The size of payload that is expected, in bytes. */
    long expected() {
        return expected;
    }

    /** The size that is expected of a key of which the server reported this size. */
    long expected(int size) {
        return size == UNKNOWN_SIZE ? expected : (long) (size * share);
    }

    /** Whether a key of this reported size may be requested beside those that are due; alone it always may. */
    boolean hasRoom(int size) {
        return keysDue == 0 || keysDue < mostKeys() && bytesDue() + expected(size) <= bytes;
    }

    /** Whether so few are due that asking for more is worth a flush. */
    boolean isOpen() {
        return keysDue == 0 || 2L * keysDue < mostKeys() && 2 * bytesDue() < bytes;
    }

    private int mostKeys() {
        return Math.min(mostKeys, FIRST_KEYS + keysSeen);
    }

    private long bytesDue() {
        return (long) (reportedBytesDue * share) + unknownKeysDue * expected;
    }

    /** Counts a request for a key of this reported size. */
    void asked(int size) {
        add(1, size);
    }

    /** Counts an answer about a key of this reported size. */
    void answered(int size) {
        add(-1, size);
    }

    private void add(int keys, int size) {
        keysDue += keys;
        if (size == UNKNOWN_SIZE) {
            unknownKeysDue += keys;
        } else {
            reportedBytesDue += keys * (long) size;
        }
    }

    /** Nothing is due any more. */
    void clear() {
        keysDue = 0;
        unknownKeysDue = 0;
        reportedBytesDue = 0;
    }

    /** Keys come next of which nothing is known, whatever was seen before. */
    void meetGently() {
        expected = Math.max(expected, bytes / FIRST_KEYS);
    }

    /** Counts a payload of a key of this reported size. */
    void seen(int size, long length) {
        payloadsSeen++;
        bytesSeen += length;
        if (keysSeen < Integer.MAX_VALUE / 2) {
            keysSeen++;
        }
        if (length >= expected) {
            expected = Math.min(length, bytes);
        } else {
            expected -= (expected - length + (1 << CALM) - 1) >> CALM;
        }
        if (size > 0) {
            double seen = Math.max(1, (double) length / size);
            share = seen >= share ? seen : share - (share - seen) / (1 << CALM);
        }
    }

    /** Payloads that have come since the start. */
    long payloadsSeen() {
        return payloadsSeen;
    }

    /** Bytes of these payloads together. */
    long bytesSeen() {
        return bytesSeen;
    }

    /**
     * The connection was cut while replies were due; before they are {@link #clear cleared}.
     *
     * @return whether it was cut again and again at one key that was asked for alone
     */
    boolean cut(KeyChunk chunk) {
        boolean alone = mostKeys == 1;
        boolean samePage = cutAt == chunk;
        boolean sameKey = samePage && cutNext == chunk.next();
        cutAt = chunk;
        cutNext = chunk.next();
        cuts = samePage ? cuts + 1 : 1;
        if (alone && sameKey && cuts >= 2) {
            mostKeys = FIRST_KEYS;
            return true;
        }
        if (cuts >= 2) {
            mostKeys = Math.max(1, Math.min(mostKeys, keysDue) / 2);
        }
        return false;
    }

    /** A page went through whole: the window opens again. */
    void calm() {
        if (mostKeys != Integer.MAX_VALUE) {
            mostKeys = mostKeys > Integer.MAX_VALUE / 2 ? Integer.MAX_VALUE : mostKeys * 2;
            cutAt = null;
        }
    }
}
