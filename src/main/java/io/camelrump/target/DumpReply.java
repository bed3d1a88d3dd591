package io.camelrump.target;

import io.camelrump.redis.ErrorReply;
import io.camelrump.redis.ErrorText;
import io.camelrump.redis.RedisConnection;
import io.camelrump.redis.RespReader;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * What DUMP says of a key that a target holds, to be compared with what was sent.
 *
 * @param payload null if the key is gone, or if its value is too large to be held: it counts as foreign
 */
record DumpReply(boolean isGone, byte @Nullable [] payload) {
    private static final int SHARE_OF_HEAP = 8;

    /** Reads the next reply, which is that of a DUMP. */
    static DumpReply read(RedisConnection connection) throws IOException {
        RespReader in = connection.in();
        byte type = in.type();
        if (type == '-') {
            throw ErrorText.refusal(connection.address(), "DUMP", new ErrorReply(in.line()));
        }
        long length = type == '$' ? in.bulkLength() : -1;
        if (length < 0) {
            if (type != '$') {
                in.line();
            }
            return new DumpReply(true, null);
        }
        if (length > Runtime.getRuntime().maxMemory() / SHARE_OF_HEAP) {
            in.skipBulk(length);
            return new DumpReply(false, null);
        }
        byte[] payload = new byte[(int) length];
        in.bulk(payload, 0, payload.length);
        return new DumpReply(false, payload);
    }
}
