package io.camelrump.source;

import io.camelrump.redis.ErrorReply;
import io.camelrump.redis.ErrorText;
import io.camelrump.redis.KeyList;
import io.camelrump.redis.RedisConnection;
import io.camelrump.redis.RespReader;
import io.camelrump.redis.RespWriter;
import io.camelrump.redis.ServerClock;
import io.camelrump.redis.SourceFeatures;
import io.camelrump.run.PageData;
import java.io.IOException;
import java.util.Arrays;
import java.util.BitSet;
import java.util.stream.IntStream;

/**
 * Dates of a page's keys where the server reports remaining times only (PTTL, below 7.0).
 *
 * <p>A key's expiry is the time of day plus what remains. The time of day is asked before and after: while the two are
 * close, it lies between them; if not, PTTL is asked again.
 */
final class ExpiryDating {
    private static final long CLOSE_MICROS = 2_000;
    private static final int RETIMED_AT_ONCE = 64;
    /** How often a key is asked for alone before its times of day are taken as far apart as they are. */
    private static final int TRIES_ALONE = 10;

    private final boolean exactExpiry;
    /** Remaining times of the page's keys until they are dated. */
    private final long[] expiries;

    private final boolean[] undated;
    private int datedUpTo;
    private int undatedKeys;
    /** Places in the page of keys that the node has no more. */
    private final BitSet strayed = new BitSet();

    ExpiryDating(boolean exactExpiry, long[] expiries) {
        this.exactExpiry = exactExpiry;
        this.expiries = expiries;
        this.undated = exactExpiry ? new boolean[0] : new boolean[expiries.length];
    }

    /**
     * Dates the keys that were added since the last call.
     *
     * @param size of the page
     * @param before the server's time of day, in microseconds, before them; -1 is unknown
     * @param after the time behind them
     */
    void date(int size, long before, long after) {
        for (; datedUpTo < size; datedUpTo++) {
            dateKey(datedUpTo, before, after);
        }
    }

    private void dateKey(int i, long before, long after) {
        if (expiries[i] < 0) {
            return;
        }
        if (before >= 0 && after >= before && after - before <= CLOSE_MICROS) {
            expiries[i] = ServerClock.later(expiries[i], Math.floorDiv(before + after, 2_000));
        } else if (!exactExpiry) {
            undated[i] = true;
            undatedKeys++;
        }
    }

    /** Whether every key of a page of this size lies between two times. */
    boolean isDated(int size) {
        return exactExpiry || datedUpTo == size;
    }

    /** Whether some times lay too far apart. */
    boolean needsTimes() {
        return undatedKeys > 0;
    }

    /** The page lost its strayed keys, and has this size. */
    void kept(int size) {
        datedUpTo = size;
        strayed.clear();
    }

    /**
     * Asks for the remaining times again, fewer at once until the times of day around them are close.
     *
     * @param page of the keys, in which those that are gone by now are marked
     * @param scope of the reader: a cluster node may have given keys away by now
     * @return places in the page of keys that were given away
     */
    BitSet retime(RedisConnection connection, ServerClock clock, PageBuilder page, ReadScope scope) throws IOException {
        int triesAlone = 0;
        for (int atOnce = RETIMED_AT_ONCE; undatedKeys > 0; atOnce = Math.max(1, atOnce / 2)) {
            triesAlone += atOnce == 1 ? 1 : 0;
            int[] again =
                    IntStream.range(0, page.size()).filter(i -> undated[i]).toArray();
            for (int from = 0; from < again.length; from += atOnce) {
                int[] some = Arrays.copyOfRange(again, from, Math.min(again.length, from + atOnce));
                retime(connection, clock, page, some, scope, triesAlone == TRIES_ALONE);
            }
        }
        return strayed;
    }

    /** @param settles whether the middle between two times is taken, however far apart they are */
    private void retime(
            RedisConnection connection,
            ServerClock clock,
            PageBuilder page,
            int[] again,
            ReadScope scope,
            boolean settles)
            throws IOException {
        ask(connection.out(), page, again);
        RespReader in = connection.in();
        long before = clock.microsOr(in.reply());
        long[] remaining = new long[again.length];
        for (int i = 0; i < again.length; i++) {
            Object reply = in.reply();
            if (scope.isNode() && reply instanceof ErrorReply error && error.isRedirection()) {
                strayed.set(again[i]);
                remaining[i] = PageData.NO_EXPIRY;
            } else if (reply instanceof ErrorReply error) {
                // without its time to live a key would live forever
                throw ErrorText.refusal(connection.address(), "PTTL", error);
            } else {
                remaining[i] = SourceFeatures.expiry("PTTL", reply);
            }
        }
        long after = clock.microsOr(in.reply());
        for (int i = 0; i < again.length; i++) {
            int key = again[i];
            undated[key] = false;
            undatedKeys--;
            expiries[key] = Math.max(PageData.NO_EXPIRY, remaining[i]);
            if (remaining[i] == SourceFeatures.EXPIRY_OF_MISSING) {
                page.markGone(key);
            }
            long middle = (before + after) / 2;
            dateKey(key, settles ? middle : before, settles ? middle : after);
        }
    }

    private static void ask(RespWriter out, PageBuilder page, int[] again) throws IOException {
        KeyList keys = page.chunkKeys();
        out.command(1).arg("TIME");
        for (int i : again) {
            int place = page.place(i);
            out.command(2).arg("PTTL").arg(keys.array(), keys.offset(place), keys.length(place));
        }
        out.command(1).arg("TIME");
        out.flush();
    }
}
