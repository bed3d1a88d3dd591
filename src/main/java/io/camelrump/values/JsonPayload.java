package io.camelrump.values;

import io.camelrump.redis.PayloadFooter;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.apache.camel.util.json.DeserializationException;
import org.apache.camel.util.json.Jsoner;
import org.jspecify.annotations.Nullable;

/**
 * Payload of a document of the JSON modules, whose type is ReJSON-RL. Since their second version it holds the text of
 * the document.
 *
 * @see <a href="https://github.com/RedisJSON/RedisJSON/blob/master/redis_json/src/redisjson.rs">rdb_load</a>
 */
public final class JsonPayload {
    /** The name that TYPE gives for such a key. */
    public static final String TYPE = "ReJSON-RL";

    private static final int MODULE_2 = 7;
    private static final byte LENGTH_OF_64_BITS = (byte) 0x81;
    /** The form, and the id of the type: its name in nine letters of six bits, and a version of its encoding. */
    private static final int HEADER = 2 + Long.BYTES;

    private static final int BITS_OF_VERSION = 10;
    private static final long NAME = name();
    /** A number follows the text, of an index that is no more: 0 is none. */
    private static final int WITH_INDEX = 2;

    private static final int PLAIN = 3;

    private static final int END = 0;
    private static final int NUMBER = 2;
    private static final int STRING = 5;

    private JsonPayload() {}

    private static long name() {
        String letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
        return TYPE.chars().mapToLong(letters::indexOf).reduce(0, (id, letter) -> id << 6 | letter);
    }

    /** Whether it is one, of a version that is known. */
    public static boolean is(byte[] payload, int offset, int length) {
        if (length < HEADER || payload[offset] != MODULE_2 || payload[offset + 1] != LENGTH_OF_64_BITS) {
            return false;
        }
        long id = ByteBuffer.wrap(payload).getLong(offset + 2);
        return id >>> BITS_OF_VERSION == NAME && (version(id) == PLAIN || version(id) == WITH_INDEX);
    }

    private static int version(long id) {
        return (int) (id & (1 << BITS_OF_VERSION) - 1);
    }

    /** The document, as maps, lists, texts, numbers and booleans. */
    static @Nullable Object decode(byte[] payload) {
        PayloadInput in = new PayloadInput(payload, HEADER, payload.length - HEADER - PayloadFooter.LENGTH);
        if (in.unsigned() != STRING) {
            throw new IllegalArgumentException("it holds no text");
        }
        try {
            return Jsoner.deserialize(new String(in.string(), StandardCharsets.UTF_8));
        } catch (DeserializationException e) {
            throw new IllegalArgumentException("its text is no JSON: " + e.getMessage(), e);
        }
    }

    /** The payload of another document, in the version of the one in whose place it comes. */
    static byte[] encode(@Nullable Object document, byte[] instead) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.write(instead, 0, HEADER);
        out.write(STRING);
        DecodedValue.string(JsonText.of(document).getBytes(StandardCharsets.UTF_8), out);
        if (version(ByteBuffer.wrap(instead).getLong(2)) == WITH_INDEX) {
            out.write(NUMBER);
            out.write(0);
        }
        out.write(END);
        return PayloadFooter.append(out.toByteArray(), PayloadFooter.version(instead, 0, instead.length));
    }
}
