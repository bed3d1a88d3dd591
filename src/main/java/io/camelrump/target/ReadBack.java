package io.camelrump.target;

import io.camelrump.Outcome;
import io.camelrump.redis.ErrorReply;
import io.camelrump.redis.RedisConnection;
import io.camelrump.redis.RespWriter;
import io.camelrump.redis.ServerClock;
import io.camelrump.redis.TargetFeatures;
import io.camelrump.run.PageData;
import io.camelrump.run.Receipt;
import io.camelrump.run.Verification;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * Reads changed keys back behind the commands that wrote them, and compares what the target has with what was sent: so
 * a live run knows of each key that changed that it is equal at both sides, and the source is not read again for that.
 *
 * <p>For one pipeline. A key that is not asked for here stays unverified.
 */
final class ReadBack {
    private static final int MOST_KEY_BYTES = 1024 * 1024;
    /** The answers wait in the memory of the target while the pipeline is sent. */
    private static final int MOST_BYTES = 4 * 1024 * 1024;

    private final RedisConnection connection;
    private final TargetFeatures features;
    private final ServerClock clock;
    private final BatchWriter writer;
    private final TargetAbilities abilities;
    private final List<AskedKey> asked = new ArrayList<>();
    private long bytes;
    private long sentAtMillis;

    /** @param abilities notes where the user may not read */
    ReadBack(
            RedisConnection connection,
            TargetFeatures features,
            ServerClock clock,
            BatchWriter writer,
            TargetAbilities abilities) {
        this.connection = connection;
        this.features = features;
        this.clock = clock;
        this.writer = writer;
        this.abilities = abilities;
    }

    /** Asks behind a pipeline whose replies are due. */
    void sendBehind(List<PageSlice> slices) throws IOException {
        for (PageSlice slice : slices) {
            for (int i = slice.from(); isWanted(slice) && i < slice.to(); i++) {
                if (slice.isDue(i) && slice.isRestoreSent(i) || isGoneUnasked(slice, i)) {
                    ask(slice, i);
                }
            }
        }
        send();
    }

    /** Asks for keys that were written, and reads the answers; nothing else may be due on the connection. */
    void ask(List<PageSlice> slices) throws IOException {
        for (PageSlice slice : slices) {
            for (int i = slice.from(); isWanted(slice) && i < slice.to(); i++) {
                boolean written = slice.outcome(i) == Outcome.RESTORED || slice.outcome(i) == Outcome.VANISHED;
                if (written && slice.isRestoreSent(i) && !slice.page().isGone(i) || isGoneUnasked(slice, i)) {
                    ask(slice, i);
                }
            }
        }
        send();
        read();
    }

    /** Whether nothing was asked of the target for a key that is gone, as deletes are not followed at the moment. */
    private static boolean isGoneUnasked(PageSlice slice, int i) {
        return slice.page().isGone(i) && slice.outcome(i) == Outcome.VANISHED && !slice.isDeleteSent(i);
    }

    private boolean isWanted(PageSlice slice) {
        return slice.page().origin().reading().isReadBack() && abilities.mayReadBack();
    }

    private void ask(PageSlice slice, int i) {
        int length = Math.max(0, slice.page().payloadLength(i));
        if (length <= MOST_KEY_BYTES && bytes + length <= MOST_BYTES) {
            bytes += length;
            asked.add(new AskedKey(slice, i));
        }
    }

    private void send() throws IOException {
        if (asked.isEmpty()) {
            return;
        }
        RespWriter out = connection.out();
        sentAtMillis = clock.nowMillis();
        askTime(out);
        for (AskedKey key : asked) {
            key.send(out, features.exactExpiry());
        }
        askTime(out);
        out.flush();
    }

    private void askTime(RespWriter out) throws IOException {
        if (!features.exactExpiry()) {
            out.command(1).arg("TIME");
        }
    }

    /** Reads the answers to what was asked, and compares them. */
    void read() throws IOException {
        if (asked.isEmpty()) {
            return;
        }
        long earliest = timeOr(sentAtMillis);
        for (AskedKey key : asked) {
            ErrorReply error = key.read(connection);
            if (error != null && error.deniesCommand()) {
                abilities.mayNotReadBack(connection.address(), error);
            }
        }
        long latest = timeOr(clock.nowMillis());
        for (AskedKey key : asked) {
            long sent = writer.targetExpiry(key.slice().page(), key.index());
            key.judge(sent, features.exactExpiry(), earliest, latest);
        }
    }

    private long timeOr(long otherwise) throws IOException {
        if (features.exactExpiry()) {
            return otherwise;
        }
        long micros = ServerClock.serverMicros(connection.in().reply());
        return micros < 0 ? otherwise : Math.floorDiv(micros, 1000);
    }

    /** Enters in the books of each run which keys were found equal; those that differ are read again. */
    void enter(String target, List<PageSlice> slices) {
        for (AskedKey key : asked) {
            Receipt receipt = key.slice().page().receipt();
            if (receipt == null || key.slice().outcome(key.index()) == null) {
                continue;
            }
            switch (key.found()) {
                case EQUAL -> {
                    if (key.isGone()) {
                        gone(target, key.slice(), key.index(), receipt);
                    } else {
                        equal(target, key.slice(), key.index(), receipt);
                    }
                }
                case DIFFERENT -> different(key.slice(), key.index(), receipt);
                case UNKNOWN -> {
                    // it stays unverified
                }
            }
        }
        for (PageSlice slice : slices) {
            Receipt receipt = slice.page().receipt();
            for (int i = slice.from(); receipt != null && isReadBack(slice) && i < slice.to(); i++) {
                if (isGone(slice, i)) {
                    gone(target, slice, i, receipt);
                }
            }
        }
    }

    private static boolean isReadBack(PageSlice slice) {
        return slice.page().origin().reading().isReadBack();
    }

    /** Whether the target has answered that it does not have the key, or need not be without it. */
    private static boolean isGone(PageSlice slice, int i) {
        Outcome outcome = slice.outcome(i);
        if (outcome == null || outcome == Outcome.REFUSED) {
            return false;
        }
        PageData page = slice.page();
        if (page.isPassedOn(i)) {
            // the key that has its name there is read again
            return true;
        }
        if (slice.isDeleteSent(i)) {
            return !slice.isRestoreSent(i) && !(slice.isWithheld(i) && slice.isThere(i));
        }
        // its own key under this name has nothing to do with the run
        return outcome == Outcome.FILTERED
                && (page.isLeftOut(i) ? page.carriesDeletes() : page.origin().isOnlyIfThere());
    }

    private static void equal(String target, PageSlice slice, int i, Receipt receipt) {
        byte[] key = receipt.key(slice.page().place(i));
        books(receipt).isEqual(key, number(slice), place(target, receipt), receipt.targets());
    }

    private static void gone(String target, PageSlice slice, int i, Receipt receipt) {
        byte[] key = receipt.key(slice.page().place(i));
        books(receipt).isGone(key, number(slice), place(target, receipt), receipt.targets());
    }

    private static String place(String target, Receipt receipt) {
        return target + " " + receipt.database();
    }

    private static void different(PageSlice slice, int i, Receipt receipt) {
        byte[] key = receipt.key(slice.page().place(i));
        if (books(receipt).isDifferent(key, number(slice))) {
            receipt.run().changes().mark(key);
        }
    }

    private static Verification books(Receipt receipt) {
        return receipt.run().changes().verification();
    }

    private static long number(PageSlice slice) {
        return slice.page().origin().reading().number();
    }
}
