package io.camelrump.compare;

import io.camelrump.compare.TargetKeyReader.TargetKey;
import io.camelrump.redis.NameLimit;
import io.camelrump.redis.RedisConnection;
import io.camelrump.run.PageData;
import io.camelrump.run.PageForm;
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
 * that is due is read before. Not thread-safe.
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
        private boolean sizesAsked;
        private boolean sizesKnown;
        private int asked;
        private int read;

        private Lookup(PageData page, int database, boolean[] wanted) {
            this.page = page;
            this.database = database;
            this.wanted = wanted;
            this.dumped = wanted.clone();
            this.found = new TargetKey[page.size()];
        }

        private boolean isRead() {
            return read == wanted.length;
        }
    }

    private final RedisConnection connection;
    private final TargetKeyReader keys;
    /** Lookups that were begun and not finished, in their order. */
    private final List<Lookup> begun = new ArrayList<>();

    private final Deque<Reply> due = new ArrayDeque<>();
    private long bytesDue;
    private long nameBytesDue;

    TargetLookups(RedisConnection connection, TargetKeyReader keys) {
        this.connection = connection;
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
            due.remove().read();
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
            due.remove().read();
        }
    }

    // --- requests ---

    private void ask() throws IOException {
        int before = due.size();
        for (Lookup lookup : begun) {
            if (lookup.database == connection.database()) {
                askSizes(lookup);
                askPayloads(lookup);
            }
        }
        if (due.size() > before) {
            connection.out().flush();
        }
    }

    private void askSizes(Lookup lookup) throws IOException {
        long names = lookup.page.keys().byteCount();
        if (lookup.sizesAsked || nameBytesDue > 0 && nameBytesDue + names > NAME_BYTES_AHEAD) {
            return;
        }
        lookup.sizesAsked = true;
        if (lookup.page.form() != PageForm.PAYLOADS) {
            // they were not dumped at the other server either
            Arrays.fill(lookup.dumped, false);
        }
        if (lookup.page.form() != PageForm.PAYLOADS || !keys.asksSizes()) {
            lookup.sizesKnown = true;
            return;
        }
        for (int i = 0; i < lookup.wanted.length; i++) {
            if (lookup.wanted[i]) {
                keys.askSize(lookup.page, i);
            }
        }
        nameBytesDue += names;
        due.add(() -> readSizes(lookup, names));
    }

    private void readSizes(Lookup lookup, long names) throws IOException {
        for (int i = 0; i < lookup.wanted.length; i++) {
            lookup.dumped[i] = lookup.wanted[i] && !keys.readsBig();
        }
        nameBytesDue -= names;
        lookup.sizesKnown = true;
    }

    /** In pieces, as far as the window has room. */
    private void askPayloads(Lookup lookup) throws IOException {
        while (lookup.sizesKnown && lookup.asked < lookup.wanted.length && bytesDue < WINDOW_BYTES) {
            int from = lookup.asked;
            int to = from;
            long bytes = 0;
            for (int some = 0; to < lookup.wanted.length && some < KEYS_AT_ONCE && bytes < BYTES_AT_ONCE; to++) {
                if (lookup.dumped[to]) {
                    some++;
                    bytes += Math.max(0, lookup.page.payloadLength(to));
                }
            }
            keys.ask(lookup.page, lookup.dumped, from, to);
            lookup.asked = to;
            bytesDue += bytes;
            Piece piece = new Piece(lookup, from, to, bytes);
            due.add(() -> read(piece));
        }
    }

    /** Keys of a lookup, from one place to before another one, whose payloads are due. */
    private record Piece(Lookup lookup, int from, int to, long bytes) {}

    private void read(Piece piece) throws IOException {
        Lookup lookup = piece.lookup();
        keys.read(lookup.page, lookup.dumped, piece.from(), piece.to(), lookup.found);
        lookup.read = piece.to();
        bytesDue -= piece.bytes();
    }
}
