package io.camelrump;

import io.camelrump.redis.ErrorReply;
import io.camelrump.redis.RedisConnection;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a source can do, asked of the server itself: version numbers lie.
 *
 * @param exactExpiry whether it knows PEXPIRETIME (Redis 7.0), and the user may use it
 * @param fieldExpiry whether the fields of a hash can expire (Redis 7.4, Valkey 9)
 */
record SourceFeatures(boolean exactExpiry, boolean fieldExpiry) {
    /** Reply of PTTL and PEXPIRETIME for a key that is not there. */
    static final long EXPIRY_OF_MISSING = -2;

    static final byte[] DUMP = ascii("*2\r\n$4\r\nDUMP\r\n");
    private static final byte[] PTTL = ascii("*2\r\n$4\r\nPTTL\r\n");
    private static final byte[] PEXPIRETIME = ascii("*2\r\n$11\r\nPEXPIRETIME\r\n");

    static SourceFeatures of(RedisConnection connection) throws IOException {
        List<@Nullable Object> replies = connection.callAll(List.of(
                // keeps the idle time and frequency of what is read (Redis 7.2); older servers do not know it
                List.of("CLIENT", "NO-TOUCH", "ON"),
                List.of("PEXPIRETIME", ""),
                List.of("HPEXPIRETIME", "", "FIELDS", "1", "")));
        return new SourceFeatures(
                !(replies.get(1) instanceof ErrorReply),
                // the empty name may be that of a string; and who may not ask must not take fields for lasting ones
                !(replies.get(2) instanceof ErrorReply error) || !error.isUnknownCommand());
    }

    /** The command that asks for a key's expiry, without the key. */
    byte[] expiryCommand() {
        return exactExpiry ? PEXPIRETIME : PTTL;
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
