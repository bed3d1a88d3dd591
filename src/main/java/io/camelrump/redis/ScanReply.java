package io.camelrump.redis;

import io.camelrump.Refusal;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * What SCAN answers.
 *
 * @param cursor where the next SCAN starts
 * @param keys may be none, or more than were asked for
 * @param tooLong keys whose names are too long to be held
 * @param cut whether more names came than can be held together, so that fewer must be requested
 * @see <a href="https://redis.io/docs/latest/commands/scan/">SCAN</a>
 */
public record ScanReply(Cursor cursor, KeyList keys, List<Refusal> tooLong, boolean cut) {
    private static final String EXPECTED = "a cursor and keys";
    private static final long LONGEST_KEY = 512L * 1024 * 1024;
    private static final int EXPECTED_KEYS = 100_000;
    private static final int MOST_KEYS = 16 * 1024 * 1024;
    /** Names that are too long together are asked for again, divided by this. */
    public static final int FEWER = 10;

    public ScanReply {
        tooLong = List.copyOf(tooLong);
    }

    /** This reply with some of its keys. */
    public ScanReply with(KeyList some) {
        return some == keys ? this : new ScanReply(cursor, some, tooLong, cut);
    }

    /** Asks for some names, from the cursor on: for fewer where they are too long to be held together. */
    public static ScanReply of(RedisConnection connection, Cursor cursor, int count) throws IOException {
        int asked = count;
        ScanReply reply = ask(connection, cursor, asked);
        while (reply.cut()) {
            asked = Math.max(1, asked / FEWER);
            reply = ask(connection, cursor, asked);
        }
        return reply;
    }

    private static ScanReply ask(RedisConnection connection, Cursor cursor, int count) throws IOException {
        connection
                .out()
                .command(4)
                .arg("SCAN")
                .arg(cursor.bytes())
                .arg("COUNT")
                .arg(count)
                .flush();
        return read(connection, cursor, count);
    }

    /**
     * Reads the reply to a SCAN.
     *
     * @param asked the cursor that it was sent with
     * @param count how many keys it asked for; of one that asked for a single key more is taken
     */
    public static ScanReply read(RedisConnection connection, Cursor asked, int count) throws IOException {
        return read(connection.in(), connection.address(), asked, count);
    }

    static ScanReply read(RespReader in, ServerAddress address, Cursor asked, int count) throws IOException {
        byte type = in.type();
        if (type == '-') {
            throw ErrorText.refusal(address, "SCAN", new ErrorReply(in.line()));
        }
        if (type != '*') {
            throw ReplyException.of("SCAN", type, in, EXPECTED);
        }
        long parts = in.number();
        if (parts != 2) {
            throw new ReplyException("SCAN", "an array of " + parts, EXPECTED);
        }
        Cursor next = Cursor.read(in, "SCAN");
        if (next.equals(asked) && !next.isEnd()) {
            throw CursorTrail.repeated("SCAN", next);
        }
        ScanReply reply = readKeys(in, next, count == 1 ? NameLimit.mostBytes() : NameLimit.bytes());
        if (reply.cut() && count == 1) {
            throw RedisException.permanentError(address + " gave names of more than " + NameLimit.mostBytes()
                    + " bytes in one page of SCAN: set a larger heap (-Xmx), or leave them out by --match.");
        }
        return reply;
    }

    private static ScanReply readKeys(RespReader in, Cursor cursor, long mostBytes) throws IOException {
        byte type = in.type();
        if (type != '*') {
            throw ReplyException.of("SCAN", type, in, "a list of keys");
        }
        long size = in.number();
        if (size < 0) {
            throw new ReplyException("SCAN", "nil", "a list of keys");
        }
        if (size > MOST_KEYS) {
            throw new ReplyException("SCAN", "a list of " + size + " keys", "one of " + MOST_KEYS + " or fewer");
        }
        KeyList.Builder keys = new KeyList.Builder((int) Math.min(size, EXPECTED_KEYS));
        List<Refusal> tooLong = new ArrayList<>();
        long bytes = 0;
        for (long i = 0; i < size; i++) {
            int length = length(in);
            if (length > NameLimit.bytes()) {
                byte[] beginning = new byte[Math.min(length, NameLimit.shown())];
                in.part(beginning, 0, beginning.length);
                in.skipBulk(length - beginning.length);
                tooLong.add(NameLimit.refusal(beginning, length));
                continue;
            }
            bytes += length + NameLimit.REST_OF_NAME;
            if (bytes > mostBytes) {
                in.skipBulk(length);
            } else {
                int offset = keys.grow(length);
                in.bulk(keys.array(), offset, length);
            }
        }
        return new ScanReply(cursor, keys.build(), tooLong, bytes > mostBytes);
    }

    private static int length(RespReader in) throws IOException {
        byte type = in.type();
        if (type != '$') {
            throw ReplyException.of("SCAN", type, in, "the name of a key");
        }
        long length = in.bulkLength();
        if (length < 0 || length > LONGEST_KEY) {
            throw new ReplyException("SCAN", "a name of " + length + " bytes", "one of a key");
        }
        return (int) length;
    }
}
