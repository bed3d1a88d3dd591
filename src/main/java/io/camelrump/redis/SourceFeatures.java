package io.camelrump.redis;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a source can do, asked of the server itself: version numbers lie.
 *
 * @param exactExpiry whether it knows PEXPIRETIME (Redis 7.0), and the user may use it
 * @param fieldExpiry whether the fields of a hash can expire (Redis 7.4, Valkey 9)
 * @param watches whether a key can be watched while it is read in parts, which needs WATCH, MULTI and EXEC
 * @param usage what it is asked of the use of each key; null if nothing is
 */
public record SourceFeatures(boolean exactExpiry, boolean fieldExpiry, boolean watches, KeyUsage.@Nullable Kind usage) {
    public SourceFeatures(boolean exactExpiry) {
        this(exactExpiry, false, false, null);
    }

    private static final String EXPIRY_EXPECTED = "a time, -1 or -2";

    /** Reply of PTTL and PEXPIRETIME for a key that is not there. */
    public static final long EXPIRY_OF_MISSING = -2;

    private static final byte[] OBJECT = ascii("*3\r\n$6\r\nOBJECT\r\n");
    private static final byte[] TYPE = ascii("*2\r\n$4\r\nTYPE\r\n");
    private static final byte[] DUMP = ascii("*2\r\n$4\r\nDUMP\r\n");
    private static final byte[] PTTL = ascii("*2\r\n$4\r\nPTTL\r\n");
    private static final byte[] PEXPIRETIME = ascii("*2\r\n$11\r\nPEXPIRETIME\r\n");

    /** Features for a reader that watches no key, and so need not have the rights for it. */
    public static SourceFeatures of(RedisConnection connection) throws IOException {
        List<@Nullable Object> replies = connection.probeAll(
                // too few words to be denied, as they are counted first
                List.of(List.of("PEXPIRETIME", ""), List.of("HPEXPIRETIME")));
        return new SourceFeatures(
                // who may use it on other keys alone may use it
                !(replies.get(0) instanceof ErrorReply refused) || refused.isOfKeyAlone(),
                !(replies.get(1) instanceof ErrorReply error) || !error.isUnknownCommand(),
                false,
                null);
    }

    /**
     * Features for a reader that watches the keys which it reads in parts.
     *
     * @param carriedBy the server's maxmemory-policy, where the use of each key is carried along; empty where it is
     *     unknown, and null where it is not carried
     */
    public static SourceFeatures ofWatching(RedisConnection connection, @Nullable String carriedBy) throws IOException {
        SourceFeatures features = of(connection);
        return new SourceFeatures(
                features.exactExpiry(),
                features.fieldExpiry(),
                watches(connection),
                carriedBy == null ? null : usage(connection, carriedBy));
    }

    /** Whether the server knows WATCH, MULTI and EXEC and the user may send them; leaves no key watched. */
    public static boolean watches(RedisConnection connection) throws IOException {
        // EXEC first: after a MULTI that it may not end nothing would be executed any more
        List<@Nullable Object> replies = connection.probeAll(List.of(List.of("EXEC"), List.of("WATCH", "")));
        if (replies.stream().anyMatch(SourceFeatures::isDenied)) {
            return false;
        }
        return connection.probeAll(List.of(List.of("MULTI"), List.of("EXEC"))).stream()
                .noneMatch(SourceFeatures::isDenied);
    }

    private static boolean isDenied(@Nullable Object reply) {
        return reply instanceof ErrorReply error && error.deniesCommand();
    }

    /** Makes reads over this connection, which must write nothing, leave idle time and frequency of keys alone. */
    public static void leaveUnused(RedisConnection connection, ServerInfo info) throws IOException {
        if (info.isHidden() || info.takesNoTouch()) {
            // servers that do not know it, or do not let the user, say so and go on
            connection.probe("CLIENT", "NO-TOUCH", "ON");
        }
    }

    private static KeyUsage.Kind usage(RedisConnection connection, String policy) throws IOException {
        KeyUsage.Kind kind = policy.isEmpty() ? kindOfAnyKey(connection) : KeyUsage.Kind.of(policy);
        Object reply = connection.probe("OBJECT", kind.name(), "");
        if (reply instanceof ErrorReply error && error.deniesCommand()) {
            throw ErrorText.refusal(connection.address(), "OBJECT", error);
        }
        return kind;
    }

    /** Where INFO is refused: FREQ has an answer, other than an error, under an lfu policy alone. */
    private static KeyUsage.Kind kindOfAnyKey(RedisConnection connection) throws IOException {
        if (RandomKeys.of(connection, 1).get(0) instanceof byte[] key) {
            connection
                    .out()
                    .command(3)
                    .arg("OBJECT")
                    .arg(KeyUsage.Kind.FREQ.name())
                    .arg(key);
            connection.out().flush();
            return connection.readProbe("OBJECT") instanceof Long ? KeyUsage.Kind.FREQ : KeyUsage.Kind.IDLETIME;
        }
        return KeyUsage.Kind.IDLETIME;
    }

    /** Begins a DUMP, whose key is to follow. */
    public static void writeDump(RespWriter out) throws IOException {
        out.raw(DUMP, 0, DUMP.length);
    }

    /** Begins a TYPE, whose key is to follow. */
    public static void writeType(RespWriter out) throws IOException {
        out.raw(TYPE, 0, TYPE.length);
    }

    /** Asks before the DUMP, which counts as a use where there is no NO-TOUCH. */
    public static void askUsage(KeyUsage.Kind kind, RespWriter out, KeyList keys, int i) throws IOException {
        out.raw(OBJECT, 0, OBJECT.length);
        out.arg(kind.name());
        keys.write(out, i);
    }

    /** Reads the answer; a key that is gone has none, and one that is refused is refused by its DUMP too. */
    public static int readUsage(RedisConnection connection) throws IOException {
        return connection.readProbe("OBJECT") instanceof Long number
                ? (int) Math.min(Integer.MAX_VALUE, number)
                : KeyUsage.UNKNOWN;
    }

    /** Name of the command that asks for a key's expiry. */
    public String expiryName() {
        return expiryName(exactExpiry);
    }

    /** @param exact whether it reports the moment, and not the time that remains */
    public static String expiryName(boolean exact) {
        return exact ? "PEXPIRETIME" : "PTTL";
    }

    /**
     * The expiry that a server reported of a key.
     *
     * @throws ReplyException if it is none: a key would get another one, or live forever
     */
    public static long expiry(String command, @Nullable Object reply) throws ReplyException {
        if (reply instanceof Long number && number >= EXPIRY_OF_MISSING) {
            return number;
        }
        throw new ReplyException(command, reply, EXPIRY_EXPECTED);
    }

    /** Reads the expiry of a key, in a reply whose first byte was read; throws as {@link #expiry} does. */
    public long readExpiry(RespReader in, byte type) throws IOException {
        if (type != ':') {
            throw ReplyException.of(expiryName(), type, in, EXPIRY_EXPECTED);
        }
        long expiry = in.number();
        return expiry < EXPIRY_OF_MISSING ? expiry(expiryName(), expiry) : expiry;
    }

    /** The command that asks for a key's expiry, without the key. */
    public byte[] expiryCommand() {
        return exactExpiry ? PEXPIRETIME : PTTL;
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
