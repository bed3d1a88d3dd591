package io.camelrump.redis;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.ProtocolException;
import org.jspecify.annotations.Nullable;

/**
 * Reads replies of the Redis protocol, RESP2 and RESP3, from a stream.
 *
 * <p>A caller on the hot path asks for the {@link #type()} of a reply and then for its parts, so that a payload goes
 * from the stream into its final place in one copy, and its length is known before anything is allocated. Everything
 * else uses {@link #reply()}. Not thread-safe.
 *
 * @see <a href="https://redis.io/docs/latest/develop/reference/protocol-spec/">Redis serialization protocol</a>
 */
public final class RespReader {
    /** Longest status or error line that is taken; the servers' own limit for inline text is the same. */
    private static final int MAX_LINE = 64 * 1024;
    /** Sign, digits and line end. */
    private static final int LONGEST_NUMBER = 24;

    private final InputStream in;
    private final byte[] buffer;
    private int position;
    private int limit;
    private final WholeReply whole = new WholeReply(this);

    public RespReader(InputStream in, int bufferSize) {
        this.in = in;
        this.buffer = new byte[bufferSize];
    }

    /** Whether bytes are waiting here, so that the next read will not wait for the server. */
    public boolean hasBuffered() {
        return position < limit;
    }

    /** Takes the first byte of a reply, which says what it is: one of {@code + - : $ *} and those of RESP3. */
    public byte type() throws IOException {
        return next();
    }

    /** Reads the rest of a line as a decimal number: an integer, the length of a bulk, or of an array. */
    public long number() throws IOException {
        return limit - position > LONGEST_NUMBER ? bufferedNumber() : slowNumber();
    }

    /** The usual case: the whole line is in the buffer, and short. */
    private long bufferedNumber() throws IOException {
        int at = position;
        boolean negative = buffer[at] == '-';
        if (negative) {
            at++;
        }
        long value = 0;
        int digit = buffer[at] - '0';
        int first = at;
        while (digit >= 0 && digit <= 9 && at - first < 18) {
            value = value * 10 + digit;
            digit = buffer[++at] - '0';
        }
        if (at == first || buffer[at] != '\r' || buffer[at + 1] != '\n') {
            return slowNumber();
        }
        position = at + 2;
        return negative ? -value : value;
    }

    private long slowNumber() throws IOException {
        byte first = next();
        boolean negative = first == '-';
        byte b = negative || first == '+' ? next() : first;
        long value = 0;
        int digits = 0;
        while (b != '\r') {
            int digit = b - '0';
            if (digit < 0 || digit > 9 || ++digits > 19) {
                throw wrong("a number was expected, got byte " + (b & 0xff));
            }
            value = value * 10 + digit;
            b = next();
        }
        if (digits == 0 || value < 0) {
            throw wrong("a number is empty or too large");
        }
        expect('\n');
        return negative ? -value : value;
    }

    /** Reads the length of a bulk: -1 is nil. */
    public long bulkLength() throws IOException {
        long length = number();
        if (length < -1) {
            throw wrong("a bulk has length " + length);
        }
        return length;
    }

    /** Reads the rest of a line as text. */
    public String line() throws IOException {
        StringBuilder line = new StringBuilder(32);
        byte b = next();
        while (b != '\r') {
            if (line.length() == MAX_LINE) {
                throw wrong("a line is longer than " + MAX_LINE + " bytes");
            }
            line.append((char) (b & 0xff));
            b = next();
        }
        expect('\n');
        return line.toString();
    }

    /** Reads the rest of a status line; null if it is OK, which takes no memory. */
    public @Nullable String otherThanOk() throws IOException {
        int at = position;
        if (limit - at >= 4
                && buffer[at] == 'O'
                && buffer[at + 1] == 'K'
                && buffer[at + 2] == '\r'
                && buffer[at + 3] == '\n') {
            position += 4;
            return null;
        }
        String status = line();
        return status.equals("OK") ? null : status;
    }

    /** Reads the rest of a line and forgets it. */
    public void skipLine() throws IOException {
        int length = 0;
        while (next() != '\r') {
            if (++length > MAX_LINE) {
                throw wrong("a line is longer than " + MAX_LINE + " bytes");
            }
        }
        expect('\n');
    }

    /** Reads the content of a bulk into {@code target}, and the line end after it. */
    public void bulk(byte[] target, int offset, int length) throws IOException {
        part(target, offset, length);
        lineEnd();
    }

    /** Reads a part of a bulk's content; {@link #bulk} or {@link #skipBulk} takes what is left of it. */
    public void part(byte[] target, int offset, int length) throws IOException {
        int buffered = Math.min(length, limit - position);
        System.arraycopy(buffer, position, target, offset, buffered);
        position += buffered;
        int done = buffered;
        while (length - done >= buffer.length) {
            int n = in.read(target, offset + done, length - done);
            if (n < 0) {
                throw new EOFException();
            }
            done += n;
        }
        while (done < length) {
            fill();
            int n = Math.min(length - done, limit - position);
            System.arraycopy(buffer, position, target, offset + done, n);
            position += n;
            done += n;
        }
    }

    /** Reads the content of a bulk and forgets it, and the line end after it. */
    public void skipBulk(long length) throws IOException {
        long left = length;
        while (left > 0) {
            if (position == limit) {
                fill();
            }
            int n = (int) Math.min(left, limit - position);
            position += n;
            left -= n;
        }
        lineEnd();
    }

    /**
     * Reads one whole reply: String for a status, Long, byte[] for a bulk, List for arrays, sets, pushes and maps (key
     * and value in turn), Boolean, {@link ErrorReply}, or null for nil. An array that is too long to be held, or has a
     * bulk that is, is read to its end, and an {@link ErrorReply#isOversized} stands for it.
     */
    public @Nullable Object reply() throws IOException {
        return whole.read(Long.MAX_VALUE);
    }

    /**
     * The same within a bound: a reply that has more bytes is read to its end, {@link #wasCut} says so, and what is
     * returned means nothing.
     */
    public @Nullable Object replyWithin(long mostBytes) throws IOException {
        return whole.read(mostBytes);
    }

    /** Whether the last {@link #replyWithin} had more bytes than were to be taken. */
    public boolean wasCut() {
        return whole.wasCut();
    }

    /** The beginning of a reply whose first byte was taken, as far as its line is here already. */
    String rest(byte type) {
        return ReplyExcerpt.rest(type, buffer, position, limit);
    }

    /** An error that shows the bytes around. */
    ProtocolException wrong(String what) {
        return new ProtocolException(what + ", near " + near());
    }

    /** The bytes that were read last, and those that come next as far as they are here. */
    String near() {
        return ReplyExcerpt.near(buffer, position, limit);
    }

    private void lineEnd() throws IOException {
        expect('\r');
        expect('\n');
    }

    private void expect(char expected) throws IOException {
        byte b = next();
        if (b != expected) {
            throw wrong("a line end was expected, got byte " + (b & 0xff));
        }
    }

    private byte next() throws IOException {
        if (position == limit) {
            fill();
        }
        return buffer[position++];
    }

    private void fill() throws IOException {
        int n = in.read(buffer, 0, buffer.length);
        if (n <= 0) {
            throw new EOFException("the server closed the connection");
        }
        position = 0;
        limit = n;
    }
}
