package io.camelrump.source;

import io.camelrump.RedisType;
import io.camelrump.keys.NameHashes;
import io.camelrump.redis.ErrorReply;
import io.camelrump.redis.KeyList;
import io.camelrump.redis.PayloadFooter;
import io.camelrump.redis.RespWriter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.BitSet;

/**
 * Keys that changed and are expected to hold short strings: GETRANGE reads such a value in one round trip, and for a
 * part of what its size and its DUMP cost the source.
 *
 * <p>GETRANGE gives no more bytes than it is asked for. So one that has grown, or is no string any more, costs no more
 * either, and is then read as all others are: no DUMP is sent to a key of unknown size. They are expected while nearly
 * all keys that changed lately were short strings; those that were not are remembered.
 */
final class ShortStrings {
    /** The longest value that is read so. */
    static final int MOST_BYTES = 2_048;

    private static final byte[] GETRANGE = "*4\r\n$8\r\nGETRANGE\r\n".getBytes(StandardCharsets.US_ASCII);
    /** From the first byte to one more than the longest value has, which shows that it is longer. */
    private static final byte[] RANGE = ("$1\r\n0\r\n$4\r\n" + MOST_BYTES + "\r\n").getBytes(StandardCharsets.US_ASCII);

    /** After so many in a row the next ones are expected to be short strings too. */
    private static final int ENOUGH = 64;

    private static final int MOST_IN_A_ROW = 2 * ENOUGH;
    /** Short strings that make up for a key that has to be read once more, as it is none. */
    private static final int COST_OF_OTHER = 32;

    private static final int MOST_OTHERS = 10_000;

    private final boolean wanted;
    private NameHashes others = new NameHashes();
    private int inRow;
    private int version;
    private boolean denied;

    /** @param wanted whether keys may be read so */
    ShortStrings(boolean wanted) {
        this.wanted = wanted;
    }

    /** Places of those of these keys that are expected to hold short strings. */
    BitSet among(KeyList keys) {
        BitSet expected = new BitSet();
        if (wanted && inRow >= ENOUGH && !denied) {
            expected.set(0, keys.size());
            for (int i = 0; others.size() > 0 && i < keys.size(); i++) {
                expected.set(i, !others.contains(keys.array(), keys.offset(i), keys.length(i)));
            }
        }
        return expected;
    }

    /** Asks for the value of such a key. */
    static void ask(RespWriter out, KeyList keys, int i) throws IOException {
        out.raw(GETRANGE, 0, GETRANGE.length);
        keys.write(out, i);
        out.raw(RANGE, 0, RANGE.length);
    }

    /** Whether a text of this length is a value as a whole: an empty one may be that of a key that is gone. */
    static boolean isWhole(long length) {
        return length > 0 && length <= MOST_BYTES;
    }

    /** This payload came of a key that changed. */
    void dumped(byte[] payloads, int offset, int length) {
        version = PayloadFooter.version(payloads, offset, length);
        boolean isShort = length <= MOST_BYTES && RedisType.ofPayload(payloads[offset]) == RedisType.STRING;
        inRow = isShort ? Math.min(MOST_IN_A_ROW, inRow + 1) : Math.max(0, inRow - COST_OF_OTHER);
    }

    /** A key was read as a short string, and is one; gives the version for its payload, which is the source's own. */
    int found() {
        inRow = Math.min(MOST_IN_A_ROW, inRow + 1);
        return version;
    }

    /** A key was read as a short string, and is none. */
    void notFound(KeyList keys, int place) {
        inRow -= COST_OF_OTHER;
        if (others.size() >= MOST_OTHERS) {
            others = new NameHashes();
        }
        others.add(keys.array(), keys.offset(place), keys.length(place));
    }

    /** The source answered an error: whether it is one of this way to read, so that the key is read another way. */
    boolean takesError(ErrorReply error) {
        denied |= error.deniesCommand();
        return !error.isRedirection() && !error.isTransient();
    }

    /** Another server answers, or the scan starts again. */
    void forget() {
        others = new NameHashes();
        inRow = 0;
        denied = false;
    }
}
