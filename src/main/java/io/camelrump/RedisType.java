package io.camelrump;

import java.util.Locale;

/** The types of a key, as the TYPE command names them. */
public enum RedisType {
    STRING,
    LIST,
    SET,
    ZSET,
    HASH,
    STREAM,
    /** A module's own. */
    MODULE;

    /** Reply of TYPE for a vector set, whose payload differs after each RESTORE. */
    public static final String VECTOR_SET = "vectorset";

    private final String word = name().toLowerCase(Locale.ROOT);

    /** The name that TYPE has for it. */
    public String word() {
        return word;
    }

    /** The type that TYPE names so. */
    public static RedisType named(String name) {
        for (RedisType type : values()) {
            if (type.name().equalsIgnoreCase(name)) {
                return type;
            }
        }
        return MODULE;
    }

    /**
     * The type of the key that gave this payload, known by its first byte, the RDB type.
     *
     * @see <a href="https://github.com/redis/redis/blob/unstable/src/rdb.h">rdb.h</a>
     */
    public static RedisType ofPayload(byte firstByte) {
        return switch (firstByte) {
            case 0 -> STRING;
            case 1, 10, 14, 18 -> LIST;
            case 2, 11, 20 -> SET;
            case 3, 5, 12, 17 -> ZSET;
            case 4, 9, 13, 16, 22, 23, 24, 25 -> HASH;
            case 15, 19, 21, 26, 27 -> STREAM;
            default -> MODULE;
        };
    }
}
