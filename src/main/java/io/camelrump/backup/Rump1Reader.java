package io.camelrump.backup;

import io.camelrump.WireFormatException;
import io.camelrump.redis.PayloadFooter;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Reads key, payload and time to live, with a separator behind each. The separator may be a part of a key or payload as
 * well, so that a payload ends where its own checksum is right and a number follows.
 */
final class Rump1Reader {
    private static final byte[] SEPARATOR = Rump1Pages.SEPARATOR.getBytes(StandardCharsets.ISO_8859_1);
    /** Separators that are looked at to find the end of one key's payload. */
    private static final int MOST_SEPARATORS = 64;

    private static final int MOST_DIGITS = 19;
    private static final Pattern TIME = Pattern.compile("-[12]|[0-9]{1," + MOST_DIGITS + "}");

    /**
     * One key.
     *
     * @param payload empty for one that was gone when Rump asked for it
     * @param millis time to live; 0 for one that has none, and -2 for one that was gone when Rump asked for it
     */
    record Entry(byte[] key, byte[] payload, long millis) {
        private static final long GONE = -2;

        boolean isGone() {
            return millis == GONE || payload.length == 0;
        }
    }

    private final InputStream in;
    private byte[] buffer = new byte[64 * 1024];
    private int from;
    private int to;
    private boolean ended;
    /** Place in the file of what stands at {@link #from}. */
    private long offset;
    /** Places of the separators behind {@link #from} that were found, and where to look for more. */
    private final int[] separators = new int[MOST_SEPARATORS];

    private int found;
    private int searched;

    Rump1Reader(InputStream in) {
        this.in = in;
    }

    /** Number of bytes of whole keys. */
    long offset() {
        return offset;
    }

    /** The next key; null at the end. */
    @Nullable
    Entry next() throws IOException {
        found = 0;
        searched = from;
        if (from == to && !fill()) {
            return null;
        }
        while (found < MOST_SEPARATORS && findSeparator()) {
            // the last one may end a time to live
            Entry entry = entryThatEndsAt(found - 1);
            if (entry != null) {
                return entry;
            }
        }
        throw ended
                ? new WireFormatException(
                        offset,
                        "the last " + (to - from) + " bytes are no whole key: the file was cut off, or is damaged"
                                + " here")
                : new WireFormatException(
                        offset, "no payload with a right checksum follows the key: the file is damaged here");
    }

    /** Takes the key whose time to live ends at this separator; null if none does. */
    private @Nullable Entry entryThatEndsAt(int last) {
        for (int value = 1; value < last; value++) {
            int timeFrom = separators[value] + SEPARATOR.length;
            int timeLength = separators[last] - timeFrom;
            if (!isTime(timeFrom, timeLength)) {
                continue;
            }
            String time = new String(buffer, timeFrom, timeLength, StandardCharsets.ISO_8859_1);
            for (int key = 0; key < value; key++) {
                int payloadFrom = separators[key] + SEPARATOR.length;
                int length = separators[value] - payloadFrom;
                if ((length == 0 || PayloadFooter.isIntact(buffer, payloadFrom, length)) && !holdsWholeKey(key)) {
                    return take(separators[key], payloadFrom, separators[value], time, separators[last]);
                }
            }
        }
        return null;
    }

    /**
     * Whether the name that would end at this separator has within it what looks like another key, its payload and its
     * time: then that payload is damaged, and nobody has such a name.
     */
    private boolean holdsWholeKey(int key) {
        for (int time = 1; time < key; time++) {
            int timeFrom = separators[time] + SEPARATOR.length;
            for (int end = time + 1; end < key; end++) {
                if (isTime(timeFrom, separators[end] - timeFrom)) {
                    return true;
                }
            }
        }
        return false;
    }

    private boolean isTime(int timeFrom, int length) {
        return length >= 1
                && length <= MOST_DIGITS
                && TIME.matcher(new String(buffer, timeFrom, length, StandardCharsets.ISO_8859_1))
                        .matches();
    }

    private Entry take(int keyEnd, int payloadFrom, int payloadEnd, String time, int end) {
        byte[] key = Arrays.copyOfRange(buffer, from, keyEnd);
        byte[] payload = Arrays.copyOfRange(buffer, payloadFrom, payloadEnd);
        int next = end + SEPARATOR.length;
        offset += next - from;
        from = next;
        long millis = time.length() == MOST_DIGITS ? Long.MAX_VALUE / 4 : Long.parseLong(time);
        return new Entry(key, payload, millis == -1 ? 0 : millis);
    }

    /** Finds the next place that a separator stands at; they may overlap. */
    private boolean findSeparator() throws IOException {
        while (true) {
            for (; searched + SEPARATOR.length <= to; searched++) {
                if (Arrays.equals(buffer, searched, searched + SEPARATOR.length, SEPARATOR, 0, SEPARATOR.length)) {
                    separators[found++] = searched++;
                    return true;
                }
            }
            if (!fill()) {
                return false;
            }
        }
    }

    /** Reads more behind what is there; false at the end of the file. */
    private boolean fill() throws IOException {
        if (from > 0) {
            System.arraycopy(buffer, from, buffer, 0, to - from);
            for (int i = 0; i < found; i++) {
                separators[i] -= from;
            }
            searched -= from;
            to -= from;
            from = 0;
        }
        if (to == buffer.length) {
            if (buffer.length > Integer.MAX_VALUE / 2
                    || buffer.length > Runtime.getRuntime().maxMemory() / 6) {
                throw new WireFormatException(
                        offset,
                        "a key with more than " + buffer.length + " bytes does not fit this heap: set a larger -Xmx");
            }
            buffer = Arrays.copyOf(buffer, buffer.length * 2);
        }
        int read = in.read(buffer, to, buffer.length - to);
        ended |= read < 0;
        to += Math.max(0, read);
        return read > 0;
    }
}
