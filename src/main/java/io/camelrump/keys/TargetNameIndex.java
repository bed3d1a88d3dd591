package io.camelrump.keys;

import io.camelrump.redis.RedisException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Which key took which name at the target, found by a hash of the name.
 *
 * <p>Of a key it keeps its own name alone: the one that it took is made of it again when two hashes are the same, so a
 * hash never decides. It takes some 40 bytes and the name for each key, and at most a part of the heap.
 */
public final class TargetNameIndex {
    /**
     * A key of the source.
     *
     * @param database that it lies in
     */
    public record Source(int database, byte[] key) {
        public boolean isSame(Source other) {
            return database == other.database && Arrays.equals(key, other.key);
        }
    }

    private static final int PART_OF_HEAP = 4;
    private static final int CHUNK = 256 * 1024;

    private final UnaryOperator<Source> target;
    private final long mostBytes;
    private final List<ByteBuffer> chunks = new ArrayList<>();
    private long[] hashes = new long[1024];
    /** Chunk and offset of the key's entry, the chunk from 1; negative if the key released it; 0 is a free place. */
    private long[] entries = new long[1024];

    private int size;
    private long chunkBytes;

    /** @param target where a key goes: database and name at the target */
    public TargetNameIndex(UnaryOperator<Source> target) {
        this(target, Runtime.getRuntime().maxMemory() / PART_OF_HEAP);
    }

    public TargetNameIndex(UnaryOperator<Source> target, long mostBytes) {
        this.target = target;
        this.mostBytes = mostBytes;
    }

    public void clear() {
        chunks.clear();
        chunkBytes = 0;
        hashes = new long[1024];
        entries = new long[1024];
        size = 0;
    }

    /**
     * Takes the key's name at the target, and gives the other key that has it; null if it was free or the key's own.
     */
    @Nullable
    public Source take(Source source) {
        Source name = target.apply(source);
        long hash = hash(name);
        int place = place(name, hash);
        long entry = entries[place];
        if (entry != 0) {
            Source known = read(Math.abs(entry));
            if (known.isSame(source)) {
                entries[place] = Math.abs(entry);
                return null;
            }
            if (entry > 0) {
                return known;
            }
        }
        hashes[place] = hash;
        entries[place] = write(source);
        if (entry == 0 && ++size > hashes.length / 2) {
            grow();
        }
        return null;
    }

    /** The other key that has the key's name; null if it is free or the key's own. */
    @Nullable
    public Source holder(Source source) {
        Source known = holderOf(target.apply(source));
        return known == null || known.isSame(source) ? null : known;
    }

    /** The key that has this name at the target; null if it is free. */
    @Nullable
    public Source holderOf(Source name) {
        long entry = entries[place(name, hash(name))];
        return entry > 0 ? read(entry) : null;
    }

    /** The key is gone: its name is free, if it was its own. Says whether it was. */
    public boolean release(Source source) {
        Source name = target.apply(source);
        int place = place(name, hash(name));
        boolean own = entries[place] > 0 && read(entries[place]).isSame(source);
        if (own) {
            entries[place] = -entries[place];
        }
        return own;
    }

    /** Index of the name, or of the place to enter it at. */
    private int place(Source name, long hash) {
        int mask = hashes.length - 1;
        int place = (int) hash & mask;
        while (entries[place] != 0
                && (hashes[place] != hash
                        || !target.apply(read(Math.abs(entries[place]))).isSame(name))) {
            place = (place + 1) & mask;
        }
        return place;
    }

    private void grow() {
        long[] oldHashes = hashes;
        long[] oldEntries = entries;
        limit(4L * Long.BYTES * oldHashes.length);
        hashes = new long[oldHashes.length * 2];
        entries = new long[oldHashes.length * 2];
        int mask = hashes.length - 1;
        for (int i = 0; i < oldEntries.length; i++) {
            if (oldEntries[i] != 0) {
                int place = (int) oldHashes[i] & mask;
                while (entries[place] != 0) {
                    place = (place + 1) & mask;
                }
                hashes[place] = oldHashes[i];
                entries[place] = oldEntries[i];
            }
        }
    }

    private void limit(long tableBytes) {
        if (tableBytes + chunkBytes > mostBytes) {
            throw RedisException.permanentError(
                    "More than " + Math.max(0, size - 1) + " names of keys must be remembered, to find two"
                            + " that would get one name, and a quarter of the heap is full of them: set a larger"
                            + " -Xmx, or rename"
                            + " by one prefix alone.");
        }
    }

    private long write(Source source) {
        int bytes = 2 * Integer.BYTES + source.key().length;
        ByteBuffer chunk = chunks.isEmpty() ? null : chunks.get(chunks.size() - 1);
        if (chunk == null || chunk.remaining() < bytes) {
            chunk = ByteBuffer.allocate(Math.max(CHUNK, bytes));
            chunkBytes += chunk.capacity();
            limit(2L * Long.BYTES * hashes.length);
            chunks.add(chunk);
        }
        long entry = (long) chunks.size() << Integer.SIZE | chunk.position();
        chunk.putInt(source.database()).putInt(source.key().length).put(source.key());
        return entry;
    }

    private Source read(long entry) {
        ByteBuffer chunk = chunks.get((int) (entry >>> Integer.SIZE) - 1);
        int at = (int) entry;
        byte[] key = new byte[chunk.getInt(at + Integer.BYTES)];
        chunk.get(at + 2 * Integer.BYTES, key);
        return new Source(chunk.getInt(at), key);
    }

    /** FNV-1a, its bits mixed as the low ones choose the place. */
    private static long hash(Source name) {
        long hash = 0xcbf29ce484222325L ^ name.database();
        for (byte b : name.key()) {
            hash = (hash ^ (b & 0xff)) * 0x100000001b3L;
        }
        hash = (hash ^ hash >>> 33) * 0xff51afd7ed558ccdL;
        return hash ^ hash >>> 33;
    }
}
