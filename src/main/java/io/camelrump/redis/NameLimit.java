package io.camelrump.redis;

import io.camelrump.Refusal;
import java.util.Locale;

/** How long the names of keys may be that are held at once: a Redis takes names of 512 MB, and a heap is smaller. */
public final class NameLimit {
    private static final int PART_OF_HEAP = 16;
    private static final int LONGEST = 512 * 1024 * 1024;
    private static final int SHOWN = 60;
    private static final int BYTES =
            (int) Math.min(LONGEST, Runtime.getRuntime().maxMemory() / PART_OF_HEAP);

    /** Heap that a name takes until it is in a page, beside its bytes. */
    static final int REST_OF_NAME = 16;

    private static final int MOST_BYTES =
            (int) Math.min(2L * LONGEST, Runtime.getRuntime().maxMemory() / 4);

    private NameLimit() {}

    /** Bytes of the names that one SCAN gives which asked for a single key. */
    static int mostBytes() {
        return MOST_BYTES;
    }

    /** Bytes of one name, and of those that come together. */
    public static int bytes() {
        return BYTES;
    }

    /** Why a name is not taken, and what to do. */
    static String words(long length) {
        return String.format(
                Locale.ROOT,
                "has %,d bytes, and this heap takes at most %,d in one name; set -Xmx%dm",
                length,
                bytes(),
                length * PART_OF_HEAP / (1024 * 1024) + 1);
    }

    /** A key that is refused for the length of its name: the beginning of it stands for it. */
    static Refusal refusal(byte[] beginning, long length) {
        return new Refusal(beginning, "the name of this key begins so, " + words(length));
    }

    /** How many bytes of a name that is too long are shown. */
    static int shown() {
        return SHOWN;
    }
}
