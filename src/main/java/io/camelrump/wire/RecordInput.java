package io.camelrump.wire;

import io.camelrump.WireFormatException;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.zip.CRC32C;

/**
 * Reads records and compares their checksums. Memory follows the bytes that have come, and not a length that somebody
 * wrote down. Not thread-safe.
 */
final class RecordInput implements Closeable {
    /** Up to here an array is made before its bytes have come. */
    private static final int STEP = 64 * 1024;

    private final InputStream in;
    private final CRC32C checksum = new CRC32C();
    private long offset;
    private long start;

    RecordInput(InputStream in) {
        this.in = in;
    }

    /** Begins a record with its first byte; -1 at the end of the stream. */
    int begin() throws IOException {
        start = offset;
        checksum.reset();
        int first = in.read();
        if (first >= 0) {
            offset++;
            checksum.update(first);
        }
        return first;
    }

    /** The next bytes of the record, for an array of their own. */
    byte[] take(int length, String what) throws IOException {
        byte[] bytes = new byte[Math.min(length, Math.max(STEP, in.available()))];
        int filled = fill(bytes, 0, what, length);
        while (filled < length) {
            bytes = Arrays.copyOf(bytes, (int) Math.min(length, 2L * bytes.length));
            filled = fill(bytes, filled, what, length);
        }
        checksum.update(bytes);
        return bytes;
    }

    private int fill(byte[] bytes, int from, String what, int wanted) throws IOException {
        int read = in.readNBytes(bytes, from, bytes.length - from);
        offset += read;
        if (from + read < bytes.length) {
            throw damaged(
                    "cut off within " + what + ", of which " + (from + read) + " of " + wanted + " bytes are there");
        }
        return bytes.length;
    }

    ByteBuffer buffer(int length, String what) throws IOException {
        return ByteBuffer.wrap(take(length, what));
    }

    /** Passes over bytes that the checksum is about all the same. */
    void skip(int length, String what) throws IOException {
        for (int left = length; left > 0; left -= Math.min(left, STEP)) {
            take(Math.min(left, STEP), what);
        }
    }

    /** Reads the checksum of all bytes since the beginning of the record. */
    void check(String what) throws IOException {
        int computed = (int) checksum.getValue();
        int written =
                buffer(WireFormat.CHECKSUM_BYTES, "the checksum of " + what).getInt();
        if (computed != written) {
            throw damaged(
                    String.format("%s is damaged: its checksum is %08x, and it says %08x", what, computed, written));
        }
    }

    /** An error about the present record. */
    WireFormatException damaged(String problem) {
        return new WireFormatException(start, problem);
    }

    /** Number of bytes read. */
    long offset() {
        return offset;
    }

    @Override
    public void close() throws IOException {
        in.close();
    }
}
