package io.camelrump.compare;

import io.camelrump.RedisType;
import io.camelrump.redis.PayloadFooter;
import io.camelrump.values.DecodedValue;
import java.util.Arrays;

/**
 * Payloads that differ and hold the same value: the order of a hash table is another one at each server, versions pack
 * small collections in forms of their own, and not every server compresses.
 *
 * <p>Whoever finds the value equal here saves each server the commands that would read it.
 */
final class DecodedPayloads {
    private DecodedPayloads() {}

    /** Whether both hold the same value; false also where that cannot be seen here. */
    static boolean hold(byte[] payloads, int offset, int length, byte[] other, int otherLength) {
        if (Math.min(length, otherLength) <= PayloadFooter.LENGTH
                || RedisType.ofPayload(payloads[offset]) != RedisType.ofPayload(other[0])) {
            return false;
        }
        try {
            Object value = DecodedValue.of(Arrays.copyOfRange(payloads, offset, offset + length));
            return value.equals(DecodedValue.of(Arrays.copyOf(other, otherLength)));
        } catch (IllegalArgumentException e) {
            // of another form, such as that of a stream: the servers are asked
            return false;
        }
    }
}
