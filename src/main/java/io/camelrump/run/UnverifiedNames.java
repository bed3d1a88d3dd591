package io.camelrump.run;

import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Names of keys that were not found equal, within a bound of memory. Guarded by {@link Verification}. */
final class UnverifiedNames {
    /** Bytes of an entry beside its name. */
    private static final int ENTRY_BYTES = 200;

    private final Map<ByteBuffer, UnverifiedKey> keys = new HashMap<>();
    private final long mostBytes;
    private long bytes;
    private boolean overflowed;

    UnverifiedNames(long mostBytes) {
        this.mostBytes = mostBytes;
    }

    int size() {
        return keys.size();
    }

    List<byte[]> all() {
        return keys.keySet().stream().map(ByteBuffer::array).toList();
    }

    @Nullable
    UnverifiedKey get(byte[] name) {
        return keys.get(ByteBuffer.wrap(name));
    }

    /** Enters a reading of this key; where there is no room left, all others are given up. */
    UnverifiedKey enter(byte[] name, long number, int databases) {
        ByteBuffer key = ByteBuffer.wrap(name);
        UnverifiedKey known = keys.get(key);
        if (known != null) {
            known.read(number, databases);
            return known;
        }
        if (bytes >= mostBytes) {
            keys.clear();
            bytes = 0;
            overflowed = true;
        }
        UnverifiedKey fresh = new UnverifiedKey(number, databases);
        keys.put(key, fresh);
        bytes += name.length + ENTRY_BYTES;
        return fresh;
    }

    /** Whether names were given up since the last call. */
    boolean haveOverflowed() {
        boolean given = overflowed;
        overflowed = false;
        return given;
    }

    void remove(byte[] name) {
        if (keys.remove(ByteBuffer.wrap(name)) != null) {
            bytes -= name.length + ENTRY_BYTES;
        }
    }
}
