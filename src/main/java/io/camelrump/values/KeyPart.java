package io.camelrump.values;

import io.camelrump.RedisType;
import io.camelrump.run.PageData;
import io.camelrump.run.PageForm;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * A key's value as commands read it: all of it, or one part of many. It travels where a DUMP payload does.
 *
 * <p>Parts of one reading of a key have the same {@code copy}; they are put together under a temporary key of that
 * name, which takes the key's own name with the last part. Another reading is another copy, so that parts never mix.
 *
 * @param copy name of this reading, unique among all runs
 * @param step what happens with the elements
 * @param number place of the part in its copy, from 0 on
 * @param type as TYPE reports it
 * @param count elements of the whole value, as the source reported it
 * @param size bytes of memory that the whole value takes, as the source estimates it
 * @param bytes holds the elements, in the form that {@link ElementReader} gives and {@link ElementWriter} takes
 */
public record KeyPart(
        String copy, Step step, int number, String type, long count, long size, byte[] bytes, int offset, int length) {
    /** Where a part stands in its copy. */
    public enum Step {
        /** The only one: its value is complete. */
        WHOLE,
        FIRST,
        MIDDLE,
        /** With it the value is complete. */
        LAST,
        /** The key changed while it was read: what was written of this copy is to go. */
        GIVEN_UP,
        /** Type, expiry and size without the value: enough for a comparison, which reads the value by itself. */
        UNREAD;

        public boolean begins() {
            return this == WHOLE || this == FIRST;
        }

        public boolean completes() {
            return this == WHOLE || this == LAST;
        }
    }

    private static final Step[] STEPS = Step.values();

    /** A part of what this reader reads. */
    public static KeyPart of(ElementReader value, String copy, Step step, int number, byte[] elements) {
        return new KeyPart(copy, step, number, value.type(), value.count(), value.size(), elements, 0, elements.length);
    }

    /** The part that a page holds of its key at this index; null if that key is gone. */
    public static @Nullable KeyPart of(PageData page, int index) {
        if (page.isGone(index)) {
            return null;
        }
        ByteBuffer in = ByteBuffer.wrap(page.payloads(), page.payloadOffset(index), page.payloadLength(index));
        Step step = STEPS[in.get()];
        int number = in.getInt();
        long count = in.getLong();
        long size = in.getLong();
        String type = text(in);
        String copy = text(in);
        return new KeyPart(copy, step, number, type, count, size, page.payloads(), in.position(), in.remaining());
    }

    /** Whether a key of a page that holds values is a stream, in whatever form it travels. */
    public static boolean isStream(PageData page, int index) {
        if (page.payloadLength(index) <= 0) {
            return false;
        }
        if (page.form() == PageForm.PAYLOADS) {
            return RedisType.ofPayload(page.payloads()[page.payloadOffset(index)]) == RedisType.STREAM;
        }
        KeyPart part = page.form() == PageForm.ELEMENTS ? of(page, index) : null;
        return part != null && part.type().equals("stream");
    }

    public byte[] encode() {
        byte[] typeBytes = type.getBytes(StandardCharsets.ISO_8859_1);
        byte[] copyBytes = copy.getBytes(StandardCharsets.ISO_8859_1);
        ByteBuffer out = ByteBuffer.allocate(1 + 4 + 16 + 2 + typeBytes.length + copyBytes.length + length);
        out.put((byte) step.ordinal()).putInt(number).putLong(count).putLong(size);
        out.put((byte) typeBytes.length).put(typeBytes);
        out.put((byte) copyBytes.length).put(copyBytes);
        return out.put(bytes, offset, length).array();
    }

    private static String text(ByteBuffer in) {
        byte[] text = new byte[in.get() & 0xff];
        in.get(text);
        return new String(text, StandardCharsets.ISO_8859_1);
    }

    /** Step, type and size, never an element. */
    @Override
    public String toString() {
        return "KeyPart[" + step + " (" + number + ") of a " + type + " of " + count + " elements, " + length
                + " bytes]";
    }
}
