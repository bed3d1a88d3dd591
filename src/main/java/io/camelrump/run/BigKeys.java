package io.camelrump.run;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.camelrump.BigKey;
import io.camelrump.Refusal;
import java.time.Duration;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Big keys that a live run must read while its cutover waits: those that changed during each reading, and streams,
 * which may have changed unreported. Any thread may ask.
 */
public final class BigKeys {
    /** A source with more of them is none whose cutover can be estimated. */
    private static final int MOST = 10_000;

    @GuardedBy("this")
    private final Map<String, BigKey> keys = new LinkedHashMap<>();

    /** The key will have to be read. */
    public synchronized void enter(int database, byte[] name, long bytes, long readingNanos) {
        String key = Refusal.shorten(name);
        if (keys.size() < MOST) {
            keys.put(database + ":" + key, new BigKey(key, bytes, Duration.ofNanos(readingNanos)));
        }
    }

    /** The key was read as a whole, or is there no more. */
    public synchronized void remove(int database, byte[] name) {
        keys.remove(database + ":" + Refusal.shorten(name));
    }

    /** All of them, the slowest first. */
    public synchronized List<BigKey> all() {
        return keys.values().stream()
                .sorted(Comparator.comparing(BigKey::reading).reversed())
                .toList();
    }
}
