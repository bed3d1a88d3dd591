package io.camelrump.target;

import io.camelrump.run.PageData;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Finds the one key for which a target closes the connection: it sends a value back in this way that is longer than it
 * takes. A link that breaks does the same to any key, so a key is blamed only when it alone was sent, again and again,
 * and no server may be set to refuse less.
 */
final class PoisonKey {
    /** After so many cuts in a row each key is sent alone. */
    private static final int CUTS_UNTIL_ALONE = 2;
    /** The least that proto-max-bulk-len and client-query-buffer-limit can be set to. */
    private static final long LEAST_LIMIT = 1024 * 1024;
    /** Bytes that the words of a RESTORE may take beside its payload. */
    private static final int WORDS = 200;

    private int cuts;
    private byte @Nullable [] suspect;

    boolean wantsKeysAlone() {
        return cuts >= CUTS_UNTIL_ALONE;
    }

    /** A batch went through whole. */
    void calm() {
        cuts = 0;
        suspect = null;
    }

    void cut() {
        cuts++;
    }

    /** Whether these slices, at which the connection was cut, are one key that the target does not want. */
    boolean isBlamed(List<PageSlice> slices) {
        if (!wantsKeysAlone() || slices.size() != 1) {
            return false;
        }
        PageSlice slice = slices.get(0);
        int i = slice.from();
        PageData page = slice.page();
        if (slice.to() - i != 1
                || !slice.isDue(i)
                || page.payloadLength(i) + (long) page.keys().length(i) + WORDS < LEAST_LIMIT) {
            return false;
        }
        byte[] key = page.key(i);
        boolean again = Arrays.equals(key, suspect);
        suspect = key;
        if (again) {
            calm();
        }
        return again;
    }
}
