package io.camelrump.redis;

import io.camelrump.Refusal;
import java.io.IOException;
import java.net.ProtocolException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * What SCAN answers.
 *
 * @param cursor where the next SCAN starts; 0 at the end
 * @param keys may be none, or more than were asked for
 * @param tooLong keys whose names are too long to be held
 * @param cut whether more names came than can be held together, so that fewer must be requested
 * @see <a href="https://redis.io/docs/latest/commands/scan/">SCAN</a>
 */
public record ScanReply(long cursor, KeyList keys, List<Refusal> tooLong, boolean cut) {
    private static final int LONGEST_CURSOR = 20;
    private static final long LONGEST_KEY = 512L * 1024 * 1024;
    private static final int EXPECTED_KEYS = 100_000;
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
    public static ScanReply of(RedisConnection connection, long cursor, int count) throws IOException {
        int asked = count;
        ScanReply reply = ask(connection, cursor, asked, NameLimit.bytes());
        while (reply.cut()) {
            asked = Math.max(1, asked / FEWER);
            // what is given for one is taken as it is
            reply = ask(connection, cursor, asked, asked == 1 ? Integer.MAX_VALUE : NameLimit.bytes());
        }
        return reply;
    }

    private static ScanReply ask(RedisConnection connection, long cursor, int count, int mostBytes) throws IOException {
        connection
                .out()
                .command(4)
                .arg("SCAN")
                .arg(Long.toUnsignedString(cursor))
                .arg("COUNT")
                .arg(count)
                .flush();
        return read(connection, mostBytes);
    }

    /** @param mostBytes of all names together */
    public static ScanReply read(RedisConnection connection, long mostBytes) throws IOException {
        RespReader in = connection.in();
        byte type = in.type();
        if (type == '-') {
            throw ErrorText.refusal(connection.address(), "SCAN", new ErrorReply(in.line()));
        }
        if (type != '*' || in.number() != 2) {
            throw new ProtocolException("SCAN was answered by something other than a cursor and keys");
        }
        byte[] digits = new byte[(int) length(in, LONGEST_CURSOR)];
        in.bulk(digits, 0, digits.length);
        long cursor = Long.parseUnsignedLong(new String(digits, StandardCharsets.US_ASCII));
        return readKeys(in, cursor, mostBytes);
    }

    private static ScanReply readKeys(RespReader in, long cursor, long mostBytes) throws IOException {
        if (in.type() != '*') {
            throw new ProtocolException("SCAN was answered without a list of keys");
        }
        long size = in.number();
        KeyList.Builder keys = new KeyList.Builder((int) Math.max(0, Math.min(size, EXPECTED_KEYS)));
        List<Refusal> tooLong = new ArrayList<>();
        long bytes = 0;
        for (long i = 0; i < size; i++) {
            int length = (int) length(in, LONGEST_KEY);
            if (length > NameLimit.bytes()) {
                byte[] beginning = new byte[Math.min(length, NameLimit.shown())];
                in.part(beginning, 0, beginning.length);
                in.skipBulk(length - beginning.length);
                tooLong.add(NameLimit.refusal(beginning, length));
                continue;
            }
            bytes += length;
            if (bytes > mostBytes) {
                in.skipBulk(length);
            } else {
                int offset = keys.grow(length);
                in.bulk(keys.array(), offset, length);
            }
        }
        return new ScanReply(cursor, keys.build(), tooLong, bytes > mostBytes);
    }

    private static long length(RespReader in, long most) throws IOException {
        long length = in.type() == '$' ? in.bulkLength() : -1;
        if (length < 0 || length > most) {
            throw new ProtocolException("SCAN gave a text of length " + length + " where " + most + " is the most");
        }
        return length;
    }
}
