package io.camelrump.values;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * Reads a DUMP payload: lengths and strings of the RDB form, and the lists that are packed in strings of it.
 *
 * <p>Whatever does not fit its own lengths ends with an unchecked exception.
 *
 * @see <a href="https://github.com/redis/redis/blob/unstable/src/rdb.c">rdb.c</a>
 */
final class PayloadInput {
    private static final int INT8 = 0;
    private static final int INT16 = 1;
    private static final int INT32 = 2;
    private static final int LZF = 3;
    private static final int END = 0xff;
    /** A string that is compressed this much or more is none: a reference of three bytes stands for 264 at most. */
    private static final int MOST_EXPANSION = 264;

    private final ByteBuffer in;

    PayloadInput(byte[] bytes, int offset, int length) {
        in = ByteBuffer.wrap(bytes, offset, length).order(ByteOrder.BIG_ENDIAN);
    }

    int unsigned() {
        return in.get() & 0xff;
    }

    double littleEndianDouble() {
        return Double.longBitsToDouble(Long.reverseBytes(in.getLong()));
    }

    byte[] bytes(int length) {
        if (length < 0 || length > in.remaining()) {
            throw new IllegalArgumentException(length + " bytes are more than there are");
        }
        byte[] bytes = new byte[length];
        in.get(bytes);
        return bytes;
    }

    /** Number of elements that follow, each of one byte at least. */
    int count() {
        long count = length(unsigned());
        if (count < 0 || count > in.remaining()) {
            throw new IllegalArgumentException(count + " elements are more than there can be");
        }
        return (int) count;
    }

    byte[] string() {
        int first = unsigned();
        if (first >>> 6 != 3) {
            return bytes(Math.toIntExact(length(first)));
        }
        return switch (first & 0x3f) {
            case INT8 -> number(in.get());
            case INT16 -> number(Short.reverseBytes(in.getShort()));
            case INT32 -> number(Integer.reverseBytes(in.getInt()));
            case LZF -> {
                int length = Math.toIntExact(length(unsigned()));
                int whole = Math.toIntExact(length(unsigned()));
                yield expand(bytes(length), whole);
            }
            default -> throw new IllegalArgumentException("string of form " + first);
        };
    }

    private long length(int first) {
        return switch (first >>> 6) {
            case 0 -> first & 0x3f;
            case 1 -> (first & 0x3f) << 8 | unsigned();
            case 2 -> first == 0x81 ? in.getLong() : in.getInt() & 0xffffffffL;
            default -> throw new IllegalArgumentException("length of form " + first);
        };
    }

    private static byte[] number(long number) {
        return Long.toString(number).getBytes(StandardCharsets.ISO_8859_1);
    }

    private static byte[] expand(byte[] from, int length) {
        if (length < 0 || length > (long) from.length * MOST_EXPANSION) {
            throw new IllegalArgumentException(length + " bytes are not to be had of " + from.length);
        }
        byte[] to = new byte[length];
        int at = 0;
        for (int i = 0; i < from.length; ) {
            int control = from[i++] & 0xff;
            if (control < 32) {
                System.arraycopy(from, i, to, at, control + 1);
                i += control + 1;
                at += control + 1;
            } else {
                int copied = control >>> 5;
                copied += 2 + (copied == 7 ? from[i++] & 0xff : 0);
                int back = at - ((control & 0x1f) << 8 | from[i++] & 0xff) - 1;
                for (int end = at + copied; at < end; ) {
                    to[at++] = to[back++];
                }
            }
        }
        if (at != length) {
            throw new IllegalArgumentException(at + " bytes instead of " + length);
        }
        return to;
    }

    /** The numbers of an intset. */
    static List<byte[]> intset(byte[] packed) {
        ByteBuffer set = ByteBuffer.wrap(packed).order(ByteOrder.LITTLE_ENDIAN);
        int width = set.getInt();
        int count = set.getInt();
        List<byte[]> elements = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            elements.add(number(width == 2 ? set.getShort() : width == 4 ? set.getInt() : set.getLong()));
        }
        return elements;
    }

    /** The elements of a ziplist. */
    static List<byte[]> ziplist(byte[] packed) {
        ByteBuffer list = ByteBuffer.wrap(packed).order(ByteOrder.LITTLE_ENDIAN).position(10);
        List<byte[]> elements = new ArrayList<>();
        for (int before = list.get() & 0xff; before != END; before = list.get() & 0xff) {
            if (before == END - 1) {
                list.getInt();
            }
            elements.add(ofZiplist(list));
        }
        return elements;
    }

    private static byte[] ofZiplist(ByteBuffer list) {
        int form = list.get() & 0xff;
        return switch (form >>> 6) {
            case 0 -> some(list, form & 0x3f);
            case 1 -> some(list, (form & 0x3f) << 8 | list.get() & 0xff);
            case 2 -> some(list, Integer.reverseBytes(list.getInt()));
            default ->
                switch (form) {
                    case 0xc0 -> number(list.getShort());
                    case 0xd0 -> number(list.getInt());
                    case 0xe0 -> number(list.getLong());
                    case 0xf0 -> number(threeBytes(list));
                    case 0xfe -> number(list.get());
                    default -> number((form & 0x0f) - 1L);
                };
        };
    }

    /** The elements of a listpack. */
    static List<byte[]> listpack(byte[] packed) {
        ByteBuffer list = ByteBuffer.wrap(packed).order(ByteOrder.LITTLE_ENDIAN).position(6);
        List<byte[]> elements = new ArrayList<>();
        for (int form = list.get() & 0xff; form != END; form = list.get() & 0xff) {
            int begin = list.position() - 1;
            elements.add(ofListpack(list, form));
            int length = list.position() - begin;
            int back = length < 1 << 7 ? 1 : length < 1 << 14 ? 2 : length < 1 << 21 ? 3 : length < 1 << 28 ? 4 : 5;
            list.position(list.position() + back);
        }
        return elements;
    }

    private static byte[] ofListpack(ByteBuffer list, int form) {
        if (form < 0x80) {
            return number(form);
        }
        if (form < 0xc0) {
            return some(list, form & 0x3f);
        }
        if (form < 0xe0) {
            int number = (form & 0x1f) << 8 | list.get() & 0xff;
            return number(number >= 1 << 12 ? number - (1 << 13) : number);
        }
        if (form < 0xf0) {
            return some(list, (form & 0x0f) << 8 | list.get() & 0xff);
        }
        return switch (form) {
            case 0xf0 -> some(list, list.getInt());
            case 0xf1 -> number(list.getShort());
            case 0xf2 -> number(threeBytes(list));
            case 0xf3 -> number(list.getInt());
            case 0xf4 -> number(list.getLong());
            default -> throw new IllegalArgumentException("element of form " + form);
        };
    }

    private static int threeBytes(ByteBuffer list) {
        return list.get() & 0xff | (list.get() & 0xff) << 8 | list.get() << 16;
    }

    private static byte[] some(ByteBuffer list, int length) {
        if (length < 0 || length > list.remaining()) {
            throw new IllegalArgumentException(length + " bytes are more than there are");
        }
        byte[] bytes = new byte[length];
        list.get(bytes);
        return bytes;
    }
}
