package io.camelrump;

import java.util.Arrays;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Which keys of the source a run with {@code onConflict=keep} did not write, as the target had others under their names; a
 * comparison after it tells them from keys that differ.
 *
 * <p>Holds a 64-bit hash of each, up to a share of the heap. A comparison finds it by the run's ledger, or in the registry
 * of its own Camel context. May be used from any thread.
 */
public final class KeptKeys {
    /** The table has two places for each key. */
    private static final int SHARE_OF_HEAP = 16;

    private static final Logger LOG = LoggerFactory.getLogger(KeptKeys.class);

    /** What is known of a key. */
    enum Answer {
        KEPT,
        /** The run wrote it, or never saw it. */
        NOT_KEPT,
        UNKNOWN
    }

    private final ReentrantLock lock = new ReentrantLock();
    private final int mostPlaces;
    /** Hashes, each at the first free place from the one that it names; 0 is free. */
    private long[] table = new long[1024];

    private int size;
    private boolean full;

    KeptKeys() {
        this((int) Math.min(1 << 30, Runtime.getRuntime().maxMemory() / SHARE_OF_HEAP / Long.BYTES));
    }

    KeptKeys(int mostPlaces) {
        this.mostPlaces = mostPlaces;
    }

    void add(int database, byte[] key) {
        lock.lock();
        try {
            if (2 * size >= table.length) {
                grow();
            }
            long hash = hash(database, key);
            int place = place(hash);
            if (table[place] == 0 && !full) {
                table[place] = hash;
                size++;
            }
        } finally {
            lock.unlock();
        }
    }

    Answer answer(int database, byte[] key) {
        lock.lock();
        try {
            return table[place(hash(database, key))] != 0 ? Answer.KEPT : full ? Answer.UNKNOWN : Answer.NOT_KEPT;
        } finally {
            lock.unlock();
        }
    }

    /** The keys are compared with the target anew. */
    void clear() {
        lock.lock();
        try {
            Arrays.fill(table, 0);
            size = 0;
            full = false;
        } finally {
            lock.unlock();
        }
    }

    private void grow() {
        if (2L * table.length > mostPlaces) {
            if (!full) {
                LOG.warn(
                        "The target has kept more than {} keys, and further ones are not remembered: a comparison cannot"
                                + " tell them from keys that differ. More memory for Java (-Xmx) lets it.",
                        size);
            }
            full = true;
            return;
        }
        long[] before = table;
        table = new long[2 * before.length];
        for (long hash : before) {
            if (hash != 0) {
                table[place(hash)] = hash;
            }
        }
    }

    /** Where the hash is, or would be. */
    private int place(long hash) {
        int place = (int) hash & table.length - 1;
        while (table[place] != 0 && table[place] != hash) {
            place = place + 1 & table.length - 1;
        }
        return place;
    }

    /** FNV-1a, its bits mixed once more. */
    private static long hash(int database, byte[] key) {
        long hash = 0xcbf29ce484222325L ^ database;
        for (byte b : key) {
            hash = (hash ^ b & 0xff) * 0x100000001b3L;
        }
        hash = (hash ^ hash >>> 33) * 0xff51afd7ed558ccdL;
        hash = (hash ^ hash >>> 33) * 0xc4ceb9fe1a85ec53L;
        hash ^= hash >>> 33;
        return hash == 0 ? 1 : hash;
    }
}
