package io.camelrump.compare;

import io.camelrump.RedisType;
import io.camelrump.options.BigKeyOptions;
import io.camelrump.redis.ErrorReply;
import io.camelrump.redis.ErrorText;
import io.camelrump.redis.KeyList;
import io.camelrump.redis.PayloadFooter;
import io.camelrump.redis.RedisConnection;
import io.camelrump.redis.RedisException;
import io.camelrump.redis.ReplyException;
import io.camelrump.redis.RespReader;
import io.camelrump.redis.RespWriter;
import io.camelrump.redis.ServerClock;
import io.camelrump.redis.SourceFeatures;
import io.camelrump.run.PageData;
import io.camelrump.values.DecodedPayloads;
import io.camelrump.values.ElementReader;
import io.camelrump.values.KeyElsewhereException;
import io.camelrump.values.KeyUnreadableException;
import io.camelrump.values.KeyWatch;
import io.camelrump.values.PartLimit;
import java.io.IOException;
import java.util.Arrays;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Requests about the keys of pages at another server, and its replies: sizes, expiries and DUMPs. What is asked when is
 * up to {@link TargetLookups}.
 *
 * <p>A payload is compared while it arrives, and not kept. Its footer, the server's version and a checksum, does not
 * count: two versions may write a value alike.
 */
final class TargetKeyReader {

    private static final int KEYS_BETWEEN_TIMES = 25;
    private static final long BYTES_BETWEEN_TIMES = 64 * 1024;

    private static final int BUFFER = 64 * 1024;

    /**
     * What the server has under the name of a key.
     *
     * @param error why it does not answer; null if it does
     * @param expiresAtMillis on its own clock; {@link SourceFeatures#EXPIRY_OF_MISSING} for a key that is not there
     * @param form the first byte of the payload, 0 where none was asked for
     * @param sameValue whether the payloads show that it has the same value
     */
    record TargetKey(@Nullable String error, long expiresAtMillis, RedisType type, byte form, boolean sameValue) {

        static final TargetKey MISSING =
                new TargetKey(null, SourceFeatures.EXPIRY_OF_MISSING, RedisType.MODULE, (byte) 0, false);

        static TargetKey refused(String error) {
            return new TargetKey(error, 0, RedisType.MODULE, (byte) 0, false);
        }

        boolean isMissing() {
            return expiresAtMillis == SourceFeatures.EXPIRY_OF_MISSING;
        }
    }

    private final RedisConnection connection;
    private final SourceFeatures features;
    private final Supplier<ServerClock> clock;
    private final long mostBytes;
    private final byte[] buffer = new byte[BUFFER];

    /**
     * @param clock of the server, as it was measured last
     * @param mostBytes no key of more is dumped; {@link BigKeyOptions#OFF} where sizes are not asked for
     */
    TargetKeyReader(RedisConnection connection, SourceFeatures features, Supplier<ServerClock> clock, long mostBytes) {
        this.connection = connection;
        this.features = features;
        this.clock = clock;
        this.mostBytes = mostBytes;
    }

    /** Whether keys are asked for their sizes before they are dumped. */
    boolean asksSizes() {
        return mostBytes != BigKeyOptions.OFF;
    }

    /** Asks for the size of a key. */
    void askSize(PageData page, int i) throws IOException {
        key(connection.out().command(3).arg("MEMORY").arg("USAGE"), page, i);
    }

    /** Whether a key is too big here to be dumped: the reply to {@link #askSize} is due. */
    boolean readsBig() throws IOException {
        return connection.readProbe("MEMORY USAGE") instanceof Long bytes && bytes > mostBytes;
    }

    /**
     * Looks up a key that is too big for a DUMP: existence, expiry and type; its value is compared by commands. No
     * reply may be due.
     */
    TargetKey lookAtBigOne(byte[] key) throws IOException {
        try {
            ElementReader found = ElementReader.open(
                    new KeyWatch(connection, false), features, clock.get(), key, PartLimit.ofBytes(BUFFER));
            return found == null
                    ? TargetKey.MISSING
                    : new TargetKey(null, found.expiresAtMillis(), RedisType.named(found.type()), (byte) 0, false);
        } catch (KeyUnreadableException e) {
            return TargetKey.refused(String.valueOf(e.getMessage()));
        } catch (KeyElsewhereException e) {
            throw RedisException.redirection(
                    connection.address() + " redirects a key whose slot it owned to another" + " node.");
        }
    }

    /** Asks for expiries and payloads; a server that reports remaining times alone is asked for the time, too. */
    void ask(PageData page, boolean[] due, int from, int to) throws IOException {
        RespWriter out = connection.out();
        boolean[] timed = timed(page, due, from, to);
        for (int i = from; i < to; i++) {
            if (due[i]) {
                if (timed[i - from]) {
                    out.command(1).arg("TIME");
                }
                byte[] expiry = features.expiryCommand();
                out.raw(expiry, 0, expiry.length);
                key(out, page, i);
                SourceFeatures.writeDump(out);
                key(out, page, i);
            }
        }
    }

    /** Before which keys the time of day is asked: where only remaining times are reported, they count from there. */
    private boolean[] timed(PageData page, boolean[] due, int from, int to) {
        boolean[] timed = new boolean[to - from];
        int keys = KEYS_BETWEEN_TIMES;
        long bytes = 0;
        for (int i = from; i < to && !features.exactExpiry(); i++) {
            if (due[i]) {
                timed[i - from] = keys == KEYS_BETWEEN_TIMES || bytes >= BYTES_BETWEEN_TIMES;
                keys = timed[i - from] ? 1 : keys + 1;
                bytes = (timed[i - from] ? 0 : bytes) + Math.max(0, page.payloadLength(i));
            }
        }
        return timed;
    }

    private static void key(RespWriter out, PageData page, int i) throws IOException {
        KeyList keys = page.keys();
        out.arg(keys.array(), keys.offset(i), keys.length(i));
    }

    /** Reads the replies to the same {@link #ask}. */
    void read(PageData page, boolean[] due, int from, int to, @Nullable TargetKey[] targetKeys) throws IOException {
        boolean[] timed = timed(page, due, from, to);
        long now = 0;
        for (int i = from; i < to; i++) {
            if (due[i]) {
                if (timed[i - from]) {
                    now = clock.get().microsOr(connection.in().reply()) / 1000;
                }
                targetKeys[i] = read(page, i, now);
            }
        }
    }

    private TargetKey read(PageData page, int i, long now) throws IOException {
        Object reply = connection.in().reply();
        String command = SourceFeatures.expiryName(features.exactExpiry());
        long expiry = reply instanceof ErrorReply ? PageData.NO_EXPIRY : SourceFeatures.expiry(command, reply);
        TargetKey targetKey = readPayload(page, i, expiry >= 0 ? ServerClock.later(expiry, now) : PageData.NO_EXPIRY);
        if (reply instanceof ErrorReply error) {
            return TargetKey.refused(refused(command, error));
        }
        return expiry == SourceFeatures.EXPIRY_OF_MISSING ? TargetKey.MISSING : targetKey;
    }

    private TargetKey readPayload(PageData page, int i, long expiresAtMillis) throws IOException {
        RespReader in = connection.in();
        byte type = in.type();
        return switch (type) {
            case '$' -> {
                long length = in.bulkLength();
                yield length < 0 ? TargetKey.MISSING : compare(page, i, length, expiresAtMillis);
            }
            case '_' -> {
                in.line();
                yield TargetKey.MISSING;
            }
            case '-' -> TargetKey.refused(refused("DUMP", new ErrorReply(in.line())));
            default -> throw ReplyException.of("DUMP", type, in, "a payload or nil");
        };
    }

    private TargetKey compare(PageData page, int i, long length, long expiresAtMillis) throws IOException {
        RespReader in = connection.in();
        int offset = page.payloadOffset(i);
        boolean same = length == page.payloadLength(i);
        long left = length;
        byte type = 0;
        do {
            int part = (int) Math.min(left, BUFFER);
            in.part(buffer, 0, part);
            int done = (int) (length - left);
            type = done == 0 ? buffer[0] : type;
            left -= part;
            // the footer may begin in this part or be the whole of it
            int compared = (int) Math.max(0, Math.min(part, length - PayloadFooter.LENGTH - done));
            same = same && Arrays.equals(page.payloads(), offset + done, offset + done + compared, buffer, 0, compared);
        } while (same && left > 0);
        in.skipBulk(left);
        if (!same && length <= BUFFER && page.payloadLength(i) <= BUFFER) {
            // all of it came in one part
            same = DecodedPayloads.hold(page.payloads(), offset, page.payloadLength(i), buffer, (int) length);
        }
        return new TargetKey(null, expiresAtMillis, RedisType.ofPayload(type), type, same);
    }

    /** Why one key cannot be read; what concerns all keys is thrown. */
    private String refused(String command, ErrorReply error) {
        if (error.isTransient() || error.deniesCommand()) {
            throw ErrorText.refusal(connection.address(), command, error);
        }
        return error.text();
    }
}
