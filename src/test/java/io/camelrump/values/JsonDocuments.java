package io.camelrump.values;

import io.camelrump.DumpedKey;
import io.camelrump.redis.PayloadFooter;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** Payloads as the JSON modules write them, and the text in such a one. */
public final class JsonDocuments {
    /** ReJSON-RL in letters of six bits. */
    private static final long NAME = 0b010001_011110_001001_010010_001110_001101_111110_010001_001011L;

    private JsonDocuments() {}

    /** @param version of the module's encoding, up to 3 */
    public static byte[] payload(int version, String json) {
        byte[] text = json.getBytes(StandardCharsets.UTF_8);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.write(7);
        out.write(0x81);
        out.writeBytes(
                ByteBuffer.allocate(Long.BYTES).putLong(NAME << 10 | version).array());
        out.write(5);
        // a length of 32 bits
        out.write(0x80);
        out.writeBytes(ByteBuffer.allocate(Integer.BYTES).putInt(text.length).array());
        out.writeBytes(text);
        if (version == 2) {
            out.write(2);
            out.write(0);
        }
        out.write(0);
        return PayloadFooter.append(out.toByteArray(), 9);
    }

    /** The text in the payload of a key, without its end being looked at. */
    public static String text(DumpedKey key) {
        byte[] payload = key.payload();
        if (!PayloadFooter.isIntact(payload, 0, payload.length) || payload[10] != 5) {
            throw new IllegalArgumentException("no whole payload with a text");
        }
        PayloadInput in = new PayloadInput(payload, 11, payload.length - 11 - PayloadFooter.LENGTH);
        String text = new String(in.string(), StandardCharsets.UTF_8);
        boolean indexed = (payload[9] & 3) == 2;
        if (indexed && (in.unsigned() != 2 || in.unsigned() != 0) || in.unsigned() != 0) {
            throw new IllegalArgumentException("the payload does not end behind its text");
        }
        return text;
    }
}
