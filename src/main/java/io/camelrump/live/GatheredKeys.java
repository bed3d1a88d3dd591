package io.camelrump.live;

import io.camelrump.run.ChangeLog;
import java.util.ArrayList;
import java.util.List;

/** Keys that one server has reported and that are not marked yet. Of its listening thread alone. */
final class GatheredKeys {
    /** Names of this size are marked before more are read. */
    private static final int MOST_BYTES = 64 * 1024;

    private final List<byte[]> names = new ArrayList<>();
    private int bytes;

    void add(byte[] key) {
        names.add(key);
        bytes += key.length;
    }

    boolean isFull() {
        return bytes >= MOST_BYTES;
    }

    /** Marks them all at once, and returns how many there were. */
    int mark(ChangeLog changes) {
        int keys = names.size();
        if (keys > 0) {
            changes.changed(names);
            names.clear();
            bytes = 0;
        }
        return keys;
    }
}
