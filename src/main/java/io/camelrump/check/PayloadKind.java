package io.camelrump.check;

import io.camelrump.RedisType;
import io.camelrump.redis.PayloadFooter;
import java.nio.ByteBuffer;
import java.util.Locale;

/** How a payload is written: its type, its form and its version, as a person reads them. */
final class PayloadKind {
    /** Stands in a payload before a module's id, which has 64 bits. */
    private static final byte LENGTH_OF_64_BITS = (byte) 0x81;

    private static final String MODULE_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    private static final int LETTERS = 9;
    private static final int BITS_OF_A_LETTER = 6;
    /** The version of the module's encoding. */
    private static final int BITS_OF_VERSION = 10;

    private PayloadKind() {}

    static String of(byte[] payload) {
        return type(payload) + ", form " + payload[0] + " of version "
                + PayloadFooter.version(payload, 0, payload.length);
    }

    static boolean isModule(byte[] payload) {
        return payload[0] == 6 || payload[0] == 7;
    }

    private static String type(byte[] payload) {
        if (isModule(payload)) {
            return "module " + moduleType(payload);
        }
        RedisType type = RedisType.ofPayload(payload[0]);
        return switch (type) {
            case STRING, LIST, SET, ZSET, STREAM -> type.name().toLowerCase(Locale.ROOT);
            case HASH -> payload[0] >= 22 && payload[0] <= 25 ? "hash with expiring fields" : "hash";
            case MODULE -> "unknown";
        };
    }

    /**
     * The name that TYPE gives such a key: the payload has it in nine letters of six bits.
     *
     * @see <a href="https://github.com/redis/redis/blob/unstable/src/module.c">moduleTypeNameByID</a>
     */
    static String moduleType(byte[] payload) {
        if (payload.length < 2 + Long.BYTES || payload[1] != LENGTH_OF_64_BITS) {
            return "of unknown name";
        }
        long id = ByteBuffer.wrap(payload).getLong(2) >>> BITS_OF_VERSION;
        char[] name = new char[LETTERS];
        for (int i = LETTERS - 1; i >= 0; i--) {
            name[i] = MODULE_LETTERS.charAt((int) (id & (1 << BITS_OF_A_LETTER) - 1));
            id >>>= BITS_OF_A_LETTER;
        }
        return new String(name);
    }
}
