package io.camelrump.run;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.camelrump.Refusal;
import io.camelrump.redis.KeyList;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keys that others have written at the target of a way back, which the source has with other values. They are copied no
 * longer until a person has said which side is right.
 *
 * <p>A target reports a key that expired there in the same way. One that the run itself has written in the same moment
 * is there again when it is looked up: such keys are contended, and go on being copied, as nobody can tell the two
 * apart.
 *
 * <p>Names are those of the source. Bounded: of more keys nobody keeps the names. All methods may be called from any
 * thread and return at once.
 */
public final class DisputedKeys {
    private static final Logger LOG = LoggerFactory.getLogger(DisputedKeys.class);
    private static final int MOST = 10_000;
    private static final int MOST_RECENT = 100_000;
    /** From the reading of a key at the source to the look at the target that a report gives rise to. */
    private static final long RECENT_NANOS = TimeUnit.SECONDS.toNanos(5);

    /** Null before anybody asks for them. */
    @GuardedBy("this")
    private @Nullable Function<byte[], @Nullable List<byte[]>> origins;

    @GuardedBy("this")
    private final Set<ByteBuffer> open = new LinkedHashSet<>();

    /** Keys of which the target has the right values. */
    @GuardedBy("this")
    private final Set<ByteBuffer> left = new HashSet<>();

    /** Times at which keys were read lately, the oldest first. */
    @GuardedBy("this")
    private final Map<ByteBuffer, Long> recent = new LinkedHashMap<>();

    @GuardedBy("this")
    private final Set<ByteBuffer> contended = new LinkedHashSet<>();

    @GuardedBy("this")
    private boolean overflowed;

    /**
     * Both sides are equal now.
     *
     * @param readBackwards gives names of the source for one of the target; null where one is not known
     */
    public synchronized void begin(Function<byte[], @Nullable List<byte[]>> readBackwards) {
        origins = readBackwards;
        open.clear();
        contended.clear();
        overflowed = false;
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

    private synchronized void dispute(ByteBuffer key) {
        if (left.contains(key)) {
            return;
        }
        Long readAt = recent.get(key);
        if (readAt != null && System.nanoTime() - readAt < RECENT_NANOS) {
            if (contended.size() < MOST) {
                contended.add(key);
            }
            return;
        }
        if (open.size() < MOST || open.contains(key)) {
            if (open.add(key) && open.size() == 1) {
                LOG.warn(
                        "Others write at the former source: {} is copied there no longer, and so are further such keys,"
                                + " until a person has said which server has the right values",
                        Refusal.shorten(key.array()));
            }
        } else {
            overflowed = true;
        }
    }

    /** Keys that may be copied. */
    public synchronized KeyList without(KeyList keys) {
        KeyList copied = withoutHeld(keys);
        if (origins != null) {
            long now = System.nanoTime();
            for (int i = 0; i < copied.size(); i++) {
                ByteBuffer name = ByteBuffer.wrap(copied.get(i));
                recent.remove(name);
                recent.put(name, now);
            }
            forget(now);
        }
        return copied;
    }

    @GuardedBy("this")
    private void forget(long now) {
        Iterator<Long> times = recent.values().iterator();
        while (times.hasNext() && (now - times.next() > RECENT_NANOS || recent.size() > MOST_RECENT)) {
            times.remove();
        }
    }

    @GuardedBy("this")
    private KeyList withoutHeld(KeyList keys) {
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

    /** Names of contended keys, as many as are remembered. */
    public synchronized List<byte[]> contended() {
        return contended.stream().map(ByteBuffer::array).toList();
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
        if (atSource) {
            overflowed = false;
        } else {
            left.addAll(open);
            decided.clear();
        }
        open.clear();
        return decided;
    }
}
