package io.camelrump.wire;

import io.camelrump.WireFormatException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * Beginning of a stream, and of each part of one that was put together of several.
 *
 * @param createdMillis when it was written, in milliseconds since 1970
 * @param run identifier of the run whose pages follow; null for keys that no run has read
 * @param writer program that wrote it
 */
record WireHeader(long createdMillis, @Nullable String run, String writer) {
    private static final int MOST_TEXT = 255;

    byte[] encode() {
        byte[] runBytes = text(run == null ? "" : run);
        byte[] writerBytes = text(writer);
        ByteBuffer fields = ByteBuffer.allocate(8 + 2 + runBytes.length + writerBytes.length);
        fields.putLong(createdMillis);
        fields.put((byte) runBytes.length).put(runBytes);
        fields.put((byte) writerBytes.length).put(writerBytes);
        return fields.array();
    }

    private static byte[] text(String value) {
        byte[] bytes = value.getBytes(StandardCharsets.UTF_8);
        if (bytes.length > MOST_TEXT) {
            throw new IllegalArgumentException("text of " + bytes.length + " bytes in a header");
        }
        return bytes;
    }

    void write(RecordOutput out) throws IOException {
        byte[] fields = encode();
        out.begin();
        out.write(WireFormat.magic(), 0, WireFormat.magicLength());
        out.write(ByteBuffer.allocate(5).put((byte) WireFormat.VERSION).putInt(fields.length));
        out.write(fields, 0, fields.length);
        out.end();
    }

    /** Bytes of the whole of it. */
    int length() {
        return WireFormat.magicLength() + 5 + encode().length + WireFormat.CHECKSUM_BYTES;
    }

    /** Reads a header whose first byte is read already. */
    static WireHeader read(RecordInput in) throws IOException {
        byte[] magic = in.take(WireFormat.magicLength() - 1, "the header");
        for (int i = 0; i < magic.length; i++) {
            if ((magic[i] & 0xff) != WireFormat.magicByte(i + 1)) {
                throw notTheForm(in);
            }
        }
        ByteBuffer head = in.buffer(5, "the header");
        int version = head.get() & 0xff;
        int length = head.getInt();
        if (version != WireFormat.VERSION) {
            throw in.damaged("version " + version + " of the form; this reader knows version " + WireFormat.VERSION
                    + " alone: read it with a later camel-rump");
        }
        if (length < 0 || length > WireFormat.MOST_HEADER_BYTES) {
            throw in.damaged("the header is damaged: it has a length of " + Integer.toUnsignedString(length)
                    + " bytes, and at most " + WireFormat.MOST_HEADER_BYTES + " are allowed");
        }
        ByteBuffer fields = in.buffer(length, "the header");
        in.check("the header");
        if (fields.remaining() < 8) {
            throw in.damaged("the header has no time");
        }
        long created = fields.getLong();
        String run = text(in, fields);
        // what stands behind is of a later version
        return new WireHeader(created, run.isEmpty() ? null : run, text(in, fields));
    }

    private static String text(RecordInput in, ByteBuffer fields) throws WireFormatException {
        int length = fields.hasRemaining() ? fields.get() & 0xff : MOST_TEXT;
        if (length > fields.remaining()) {
            throw in.damaged("the header ends within a text");
        }
        byte[] text = new byte[length];
        fields.get(text);
        return new String(text, StandardCharsets.UTF_8);
    }

    static WireFormatException notTheForm(RecordInput in) {
        return in.damaged("no header of the form for the wire stands here: these bytes were not written by"
                + " marshal with the data format rump, or a text filter has changed them");
    }
}
