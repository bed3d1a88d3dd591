package io.camelrump.keys;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.lang.ref.SoftReference;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Base64;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;

/**
 * Names of keys by 64-bit hashes of them, in a bounded share of the heap: 8 to 24 bytes a name. Any thread may ask.
 *
 * <p>A name that is not here is taken for one that is about once in 2<sup>64</sup> times the number of names.
 */
public final class NameHashes {
    /** The share of the heap that these may take. */
    public static final int PART_OF_HEAP = 32;

    private static final int SMALLEST = 1024;
    /** A full table drops the places of names that have left once they are one in so many. */
    private static final int PARTS_KEPT = 8;

    private static final long LARGEST_BYTES = 1L << 30;
    private static final long FREE = 0;
    /** A place whose name has left; those behind it are still to be found. */
    private static final long LEFT = 1;

    private final int mostPlaces;

    @GuardedBy("this")
    private long[] places = new long[SMALLEST];

    @GuardedBy("this")
    private int size;

    @GuardedBy("this")
    private int taken;

    /** Result of the last {@link #encode}; cleared by each change, and where the heap is short of room. */
    @GuardedBy("this")
    private SoftReference<@Nullable String> encoded = new SoftReference<>(null);

    @GuardedBy("this")
    private long changes;

    public NameHashes() {
        this(Runtime.getRuntime().maxMemory() / PART_OF_HEAP);
    }

    public NameHashes(long mostBytes) {
        mostPlaces = Math.max(SMALLEST, Integer.highestOneBit((int) (Math.min(mostBytes, LARGEST_BYTES) / Long.BYTES)));
    }

    /** How many names fit. */
    public int most() {
        return most(mostPlaces);
    }

    private static int most(int length) {
        return length / 3 * 2;
    }

    public synchronized int size() {
        return size;
    }

    /** False if no more names fit, and this one is not here. */
    public synchronized boolean add(byte[] bytes, int offset, int length) {
        return add(hash(bytes, offset, length));
    }

    /** False if they do not fit beside these. */
    public synchronized boolean addAll(NameHashes others) {
        return all(others.places).allMatch(this::add);
    }

    private static LongStream all(long[] places) {
        return Arrays.stream(places).filter(hash -> hash != FREE && hash != LEFT);
    }

    private synchronized boolean add(long hash) {
        int place = place(hash);
        if (places[place] == hash) {
            return true;
        }
        if (taken >= most(places.length)) {
            boolean isLargest = places.length == mostPlaces;
            if (isLargest && size > taken / PARTS_KEPT * (PARTS_KEPT - 1)) {
                return false;
            }
            rehash(isLargest ? mostPlaces : places.length * 2);
            place = place(hash);
        }
        places[place] = hash;
        taken++;
        size++;
        changed();
        return true;
    }

    private void changed() {
        changes++;
        encoded.clear();
    }

    /** Moves the names, without the places of those that have left. */
    private synchronized void rehash(int length) {
        long[] before = places;
        places = new long[length];
        taken = size;
        for (long hash : before) {
            if (hash != FREE && hash != LEFT) {
                places[place(hash)] = hash;
            }
        }
    }

    public synchronized boolean contains(byte[] bytes, int offset, int length) {
        long hash = hash(bytes, offset, length);
        return places[place(hash)] == hash;
    }

    public synchronized void remove(byte[] bytes, int offset, int length) {
        long hash = hash(bytes, offset, length);
        int place = place(hash);
        if (places[place] == hash) {
            places[place] = LEFT;
            size--;
            changed();
        }
    }

    /** Where the hash is, or would be. */
    private int place(long hash) {
        int mask = places.length - 1;
        int place = (int) hash & mask;
        while (places[place] != FREE && places[place] != hash) {
            place = (place + 1) & mask;
        }
        return place;
    }

    private static long hash(byte[] bytes, int offset, int length) {
        return hash(0, bytes, offset, length);
    }

    /**
     * FNV-1a, its bits mixed as the low ones choose the place; never 0.
     *
     * @param seed tells names apart that are equal, such as those of two databases
     */
    static long hash(int seed, byte[] bytes, int offset, int length) {
        long hash = 0xcbf29ce484222325L ^ seed;
        for (int i = offset; i < offset + length; i++) {
            hash = (hash ^ (bytes[i] & 0xff)) * 0x100000001b3L;
        }
        hash = (hash ^ hash >>> 33) * 0xff51afd7ed558ccdL;
        hash ^= hash >>> 33;
        return hash == FREE || hash == LEFT ? 2 : hash;
    }

    /** As text without spaces. Others that ask meanwhile wait for a copy of the places alone. */
    public String encode() {
        long[] copy;
        int names;
        long version;
        synchronized (this) {
            String before = encoded.get();
            if (before != null) {
                return before;
            }
            copy = places.clone();
            names = size;
            version = changes;
        }
        ByteBuffer bytes = ByteBuffer.allocate(names * Long.BYTES);
        all(copy).forEach(bytes::putLong);
        String text = Base64.getEncoder().encodeToString(bytes.array());
        synchronized (this) {
            if (version == changes) {
                encoded = new SoftReference<>(text);
            }
        }
        return text;
    }

    /**
     * Reads what {@link #encode} wrote.
     *
     * @return null if it is more than fits here
     * @throws IllegalArgumentException if it is something else
     */
    public static @Nullable NameHashes decode(String text) {
        ByteBuffer bytes = ByteBuffer.wrap(Base64.getDecoder().decode(text));
        NameHashes names = new NameHashes();
        while (bytes.remaining() >= Long.BYTES) {
            if (!names.add(bytes.getLong())) {
                return null;
            }
        }
        return names;
    }
}
