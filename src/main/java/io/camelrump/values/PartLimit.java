package io.camelrump.values;

import java.util.function.LongSupplier;

/**
 * How much of a value is read at once.
 *
 * @param bytes about
 * @param nanos how long the server may work for it, asked before each part; {@link Long#MAX_VALUE} where that is not
 *     bounded
 */
public record PartLimit(int bytes, LongSupplier nanos) {

    /** Bounds the bytes alone. */
    public static PartLimit ofBytes(int bytes) {
        return new PartLimit(bytes, () -> Long.MAX_VALUE);
    }
}
