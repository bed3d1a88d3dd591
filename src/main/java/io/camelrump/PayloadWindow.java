package io.camelrump;

import org.jspecify.annotations.Nullable;

/**
 * How many DUMPs may be due at once: as many as fit the window, each at the size that the server told of its key before,
 * or else at the size lately seen.
 *
 * <p>Of sizes seen, a larger one counts at once, smaller ones by and by. It starts with few keys, so that a database of
 * large values is met gently; and it is halved when the server cuts the connection twice at one page. A size that was told
 * is the server's guess where the value has many elements: after one that was far too small those seen count too, for a
 * while.
 */
final class PayloadWindow {
    /** What the server told of a key of which it told nothing. */
    static final int UNTOLD = -1;

    /** So many keys at the start. */
    private static final int FIRST_KEYS = 8;
    /** Each smaller payload moves the expectation by the difference divided by two to this power. */
    private static final int CALM = 6;

    /** A payload of more than twice the size told, and of so much more, is not as it was told. */
    private static final int TOLD_CLOSELY = 4096;

    private static final int KEYS_DISTRUSTED = 1000;

    private final long bytes;
    private int keysDue;
    private int untoldDue;
    private long toldBytesDue;
    private int distrusted;
    private long expected;
    private int mostKeys = Integer.MAX_VALUE;
    private @Nullable Segment cutAt;
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

    /** The size that is expected of a key of which the server told so much. */
    long expected(int told) {
        return told == UNTOLD ? expected : told;
    }

    /** Whether a key of which so much was told may be asked for beside those that are due; alone it always may. */
    boolean hasRoom(int told) {
        return keysDue == 0 || keysDue < mostKeys && bytesDue() + expected(told) <= bytes;
    }

    /** Whether so few are due that asking for more is worth a flush. */
    boolean isOpen() {
        return keysDue == 0 || 2L * keysDue < mostKeys && 2 * bytesDue() + expected <= bytes;
    }

    private long bytesDue() {
        long due = toldBytesDue + untoldDue * expected;
        return distrusted == 0 ? due : Math.max(due, keysDue * expected);
    }

    /** A key of which so much was told has been asked for. */
    void asked(int told) {
        due(told, 1);
    }

    /** What is due of a key of which so much was told has come. */
    void answered(int told) {
        due(told, -1);
    }

    private void due(int told, int number) {
        keysDue += number;
        if (told == UNTOLD) {
            untoldDue += number;
        } else {
            toldBytesDue += number * (long) told;
        }
    }

    /** Nothing is due any more. */
    void clear() {
        keysDue = 0;
        untoldDue = 0;
        toldBytesDue = 0;
    }

    /** A payload has come, of a key of which so much was told. */
    void seen(int told, long length) {
        if (told != UNTOLD && length > 2L * told + TOLD_CLOSELY) {
            distrusted = KEYS_DISTRUSTED;
        } else if (distrusted > 0) {
            distrusted--;
        }
        if (length >= expected) {
            expected = Math.min(length, bytes);
        } else {
            expected -= (expected - length + (1 << CALM) - 1) >> CALM;
        }
    }

    /**
     * The connection was cut while replies were due.
     *
     * @return whether it was cut again and again at one key that was asked for alone
     */
    boolean cut(Segment segment) {
        boolean alone = mostKeys == 1;
        boolean samePage = cutAt == segment;
        boolean sameKey = samePage && cutNext == segment.next();
        cutAt = segment;
        cutNext = segment.next();
        cuts = samePage ? cuts + 1 : 1;
        if (alone && sameKey && cuts >= 2) {
            mostKeys = FIRST_KEYS;
            return true;
        }
        if (cuts >= 2) {
            long keys = Math.min(mostKeys, Math.max(1, bytes / Math.max(1, expected)));
            mostKeys = (int) Math.max(1, Math.min(keys, segment.keys().size()) / 2);
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
