package io.camelrump.source;

import io.camelrump.redis.ErrorReply;
import io.camelrump.redis.ErrorText;
import io.camelrump.redis.RedisConnection;
import io.camelrump.redis.ReplyException;
import io.camelrump.redis.RespReader;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** Replies to queries about one key; an error that is not about the key alone ends the reading. */
final class MetadataReplies {
    private static final String MEMORY_USAGE = "MEMORY USAGE";

    private MetadataReplies() {}

    static @Nullable Object reply(RedisConnection connection, String command) throws IOException {
        Object reply = connection.in().reply();
        if (reply instanceof ErrorReply error) {
            refuse(connection, command, error);
        }
        return reply;
    }

    /** Bytes of a key, without an object for each; {@link PayloadWindow#UNKNOWN_SIZE} where the reply is no number. */
    static long size(RedisConnection connection) throws IOException {
        RespReader in = connection.in();
        byte type = in.type();
        switch (type) {
            case ':' -> {
                long bytes = in.number();
                if (bytes < 0) {
                    throw new ReplyException(MEMORY_USAGE, (Object) bytes, "a number of bytes");
                }
                return bytes;
            }
            case '-' -> refuse(connection, MEMORY_USAGE, new ErrorReply(in.line()));
            case '_' -> in.skipLine();
            case '$' -> {
                long length = in.bulkLength();
                if (length >= 0) {
                    in.skipBulk(length);
                }
            }
            default -> throw ReplyException.of(MEMORY_USAGE, type, in, "a number of bytes");
        }
        return PayloadWindow.UNKNOWN_SIZE;
    }

    private static void refuse(RedisConnection connection, String command, ErrorReply error) {
        // of a key that another node has its DUMP shows
        if (!error.isRedirection() && (error.isTransient() || error.deniesCommand())) {
            throw ErrorText.refusal(connection.address(), command, error);
        }
    }
}
