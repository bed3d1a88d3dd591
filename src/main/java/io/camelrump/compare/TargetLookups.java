package io.camelrump.compare;

import io.camelrump.compare.TargetKeyReader.TargetKey;
import io.camelrump.redis.NameLimit;
import io.camelrump.redis.RedisConnection;
import io.camelrump.run.PageData;
import io.camelrump.run.PageForm;
import io.camelrump.throttle.TurnPacer;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Lookups of pages at one server, in one pipeline: the sizes of the keys of the next pages are asked for while payloads
 * of those before are due, so that over a distance no page waits for another one's round trips.
 *
 * <p>Payloads are due up to a window, by the sizes that the pages have. Whatever else is asked on the connection, all
 * that is due is read before. Where the server works for other clients too, requests leave in turns. Not thread-safe.
 */
final class TargetLookups {
    private static final int KEYS_AT_ONCE = 500;
    private static final long BYTES_AT_ONCE = 1024 * 1024;
    /** Payload bytes that may be due. */
    private static final long WINDOW_BYTES = 4 * BYTES_AT_ONCE;
    /** Sizes are asked for ahead only while the names of the keys asked about take less than this. */
    private static final long NAME_BYTES_AHEAD = Math.min(WINDOW_BYTES, NameLimit.bytes());

    /** Replies of a lookup that are due. */
    private interface Reply {
        void read() throws IOException;
    }

    /** One page, of which the keys that are wanted are looked up. */
    static final class Lookup {
        private final PageData page;
        private final int database;
        private final boolean[] wanted;
        /** Keys that are dumped: those not too big for it. */
        private final boolean[] dumped;

        private final @Nullable TargetKey[] found;
        /** Keys whose sizes were asked for, from the first one on, and those whose sizes are known. */
        private int sizesAsked;

        private int sizesKnown;
        private int asked;
        private int read;

        private Lookup(PageData page, int database, boolean[] wanted) {
            this.page = page;
            this.database = database;
            this.wanted = wanted;
            this.dumped = wanted.clone();
            this.found = new TargetKey[page.size()];
        }

        private boolean areSizesKnown() {
            return sizesKnown == wanted.length;
        }

        private boolean isRead() {
            return read == wanted.length;
        }
    }

    private final RedisConnection connection;
    private final TargetKeyReader keys;
    private final TurnPacer turns;
    /** Lookups that were begun and not finished, in their order. */
    private final List<Lookup> begun = new ArrayList<>();

    private final Deque<Reply> due = new ArrayDeque<>();
    private long bytesDue;
    private long nameBytesDue;
    /** Replies that were asked for, and those that came, since the beginning. */
    private long requests;

    private long answers;
    private long payloads;
    private long payloadBytes;

    TargetLookups(RedisConnection connection, TurnPacer turns, TargetKeyReader keys) {
        this.connection = connection;
        this.turns = turns;
        this.keys = keys;
    }

    /**
     * Begins the lookup of a page; what there is room for leaves at once.
     *
     * @param database of the server
     */
    Lookup begin(PageData page, int database, boolean[] wanted) throws IOException {
        Lookup lookup = new Lookup(page, database, wanted);
        begun.add(lookup);
        ask();
        return lookup;
    }

    /**
     * Waits for what the server has under the names that were wanted; the database is that of the lookup from now on.
     */
    @Nullable
    TargetKey[] finish(Lookup lookup) throws IOException {
        if (connection.database() != lookup.database) {
            drain();
            connection.select(lookup.database);
        }
        ask();
        while (!lookup.isRead()) {
            readNext();
            ask();
        }
        begun.remove(lookup);
        for (int i = 0; i < lookup.wanted.length; i++) {
            if (lookup.wanted[i] && !lookup.dumped[i]) {
                drain();
                lookup.found[i] = keys.lookAtBigOne(lookup.page.key(i));
            }
        }
        return lookup.found;
    }

    /** Reads all that is due, and asks for no more: the connection is free for others. */
    void drain() throws IOException {
        while (!due.isEmpty()) {
            readNext();
        }
    }

    private void readNext() throws IOException {
        due.remove().read();
        answers++;
    }

    // --- requests ---

    private void ask() throws IOException {
        turns.answered(answers, payloads, payloadBytes);
        while (wantsToAsk() && turns.begin(connection.in().hasBuffered()) && askTurn() && turns.isBounded()) {
            // the next turn, if its time has come
        }
    }

    private boolean wantsToAsk() {
        for (Lookup lookup : begun) {
            if (lookup.database == connection.database() && (wantsSizes(lookup) || wantsPayloads(lookup))) {
                return true;
            }
        }
        return false;
    }

    private boolean wantsSizes(Lookup lookup) {
        return lookup.sizesAsked > 0
                ? lookup.sizesAsked < lookup.wanted.length
                : nameBytesDue == 0 || nameBytesDue + lookup.page.keys().byteCount() <= NAME_BYTES_AHEAD;
    }

    private boolean wantsPayloads(Lookup lookup) {
        return lookup.areSizesKnown() && lookup.asked < lookup.wanted.length && bytesDue < WINDOW_BYTES;
    }

    /** Sends what fits a turn; false if that is nothing. */
    private boolean askTurn() throws IOException {
        long before = requests;
        for (Lookup lookup : begun) {
            if (lookup.database == connection.database()) {
                if (wantsSizes(lookup)) {
                    askSizes(lookup);
                }
                askPayloads(lookup);
            }
        }
        if (requests == before) {
            return false;
        }
        connection.out().flush();
        turns.sent(requests);
        return true;
    }

    private void expect(Reply reply) {
        due.add(reply);
        requests++;
    }

    private void askSizes(Lookup lookup) throws IOException {
        int from = lookup.sizesAsked;
        int keysOfPage = lookup.wanted.length;
        if (lookup.page.form() != PageForm.PAYLOADS) {
            // they were not dumped at the other server either
            Arrays.fill(lookup.dumped, false);
        }
        if (lookup.page.form() != PageForm.PAYLOADS || !keys.asksSizes()) {
            lookup.sizesAsked = keysOfPage;
            lookup.sizesKnown = keysOfPage;
            return;
        }
        int to = from;
        for (; to < keysOfPage && (!lookup.wanted[to] || turns.takesQuery()); to++) {
            if (lookup.wanted[to]) {
                keys.askSize(lookup.page, to);
            }
        }
        if (to == from) {
            return;
        }
        nameBytesDue += from == 0 ? lookup.page.keys().byteCount() : 0;
        lookup.sizesAsked = to;
        int end = to;
        expect(() -> readSizes(lookup, end));
    }

    private void readSizes(Lookup lookup, int end) throws IOException {
        for (int i = lookup.sizesKnown; i < end; i++) {
            lookup.dumped[i] = lookup.wanted[i] && !keys.readsBig();
        }
        lookup.sizesKnown = end;
        nameBytesDue -= lookup.areSizesKnown() ? lookup.page.keys().byteCount() : 0;
    }

    /** In pieces, as far as the window and the turn have room. */
    private void askPayloads(Lookup lookup) throws IOException {
        while (wantsPayloads(lookup) && askPiece(lookup)) {
            // the next piece
        }
    }

    /** Asks for one piece; false if the turn has no room left. */
    private boolean askPiece(Lookup lookup) throws IOException {
        int from = lookup.asked;
        int to = from;
        int some = 0;
        long bytes = 0;
        boolean fits = true;
        for (; to < lookup.wanted.length && some < KEYS_AT_ONCE && bytes < BYTES_AT_ONCE; to++) {
            if (lookup.dumped[to]) {
                long expected = Math.max(0, lookup.page.payloadLength(to));
                fits = turns.takesKey(expected);
                if (!fits) {
                    break;
                }
                some++;
                bytes += expected;
            }
        }
        if (to > from) {
            keys.ask(lookup.page, lookup.dumped, from, to);
            lookup.asked = to;
            bytesDue += bytes;
            Piece piece = new Piece(lookup, from, to, some, bytes);
            expect(() -> read(piece));
        }
        return fits;
    }

    /** Keys of a lookup, from one place to before another one, whose payloads are due. */
    private record Piece(Lookup lookup, int from, int to, int keys, long bytes) {}

    private void read(Piece piece) throws IOException {
        Lookup lookup = piece.lookup();
        keys.read(lookup.page, lookup.dumped, piece.from(), piece.to(), lookup.found);
        lookup.read = piece.to();
        bytesDue -= piece.bytes();
        payloads += piece.keys();
        payloadBytes += piece.bytes();
    }
}
