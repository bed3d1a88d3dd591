package io.camelrump.values;

import io.camelrump.RedisType;
import io.camelrump.redis.PayloadFooter;
import java.util.Arrays;

/**
 * Payloads that differ and hold the same value: the order of a hash table is another one at each server, versions pack
 * small collections in forms of their own, and not every server compresses.
 *
 * <p>Whoever finds the value equal here saves each server the commands that would read it.
 */
public enum DecodedPayloads {
    EQUAL,
    DIFFERENT,
    /** One of them is of a form that is not decoded here, such as that of a stream. */
    UNKNOWN;

    /** Whether both hold the same value; false also where that cannot be seen here. */
    public static boolean hold(byte[] payloads, int offset, int length, byte[] other, int otherLength) {
        return compare(payloads, offset, length, other, otherLength) == EQUAL;
    }

    /** Compares the values of one payload among others and of another one. */
    public static DecodedPayloads compare(byte[] payloads, int offset, int length, byte[] other, int otherLength) {
        if (Math.min(length, otherLength) <= PayloadFooter.LENGTH) {
            return UNKNOWN;
        }
        int value = length - PayloadFooter.LENGTH;
        if (length == otherLength && Arrays.equals(payloads, offset, offset + value, other, 0, value)) {
            return EQUAL;
        }
        if (RedisType.ofPayload(payloads[offset]) != RedisType.ofPayload(other[0])) {
            return DIFFERENT;
        }
        try {
            Object decoded = DecodedValue.of(Arrays.copyOfRange(payloads, offset, offset + length));
            boolean same = decoded.equals(DecodedValue.of(Arrays.copyOf(other, otherLength)));
            return same ? EQUAL : DIFFERENT;
        } catch (IllegalArgumentException e) {
            return UNKNOWN;
        }
    }
}
