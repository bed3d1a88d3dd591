package io.camelrump.redis;

import java.util.Arrays;
import java.util.Locale;

/**
 * How lately, or how often, the keys of a page were used at the source, by their place in it.
 *
 * @param kind what the numbers are
 * @param values as OBJECT reported them; negative where it did not
 */
public record KeyUsage(Kind kind, int[] values) {
    /** Kind of usage data that the source keeps per key, by its maxmemory-policy. */
    public enum Kind {
        /** Seconds since the last use. */
        IDLETIME,
        /** The logarithmic count of an lfu policy. */
        FREQ;

        static Kind of(String policy) {
            return policy.toLowerCase(Locale.ROOT).contains("lfu") ? FREQ : IDLETIME;
        }
    }

    public static final int UNKNOWN = -1;

    /** Usage of the keys at these places alone. */
    public KeyUsage only(int[] places) {
        return new KeyUsage(
                kind, Arrays.stream(places).map(place -> values[place]).toArray());
    }

    /** Usage of the first keys alone. */
    KeyUsage first(int size) {
        return new KeyUsage(kind, Arrays.copyOf(values, size));
    }
}
