package io.camelrump.redis;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * Asks a server whether it takes a payload, and leaves no trace: RESTORE with an expiry that has passed checks the
 * payload and creates nothing. Below Redis 6.0, where it would create a key for a moment, version numbers are compared.
 *
 * @see <a href="https://redis.io/docs/latest/commands/restore/">RESTORE</a>
 */
public final class PayloadProbe {
    private static final String LONG_PAST = "1";

    private final RedisConnection connection;
    private final boolean asks;
    private final int version;

    private PayloadProbe(RedisConnection connection, boolean asks, int version) {
        this.connection = connection;
        this.asks = asks;
        this.version = version;
    }

    public static PayloadProbe of(RedisConnection connection, ServerInfo info) throws IOException {
        // came with 6.0, as did the RESTORE that drops what has expired, and takes no right
        boolean old = connection.probe("HELLO") instanceof ErrorReply error && error.isUnknownCommand();
        return new PayloadProbe(connection, !old, newestPayload(info));
    }

    /**
     * Why the server does not take this payload, also with the footer of an older version, in its own words, which may
     * be that it cannot serve now; null if it does, or if it cannot be known.
     */
    public @Nullable ErrorReply refusal(byte[] payload) throws IOException {
        ErrorReply error = refusalAsItIs(payload);
        byte[] older = error != null && error.refusesVersion() ? PayloadFooter.withOldest(payload) : null;
        return older == null ? error : refusalAsItIs(older);
    }

    private @Nullable ErrorReply refusalAsItIs(byte[] payload) throws IOException {
        if (asks) {
            byte[] nowhere = connection.nowhere().getBytes(StandardCharsets.US_ASCII);
            connection
                    .out()
                    .command(5)
                    .arg("RESTORE")
                    .arg(nowhere)
                    .arg(LONG_PAST)
                    .arg(payload)
                    .arg("ABSTTL")
                    .flush();
            return connection.in().reply() instanceof ErrorReply error && !error.deniesKey() ? error : null;
        }
        if (version > 0 && PayloadFooter.version(payload, 0, payload.length) > version) {
            return new ErrorReply("ERR DUMP payload version or checksum are wrong");
        }
        return version > 0 && payload.length > 0 && !knows(payload[0]) ? new ErrorReply("ERR Bad data format") : null;
    }

    /** Whether a server below 6.0 knows how such a value is written: quicklists came with 3.2, streams with 5.0. */
    private boolean knows(byte form) {
        return switch (form) {
            case 0, 1, 2, 3, 4, 9, 10, 11, 12, 13 -> true;
            case 14 -> version >= 7;
            case 5 -> version >= 8;
            case 15 -> version >= 9;
            default -> false;
        };
    }

    /** Why the server does not take payloads of this version; null if it does, or if it cannot be known. */
    public @Nullable ErrorReply refusal(int payloadVersion) throws IOException {
        return refusalAsItIs(PayloadFooter.sample(payloadVersion));
    }

    /** The newest form that a server below 6.0 takes; 0 if it is not known. */
    private static int newestPayload(ServerInfo info) {
        String version = info.fields().getOrDefault("redis_version", "");
        if (version.startsWith("2.") || version.startsWith("3.0")) {
            return 6;
        }
        if (version.startsWith("3.")) {
            return 7;
        }
        return version.startsWith("4.") ? 8 : version.startsWith("5.") ? 9 : 0;
    }
}
