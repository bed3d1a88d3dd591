package io.camelrump.run;

import io.camelrump.keys.NameHashes;
import java.nio.ByteBuffer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Which keys of the source a run with {@code onConflict=keep} did not write, as the target had others under their
 * names; a comparison after it tells them from keys that differ.
 *
 * <p>Holds hashes of their names, up to a share of the heap. A comparison finds it by the run's ledger, or in the
 * registry of its own Camel context. May be used from any thread.
 */
public final class KeptKeyIndex {
    private static final Logger LOG = LoggerFactory.getLogger(KeptKeyIndex.class);

    /** Knowledge of a key. */
    public enum Answer {
        KEPT,
        /** The run wrote it, or never saw it. */
        NOT_KEPT,
        UNKNOWN
    }

    /** Looks up what runs before left to the target. */
    public interface Lookup {
        /** Whether a key of the source was kept; unknown if there was no such run. */
        public Answer answer(int database, byte[] key);
    }

    private final long mostBytes;
    private volatile Names names;

    private static final class Names {
        private final NameHashes held;
        private volatile boolean full;

        Names(long mostBytes) {
            held = new NameHashes(mostBytes);
        }
    }

    public KeptKeyIndex() {
        this(Runtime.getRuntime().maxMemory() / NameHashes.PART_OF_HEAP);
    }

    public KeptKeyIndex(long mostBytes) {
        this.mostBytes = mostBytes;
        this.names = new Names(mostBytes);
    }

    public void add(int database, byte[] key) {
        Names now = names;
        byte[] name = name(database, key);
        if (!now.held.add(name, 0, name.length) && !now.full) {
            now.full = true;
            LOG.warn(
                    "The target has kept more than {} keys, and further ones are not remembered: a comparison"
                            + " reports these as different. A larger heap (-Xmx) avoids that.",
                    now.held.most());
        }
    }

    public Answer answer(int database, byte[] key) {
        Names now = names;
        byte[] name = name(database, key);
        if (now.held.contains(name, 0, name.length)) {
            return Answer.KEPT;
        }
        return now.full ? Answer.UNKNOWN : Answer.NOT_KEPT;
    }

    /** The keys are looked at anew. */
    void clear() {
        names = new Names(mostBytes);
    }

    private static byte[] name(int database, byte[] key) {
        return ByteBuffer.allocate(Integer.BYTES + key.length)
                .putInt(database)
                .put(key)
                .array();
    }
}
