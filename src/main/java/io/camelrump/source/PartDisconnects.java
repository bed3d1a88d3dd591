package io.camelrump.source;

import java.util.Arrays;

/** Finds the part of a value for which a source closes the connection: a link that breaks does so at any part. */
final class PartDisconnects {
    private static final int CUTS_UNTIL_BLAMED = 3;

    private byte[] key = {};
    private int part;
    private int cuts;

    /** Whether it was cut again and again at this part of this key. */
    boolean areAllAt(byte[] cutKey, int cutPart) {
        boolean same = cutPart == part && Arrays.equals(cutKey, key);
        cuts = same ? cuts + 1 : 1;
        key = cutKey;
        part = cutPart;
        return cuts >= CUTS_UNTIL_BLAMED;
    }
}
