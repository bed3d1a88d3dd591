package io.camelrump.values;

import io.camelrump.redis.ErrorReply;
import io.camelrump.redis.RedisConnection;
import io.camelrump.redis.ReplyException;
import io.camelrump.redis.RespReader;
import io.camelrump.redis.RespWriter;
import io.camelrump.redis.ServerClock;
import io.camelrump.redis.ShownText;
import io.camelrump.redis.SourceFeatures;
import io.camelrump.run.PageData;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * State of a key beside its value.
 *
 * @param type as TYPE reports it
 * @param expiresAtMillis on the source's clock; {@link PageData#NO_EXPIRY} if it has none
 * @param count elements, or bytes of a string; 0 where it was not asked for
 * @param isDated whether the expiry is exact: its remaining time was reported between two times that are close
 */
record KeyState(String type, long expiresAtMillis, long count, boolean isDated) {
    private static final long CLOSE_MICROS = 2_000;

    /** The replies to {@link #write}, of which none is left unread when one is an error. */
    record Replies(
            @Nullable Object type,
            long before,
            @Nullable Object expiry,
            long after,
            String countCommand,
            @Nullable Object count) {

        /** Null if the key is gone, or of another type than the one whose elements were to be counted. */
        @Nullable
        KeyState state(RedisConnection source, SourceFeatures features) throws KeyUnreadableException, ReplyException {
            ElementReader.throwIfRefused(source, "TYPE", type);
            ElementReader.throwIfRefused(source, features.expiryName(), expiry);
            if (!(type instanceof String reported)) {
                throw new ReplyException("TYPE", type, "a type");
            }
            String name = ShownText.of(reported);
            long at = SourceFeatures.expiry(features.expiryName(), expiry);
            if (name.equals("none") || at == SourceFeatures.EXPIRY_OF_MISSING) {
                return null;
            }
            if (count instanceof ErrorReply error) {
                if (error.code().equals("WRONGTYPE")) {
                    return null;
                }
                ElementReader.throwIfRefused(source, countCommand, error);
            }
            if (!countCommand.isEmpty()
                    && !(count instanceof ErrorReply)
                    && !(count instanceof Long number && number >= 0)) {
                throw new ReplyException(countCommand, count, "a number of elements");
            }
            boolean relative = at >= 0 && !features.exactExpiry();
            return new KeyState(
                    name,
                    relative ? ServerClock.later(at, Math.floorDiv(before + after, 2_000)) : at,
                    count instanceof Long elements ? elements : 0,
                    !relative || after - before <= CLOSE_MICROS);
        }
    }

    /** Whether these replies say of a key of this type that it has another one. */
    static boolean isContradicted(String type, Replies replies) {
        return type.equals(replies.type())
                && replies.count() instanceof ErrorReply error
                && error.code().equals("WRONGTYPE");
    }

    /**
     * Asks, and does not flush.
     *
     * @param countCommand tells the number of elements; empty if that is not wanted
     */
    static void write(RespWriter out, SourceFeatures features, byte[] key, String countCommand) throws IOException {
        out.command(2).arg("TYPE").arg(key);
        out.command(1).arg("TIME");
        out.raw(features.expiryCommand(), 0, features.expiryCommand().length);
        out.arg(key, 0, key.length);
        out.command(1).arg("TIME");
        if (!countCommand.isEmpty()) {
            out.command(2).arg(countCommand).arg(key);
        }
    }

    static Replies read(RespReader in, ServerClock clock, String countCommand) throws IOException {
        Object type = in.reply();
        long before = clock.microsOr(in.reply());
        Object expiry = in.reply();
        long after = clock.microsOr(in.reply());
        Object count = countCommand.isEmpty() ? null : in.reply();
        return new Replies(type, before, expiry, after, countCommand, count);
    }

    boolean sameAs(KeyState other) {
        return type.equals(other.type)
                && ServerClock.isSameExpiry(expiresAtMillis, other.expiresAtMillis)
                && count == other.count;
    }
}
