package io.camelrump.values;

import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * How much of a value is read at once.
 *
 * @param usualBytes about, where the server's time for a part is bounded
 * @param mostBytes about, where it is not
 * @param nanos how long the server may work for it, asked before each part; {@link Long#MAX_VALUE} where that is not
 *     bounded
 */
public record PartLimit(int usualBytes, int mostBytes, LongSupplier nanos) {
    private static final int MOST_TIMES = 4;
    private static final long NANOS_PER_TIME = TimeUnit.MILLISECONDS.toNanos(2);

    /** Parts of the same size, bounded or not. */
    public PartLimit(int bytes, LongSupplier nanos) {
        this(bytes, bytes, nanos);
    }

    /** Bounds the bytes alone. */
    public static PartLimit ofBytes(int bytes) {
        return new PartLimit(bytes, () -> Long.MAX_VALUE);
    }

    /** Parts from a server that far away: each waits for the one before, so the farther it is the larger they are. */
    PartLimit over(long roundTripNanos) {
        int times = (int) Math.min(MOST_TIMES, 1 + roundTripNanos / NANOS_PER_TIME);
        return new PartLimit(usualBytes, times * usualBytes, nanos);
    }

    /** Bytes of the part that is requested now. */
    int bytes() {
        return nanos.getAsLong() == Long.MAX_VALUE ? mostBytes : usualBytes;
    }
}
