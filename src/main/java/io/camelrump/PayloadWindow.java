package io.camelrump;

import org.jspecify.annotations.Nullable;

/**
 * How many DUMPs may be due at once: as many as fit the window at the size lately seen.
 *
 * <p>A larger payload counts at once, smaller ones by and by. It starts with few keys, so that a database of large
 * values is met gently; and it is halved when the server cuts the connection twice at one page.
 */
final class PayloadWindow {
    /** So many keys at the start. */
    private static final int FIRST_KEYS = 8;
    /** Each smaller payload moves the expectation by the difference divided by two to this power. */
    private static final int CALM = 6;

    private final long bytes;
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

    /** How many more may be asked for while so many are due; a key alone always may. */
    int room(int keysDue) {
        long fit = Math.min(mostKeys, bytes / Math.max(1, expected));
        return (int) Math.max(keysDue == 0 ? 1 : 0, fit - keysDue);
    }

    /** Whether so few are due that asking for more is worth a flush. */
    boolean isOpen(int keysDue) {
        return room(2 * keysDue) > 0;
    }

    void seen(long length) {
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
