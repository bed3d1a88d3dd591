package io.camelrump.keys;

import io.camelrump.redis.KeyList;

/**
 * Which key of a source gave which name at a target, both by 64-bit hashes of database and name: 24 to 48 bytes for
 * each name, and a quarter of the heap at most. Not thread-safe.
 *
 * <p>A name that is free is taken for given about once in 2<sup>64</sup> times the number of names.
 */
public final class NameGivers {
    private static final int PART_OF_HEAP = 4;
    private static final int SMALLEST = 1024;
    private static final int BYTES_OF_PLACE = Long.BYTES + Integer.BYTES;
    private static final long LARGEST_BYTES = 1L << 33;

    private final int mostPlaces;
    private long[] names = new long[SMALLEST];
    private int[] givers = new int[SMALLEST];
    private int size;
    private boolean full;

    public NameGivers() {
        this(Runtime.getRuntime().maxMemory() / PART_OF_HEAP);
    }

    NameGivers(long mostBytes) {
        long places = Math.min(mostBytes, LARGEST_BYTES) / BYTES_OF_PLACE;
        mostPlaces = Math.max(SMALLEST, Integer.highestOneBit((int) Math.min(1 << 29, places)));
    }

    /** Whether there was a name that did not fit any more. */
    public boolean isFull() {
        return full;
    }

    public int size() {
        return size;
    }

    /**
     * Gives a name to a key, unless another one has it.
     *
     * @return whether it has the name now, or there is no more room to remember that
     */
    public boolean give(KeyList name, int i, int targetDatabase, KeyList key, int j, int sourceDatabase) {
        long hash = hash(name, i, targetDatabase);
        int giver = (int) (hash(key, j, sourceDatabase) >>> Integer.SIZE);
        int place = place(hash);
        if (names[place] == hash) {
            return givers[place] == giver;
        }
        if (size >= names.length / 4 * 3) {
            if (names.length == mostPlaces) {
                full = true;
                return true;
            }
            grow();
            place = place(hash);
        }
        names[place] = hash;
        givers[place] = giver;
        size++;
        return true;
    }

    private void grow() {
        long[] oldNames = names;
        int[] oldGivers = givers;
        names = new long[oldNames.length * 2];
        givers = new int[names.length];
        for (int i = 0; i < oldNames.length; i++) {
            if (oldNames[i] != 0) {
                int place = place(oldNames[i]);
                names[place] = oldNames[i];
                givers[place] = oldGivers[i];
            }
        }
    }

    private int place(long hash) {
        int mask = names.length - 1;
        int place = (int) hash & mask;
        while (names[place] != 0 && names[place] != hash) {
            place = (place + 1) & mask;
        }
        return place;
    }

    private static long hash(KeyList keys, int i, int database) {
        return NameHashes.hash(database, keys.array(), keys.offset(i), keys.length(i));
    }
}
