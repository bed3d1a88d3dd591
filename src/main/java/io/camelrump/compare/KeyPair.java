package io.camelrump.compare;

import io.camelrump.RedisType;

/**
 * A key that both servers have, and whose payloads differ.
 *
 * @param source its name there
 * @param target its name there
 * @param fieldsMayExpire whether it is a hash whose single fields may have expiries
 */
record KeyPair(byte[] source, byte[] target, RedisType type, int payloadBytes, boolean fieldsMayExpire) {
    /** Values whose payloads are no longer are read together, in pipelines. */
    private static final int SMALL_BYTES = 16 * 1024;

    boolean isSmall() {
        return payloadBytes <= SMALL_BYTES;
    }

    /** The command that reads its elements from a cursor, or an id, on. */
    String scanCommand() {
        return switch (type) {
            case SET -> "SSCAN";
            case ZSET -> "ZSCAN";
            case HASH -> "HSCAN";
            case STREAM -> "XRANGE";
            case STRING, LIST, MODULE -> throw new IllegalStateException("a " + type + " has no cursor");
        };
    }

    boolean isOrdered() {
        return switch (type) {
            case STRING, LIST, STREAM -> true;
            case SET, ZSET, HASH, MODULE -> false;
        };
    }
}
