package io.camelrump.wire;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.util.zip.CRC32C;

/** Writes records with their checksums, and copies nothing. Not thread-safe. */
final class RecordOutput {
    private final OutputStream out;
    private final CRC32C checksum = new CRC32C();

    RecordOutput(OutputStream out) {
        this.out = out;
    }

    /** Begins what the next checksum is about. */
    void begin() {
        checksum.reset();
    }

    /** Begins a record. */
    void begin(int type, int length) throws IOException {
        begin();
        write(ByteBuffer.allocate(5).put((byte) type).putInt(length));
        end();
    }

    /** Writes all bytes that were put into this buffer. */
    void write(ByteBuffer filled) throws IOException {
        write(filled.array(), 0, filled.position());
    }

    void write(byte[] bytes, int offset, int length) throws IOException {
        checksum.update(bytes, offset, length);
        out.write(bytes, offset, length);
    }

    /** Writes the checksum of all bytes since the beginning, and takes it into the next one. */
    void end() throws IOException {
        write(ByteBuffer.allocate(WireFormat.CHECKSUM_BYTES).putInt((int) checksum.getValue()));
    }
}
