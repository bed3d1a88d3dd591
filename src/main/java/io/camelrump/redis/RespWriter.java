package io.camelrump.redis;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;

/**
 * Writes commands of the Redis protocol to a stream: {@code command(3).arg(..).arg(..).arg(..)}.
 *
 * <p>What doesn't fit the buffer goes straight to the stream. Not thread-safe.
 */
public final class RespWriter {
    private static final byte[] MIN_LONG = Long.toString(Long.MIN_VALUE).getBytes(StandardCharsets.US_ASCII);
    private static final int LONGEST_NUMBER = MIN_LONG.length;

    private final OutputStream out;
    private final byte[] buffer;
    private final byte[] digits = new byte[LONGEST_NUMBER];
    /** Digits of an argument, whose own length is spelled with {@link #digits} meanwhile. */
    private final byte[] argument = new byte[LONGEST_NUMBER];

    private int position;

    public RespWriter(OutputStream out, int bufferSize) {
        this.out = out;
        this.buffer = new byte[bufferSize];
    }

    /** Starts a command of so many words, its name among them. */
    public RespWriter command(int words) throws IOException {
        header('*', words);
        return this;
    }

    public RespWriter arg(byte[] bytes) throws IOException {
        return arg(bytes, 0, bytes.length);
    }

    public RespWriter arg(byte[] bytes, int offset, int length) throws IOException {
        header('$', length);
        raw(bytes, offset, length);
        crlf();
        return this;
    }

    /** One argument in two parts. */
    public RespWriter arg(byte[] bytes, int offset, int length, byte[] end) throws IOException {
        header('$', length + (long) end.length);
        raw(bytes, offset, length);
        raw(end, 0, end.length);
        crlf();
        return this;
    }

    public RespWriter arg(String ascii) throws IOException {
        return arg(ascii.getBytes(StandardCharsets.UTF_8));
    }

    public RespWriter arg(long number) throws IOException {
        int start = spell(number, argument);
        return arg(argument, start, argument.length - start);
    }

    /** Writes bytes as they are: a command that was encoded before. */
    public void raw(byte[] bytes, int offset, int length) throws IOException {
        if (length > buffer.length - position) {
            drain();
            if (length >= buffer.length) {
                // in parts, so that whoever counts what the stream takes sees a long write go on
                for (int done = 0; done < length; done += buffer.length) {
                    out.write(bytes, offset + done, Math.min(buffer.length, length - done));
                }
                return;
            }
        }
        System.arraycopy(bytes, offset, buffer, position, length);
        position += length;
    }

    /** Sends all that was written. */
    public void flush() throws IOException {
        drain();
        out.flush();
    }

    private void drain() throws IOException {
        out.write(buffer, 0, position);
        position = 0;
    }

    private void header(char type, long number) throws IOException {
        ensure(1 + LONGEST_NUMBER + 2);
        byte[] to = buffer;
        int at = position;
        to[at++] = (byte) type;
        if (number >= 0 && number < 1000) {
            int small = (int) number;
            if (small >= 100) {
                to[at++] = (byte) ('0' + small / 100);
            }
            if (small >= 10) {
                to[at++] = (byte) ('0' + small / 10 % 10);
            }
            to[at++] = (byte) ('0' + small % 10);
        } else {
            int start = spell(number, digits);
            int length = digits.length - start;
            System.arraycopy(digits, start, to, at, length);
            at += length;
        }
        to[at++] = '\r';
        to[at++] = '\n';
        position = at;
    }

    private void crlf() throws IOException {
        ensure(2);
        buffer[position++] = '\r';
        buffer[position++] = '\n';
    }

    private void ensure(int room) throws IOException {
        if (buffer.length - position < room) {
            drain();
        }
    }

    /** Puts the decimal digits at the end of the array and says where they start. */
    private static int spell(long number, byte[] digits) {
        if (number == Long.MIN_VALUE) {
            System.arraycopy(MIN_LONG, 0, digits, 0, LONGEST_NUMBER);
            return 0;
        }
        int at = digits.length;
        long left = Math.abs(number);
        do {
            digits[--at] = (byte) ('0' + left % 10);
            left /= 10;
        } while (left > 0);
        if (number < 0) {
            digits[--at] = '-';
        }
        return at;
    }
}
