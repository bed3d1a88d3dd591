package io.camelrump.target;

import io.camelrump.redis.ErrorReply;
import io.camelrump.redis.RedisConnection;
import io.camelrump.redis.RespWriter;
import io.camelrump.run.PageData;
import io.camelrump.values.DecodedPayloads;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * A key that was written, and that the target is asked for: how its value and its expiry compare with what was sent.
 */
final class AskedKey {
    private static final long MISSING = -2;
    private static final long NO_EXPIRY = -1;
    /** Times of the server and of its keys are rounded. */
    private static final long ROUNDING_MILLIS = 1;

    private final PageSlice slice;
    private final int index;
    /** How its value compares. */
    private DecodedPayloads value = DecodedPayloads.UNKNOWN;

    private DecodedPayloads found = DecodedPayloads.UNKNOWN;
    /** Its expiry, or the time that it has left. */
    private long expiry = MISSING;

    AskedKey(PageSlice slice, int index) {
        this.slice = slice;
        this.index = index;
    }

    PageSlice slice() {
        return slice;
    }

    int index() {
        return index;
    }

    /** How it compares; unknown until it was {@link #judge judged}, as where the answers break off. */
    DecodedPayloads found() {
        return found;
    }

    /** Whether the source does not have it, and its delete was not sent: whether it is there is asked alone. */
    boolean isGone() {
        return slice.page().isGone(index);
    }

    /** @param exact whether the server reports instants, and not remaining times */
    void send(RespWriter out, boolean exact) throws IOException {
        if (isGone()) {
            slice.page().keys().write(out.command(2).arg("EXISTS"), index);
            return;
        }
        slice.page().keys().write(out.command(2).arg("DUMP"), index);
        slice.page().keys().write(out.command(2).arg(exact ? "PEXPIRETIME" : "PTTL"), index);
    }

    /** Reads the answers; returns the error if one is. */
    @Nullable
    ErrorReply read(RedisConnection connection) throws IOException {
        Object payload = connection.in().reply();
        if (isGone()) {
            value = Long.valueOf(0).equals(payload) ? DecodedPayloads.EQUAL : DecodedPayloads.UNKNOWN;
            return null;
        }
        Object time = connection.in().reply();
        if (payload instanceof ErrorReply error) {
            return error;
        } else if (time instanceof ErrorReply error) {
            return error;
        } else if (time instanceof Long number) {
            PageData page = slice.page();
            expiry = payload == null ? MISSING : number;
            value = payload instanceof byte[] bytes
                    ? DecodedPayloads.compare(
                            page.payloads(), page.payloadOffset(index), page.payloadLength(index), bytes, bytes.length)
                    : DecodedPayloads.DIFFERENT;
        }
        return null;
    }

    /**
     * Compares its expiry too.
     *
     * @param sent the expiry that was sent; 0 if there was none
     * @param earliest a time of the server before it answered
     * @param latest a time of the server after it answered
     */
    void judge(long sent, boolean exact, long earliest, long latest) {
        found = value;
        if (isGone()) {
            return;
        }
        if (expiry == MISSING && found == DecodedPayloads.DIFFERENT) {
            // it lived to its end, or arrived behind it
            found = sent > 0 && sent <= latest + ROUNDING_MILLIS ? DecodedPayloads.EQUAL : found;
        } else if (found == DecodedPayloads.EQUAL && !isExpiry(sent, exact, earliest, latest)) {
            found = DecodedPayloads.DIFFERENT;
        }
    }

    private boolean isExpiry(long sent, boolean exact, long earliest, long latest) {
        if (expiry == NO_EXPIRY || sent == 0) {
            return expiry == NO_EXPIRY && sent == 0;
        }
        if (exact) {
            return expiry == sent;
        }
        return earliest + expiry - ROUNDING_MILLIS <= sent && sent <= latest + expiry + ROUNDING_MILLIS;
    }
}
