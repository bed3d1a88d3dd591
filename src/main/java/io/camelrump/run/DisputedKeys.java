package io.camelrump.run;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.camelrump.redis.KeyList;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Keys that others have written at the target of a way back, which the source has with other values. They are copied no
 * longer until a person has said which side is right.
 *
 * <p>Names are those of the source. Bounded: of more keys nobody keeps the names. All methods may be called from any
 * thread and return at once.
 */
public final class DisputedKeys {
    private static final int MOST = 10_000;

    /** Null before anybody asks for them. */
    @GuardedBy("this")
    private @Nullable Function<byte[], @Nullable List<byte[]>> origins;

    @GuardedBy("this")
    private final Set<ByteBuffer> open = new LinkedHashSet<>();

    /** Keys of which the target has the right values. */
    @GuardedBy("this")
    private final Set<ByteBuffer> left = new HashSet<>();

    @GuardedBy("this")
    private boolean overflowed;

    /** @param readBackwards gives names of the source for one of the target; null where one is not known */
    public synchronized void begin(Function<byte[], @Nullable List<byte[]>> readBackwards) {
        origins = readBackwards;
    }

    /** Somebody else has written these keys at a target; by their names there. */
    public synchronized void written(List<byte[]> keys) {
        Function<byte[], @Nullable List<byte[]>> known = origins;
        for (byte[] key : known == null ? List.<byte[]>of() : keys) {
            List<byte[]> sources = known.apply(key);
            if (sources == null) {
                overflowed = true;
            } else {
                sources.forEach(source -> dispute(ByteBuffer.wrap(source)));
            }
        }
    }

    @GuardedBy("this")
    private void dispute(ByteBuffer key) {
        if (left.contains(key)) {
            return;
        }
        if (open.size() < MOST || open.contains(key)) {
            open.add(key);
        } else {
            overflowed = true;
        }
    }

    /** Keys that may be copied. */
    public synchronized KeyList without(KeyList keys) {
        if (open.isEmpty() && left.isEmpty()) {
            return keys;
        }
        int[] kept = IntStream.range(0, keys.size())
                .filter(i -> !isHeld(keys.get(i)))
                .toArray();
        return kept.length == keys.size() ? keys : keys.select(kept);
    }

    private synchronized boolean isHeld(byte[] key) {
        ByteBuffer name = ByteBuffer.wrap(key);
        return open.contains(name) || left.contains(name);
    }

    /** Whether the target keeps its own value of this key of the source. */
    public synchronized boolean isLeft(byte[] key) {
        return left.contains(ByteBuffer.wrap(key));
    }

    /** Names of those that nobody has decided yet. */
    public synchronized List<byte[]> open() {
        return open.stream().map(ByteBuffer::array).toList();
    }

    /** Whether there are others whose names are not known. */
    public synchronized boolean areMore() {
        return overflowed;
    }

    /**
     * A person has decided those that are open.
     *
     * @param atSource whether the source has the right values
     * @return keys that must be copied now
     */
    public synchronized List<byte[]> decide(boolean atSource) {
        List<byte[]> decided = new ArrayList<>(open());
        if (!atSource) {
            left.addAll(open);
            decided.clear();
        }
        open.clear();
        overflowed &= !atSource;
        return decided;
    }
}
