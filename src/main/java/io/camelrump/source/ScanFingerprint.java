package io.camelrump.source;

import io.camelrump.redis.Cursor;
import io.camelrump.redis.RedisConnection;
import io.camelrump.redis.ScanReply;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Tells a server process by what a cursor means to it: the same cursor gives the same keys, while another process, with
 * another hash seed, gives others. For servers that hide their {@code run_id}.
 */
final class ScanFingerprint {
    private static final int COUNT = 50;
    private static final int MOST_CALLS = 16;

    private int database;
    private Cursor from = Cursor.START;
    private Cursor to = Cursor.START;
    private Set<ByteBuffer> keys = Set.of();

    /**
     * Share of the keyspace that lies behind a cursor, from 0 to 1: SCAN increments the cursor's bits from the highest
     * to the lowest, so the reversed cursor rises.
     */
    static double share(long cursor) {
        return (Long.reverse(cursor) >>> 1) / (double) Long.MAX_VALUE;
    }

    /** Keeps what the server gives at this cursor of a database. */
    void remember(RedisConnection connection, int cursorDatabase, Cursor cursor) throws IOException {
        Set<ByteBuffer> given = new HashSet<>();
        connection.select(cursorDatabase);
        database = cursorDatabase;
        from = cursor;
        to = scan(connection, cursor, given);
        for (int i = 1; i < MOST_CALLS && given.isEmpty() && !to.isEnd(); i++) {
            to = scan(connection, to, given);
        }
        keys = given;
    }

    /** The remembered keys, as text. */
    String encode() {
        return database + " " + from.encode() + " " + to.encode()
                + keys.stream()
                        .map(key -> " " + HexFormat.of().formatHex(key.array()))
                        .collect(Collectors.joining());
    }

    /** Remembers what {@link #encode} returned. */
    static ScanFingerprint decode(String text) {
        ScanFingerprint window = new ScanFingerprint();
        String[] words = text.split(" ");
        if (words.length >= 3) {
            window.database = Integer.parseInt(words[0]);
            window.from = Cursor.decode(words[1]);
            window.to = Cursor.decode(words[2]);
            window.keys = Stream.of(words)
                    .skip(3)
                    .map(hex -> ByteBuffer.wrap(HexFormat.of().parseHex(hex)))
                    .collect(Collectors.toSet());
        }
        return window;
    }

    /** Whether the server still gives at least half of the keys at that cursor. */
    boolean isSameServer(RedisConnection connection) throws IOException {
        if (keys.isEmpty()) {
            // nothing to judge by: only a scan that is at its beginning loses nothing
            return from.equals(Cursor.START);
        }
        connection.select(database);
        Set<ByteBuffer> given = new HashSet<>();
        Cursor cursor = from;
        for (int i = 0; i < MOST_CALLS; i++) {
            cursor = scan(connection, cursor, given);
            if (cursor.isEnd() || !to.isEnd() && hasPassed(cursor)) {
                break;
            }
        }
        int before = keys.size();
        given.retainAll(keys);
        return given.size() * 2 >= before;
    }

    private boolean hasPassed(Cursor cursor) {
        return cursor.isNumber() && to.isNumber() ? CursorOrder.BITS.compare(cursor, to) >= 0 : cursor.equals(to);
    }

    private static Cursor scan(RedisConnection connection, Cursor cursor, Set<ByteBuffer> given) throws IOException {
        ScanReply reply = ScanReply.of(connection, cursor, COUNT);
        for (int i = 0; i < reply.keys().size(); i++) {
            given.add(ByteBuffer.wrap(reply.keys().get(i)));
        }
        return reply.cursor();
    }
}
